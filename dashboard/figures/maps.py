"""Customers as points: one trace per segment, the same colour and shape everywhere, and how many are shown.

A single colour per trace keeps 3D light in the browser; ``scattergl`` is never
used, because it draws nothing under the content security policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.model import NOISE
from dashboard import theme
from dashboard.figures.sampling import stratified
from dashboard.security.labels import plotly

CAP_3D = 15_000
CAP_2D = 3_000
# Far enough that the titles of the axes stay inside the picture, on a phone too.
_CAMERA = {"eye": {"x": 1.5, "y": 1.5, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.18}}
Names = Mapping[int, str]


class Drawn(NamedTuple):
    """A figure with the number of customers it shows out of all of them."""

    figure: go.Figure
    shown: int
    total: int

    @property
    def caption(self) -> str:
        """What the caption must say: that points were left out, or "" when none were."""
        if self.shown == self.total:
            return ""
        return f"Showing {self.shown:,} of {self.total:,} customers, an even share of every segment."


def scatter3d(
    points: np.ndarray,
    labels: np.ndarray,
    *,
    names: Names,
    axes: Sequence[str],
    mode: str = "light",
    outlier: np.ndarray | None = None,
) -> Drawn:
    """A map to turn. ``points`` (n, 3); ``labels`` (n,) segments or -1; ``outlier`` (n,) draws rings."""
    keep = stratified(labels, CAP_3D)
    figure = _figure(mode)
    for segment, rows in by_segment(labels, keep):
        mark = marker(segment, mode, size=_size(len(keep), 5.5, 2.4), flat=False)
        figure.add_trace(go.Scatter3d(**xyz(points, rows), **trace(segment, names, rows), marker=mark))
    if outlier is not None and outlier[keep].any():
        rows = keep[outlier[keep]]
        figure.add_trace(go.Scatter3d(**xyz(points, rows), **_rings(rows, mode, size=9)))
    titles = dict(zip(("xaxis", "yaxis", "zaxis"), axes, strict=True))
    figure.update_scenes({axis: {"title": {"text": plotly(title)}} for axis, title in titles.items()})
    figure.update_layout(scene={"aspectmode": "cube", "camera": _CAMERA})
    figure.update_layout(
        scene_annotations=list(middles(points, labels, mode)), margin={"l": 0, "r": 0, "t": 0, "b": 0}
    )
    return Drawn(figure, len(keep), len(labels))


def scatter2d(
    points: np.ndarray,
    labels: np.ndarray,
    *,
    names: Names,
    axes: Sequence[str],
    mode: str = "light",
    outlier: np.ndarray | None = None,
) -> Drawn:
    """A flat map with each segment's number at its middle. ``points`` (n, 2), or (n, 1) drawn as a strip."""
    keep = stratified(labels, CAP_2D)
    flat = points if points.shape[1] > 1 else np.column_stack([points[:, 0], _strip(len(points))])
    figure = _figure(mode)
    for segment, rows in by_segment(labels, keep):
        mark = marker(segment, mode, size=_size(len(keep), 9, 4.5), flat=True)
        figure.add_trace(go.Scatter(**_xy(flat, rows), **trace(segment, names, rows), marker=mark))
    if outlier is not None and outlier[keep].any():
        rows = keep[outlier[keep]]
        figure.add_trace(go.Scatter(**_xy(flat, rows), **_rings(rows, mode, size=14)))
    figure.update_layout(annotations=list(middles(flat, labels, mode)))
    figure.update_xaxes(title_text=plotly(axes[0]))
    if points.shape[1] > 1:
        figure.update_yaxes(title_text=plotly(axes[1]))
    else:
        figure.update_yaxes(visible=False, range=[-1.6, 1.6])
    return Drawn(figure, len(keep), len(labels))


