/* Runs in the head before anything is drawn: sets the theme from its cookie, or from the system's wish the first time. */
(function () {
  "use strict";
  var kept = /(?:^|; )sa-mode=(light|dark)/.exec(document.cookie);
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  var mode = kept ? kept[1] : dark ? "dark" : "light";
  document.documentElement.setAttribute("data-bs-theme", mode);
  document.documentElement.lang = "en";
  if (!kept) { document.cookie = "sa-mode=" + mode + "; path=/; max-age=31536000; samesite=lax"; }
})();
