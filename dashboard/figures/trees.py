"""The top of a tree of merges, and the line that cuts it into segments."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing, short_ticks

MOST_NUMBERED = 15
# Characters that fit side by side on a phone.
_UPRIGHT = 38


class _Tree(NamedTuple):
    """Nodes 0..m-1 are leaves, m.. the merges in order; ``children`` (m-1, 2), the rest by node or by merge."""

    children: np.ndarray
    heights: np.ndarray
    reach: np.ndarray
    sizes: np.ndarray
    leaves: int


def dendrogram(tree: pd.DataFrame, *, cut_at: int = 1, mode: str = "light") -> go.Figure:
    """The merges of customers into one group, branches in the colours of the segments that ``cut_at`` makes.

    ``tree`` columns: left, right, height, left_size, right_size, one row per
    merge of at most 30 leaves, numbered as in ``scipy.cluster.hierarchy``.
    Segments are numbered by size, the largest first. ``layout.shapes[0]`` is the cut: where the graph's
    ``config`` has ``edits: {shapePosition: true}`` it can be dragged (plotly.js 4 ignores ``editable`` alone).
    Read the mean of its ``y0`` and ``y1`` and ask :func:`groups_at`.
    """
    figure = blank(mode)
    figure.update_yaxes(title_text="Difference when two groups merge")
    figure.update_xaxes(title_text="Customers in each branch")
    if tree.empty:
        return nothing(figure, mode)
    figure.update_yaxes(tickformat=short_ticks(tree["height"]))
    known = _read(tree)
    groups = min(max(int(cut_at), 1), known.leaves)
    segments, roots = _segments(known, groups)
    order = _order(known)
    x = _places(known, order)
    for segment, (xs, ys) in sorted(_pieces(known, x, segments).items()):
        colour = theme.segment_colour(segment, mode) if segment else theme.token("control", mode)
        stroke = {"color": colour, "width": 2 if segment else 1.5}
        figure.add_trace(
            go.Scatter(
                x=xs,
                y=ys,
                mode="lines",
                line=stroke,
                hoverinfo="skip",
                name=f"Segment {segment}" if segment else "Above the cut",
            )
        )
    figure.add_trace(_merges(known, x))
    cut = cut_height(tree, groups)
    _cut_line(figure, cut, mode)
    if groups <= MOST_NUMBERED:
        _number(figure, {int(segments[root]): float(x[root]) for root in roots}, cut, mode)
    _size_leaves(figure, [f"{int(known.sizes[leaf]):,}" for leaf in order], mode)
    figure.update_yaxes(range=[0, 1.12 * max(float(known.reach.max()), 1e-12)])
    return figure


def groups_at(tree: pd.DataFrame, height: float) -> int:
    """The number of groups when ``tree`` is cut at ``height``: merges up to and including it are kept."""
    if tree.empty:
        return 1
    return len(tree) + 1 - int((_read(tree).reach <= height).sum())


def cut_height(tree: pd.DataFrame, groups: int) -> float:
    """A height that cuts ``tree`` into ``groups``: the middle between two merges, or 5 % above the last.

    Merges of equal height cannot be told apart: there :func:`groups_at` gives
    the next smaller number. 0.0 for a tree without merges.
    """
    if tree.empty:
        return 0.0
    reach = np.sort(_read(tree).reach)
    kept = len(reach) + 1 - min(max(int(groups), 1), len(reach) + 1)
    if kept == len(reach):
        return float(reach[-1] * 1.05)
    return float((reach[kept] + (reach[kept - 1] if kept else 0.0)) / 2)


def _read(tree: pd.DataFrame) -> _Tree:
    children = tree[["left", "right"]].to_numpy(dtype=int)
    merged = tree["height"].to_numpy(dtype=float)
    leaves = len(tree) + 1
    heights = np.concatenate([np.zeros(leaves), merged])
    sizes = np.zeros(2 * leaves - 1)
    sizes[children] = tree[["left_size", "right_size"]].to_numpy(dtype=float)
    sizes[leaves:] = tree["left_size"].to_numpy(dtype=float) + tree["right_size"].to_numpy(dtype=float)
    # Some linkages (centroid, median) merge lower than before; a cut counts the highest merge inside a branch.
    reach = heights.copy()
    for merge, pair in enumerate(children):
        reach[leaves + merge] = max(merged[merge], *reach[pair])
    return _Tree(children, heights, reach[leaves:], sizes, leaves)


def _segments(tree: _Tree, groups: int) -> tuple[np.ndarray, list[int]]:
    """The segment of every node (0 above the cut) and the node at the top of each segment."""
    kept = np.argsort(tree.reach, kind="stable")[: tree.leaves - groups]
    inside = np.ones(len(tree.heights), dtype=bool)
    inside[tree.leaves :] = np.isin(np.arange(len(tree.children)), kept)
    parents = np.full(len(tree.heights), -1)
    for merge, pair in enumerate(tree.children):
        parents[pair] = tree.leaves + merge
    roots = [node for node in np.flatnonzero(inside) if parents[node] < 0 or not inside[parents[node]]]
    roots.sort(key=lambda node: (-tree.sizes[node], node))
    segments = np.zeros(len(tree.heights), dtype=int)
    segments[roots] = np.arange(1, len(roots) + 1)
    for merge in range(len(tree.children) - 1, -1, -1):
        if inside[tree.leaves + merge]:
            segments[tree.children[merge]] = segments[tree.leaves + merge]
    return segments, roots


def _order(tree: _Tree) -> list[int]:
    """Leaves from left to right, so that no branches cross."""
    order, waiting = [], [len(tree.heights) - 1]
    while waiting:
        node = waiting.pop()
        if node < tree.leaves:
            order.append(node)
        else:
            left, right = tree.children[node - tree.leaves]
            waiting += [right, left]
    return order


def _places(tree: _Tree, order: list[int]) -> np.ndarray:
    x = np.zeros(len(tree.heights))
    x[order] = np.arange(tree.leaves)
    for merge, pair in enumerate(tree.children):
        x[tree.leaves + merge] = x[pair].mean()
    return x


def _pieces(tree: _Tree, x: np.ndarray, segments: np.ndarray) -> dict[int, tuple[list, list]]:
    """The strokes of each segment (0: above the cut), separated by gaps."""
    drawn: dict[int, tuple[list, list]] = {}

    def stroke(segment: int, xs: list[float], ys: list[float]) -> None:
        known = drawn.setdefault(segment, ([], []))
        known[0].extend([*xs, None])
        known[1].extend([*ys, None])

    for merge, pair in enumerate(tree.children):
        node = tree.leaves + merge
        height = float(tree.heights[node])
        stroke(int(segments[node]), [float(x[pair[0]]), float(x[pair[1]])], [height, height])
        for child in pair:
            stroke(int(segments[child]), [float(x[child])] * 2, [float(tree.heights[child]), height])
    return drawn


def _merges(tree: _Tree, x: np.ndarray) -> go.Scatter:
    """Unseen marks at the merges that answer the pointer with both sizes."""
    left, right = tree.sizes[tree.children].T
    words = [f"{a:,.0f} + {b:,.0f} customers" for a, b in zip(left, right, strict=True)]
    return go.Scatter(
        x=x[tree.leaves :],
        y=tree.heights[tree.leaves :],
        mode="markers",
        marker={"size": 12, "opacity": 0},
        text=words,
        hovertemplate="%{text}<br>merge at %{y:.3~g}<extra></extra>",
        name="Merges",
    )


def _cut_line(figure: go.Figure, cut: float, mode: str) -> None:
    ink = theme.token("accent", mode)
    figure.add_shape(
        type="line",
        xref="paper",
        x0=0,
        x1=1,
        y0=cut,
        y1=cut,
        editable=True,
        line={"color": ink, "width": 2, "dash": "dash"},
    )
    note = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 4}
    figure.add_annotation(text="drag the dashed line to cut elsewhere", font={"size": 11, "color": ink}, **note)
    figure.update_layout(margin={"t": 26})


def _number(figure: go.Figure, segments: dict[int, float], cut: float, mode: str) -> None:
    # On the cut itself: every segment's branch crosses it, and nothing else is written there.
    for segment, x in segments.items():
        figure.add_annotation(
            x=x,
            y=cut,
            text=f"<b>{segment}</b>",
            bgcolor=theme.token("surface", mode),
            bordercolor=theme.segment_colour(segment, mode),
            borderwidth=1.5,
            borderpad=2,
        )


def _size_leaves(figure: go.Figure, sizes: list[str], mode: str) -> None:
    count = len(sizes)
    upright = sum(len(size) + 2 for size in sizes) > _UPRIGHT
    font = {"size": 12 if count <= 20 else 9, "color": theme.token("muted", mode)}
    ticks = {"tickvals": np.arange(count), "ticktext": sizes, "tickangle": -90 if upright else 0, "tickfont": font}
    figure.update_xaxes(**ticks, range=[-0.7, count - 0.3])
