"""One customer that was placed by a model, among the customers whom the model knows."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.model import Model
from dashboard import theme
from dashboard.figures.maps import legend_name, marker, scatter2d, scatter3d

FAINT = 0.3
AXES = ("Principal component 1", "Principal component 2", "Principal component 3")
PLACED = "This customer"


def placed_map(model: Model, point: np.ndarray, segment: int, *, solid: bool, mode: str = "light") -> go.Figure:
    """The references of ``model`` faint, and on top the customer at ``point`` (3,) in its ``segment`` (NOISE: none).

    ``solid`` draws three axes to turn, else two, or a strip where the model's customers differ along one alone.
    """
    known = on_map(model)
    flat = 2 if np.ptp(known[:, 1]) > 0 else 1
    points = known if solid else known[:, :flat]
    draw = scatter3d if solid else scatter2d
    figure = draw(points, model.reference_segments, names=names_of(model), axes=AXES[: points.shape[1]], mode=mode).figure
    for trace in figure.data:
        trace.customdata = None
        trace.marker.opacity = FAINT
        trace.marker.color = theme.segment_colour(colour_of(model, trace.meta["segment"]), mode)
    for note in (figure.layout.scene if solid else figure.layout).annotations:
        number = int(note.text.removeprefix("<b>").removesuffix("</b>"))
        note.bordercolor = theme.segment_colour(colour_of(model, number), mode)
    figure.add_trace(_placed(model, point, segment, solid=solid, mode=mode))
    figure.update_layout(uirevision="solid" if solid else "flat")
    return figure


def on_map(model: Model) -> np.ndarray:
    """Where the references lie, (m, 3): axes that the model does not have are 0."""
    found = (model.references - model.middle) @ np.asarray(model.axes, dtype=float).T
    return np.column_stack([found, np.zeros((len(found), 3 - found.shape[1]))]) if found.shape[1] < 3 else found


def moved(model: Model, point: np.ndarray, segment: int, *, solid: bool, mode: str = "light") -> tuple[int, dict[str, Any]]:
    """Which trace of :func:`placed_map` is the customer, and its properties for another place and segment: the page
    sends these alone while a person types."""
    trace = _placed(model, point, segment, solid=solid, mode=mode)
    places = {axis: [float(value) for value in trace[axis]] for axis in ("xyz" if solid else "xy")}
    return len(np.unique(model.reference_segments)), places | {"marker": trace.marker.to_plotly_json()}


def names_of(model: Model) -> dict[int, str]:
    """The names of the segments, by number."""
    return {one.number: one.name for one in model.segments}


def colour_of(model: Model, segment: int) -> int:
    """The number in the palette: the one a person chose, else the segment's own."""
    chosen = {one.number: one.colour for one in model.segments if one.colour}
    return chosen.get(segment, segment)


def _placed(model: Model, point: np.ndarray, segment: int, *, solid: bool, mode: str) -> Any:
    place = {axis: [float(value)] for axis, value in zip("xyz" if solid else "xy", point, strict=False)}
    if not solid and np.ptp(on_map(model)[:, 1]) == 0:
        place["y"] = [0.0]
    mark = marker(segment, mode, size=11 if solid else 18, flat=not solid)
    mark |= {"color": theme.segment_colour(colour_of(model, segment), mode), "opacity": 1.0}
    mark["line"] = {"width": 2.5, "color": theme.token("text", mode)}
    name = legend_name(segment, names_of(model))
    told = {"name": PLACED, "hovertemplate": f"{PLACED}<br>{name}<extra></extra>", "legendrank": 1, "mode": "markers"}
    if solid:
        return go.Scatter3d(**place, **told, marker=mark)
    return go.Scatter(**place, **told, marker=mark, cliponaxis=False)
