/* Runs in the head before anything is drawn: sets the theme from its cookie, or from the system's wish the first time, and tells the width. */
(function () {
  "use strict";
  var kept = /(?:^|; )sa-mode=(light|dark)/.exec(document.cookie);
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  var mode = kept ? kept[1] : dark ? "dark" : "light";
  document.documentElement.setAttribute("data-bs-theme", mode);
  document.documentElement.lang = "en";
  /* The server draws several maps side by side, or below one another on a phone. */
  var narrow = window.innerWidth < 768 ? "1" : "0";
  document.cookie = "sa-narrow=" + narrow + "; path=/; max-age=31536000; samesite=lax";
  if (!kept) { document.cookie = "sa-mode=" + mode + "; path=/; max-age=31536000; samesite=lax"; }
})();