def _figure(mode: str) -> go.Figure:
    # On screen the legend is HTML (components.segment_key); a downloaded picture switches this one on.
    legend = {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top"}
    layout = {"template": theme.template(mode), "legend": legend, "uirevision": "map", "showlegend": False}
    return go.Figure(layout=layout | {"meta": {"legend_in_picture": True}})


def by_segment(labels: np.ndarray, keep: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each segment with those of the rows ``keep`` that it has, noise first so that the segments are drawn over it."""
    found = labels[keep]
    segments = np.unique(found)
    for segment in segments:
        yield int(segment), keep[found == segment]


def trace(segment: int, names: Names, rows: np.ndarray) -> dict:
    """What the marks of one segment say, whatever the map."""
    name = legend_name(segment, names)
    return {
        "mode": "markers",
        "name": name,
        "meta": {"segment": segment},
        "customdata": rows.astype(np.int32),
        "hovertemplate": f"{name}<extra></extra>",
        "legendrank": 2000 if segment < 1 else 1000 + segment,
    }


def legend_name(segment: int, names: Names) -> str:
    """Number and name as every figure writes them: "2 Careful savers"; noise is "Not placed"."""
    if segment == NOISE:
        return "Not placed"
    name = plotly(names.get(segment, "")) if names else ""
    return f"{segment} {name}" if name else f"Segment {segment}"


def marker(segment: int, mode: str, *, size: float, flat: bool) -> dict:
    """The mark of a segment: its colour and shape, noise smaller; ``flat`` marks have an edge."""
    noise = segment < 1
    mark = {
        "color": theme.segment_colour(segment, mode),
        "symbol": theme.segment_shape(segment),
        "size": size * (0.6 if noise else 1),
        "opacity": 0.7 if noise else 0.9,
    }
    is_open = mark["symbol"].endswith("-open")
    if flat:
        mark["line"] = {"width": 1.5 if is_open else 0.5} | (
            {} if is_open else {"color": theme.token("surface", mode)}
        )
    return mark


def _rings(rows: np.ndarray, mode: str, *, size: float) -> dict:
    return {
        "mode": "markers",
        "name": "Marked as outlier",
        "customdata": rows.astype(np.int32),
        "hoverinfo": "skip",
        "legendrank": 3000,
        "marker": {"symbol": "circle-open", "size": size, "color": theme.token("muted", mode), "opacity": 0.8},
    }


def xyz(points: np.ndarray, rows: np.ndarray) -> dict:
    """Where ``rows`` of ``points`` (n, 3) lie, in single precision."""
    return {axis: points[rows, place].astype(np.float32) for place, axis in enumerate("xyz")}


def _xy(points: np.ndarray, rows: np.ndarray) -> dict:
    return {axis: points[rows, place].astype(np.float32) for place, axis in enumerate("xy")}


def middles(points: np.ndarray, labels: np.ndarray, mode: str, *, size: int = 12) -> Iterator[dict]:
    """The number of each segment at its median, in as many dimensions as ``points`` has; ``size`` of the number in px.

    A segment without a value on one of the axes has no middle.
    """
    for segment in np.unique(labels[labels > 0]):
        own = points[labels == segment]
        if np.isnan(own).all(axis=0).any():
            continue
        middle = np.nanmedian(own, axis=0)
        place = {axis: float(value) for axis, value in zip("xyz", middle, strict=False)}
        yield place | {
            "text": f"<b>{segment}</b>",
            "font": {"size": size, "color": theme.token("text", mode)},
            "bgcolor": theme.token("surface", mode),
            "bordercolor": theme.segment_colour(int(segment), mode),
            "borderwidth": 1.5,
            "borderpad": 3 if size > 11 else 2,
            "opacity": 0.92,
            "showarrow": False,
        }


def _strip(n: int) -> np.ndarray:
    # The height of a one-column map means nothing; golden-ratio steps spread the points without a random draw.
    return ((np.arange(n) * 0.618033988749895) % 1.0) * 2 - 1


def _size(shown: int, large: float, small: float) -> float:
    """Px of a mark: ``large`` up to 200 points, ``small`` from 5,000 on."""
    share = np.clip((np.log10(max(shown, 1)) - np.log10(200)) / (np.log10(5000) - np.log10(200)), 0, 1)
    return float(round(large + (small - large) * share, 1))
