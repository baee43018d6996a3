/* On a narrow screen the steps scroll sideways: the one that is open is brought into sight. */
(function () {
  "use strict";

  function show() {
    const rail = document.querySelector(".sa-rail");
    const here = rail && rail.querySelector(".sa-step[aria-current=page]");
    if (!here || rail.scrollWidth <= rail.clientWidth) return;
    const box = here.getBoundingClientRect(), frame = rail.getBoundingClientRect();
    if (box.left < frame.left + 24 || box.right > frame.right - 24) {
      rail.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    }
  }

  function watch() {
    const steps = document.getElementById("steps");
    if (!steps) return false;
    new MutationObserver(show).observe(steps, { childList: true, subtree: true });
    window.addEventListener("resize", show);
    show();
    return true;
  }

  const waiting = new MutationObserver(function () {
    if (watch()) waiting.disconnect();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
