/* What only the browser can do: switch the theme, keep choices in the address, move the focus, save a chart as a picture. */
(function () {
  "use strict";
  var space = (window.dash_clientside = window.dash_clientside || {});

  function query() { return new URLSearchParams(window.location.search); }

  function asHref(params) {
    var text = params.toString();
    return window.location.pathname + (text ? "?" + text : "");
  }

  function hideOnMap(hidden) {
    var plot = document.querySelector("#atlas-figure .js-plotly-plot");
    if (!plot || !window.Plotly) { return; }
    function seen(one) { return hidden.indexOf(Number(String(one.name).replace("segment ", ""))) < 0; }
    var update = {}, scene = plot.layout.scene || {};
    (plot.layout.images || []).forEach(function (one, nth) { update["images[" + nth + "].visible"] = seen(one); });
    (plot.layout.annotations || []).forEach(function (one, nth) { update["annotations[" + nth + "].visible"] = seen(one); });
    (scene.annotations || []).forEach(function (one, nth) { update["scene.annotations[" + nth + "].visible"] = seen(one); });
    var visible = plot.data.map(function (one) { return !one.meta || hidden.indexOf(one.meta.segment) < 0; });
    window.Plotly.update(plot, { visible: visible }, update);
  }

  function focusOnMap(segment) {
    var plot = document.querySelector("#atlas-figure .js-plotly-plot");
    if (!plot || !window.Plotly) { return; }
    var update = {}, scene = plot.layout.scene || {};
    function wide(one) { return one.name === "segment " + segment ? 4 : 1.5; }
    (plot.layout.annotations || []).forEach(function (one, nth) { update["annotations[" + nth + "].borderwidth"] = wide(one); });
    (scene.annotations || []).forEach(function (one, nth) { update["scene.annotations[" + nth + "].borderwidth"] = wide(one); });
    if (Object.keys(update).length) { window.Plotly.relayout(plot, update); }
  }

  space.atlas = {
    /* The address holds all that a page shows, so a reload in the other theme shows the same page. */
    switchMode: function () {
      var next = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      document.cookie = "sa-mode=" + next + "; path=/; max-age=31536000; samesite=lax";
      window.location.reload();
      return next;
    },

    choose: function (choice) {
      var params = query();
      var shown = document.querySelector("[data-shown-choice]");
      var now = params.get("choice") || (shown && shown.getAttribute("data-shown-choice"));
      if (!choice || choice === now) { return space.no_update; }
      params.set("choice", choice);
      return asHref(params);
    },

    /* Several small maps are scenes of one figure: when one is turned, all look from the same place. */
    linkScenes: function (moved) {
      var plot = document.querySelector("#linked-maps .js-plotly-plot");
      var key = Object.keys(moved || {}).find(function (name) { return /^scene\d*\.camera$/.test(name); });
      if (!plot || !key || !window.Plotly) { return space.no_update; }
      var update = {};
      Object.keys(plot.layout).forEach(function (name) {
        if (/^scene\d*$/.test(name) && name + ".camera" !== key) { update[name + ".camera"] = moved[key]; }
      });
      var behind = Object.keys(update).some(function (name) {
        var own = plot.layout[name.split(".")[0]].camera || {};
        return JSON.stringify(own.eye) !== JSON.stringify(moved[key].eye) || JSON.stringify(own.up) !== JSON.stringify(moved[key].up);
      });
      if (behind) { window.Plotly.relayout(plot, update); }
      return "linked";
    },

    keepComparison: function (choice, picks) {
      var params = query();
      if (choice) { params.set("choice", choice); }
      if (picks && picks.length) { params.set("picks", picks.join(".")); }
      window.history.replaceState(window.history.state, "", asHref(params));
      return choice || "";
    },

    keepExplored: function (column, measure, pairs) {
      var params = query();
      if (column || column === 0) { params.set("column", "c" + column); }
      if (measure) { params.set("measure", measure); }
      if (pairs) { params.set("pairs", pairs.map(function (place) { return "c" + place; }).join(".")); }
      window.history.replaceState(window.history.state, "", asHref(params));
      return "";
    },

    /* What was chosen for the columns that are shown joins what was chosen for all. */
    keepColumns: function (values, ids, all) {
      if (!Array.isArray(all)) { return space.no_update; }
      var next = all.slice();
      values.forEach(function (value, nth) { if (ids[nth].index < next.length) { next[ids[nth].index] = value; } });
      return next.some(function (value, place) { return value !== all[place]; }) ? next : space.no_update;
    },

    keepAtlas: function (state, tab, view) {
      var params = query();
      if (state && state.choice) { params.set("choice", state.choice); params.set("focus", state.focus); }
      if (tab) { params.set("tab", tab); }
      if (view) { params.set("view", view); }
      if (state) { focusOnMap(state.focus); }
      window.history.replaceState(window.history.state, "", asHref(params));
      return "";
    },

    /* Replaced, not pushed: turning an axis is not a page of its own, and Dash does not draw the page again. */
    keepMap: function (way, x, y, z, shown) {
      var params = query();
      [["map", way], ["x", x], ["y", y], ["z", z]].forEach(function (pair) { if (pair[1]) { params.set(pair[0], pair[1]); } });
      if (Array.isArray(shown)) { params.set("shown", shown.length ? shown.join(".") : "none"); }
      window.history.replaceState(window.history.state, "", asHref(params));
      return "";
    },

    /* Where the map is looked at from: eye, centre and up in thousandths. */
    keepCamera: function (moved) {
      var camera = moved && moved["scene.camera"];
      if (camera) {
        var params = query(), numbers = [];
        [camera.eye, camera.center, camera.up].forEach(function (at) {
          ["x", "y", "z"].forEach(function (axis) { numbers.push(Math.round(1000 * Math.max(-999, Math.min(999, at[axis])))); });
        });
        params.set("camera", numbers.join("."));
        window.history.replaceState(window.history.state, "", asHref(params));
      }
      return space.no_update;
    },

    /* Of what was drawn on the flat map its line alone goes to the server, not the points in it: they are a few of all. */
    areaOf: function (drawn) {
      if (drawn && drawn.lassoPoints && drawn.lassoPoints.x) {
        return { polygon: drawn.lassoPoints.x.map(function (x, nth) { return [x, drawn.lassoPoints.y[nth]]; }) };
      }
      if (drawn && drawn.range && drawn.range.x) {
        return { box: [0, 1].map(function (nth) { return [drawn.range.x[nth], drawn.range.y[nth]]; }) };
      }
      return drawn ? space.no_update : null;
    },

    /* The server need not draw the map again to leave out what it drew already. */
    hideSegments: function (clicks, ids, hidden) {
      var pressed = space.callback_context.triggered[0];
      if (!pressed || !pressed.value) { return [space.no_update, ids.map(function () { return space.no_update; })]; }
      var segment = JSON.parse(pressed.prop_id.split(".")[0]).index;
      var next = (hidden || []).filter(function (one) { return one !== segment; });
      if (next.length === (hidden || []).length) { next.push(segment); }
      hideOnMap(next);
      return [next, ids.map(function (id) { return next.indexOf(id.index) < 0 ? "true" : "false"; })];
    },
  };

  /* A page change moves the focus to the new heading, so that a screen reader starts there. */
  var path = window.location.pathname;
  var placed = null;
  new MutationObserver(function () {
    var heading = document.querySelector("#main h1");
    if (!heading) { return; }
    /* The address changes before the page is drawn: a focus given to the heading that went is given again. */
    var lost = placed && !placed.isConnected && document.activeElement === document.body;
    if (window.location.pathname === path && !lost) { return; }
    if (window.location.pathname !== path) { window.scrollTo(0, 0); }
    path = window.location.pathname;
    placed = heading;
    heading.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.documentElement.classList.add("sa-can-download");
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-sa-image]");
    if (!button) { return; }
    var holder = document.getElementById(button.getAttribute("data-sa-figure"));
    var plot = holder && holder.querySelector(".js-plotly-plot");
    if (!plot || !window.Plotly) { return; }
    /* On screen the key of a map is HTML; a picture has to carry it itself. */
    var keyed = plot.layout.meta && plot.layout.meta.legend_in_picture;
    var layout = Object.assign({}, plot.layout, { showlegend: true });
    window.Plotly.downloadImage(keyed ? { data: plot.data, layout: layout, config: {} } : plot, {
      format: button.getAttribute("data-sa-image"),
      filename: button.getAttribute("data-sa-name"),
      width: plot.clientWidth, height: plot.clientHeight, scale: 2,
    });
  });
})();
