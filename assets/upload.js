/* Streams a dropped or chosen file to the server in pieces, so that no file is ever held in memory as a whole. */
(function () {
  "use strict";
  var PIECE = 8 * 1024 * 1024;
  var busy = null;

  function say(text) {
    var said = document.getElementById("drop-said");
    if (said) { said.textContent = text; }
  }

  function size(bytes) {
    return bytes < 1e6 ? Math.ceil(bytes / 1e3) + " kB" : (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0) + " MB";
  }

  /* Made once for each upload and then only changed: a focused button that is made anew would lose its focus. */
  function show(file) {
    var label = document.createElement("span");
    label.textContent = "Uploading " + file.name;
    label.setAttribute("role", "status");
    var count = document.createElement("span");
    count.className = "sa-progress-count";
    var bar = document.createElement("progress");
    bar.max = Math.max(file.size, 1);
    bar.setAttribute("aria-label", "Upload");
    var stop = document.createElement("button");
    stop.type = "button";
    stop.className = "sa-text-button";
    stop.textContent = "Cancel upload";
    stop.addEventListener("click", function (event) {
      event.stopPropagation();
      if (busy) { busy.cancelled = true; busy.control.abort(); }
    });
    return function (sent) {
      var box = document.getElementById("drop-progress");
      if (box && !box.contains(bar)) { box.replaceChildren(label, count, bar, stop); }
      bar.value = sent;
      count.textContent = size(sent) + " of " + size(file.size) + ", " + Math.floor((100 * sent) / Math.max(file.size, 1)) + "%";
    };
  }

  function clear() {
    var box = document.getElementById("drop-progress");
    if (box) { box.replaceChildren(); }
  }

  async function answer(response) {
    try { return await response.json(); } catch (problem) { return {}; }
  }

  async function begin(file) {
    var response = await fetch("/upload", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Atlas": "upload" },
      body: JSON.stringify({ name: file.name, total: file.size }),
    });
    var said = await answer(response);
    if (!response.ok) { throw new Error(said.error || "The server did not take the file."); }
    return said.upload;
  }

  /* One piece; a 409 answers with the offset the server truly has, and sending goes on from there. */
  async function piece(id, file, offset) {
    var end = Math.min(offset + PIECE, file.size);
    var response = await fetch("/upload/" + id, {
      method: "PUT",
      headers: { "Content-Type": "application/octet-stream", "X-Atlas": "upload", "X-Offset": String(offset) },
      body: file.slice(offset, end),
      signal: busy.control.signal,
    });
    var said = await answer(response);
    if (response.status === 409) { return { offset: said.offset }; }
    if (!response.ok) { throw new Error(said.error || "The upload stopped; try again."); }
    return said;
  }

  async function send(zone, file) {
    if (busy) { say("One file at a time: wait for the upload to end, or cancel it."); return; }
    busy = { cancelled: false, control: new AbortController() };
    say("");
    zone.classList.add("is-busy");
    try {
      var id = await begin(file);
      var state = { offset: 0 };
      var failures = 0;
      var draw = show(file);
      draw(0);
      do {
        try {
          state = await piece(id, file, state.offset);
          failures = 0;
        } catch (problem) {
          if (!busy.cancelled) {
            if (!(problem instanceof TypeError) || ++failures > 5) { throw problem; }
            await new Promise(function (resolve) { setTimeout(resolve, 500 * failures); });
          }
        }
        if (busy.cancelled && !state.dataset) {
          await fetch("/upload/" + id, { method: "DELETE", headers: { "X-Atlas": "upload" } });
          say("The upload was cancelled. Nothing was kept.");
          return;
        }
        draw(state.offset === undefined ? file.size : state.offset);
      } while (!state.dataset);
      window.dash_clientside.set_props(zone.dataset.store || "uploaded", {
        data: { dataset: state.dataset, already: Boolean(state.already), at: Date.now() },
      });
    } catch (problem) {
      say(problem instanceof TypeError ? "The server cannot be reached; check the connection and try again." : problem.message);
    } finally {
      busy = null;
      clear();
      zone.classList.remove("is-busy");
    }
  }

  function prepare(zone) {
    zone.dataset.ready = "yes";
    var field = document.createElement("input");
    field.type = "file";
    field.accept = ".csv,.tsv,.txt,.tab,.xlsx,.xlsm,.xls,.ods,.parquet,.pq,.json,.jsonl,.ndjson,.gz,.bz2,.xz,.zip";
    field.setAttribute("aria-label", "Choose a customer file");
    field.addEventListener("change", function () {
      if (field.files.length) { send(zone, field.files[0]); }
      field.value = "";
    });
    zone.append(field);
    ["dragenter", "dragover"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function () { zone.classList.remove("is-over"); });
    });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      var files = event.dataTransfer.files;
      if (files.length > 1) { say("One file at a time: drop a single file."); return; }
      if (files.length) { send(zone, files[0]); }
    });
  }

  new MutationObserver(function () {
    var zone = document.getElementById("drop");
    if (zone && !zone.dataset.ready) { prepare(zone); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
