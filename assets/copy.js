/* Buttons that copy the text of another element: [data-sa-copy] names its id, [data-sa-copied] is said afterwards. */
(function () {
  "use strict";

  function selected(source) {
    var range = document.createRange();
    range.selectNodeContents(source);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copied(source) {
    if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(source.textContent); }
    selected(source);
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("not allowed"));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-sa-copy]") : null;
    var source = button && document.getElementById(button.getAttribute("data-sa-copy"));
    if (!source) { return; }
    copied(source).then(function () {
      var words = button.getAttribute("data-sa-copied");
      var said = button.parentNode.querySelector("[role=status]");
      var before = button.textContent;
      if (said) { said.textContent = words; }
      button.textContent = words;
      window.setTimeout(function () { button.textContent = before; if (said) { said.textContent = ""; } }, 2000);
    }, function () { selected(source); });
  });
}());
