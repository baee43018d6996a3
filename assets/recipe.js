/* Sends a chosen recipe.json to be looked at, and hands the page what the server made of it. */
(function () {
  "use strict";
  var LARGEST = 256 * 1024;

  function say(text) {
    var said = document.getElementById("recipe-said");
    if (!said) { return; }
    var line = document.createElement("p");
    line.setAttribute("role", "alert");
    line.className = "sa-notice-text";
    line.textContent = text;
    said.replaceChildren(line);
  }

  async function send(file) {
    var dataset = new URLSearchParams(window.location.search).get("dataset");
    if (!dataset) { return; }
    if (file.size > LARGEST) { say("This file is too large to be a recipe. Choose a recipe.json that was saved here."); return; }
    try {
      var response = await fetch("/recipes/" + encodeURIComponent(dataset), {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Atlas": "recipe" },
        body: file,
      });
      var said = {};
      try { said = await response.json(); } catch (problem) { said = {}; }
      if (!response.ok) { say(said.error || "The server did not take the recipe."); return; }
      window.dash_clientside.set_props("recipe-loaded", { data: { text: said.text, dataset: dataset, at: Date.now() } });
    } catch (problem) {
      say("The server cannot be reached; check the connection and try again.");
    }
  }

  function prepare(label) {
    label.dataset.ready = "yes";
    var field = document.createElement("input");
    field.type = "file";
    field.accept = ".json,application/json";
    field.className = "sa-visually-hidden";
    field.setAttribute("aria-label", "Load recipe");
    field.addEventListener("change", function () {
      if (field.files.length) { send(field.files[0]); }
      field.value = "";
    });
    label.append(field);
  }

  new MutationObserver(function () {
    var label = document.getElementById("recipe-load");
    if (label && !label.dataset.ready) { prepare(label); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
