/* The list of runs is drawn anew by the server: the keyboard stays where it was, or goes to what the button brought. */
(function () {
  "use strict";
  var last = "";

  function button(act, run) { return document.getElementById(JSON.stringify({ act: act, index: run, type: "runs-act" })); }

  /* A note is written at once; one that is left leads back to its button, a run that is deleted to what takes it back. */
  function next(id) {
    var known = JSON.parse(id);
    var brought = {
      note: function () { return document.querySelector(".sa-runs-field textarea"); },
      keep: function () { return button("note", known.index); },
      leave: function () { return button("note", known.index); },
      delete: function () { return button("undo", known.index); },
      undo: function () { return button("delete", known.index); },
    }[known.act];
    return (brought && brought()) || document.getElementById(id) || document.querySelector(".sa-runs-box");
  }

  function inside(target) { return target && target.closest && target.closest("#runs-list, #runs-undo"); }

  document.addEventListener("focusin", function (event) {
    last = inside(event.target) && event.target.id.charAt(0) === "{" ? event.target.id : "";
  });
  document.addEventListener("pointerdown", function (event) { if (!inside(event.target)) { last = ""; } });
  new MutationObserver(function () {
    if (!last || document.activeElement !== document.body || !document.getElementById("runs-list")) { return; }
    var to = next(last);
    if (to) { to.focus({ preventScroll: true }); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
