/* Parts of a page that the server draws anew keep the keyboard: it stays where it was, goes to what the button brought, or to the part. */
(function () {
  "use strict";
  var PARTS = "#runs-list, #runs-undo, #score-head, #score-one, #score-file, #score-machines, #score-models, #migration-body, #sharing, #report";
  var last = [];

  function button(act, run) { return document.getElementById(JSON.stringify({ act: act, index: run, type: "runs-act" })); }

  /* A note is written at once; one that is left leads back to its button, a run that is deleted to what takes it back. */
  function brought(id) {
    if (id.indexOf('"runs-act"') < 0) { return null; }
    var run = JSON.parse(id).index;
    return {
      note: function () { return document.querySelector(".sa-runs-field textarea"); },
      keep: function () { return button("note", run); },
      leave: function () { return button("note", run); },
      delete: function () { return button("undo", run); },
      undo: function () { return button("delete", run); },
      star: function () { return null; },
    }[JSON.parse(id).act]();
  }

  /* The ids of what has the keyboard and of all around it in its part. */
  function around(target) {
    var part = target && target.closest && target.closest(PARTS);
    var ids = [];
    for (var one = target; part && one !== part.parentElement; one = one.parentElement) { if (one.id) { ids.push(one.id); } }
    return ids;
  }

  function next() {
    var found = brought(last[0]);
    for (var at = 0; !found && at < last.length; at += 1) {
      var one = document.getElementById(last[at]);
      found = one && !one.disabled && !one.hidden ? one : null;
    }
    return found;
  }

  document.addEventListener("focusin", function (event) { last = around(event.target); });
  document.addEventListener("pointerdown", function () { last = []; });
  new MutationObserver(function () {
    if (!last.length || document.activeElement !== document.body) { return; }
    var to = next();
    if (!to) { return; }
    var kept = last;
    if (to.tabIndex < 0) { to.tabIndex = -1; }
    to.focus({ preventScroll: true });
    if (to.id !== kept[0]) { last = brought(kept[0]) === to ? around(to) : kept; }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
