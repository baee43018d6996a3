"""How one column is spread: bars with a box above them, bars by period, or bars of the commonest values."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.model import Kind, Spread
from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.tints import tint
from dashboard.security.labels import plain, plotly

_LONGEST = 22
_DAY_MS = 86_400_000


def spread_bars(spread: Spread, *, mode: str = "light") -> go.Figure:
    """Customers by value of one column; give it :func:`spread_height` px.

    Over the bars of a number stands a box: quartiles, median, and whiskers to the
    outermost values that are not extreme. What lies beyond the last bars is told at the edge.
    """
    figure = blank(mode)
    if not spread.counts:
        return nothing(figure, mode)
    if not spread.edges:
        return _levels(figure, spread, mode)
    edges = np.array(spread.edges)
    dated = spread.kind is Kind.DATE
    middles, widths = (edges[:-1] + edges[1:]) / 2, np.diff(edges)
    words = [plotly(label) for label in spread.labels] if dated else between(spread)
    figure.add_bar(
        x=(middles * 86_400).astype("datetime64[s]") if dated else middles,
        y=spread.counts,
        width=widths * (_DAY_MS if dated else 1),
        text=words,
        textposition="none",
        hovertemplate="%{text}: %{y:,} customers<extra></extra>",
        marker={"color": theme.token("accent", mode), "opacity": 0.85},
    )
    figure.update_traces(marker_line={"width": 1, "color": theme.token("surface", mode)}, selector={"type": "bar"})
    unit = f" [{spread.unit}]" if spread.unit and spread.unit not in spread.name else ""
    figure.update_xaxes(title_text=plotly(plain(spread.name, limit=40) + unit))
    figure.update_yaxes(title_text="Customers", rangemode="tozero")
    figure.update_layout(bargap=0, margin={"t": 12})
    if spread.box is not None and len(spread.counts) > 1:
        _box_above(figure, spread, mode)
        _beyond(figure, spread, mode)
    return figure


def spread_height(spread: Spread) -> int:
    """Px that the chart of this column needs, at least 280."""
    return max(280, 70 + 26 * len(spread.counts)) if spread.counts and not spread.edges else 360


def years(spread: Spread) -> bool:
    """True for a column of years, which nobody writes with a thousands mark."""
    box = spread.box
    return (
        box is not None and spread.whole and box.minimum > 1000 and box.maximum < 2200 and "year" in spread.name.lower()
    )


def between(spread: Spread) -> list[str]:
    """The bars of a number in words."""
    mark = "" if years(spread) else ","
    pairs = zip(spread.edges, spread.edges[1:], strict=False)
    if spread.whole and spread.edges[0] % 1 == 0.5:
        return [f"{round(low + 0.5):{mark}}" for low, _ in pairs]
    return [f"{low:{mark}.6g} to below {high:{mark}.6g}" for low, high in pairs]


def _box_above(figure: go.Figure, spread: Spread, mode: str) -> None:
    box, ink = spread.box, theme.token("text", mode)
    figure.add_trace(
        go.Box(
            **{"q1": [box.lower], "median": [box.median], "q3": [box.upper], "mean": [box.mean]},
            **{"lowerfence": [box.low], "upperfence": [box.high]},
            **{"y": [0], "orientation": "h", "yaxis": "y2", "hoverinfo": "skip", "width": 0.7},
            line={"color": ink, "width": 1.5},
            fillcolor=tint(theme.token("accent", mode), 0.25),
        )
    )
    figure.update_layout(
        yaxis={"domain": [0, 0.82]},
        yaxis2={"domain": [0.87, 1], "visible": False, "range": [-0.6, 0.6], "fixedrange": True},
    )
    figure.update_xaxes(range=[spread.edges[0], spread.edges[-1]], anchor="y")


def _beyond(figure: go.Figure, spread: Spread, mode: str) -> None:
    """How many customers lie outside the bars, at the side where they do."""
    place = {"yref": "paper", "y": 0.84, "yanchor": "top", "xref": "paper"}
    look = {"font": {"size": 11, "color": theme.token("muted", mode)}, "bgcolor": theme.token("surface", mode)}
    box = spread.box
    if spread.below:
        text = f"← {spread.below:,} lower, down to {_short(box.minimum, spread)}"
        figure.add_annotation(text=text, x=0, xanchor="left", **place, **look)
    if spread.above:
        text = f"{spread.above:,} higher, up to {_short(box.maximum, spread)} →"
        figure.add_annotation(text=text, x=1, xanchor="right", **place, **look)


def _short(value: float, spread: Spread) -> str:
    if years(spread):
        return f"{value:.0f}"
    return f"{value:,.0f}" if 1e3 <= abs(value) < 1e12 else f"{value:.4g}"


def _levels(figure: go.Figure, spread: Spread, mode: str) -> go.Figure:
    """Horizontal bars, the commonest value on top, each with its count and share of the filled cells."""
    at = np.arange(len(spread.counts))
    shares = np.array(spread.counts) / max(spread.filled, 1)
    told = [f"{count:,} ({share:.0%})" for count, share in zip(spread.counts, shares, strict=True)]
    figure.add_bar(
        x=spread.counts,
        y=at,
        orientation="h",
        text=told,
        textposition="outside",
        textfont={"size": 11, "color": theme.token("text", mode)},
        cliponaxis=False,
        customdata=[plotly(label) for label in spread.labels],
        hovertemplate="%{customdata}: %{x:,} customers<extra></extra>",
        marker={"color": theme.token("accent", mode), "opacity": 0.85},
    )
    names = [plotly(plain(label, limit=_LONGEST)) or "(blank)" for label in spread.labels]
    ink = {"size": 12, "color": theme.token("text", mode)}
    figure.update_yaxes(tickvals=at, ticktext=names, autorange="reversed", showgrid=False, tickfont=ink)
    figure.update_xaxes(title_text="Customers", range=[0, 1.28 * max(1, *spread.counts)], showgrid=True)
    figure.update_layout(bargap=0.35)
    return figure
