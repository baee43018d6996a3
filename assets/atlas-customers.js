/* Why one customer is here: the focus goes to what opens, and back to where it was asked for; Escape closes. */
(function () {
  "use strict";
  var asked = null;
  var shown = null;

  function opener(element) {
    var button = element && element.closest && element.closest("button[id*='\"why-open\"']");
    return button || null;
  }

  document.addEventListener("click", function (event) {
    var button = opener(event.target);
    if (button) { asked = button.id; shown = null; }
  }, true);

  document.addEventListener("keydown", function (event) {
    var panel = event.key === "Escape" && event.target.closest && event.target.closest(".sa-why");
    var close = panel && panel.querySelector("button[id*='\"why-close\"']");
    if (close) { event.preventDefault(); close.click(); }
  });

  new MutationObserver(function () {
    if (!asked) { return; }
    var title = document.getElementById("atlas-why-title");
    if (title && shown !== asked) {
      shown = asked;
      title.focus({ preventScroll: true });
      title.scrollIntoView({ block: "nearest" });
    } else if (title && document.activeElement === document.body) {
      title.focus({ preventScroll: true });
    } else if (!title && shown) {
      var back = document.getElementById(asked);
      asked = shown = null;
      if (back) { back.focus(); }
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
