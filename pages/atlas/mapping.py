"""The map: how it is drawn, what is hidden on it, and the customers chosen on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import ALL, Input, Output, State, callback, clientside_callback, ctx, no_update

from core.errors import BadRequest
from dashboard.address import Address
from dashboard.atlas import Looked
from dashboard.atlas_picks import Area, by_segment, picked_rows
from dashboard.components import notice
from dashboard.components.atlas_map import map_figure, picked_panel
from dashboard.components.atlas_view import FAR, View, camera_of, drawn_key, view_of
from dashboard.current import mode, narrow
from dashboard.figures.axes import AXES
from pages.atlas.following import focus_of, looked_at

ENDS = ("atlas-box-x-from", "atlas-box-x-to", "atlas-box-y-from", "atlas-box-y-to")
SAID = (*(State(f"atlas-{axis}", "value") for axis in AXES), State("atlas-way", "value"))


@callback(
    Output("atlas-map-figure", "children"),
    Output("atlas-drawn", "data"),
    Output("atlas-choose-customers", "hidden"),
    Output("atlas-hidden", "data", allow_duplicate=True),
    Input("atlas-state", "data"),
    Input("atlas-way", "value"),
    *(Input(f"atlas-{axis}", "value") for axis in AXES),
    Input("atlas-shown", "value"),
    State("atlas-hidden", "data"),
    State("atlas-drawn", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw(state: object, way: object, x: object, y: object, z: object, *more: object) -> tuple:
    """The map anew where anything it is drawn from has changed."""
    shown, hidden, before, search = more
    looked = looked_at(search, state)
    table = looked.table() if looked is not None else None
    if looked is None or table is None:
        return (no_update,) * 4
    fresh = not isinstance(before, str) or before.partition(" ")[0] != looked.key
    hidden = [] if fresh else hidden
    said = {"way": way, "x": x, "y": y, "z": z, "shown": shown, "hidden": hidden, "focus": focus_of(looked, state)}
    view = view_of(table, looked, said)
    key = drawn_key(looked, view)
    if key == before:
        return (no_update,) * 4
    camera = camera_of(Address.parse(search).camera) or (FAR if narrow() else None)
    return map_figure(table, looked, view, camera=camera, mode=mode()), key, view.solid, [] if fresh else no_update


@callback(
    Output("atlas-picked", "data"),
    Output("atlas-picked-panel", "children"),
    Input("atlas-area", "data"),
    State("atlas-state", "data"),
    *SAID,
    State("atlas-hidden", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def choose(area: object, state: object, x: object, y: object, *more: object) -> tuple:
    """Ask of every customer whether it lies in what was drawn on the flat map."""
    hidden, search = more[-2:]
    looked = looked_at(search, state)
    table = looked.table() if looked is not None else None
    if looked is None or table is None or not isinstance(area, dict):
        return None, []
    view = view_of(table, looked, {"way": "2d", "x": x, "y": y, "z": "none"})
    return chosen(looked, view, area | {"without": hidden})


@callback(
    Output("atlas-picked", "data", allow_duplicate=True),
    Output("atlas-picked-panel", "children", allow_duplicate=True),
    Input("atlas-box-go", "n_clicks"),
    State("atlas-state", "data"),
    *SAID,
    *(State(end, "value") for end in ENDS),
    State("atlas-hidden", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def choose_by_numbers(clicks: int | None, state: object, x: object, y: object, *more: object) -> tuple:
    """The same for a box whose edges are typed; an empty field is endless."""
    looked = looked_at(more[-1], state)
    table = looked.table() if looked is not None else None
    if looked is None or table is None or not clicks:
        return no_update, no_update
    edges = [value if isinstance(value, int | float) else end for value, end in zip(more[2:6], (-1e30, 1e30) * 2, strict=True)]
    view = view_of(table, looked, {"way": "2d", "x": x, "y": y, "z": "none"})
    return chosen(looked, view, {"box": [[edges[0], edges[2]], [edges[1], edges[3]]], "without": more[6]})


@callback(
    Output("atlas-picked", "data", allow_duplicate=True),
    Output("atlas-picked-panel", "children", allow_duplicate=True),
    Input({"type": "atlas-clear", "index": ALL}, "n_clicks"),
    Input("atlas-drawn", "data"),
    prevent_initial_call=True,
)
def clear(clicks: list, _drawn: object) -> tuple:
    """Nothing is chosen any more: that was wished, or the map is another one."""
    if ctx.triggered_id == "atlas-drawn" or any(clicks):
        return None, []
    return no_update, no_update


def chosen(looked: Looked, view: View, drawn: dict[str, Any]) -> tuple:
    """What ``atlas-picked`` holds of a part of the map, and the panel that tells of it."""
    axes = view.drawn
    try:
        area = Area.of({**drawn, "axes": [axes[0], axes[-1]], "without": drawn.get("without") or []})
        rows = picked_rows(looked, area)
    except BadRequest as problem:
        return None, [notice("bad", str(problem), hint=problem.hint)]
    csv = f"/picked/{looked.here.run.id}/{looked.key}.csv?{urlencode(area.parts())}"
    total = len(looked.segmentation.candidate.labels)
    panel = picked_panel(len(rows), total, by_segment(looked, rows), looked.segmentation, csv=csv)
    return ({**area.kept(), "count": len(rows)} if len(rows) else None), panel


clientside_callback(
    "function(drawn) { return window.dash_clientside.atlas.areaOf(drawn); }",
    Output("atlas-area", "data"),
    Input("atlas-figure", "selectedData"),
    prevent_initial_call=True,
)
clientside_callback(
    "function(clicks, ids, hidden) { return window.dash_clientside.atlas.hideSegments(clicks, ids, hidden); }",
    Output("atlas-hidden", "data"),
    Output({"type": "atlas-legend", "index": ALL}, "aria-pressed"),
    Input({"type": "atlas-legend", "index": ALL}, "n_clicks"),
    State({"type": "atlas-legend", "index": ALL}, "id"),
    State("atlas-hidden", "data"),
    prevent_initial_call=True,
)
clientside_callback(
    "function(way, x, y, z, shown) { return window.dash_clientside.atlas.keepMap(way, x, y, z, shown); }",
    Output("atlas-map-figure", "className"),
    Input("atlas-way", "value"),
    *(Input(f"atlas-{axis}", "value") for axis in AXES),
    Input("atlas-shown", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    "function(moved) { return window.dash_clientside.atlas.keepCamera(moved); }",
    Output("atlas-map-figure", "title"),
    Input("atlas-figure", "relayoutData"),
    prevent_initial_call=True,
)
