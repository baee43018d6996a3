"""Where the customers of one segmentation go in another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.model import NOISE
from dashboard import theme
from dashboard.figures.curves import nothing
from dashboard.figures.maps import legend_name
from dashboard.figures.tints import tint
from dashboard.security.labels import plain, plotly

_LONGEST = 14


def flow(
    first: np.ndarray,
    second: np.ndarray,
    *,
    first_names: Mapping[int, str] | None = None,
    second_names: Mapping[int, str] | None = None,
    titles: tuple[str, str] = ("", ""),
    mode: str = "light",
) -> go.Figure:
    """Bands between the segments of two labelings of the same customers (Sankey diagram), as wide as customers are many.

    ``first`` and ``second`` (n,) hold segments from 1, or -1 for not placed;
    ``titles`` stand over the two sides. Raises ``ValueError`` when the two
    differ in length. Give it :func:`flow_height` px.
    """
    first, second = np.asarray(first), np.asarray(second)
    if len(first) != len(second):
        raise ValueError("Both labelings must be of the same customers.")
    left, right, counts = _crossed(first, second)
    figure = go.Figure(layout={"template": theme.template(mode), "margin": {"l": 8, "r": 8, "t": 34, "b": 8}})
    if not counts.size:
        return nothing(figure, mode)
    nodes = _nodes(left, first_names, mode, counts.sum(axis=1)), _nodes(right, second_names, mode, counts.sum(axis=0))
    figure.add_trace(_sankey(counts, nodes, left, mode))
    for place, title in enumerate(titles):
        where = {"xref": "paper", "x": place, "xanchor": ("left", "right")[place], "yref": "paper", "y": 1}
        figure.add_annotation(text=f"<b>{plotly(plain(title, limit=22))}</b>", yanchor="bottom", yshift=8, **where)
    return figure


def flow_height(first: int, second: int) -> int:
    """Px for so many segments on either side: a line of text for each, at least 320."""
    return max(320, 60 + 26 * max(first, second))


def _crossed(first: np.ndarray, second: np.ndarray) -> tuple[list[int], list[int], np.ndarray]:
    """The segments of either side, from 1 upwards with "not placed" last, and the customers in each pair of them."""
    left, rows = np.unique(first, return_inverse=True)
    right, columns = np.unique(second, return_inverse=True)
    counts = np.bincount(rows * len(right) + columns, minlength=len(left) * len(right)).reshape(len(left), len(right))
    down, across = np.argsort(left == NOISE, kind="stable"), np.argsort(right == NOISE, kind="stable")
    return left[down].tolist(), right[across].tolist(), counts[np.ix_(down, across)]


def _nodes(segments: list[int], names: Mapping[int, str] | None, mode: str, sizes: np.ndarray) -> list[dict]:
    whole = max(1, int(sizes.sum()))
    said = {segment: legend_name(segment, names or {}) for segment in segments}
    short = {segment: plain((names or {}).get(segment, ""), limit=_LONGEST) for segment in segments}
    return [
        {
            "label": said[segment] if segment == NOISE else f"{segment} {plotly(short[segment])}".strip(),
            "color": theme.segment_colour(segment, mode),
            "said": said[segment],
            "words": f"{said[segment]}<br>{size:,} customers, {size / whole:.0%}",
        }
        for segment, size in zip(segments, sizes.tolist(), strict=True)
    ]


def _sankey(counts: np.ndarray, nodes: tuple[list[dict], list[dict]], left: list[int], mode: str) -> go.Sankey:
    sources, targets = np.nonzero(counts)
    values = counts[sources, targets]
    shares = values / counts.sum(axis=1)[sources]
    words = [
        f"{nodes[0][a]['said']} → {nodes[1][b]['said']}<br>{value:,} customers, {share:.0%} of the first"
        for a, b, value, share in zip(sources, targets, values.tolist(), shares.tolist(), strict=True)
    ]
    both = nodes[0] + nodes[1]
    hover = "%{customdata}<extra></extra>"
    return go.Sankey(
        node={
            "label": [node["label"] for node in both],
            "color": [node["color"] for node in both],
            "customdata": [node["words"] for node in both],
            "hovertemplate": hover,
            "pad": 10,
            "thickness": 14,
            "line": {"width": 0},
        },
        link={
            "source": sources.tolist(),
            "target": (targets + len(left)).tolist(),
            "value": values.tolist(),
            "color": [tint(theme.segment_colour(left[a], mode), 0.35) for a in sources],
            "customdata": words,
            "hovertemplate": hover,
        },
        textfont={"size": 12, "color": theme.token("text", mode), "shadow": "none"},
    )
