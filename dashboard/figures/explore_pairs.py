"""Columns against one another: points of few customers, the density of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.model import Kind, Spread
from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.security.labels import plain, plotly

MOST_POINTS = 4_000
"""Points of all panels together: SVG stays quick, and nothing else draws points under our content policy."""
_BINS = 48


class Pairs(NamedTuple):
    """A figure, whether it shows densities, and how many customers of ``filled`` lie outside the drawn ranges."""

    figure: go.Figure
    dense: bool
    filled: int
    outside: int


def pair_plot(points: np.ndarray, spreads: Sequence[Spread], *, mode: str = "light", narrow: bool = False) -> Pairs:
    """A panel for each pair of 2 to 5 columns. ``points`` (n, k) with NaN gaps, ``spreads`` of the same k columns.

    Customers with a gap in any of them are left out. More than 4,000 points in all
    panels become densities over the ranges of the columns' histograms.
    """
    whole = points[~np.isnan(points).any(axis=1)]
    size = points.shape[1]
    if size < 2 or not len(whole):
        return Pairs(nothing(blank(mode), mode), False, len(whole), 0)
    figure = _panels(size - 1, mode)
    dense = len(whole) > MOST_POINTS // (size * (size - 1) // 2)
    edges = [_edges(spread, column) for spread, column in zip(spreads, whole.T, strict=True)]
    inside = np.all([(c >= e[0]) & (c <= e[-1]) for e, c in zip(edges, whole.T, strict=True)], axis=0)
    for row in range(1, size):
        for column in range(row):
            place = {"row": row, "col": column + 1}
            draw = _density if dense else _points
            pair = (whole[:, column], whole[:, row])
            figure.add_trace(draw(pair, (spreads[column], spreads[row]), (edges[column], edges[row]), mode), **place)
    for at, spread in enumerate(spreads):
        title = plotly(_title(spread, 14 if narrow and size > 2 else 26))
        if at < size - 1:
            figure.update_xaxes(title_text=title, row=size - 1, col=at + 1)
        if at:
            figure.update_yaxes(title_text=title, row=at, col=1)
    if dense:
        _colours(figure, mode)
    return Pairs(figure, dense, len(whole), int((~inside).sum()) if dense else 0)


def pair_plot_height(columns: int, *, narrow: bool) -> int:
    """Px for this many columns."""
    if columns < 3:
        return 320 if narrow else 420
    return 90 + (columns - 1) * (130 if narrow else 190)


def _panels(size: int, mode: str) -> go.Figure:
    """``size`` by ``size`` panels, none above the diagonal; each row and column shares its axis."""
    specs = [[{} if column <= row else None for column in range(size)] for row in range(size)]
    space = {"horizontal_spacing": 0.03, "vertical_spacing": 0.03} if size > 1 else {}
    figure = make_subplots(rows=size, cols=size, specs=specs, shared_xaxes=True, shared_yaxes=True, **space)
    figure.update_layout(template=theme.template(mode), showlegend=False, dragmode=False)
    ink = {"size": 10 if size > 1 else 12}
    figure.update_xaxes(fixedrange=True, nticks=4 if size > 1 else 8, tickfont=ink, tickangle=0)
    return figure.update_yaxes(fixedrange=True, nticks=4 if size > 1 else 8, tickfont=ink)


def _points(pair: tuple, spreads: tuple, _edges: tuple, mode: str) -> go.Scatter:
    x, y = (_drawn(values, spread) for values, spread in zip(pair, spreads, strict=True))
    size = 6 if len(pair[0]) < 500 else 4
    mark = {"color": theme.token("accent", mode), "size": size, "opacity": 0.5, "line": {"width": 0}}
    return go.Scatter(x=x, y=y, mode="markers", marker=mark, hovertemplate="%{x}, %{y}<extra></extra>")


def _density(pair: tuple, spreads: tuple, edges: tuple, _mode: str) -> go.Heatmap:
    counts = np.histogram2d(*pair, bins=edges)[0].T
    with np.errstate(divide="ignore"):
        z = np.where(counts > 0, np.log10(counts), np.nan)
    x, y = (_drawn(edge, spread) for edge, spread in zip(edges, spreads, strict=True))
    return go.Heatmap(
        x=x,
        y=y,
        z=z.round(4),
        customdata=counts.astype(np.int32),
        coloraxis="coloraxis",
        hoverongaps=False,
        hovertemplate="%{x}, %{y}: %{customdata:,} customers<extra></extra>",
    )


def _colours(figure: go.Figure, mode: str) -> None:
    top = max(float(np.nanmax(trace.z)) if np.isfinite(trace.z).any() else 0.0 for trace in figure.data)
    ticks = np.arange(int(top) + 1)
    bar = {"title": {"text": "Customers", "font": {"size": 11}}, "thickness": 10, "outlinewidth": 0, "len": 0.6}
    bar |= {"tickvals": ticks, "ticktext": [f"{10**tick:,}" for tick in ticks.tolist()], "y": 1, "yanchor": "top"}
    scale = theme.sequential(mode)[1:]  # the first step is the colour of nothing
    scale = [[place / (len(scale) - 1), colour] for place, (_, colour) in enumerate(scale)]
    figure.update_layout(coloraxis={"cmin": 0, "cmax": max(top, 0.5), "colorscale": scale, "colorbar": bar})


def _edges(spread: Spread, values: np.ndarray) -> np.ndarray:
    """Where cells of the density begin and end: over the histogram's range, even for whole numbers."""
    if spread.kind is Kind.FLAG:
        return np.array([-0.5, 0.5, 1.5])
    low, high = (spread.edges[0], spread.edges[-1]) if spread.edges else (values.min(), values.max())
    if spread.whole and high - low < 2**31:
        step = max(1, round((high - low) / _BINS))
        return np.arange(np.floor(low) - 0.5, high + step, step)
    return np.linspace(low, high, _BINS + 1) if high > low else np.array([low - 0.5, low + 0.5])


def _drawn(values: np.ndarray, spread: Spread) -> np.ndarray:
    return (values * 86_400).astype("datetime64[s]") if spread.kind is Kind.DATE else values


def _title(spread: Spread, limit: int) -> str:
    unit = f" [{spread.unit}]" if spread.unit and spread.unit not in spread.name else ""
    return plain(spread.name, limit=limit) + unit
