/* What only the browser can do with the cards of the Atlas: arrow keys, dragging, the field for a name, Ctrl+Z. */
(function () {
  "use strict";
  var space = (window.dash_clientside = window.dash_clientside || {});
  var dragged = null;
  var last = null;
  var draft = null;

  function cards() { return Array.prototype.slice.call(document.querySelectorAll("button.sa-atlas-card-open")); }
  function cardOf(target) { return target && target.closest ? target.closest(".sa-atlas-card[data-sa-segment]") : null; }
  function number(card) { return parseInt(card.getAttribute("data-sa-segment"), 10); }

  space.atlasCards = {
    look: function (state) {
      var press = space.callback_context.triggered[0];
      if (!state || !press || !press.value) { return space.no_update; }
      var segment = JSON.parse(press.prop_id.slice(0, press.prop_id.lastIndexOf("."))).index;
      return state.focus === segment ? space.no_update : Object.assign({}, state, { focus: segment });
    },

    /* What is looked at, without the segment: only another candidate has edits to take over. */
    chosen: function (state, chosen) {
      return state && state.choice !== chosen ? state.choice : space.no_update;
    },
  };

  /* Shown at once; the server draws everything else of the segment. */
  function mark(card) {
    document.querySelectorAll(".sa-atlas-card[data-sa-segment]").forEach(function (one) {
      one.classList.toggle("is-here", one === card);
      one.firstElementChild.tabIndex = one === card ? 0 : -1;
    });
  }

  function goTo(button) {
    cards().forEach(function (one) { one.tabIndex = one === button ? 0 : -1; });
    button.focus();
    last = number(cardOf(button));
  }

  function step(event) {
    var all = cards();
    var at = all.indexOf(event.target);
    var to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) { return false; }
    goTo(all[Math.max(0, Math.min(all.length - 1, to))]);
    return true;
  }

  function edit(card) {
    card.classList.add("is-renaming");
    var field = card.querySelector(".sa-atlas-renaming input");
    field.focus();
    field.select();
    draft = { segment: number(card), text: field.value };
  }

  /* Cards that a job draws anew while a name is typed get the name back, and the keyboard. */
  function resume() {
    var card = document.querySelector('.sa-atlas-card[data-sa-segment="' + draft.segment + '"]');
    if (!card || card.classList.contains("is-renaming")) { return; }
    var text = draft.text;
    edit(card);
    var field = card.querySelector(".sa-atlas-renaming input");
    Object.getOwnPropertyDescriptor(window.HTMLInputElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.setSelectionRange(text.length, text.length);
  }

  function leave(card) {
    draft = null;
    card.classList.remove("is-renaming");
    card.querySelector("[data-sa-rename]").focus();
  }

  function typing(target) { return target.closest && target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]"); }

  document.addEventListener("click", function (event) {
    var pencil = event.target.closest && event.target.closest("[data-sa-rename]");
    if (pencil) { edit(cardOf(pencil)); }
    else if (event.target.closest && event.target.closest("button.sa-atlas-card-open")) {
      last = number(cardOf(event.target));
      mark(cardOf(event.target));
    } else if (!cardOf(event.target)) { last = null; }
  });

  document.addEventListener("keydown", function (event) {
    var card = cardOf(event.target);
    if (card && card.classList.contains("is-renaming") && (event.key === "Escape" || event.key === "Enter")) {
      draft = null;
      window.setTimeout(function () { leave(card); }, 0);
      return;
    }
    if (card && step(event)) { event.preventDefault(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing(event.target)) {
      var way = document.querySelector('[data-sa-way="' + (event.shiftKey ? "redo" : "undo") + '"]');
      if (way && !way.disabled) { event.preventDefault(); way.click(); }
    }
  });

  document.addEventListener("input", function (event) {
    var card = cardOf(event.target);
    if (draft && card && number(card) === draft.segment) { draft.text = event.target.value; }
  });

  document.addEventListener("dragstart", function (event) {
    dragged = cardOf(event.target);
    if (!dragged) { return; }
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.getAttribute("data-sa-segment"));
    dragged.classList.add("is-dragged");
  });

  document.addEventListener("dragover", function (event) {
    var card = cardOf(event.target);
    if (!dragged || !card || card === dragged) { return; }
    event.preventDefault();
    over(card);
  });

  document.addEventListener("drop", function (event) {
    var card = cardOf(event.target);
    if (!dragged || !card || card === dragged) { return; }
    event.preventDefault();
    space.set_props("atlas-merge", { data: { into: number(card), number: number(dragged), at: Date.now() } });
  });

  document.addEventListener("dragend", function () {
    if (dragged) { dragged.classList.remove("is-dragged"); }
    over(null);
    dragged = null;
  });

  function over(card) {
    document.querySelectorAll(".sa-atlas-card.is-over").forEach(function (one) { one.classList.toggle("is-over", one === card); });
    if (card) { card.classList.add("is-over"); }
  }

  /* Cards that are drawn anew take the keyboard along. */
  new MutationObserver(function () {
    if (draft) { resume(); return; }
    if (last === null || document.activeElement !== document.body) { return; }
    var card = document.querySelector('.sa-atlas-card[data-sa-segment="' + last + '"] > button.sa-atlas-card-open');
    if (card) { card.focus({ preventScroll: true }); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
