/* Sends a saved model to the server as it is; the server checks it as data before it believes anything in it. */
(function () {
  "use strict";

  function say(text) {
    var said = document.getElementById("model-said");
    if (said) { said.textContent = text; }
  }

  async function send(zone, file) {
    if (file.size > Number(zone.dataset.limit)) { say("The file is larger than any model of ours: choose a model.zip."); return; }
    say("");
    zone.setAttribute("aria-busy", "true");
    try {
      var response = await fetch("/models", {
        method: "POST", headers: { "Content-Type": "application/zip", "X-Atlas": "upload" }, body: file,
      });
      var told = await response.json().catch(function () { return {}; });
      if (!response.ok) { throw new Error(told.error || "The server did not take the model."); }
      window.dash_clientside.set_props("model-opened", { data: { model: told.model, at: Date.now() } });
    } catch (problem) {
      say(problem instanceof TypeError ? "The server cannot be reached; check the connection and try again." : problem.message);
    } finally {
      zone.removeAttribute("aria-busy");
    }
  }

  function prepare(zone) {
    zone.dataset.ready = "yes";
    var field = document.createElement("input");
    field.type = "file";
    field.accept = ".zip";
    field.setAttribute("aria-label", "Open a saved model");
    field.addEventListener("change", function () {
      if (field.files.length) { send(zone, field.files[0]); }
      field.value = "";
    });
    zone.append(field);
  }

  new MutationObserver(function () {
    var zone = document.getElementById("model-drop");
    if (zone && !zone.dataset.ready) { prepare(zone); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
