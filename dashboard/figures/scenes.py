"""Several candidates as maps to turn, side by side in one figure: a browser allows few drawing surfaces (WebGL)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import nothing
from dashboard.figures.maps import Drawn, by_segment, marker, middles, trace, xyz
from dashboard.security.labels import plain, plotly

LIMIT = 15_000
MOST_SCENES = 6
MOST_NUMBERED = 10
_CELL, _TITLE = 270, 26
_CAMERA = {"eye": {"x": 1.25, "y": 1.25, "z": 0.7}, "center": {"x": 0, "y": 0, "z": -0.05}}


def linked_scenes(
    coordinates: np.ndarray,
    candidates: Sequence[tuple[str, np.ndarray]],
    *,
    mode: str = "light",
    columns: int = 3,
    limit: int = LIMIT,
) -> Drawn:
    """The same customers in 1 to 6 small 3D maps, one per candidate (title, labels), all seen from one place.

    ``coordinates`` (n, 1 to 3), missing ones become 0; more than three are cut.
    ``labels`` (n,) segments or -1. Every scene shows the same customers, an even share of
    every combination of segments, at most ``limit`` points over all scenes.
    The axes are the map's own and carry no numbers. Candidates beyond the
    sixth are not drawn. Give it :func:`linked_scenes_height` px.
    """
    candidates = list(candidates)[:MOST_SCENES]
    points = _three(coordinates)
    keep = _shared(candidates, len(points), limit // max(1, len(candidates)))
    figure = go.Figure(layout={"template": theme.template(mode), "showlegend": False, "uirevision": "scenes"})
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    ranges = _ranges(points[keep])
    size = 4.5 if len(keep) <= 500 else 3.2 if len(keep) <= 2_000 else 2.2
    if not candidates:
        return Drawn(nothing(figure, mode), 0, len(points))
    for place, ((title, labels), cell) in enumerate(zip(candidates, _cells(len(candidates), columns), strict=True)):
        scene = "scene" if place == 0 else f"scene{place + 1}"
        for segment, rows in by_segment(labels, keep):
            look = {"marker": marker(segment, mode, size=size, flat=False), "scene": scene}
            figure.add_trace(go.Scatter3d(**xyz(points, rows), **trace(segment, {}, rows), **look))
        few = labels.max(initial=0) <= MOST_NUMBERED
        figure.update_layout({scene: _scene(cell, ranges, list(middles(points, labels, mode, size=11)) if few else [])})
        _title(figure, title, cell)
    return Drawn(figure, len(keep), len(points))


def linked_scenes_height(count: int, columns: int = 3) -> int:
    """Px that :func:`linked_scenes` needs for ``count`` maps in ``columns``."""
    columns = max(1, min(columns, count))
    return max(1, -(-min(count, MOST_SCENES) // columns)) * (_CELL + _TITLE)


def _three(coordinates: np.ndarray) -> np.ndarray:
    points = np.asarray(coordinates, dtype=np.float32)
    points = points.reshape(len(points), -1)[:, :3]
    return np.column_stack([points, np.zeros((len(points), 3 - points.shape[1]), dtype=np.float32)])


def _shared(candidates: Sequence[tuple[str, np.ndarray]], n: int, cap: int) -> np.ndarray:
    """At most ``cap`` rows that stand for all ``n`` on every map: some of each segment, an even share of each overlap.

    Customers stand in the order of their segments in all candidates, and are taken at even steps: there can
    be more combinations than customers to draw, too many to draw from one by one.
    """
    if n <= cap:
        return np.arange(n)
    codes, firsts = np.zeros(n, dtype=np.int64), []
    for _, labels in candidates:
        segments, first, places = np.unique(labels, return_index=True, return_inverse=True)
        codes = codes * len(segments) + places
        firsts.append(first)
    certain = np.unique(np.concatenate(firsts))[:cap]
    order = np.argsort(codes, kind="stable")
    others = order[~np.isin(order, certain)]
    evenly = np.linspace(0, len(others) - 1, cap - len(certain)).round().astype(int)
    return np.sort(np.concatenate([certain, others[evenly]]))


def _cells(count: int, columns: int) -> Iterator[tuple[float, float, float, float]]:
    """(left, right, bottom, top) of every map under its title, in shares of the figure."""
    columns = max(1, min(columns, count))
    rows = -(-count // columns)
    title = _TITLE / linked_scenes_height(count, columns)
    for place in range(count):
        row, column = divmod(place, columns)
        top = 1 - row / rows - title
        yield column / columns, (column + 1) / columns, max(0.0, 1 - (row + 1) / rows), top


def _ranges(points: np.ndarray) -> list[list[float]]:
    """The same reach on every axis of every scene, with a margin; 1 around a column of equal values."""
    if not len(points):
        return [[-1.0, 1.0]] * 3
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    margin = np.where(high > low, 0.04 * (high - low), 1.0)
    return [[float(a), float(b)] for a, b in zip(low - margin, high + margin, strict=True)]


def _scene(cell: tuple[float, float, float, float], ranges: list[list[float]], numbers: list[dict]) -> dict:
    left, right, bottom, top = cell
    quiet = {"showticklabels": False, "title": {"text": ""}, "showspikes": False}
    axes = {f"{axis}axis": quiet | {"range": reach} for axis, reach in zip("xyz", ranges, strict=True)}
    place = {"x": [left, right], "y": [bottom, top]}
    return axes | {"domain": place, "aspectmode": "cube", "camera": _CAMERA, "annotations": numbers}


def _title(figure: go.Figure, title: str, cell: tuple[float, float, float, float]) -> None:
    place = {"xref": "paper", "x": (cell[0] + cell[1]) / 2, "yref": "paper", "y": cell[3], "yanchor": "bottom"}
    text = f"<b>{plotly(plain(title, limit=26))}</b>"
    figure.add_annotation(text=text, xanchor="center", yshift=3, font={"size": 13}, **place)
