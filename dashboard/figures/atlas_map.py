"""The one map of the Atlas: the customers on two or three axes, with what a person wants to see among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.model import NOISE
from dashboard import theme
from dashboard.figures.maps import Drawn, legend_name, scatter2d, scatter3d
from dashboard.figures.raster import raster
from dashboard.figures.tints import tint

PARTS = {"middles": "Middles", "spread": "Spread", "noise": "Not placed", "rings": "Extreme values", "focus": "Fade the others"}
"""What can be shown on the map, by its name in an address; the words stand at the switches."""
SPREADS = 2.0
"""Standard deviations from the middle to the outline of a segment."""
LEAST = 5
"""Customers below which a segment has no outline."""
FADED = 0.15
_ROUND, _TALL = 20, 10


@dataclass(frozen=True)
class MapLook:
    """How a map looks: segment ``names``, the titles of its ``axes`` (2 or 3; 1 is drawn as a strip), the ``parts`` of
    :data:`PARTS` that are shown, ``colours`` (segment -> 1..16 of the palette) where a person chose, the segments that
    are ``hidden``, the one in ``focus``, the ``camera`` of Plotly where one was kept."""

    names: Mapping[int, str]
    axes: tuple[str, ...]
    mode: str = "light"
    parts: frozenset[str] = frozenset({"middles", "noise"})
    colours: Mapping[int, int] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    focus: int = 0
    camera: Mapping[str, Any] | None = None


def atlas_map(points: np.ndarray, labels: np.ndarray, look: MapLook, *, outlier: np.ndarray | None = None) -> Drawn:
    """The map of all customers; ``points`` (n, 1 to 3), ``labels`` (n,) segments or -1, ``outlier`` (n,) who is ringed.

    In 3D an even share of each segment, at most 15,000 points; in 2D at most 3,000 over a picture of everybody.
    """
    shown = labels != NOISE if "noise" not in look.parts else np.ones(len(labels), dtype=bool)
    ringed = outlier[shown] if outlier is not None and "rings" in look.parts else None
    solid = points.shape[1] == 3
    draw = scatter3d if solid else scatter2d
    drawn = draw(points[shown], labels[shown], names=look.names, axes=look.axes, mode=look.mode, outlier=ringed)
    figure = drawn.figure
    for trace in figure.data:
        _dress(trace, look)
    if not solid and points.shape[1] == 2:
        _flat(figure, points[shown], labels[shown], look, everyone=drawn.shown < drawn.total)
    if "spread" in look.parts and points.shape[1] > 1:
        figure.add_traces([_faded(one, look) for one in outlines(points, labels, look)])
    _numbers(figure, look, solid=solid)
    if solid and look.camera:
        figure.update_layout(scene_camera=look.camera)
    return Drawn(figure, drawn.shown, drawn.total)


def colour_of(segment: int, look: MapLook) -> str:
    """The colour of a segment, its own or the one a person chose."""
    return theme.segment_colour(look.colours.get(segment, segment), look.mode)


def _dress(trace: Any, look: MapLook) -> None:
    """Colour, and whether it is seen; positions in the table stay on the server, places get the digits one sees."""
    trace.customdata = None
    for axis in "xyz":
        values = getattr(trace, axis, None)
        if values is not None and np.asarray(values).dtype == np.float32:
            setattr(trace, axis, coarse(np.asarray(values)))
    if trace.meta is None:
        return
    segment = trace.meta["segment"]
    if segment in look.colours:
        trace.marker.color = colour_of(segment, look)
    _faded(trace, look)


def _faded(trace: Any, look: MapLook) -> Any:
    segment = trace.meta["segment"]
    if segment in look.hidden:
        trace.visible = False
    if "focus" in look.parts and look.focus not in (0, segment):
        trace.opacity = FADED
    return trace


def coarse(values: np.ndarray) -> np.ndarray:
    """``values`` float32 to one part in 65,536: nobody sees the difference, and the rest of the bytes pack to nothing."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    out = ((bits + np.uint32(0x80)) & np.uint32(0xFFFFFF00)).view(np.float32)
    return np.where(np.isfinite(values), out, np.float32(np.nan))


def _flat(figure: go.Figure, points: np.ndarray, labels: np.ndarray, look: MapLook, *, everyone: bool) -> None:
    """What only a flat map has: the picture of everybody where not all are points, and a lasso."""
    figure.update_layout(dragmode="lasso", selectdirection="any")
    tone = theme.token("accent", look.mode)
    figure.update_layout(newselection={"line": {"color": tone, "width": 1.5}})
    if not everyone:
        return
    colours = {int(segment): colour_of(int(segment), look) for segment in np.unique(labels)}
    drawn = raster(points, labels, colours)
    for segment, picture in drawn.pictures.items():
        figure.add_layout_image(
            name=f"segment {segment}", source=picture, xref="x", yref="y", x=drawn.x[0], y=drawn.y[1],
            sizex=drawn.x[1] - drawn.x[0], sizey=drawn.y[1] - drawn.y[0], sizing="stretch", layer="below",
            visible=segment not in look.hidden,
            opacity=FADED if "focus" in look.parts and look.focus not in (0, segment) else 1,
        )  # fmt: skip


def _numbers(figure: go.Figure, look: MapLook, *, solid: bool) -> None:
    """The numbers at the middles, in the colours that were chosen; none where they are switched off."""
    notes = list((figure.layout.scene if solid else figure.layout).annotations)
    if "middles" not in look.parts:
        notes = []
    for note in notes:
        segment = int(note.text.removeprefix("<b>").removesuffix("</b>"))
        note.name = f"segment {segment}"
        note.bordercolor = colour_of(segment, look)
        note.visible = segment not in look.hidden
        note.borderwidth = 4 if segment == look.focus else 1.5
    figure.update_layout({"scene": {"annotations": notes}} if solid else {"annotations": notes}, overwrite=False)
    if not notes:
        (figure.layout.scene if solid else figure.layout).annotations = ()


def outlines(points: np.ndarray, labels: np.ndarray, look: MapLook) -> Iterator[Any]:
    """For each segment of at least :data:`LEAST` customers what lies within two standard deviations of its mean, along
    and across (the covariance ellipsoid): a line in 2D, a see-through body in 3D."""
    for segment in np.unique(labels[labels != NOISE]):
        inside = points[labels == segment]
        inside = inside[np.isfinite(inside).all(axis=1)].astype(np.float64)
        if len(inside) < LEAST:
            continue
        middle, spread = inside.mean(axis=0), np.cov(inside, rowvar=False)
        shape = _ball(points.shape[1]) @ _root(spread).T * SPREADS + middle
        yield _body(shape, int(segment), look)


def _root(spread: np.ndarray) -> np.ndarray:
    """The matrix whose product with its transpose is ``spread``, however flat that is."""
    values, vectors = np.linalg.eigh(np.atleast_2d(spread))
    return vectors * np.sqrt(np.clip(values, 0, None))


def _ball(dimensions: int) -> np.ndarray:
    """Points on the circle, or on the sphere ring by ring from pole to pole."""
    around = np.linspace(0, 2 * np.pi, 2 * _ROUND + 1 if dimensions == 2 else _ROUND, endpoint=dimensions == 2)
    if dimensions == 2:
        return np.column_stack([np.cos(around), np.sin(around)])
    height = np.repeat(np.linspace(0, np.pi, _TALL), _ROUND)
    turn = np.tile(around, _TALL)
    return np.column_stack([np.sin(height) * np.cos(turn), np.sin(height) * np.sin(turn), np.cos(height)])


def _body(shape: np.ndarray, segment: int, look: MapLook) -> Any:
    tone = colour_of(segment, look)
    same = {"name": legend_name(segment, look.names), "meta": {"segment": segment}, "hoverinfo": "skip", "showlegend": False}
    place = {axis: coarse(shape[:, at].astype(np.float32)) for at, axis in enumerate("xyz"[: shape.shape[1]])}
    if shape.shape[1] == 2:
        return go.Scatter(**same, **place, mode="lines", line={"color": tone, "width": 1.5}, fill="toself",
                          fillcolor=tint(tone, 0.06))  # fmt: skip
    first, second, third = _triangles()
    return go.Mesh3d(**same, **place, i=first, j=second, k=third, color=tone, opacity=0.12, flatshading=False)


def _triangles() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The corners of the triangles between the rings of :func:`_ball`."""
    ring, turn = (one.ravel() for one in np.meshgrid(np.arange(_TALL - 1), np.arange(_ROUND), indexing="ij"))
    here, beside = ring * _ROUND + turn, ring * _ROUND + (turn + 1) % _ROUND
    first = np.concatenate([here, beside])
    second = np.concatenate([beside, beside + _ROUND])
    third = np.concatenate([here + _ROUND, here + _ROUND])
    return first.astype(np.int16), second.astype(np.int16), third.astype(np.int16)
