"""Where customers, or what they spend, went between two segmentations (Sankey diagram)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from core.model import NOISE
from dashboard import theme
from dashboard.figures.curves import nothing
from dashboard.figures.tints import tint
from dashboard.security.labels import plain, plotly

ABSENT = 0
_LONGEST = 36


@dataclass(frozen=True)
class Ends:
    """The two sides: names and colours (numbers in the palette) of the segments before and now, and what customers who
    are in one file alone are called on either side."""

    names: tuple[Mapping[int, str], Mapping[int, str]]
    colours: tuple[Mapping[int, int], Mapping[int, int]] = field(default_factory=lambda: ({}, {}))
    absent: tuple[str, str] = ("New customers", "Lost customers")


@dataclass(frozen=True)
class _Measure:
    """What the width of a band is: a column of the flows, its unit; and the theme."""

    value: str
    unit: str
    mode: str

    def said(self, amount: float) -> str:
        """An amount with its unit, as Plotly shows it."""
        digits = 0 if self.unit == "customers" else 2
        return f"{amount:,.{digits}f} {plotly(self.unit)}".rstrip()


def migration_flow(flows: pd.DataFrame, ends: Ends, *, value: str = "customers", unit: str = "customers", mode: str = "light") -> go.Figure:
    """Bands from each segment before to each now, as wide as their ``value`` (a column of ``Migration.flows``) is large.

    Bands of nothing or less are not drawn. Give it :func:`migration_flow_height` px.
    """
    figure = go.Figure(layout={"template": theme.template(mode), "margin": {"l": 8, "r": 8, "t": 34, "b": 8}})
    shown = flows[flows[value] > 0]
    if shown.empty:
        return nothing(figure, mode)
    measure = _Measure(value, unit, mode)
    sides = [_nodes(shown, at, ends, measure) for at in (0, 1)]
    places = [{segment: at for at, segment in enumerate(side)} for side in sides]
    figure.add_trace(_sankey(shown, sides, places, measure))
    for place, title in enumerate(("Before", "Now")):
        where = {"xref": "paper", "x": place, "xanchor": ("left", "right")[place], "yref": "paper", "y": 1}
        figure.add_annotation(text=f"<b>{title}</b>", showarrow=False, yanchor="bottom", yshift=8, **where)
    return figure


def migration_flow_height(before: int, now: int) -> int:
    """Px for so many segments on either side, at least 320."""
    return max(320, 60 + 30 * max(before, now))


def _nodes(flows: pd.DataFrame, side: int, ends: Ends, measure: _Measure) -> dict[int, dict]:
    """What is drawn at one side, by segment: from 1 upwards, then those not placed, then those who are not in that file."""
    sums = flows.groupby(("before", "now")[side])[measure.value].sum()
    whole, found = max(float(sums.sum()), 1e-9), {}
    for segment in sorted(sums.index, key=lambda s: (s < 1, s == ABSENT, s)):
        called, number = _called(int(segment), side, ends), str(segment) if segment > 0 else ""
        size = measure.said(sums[segment])
        found[int(segment)] = {
            "label": _label(plotly(plain(called, limit=_LONGEST)), number),
            "color": theme.segment_colour(ends.colours[side].get(segment, segment), measure.mode),
            "words": f"{plotly(called)}<br>{size}, {sums[segment] / whole:.1%}",
            "said": plotly(called),
        }
    return found


def _label(called: str, number: str) -> str:
    """The name in a part of its own behind the number: a stylesheet leaves it out where the screen is too narrow for both sides."""
    return f"{number}<span>{called.removeprefix(number)}</span>" if number else called


def _called(segment: int, side: int, ends: Ends) -> str:
    if segment == NOISE:
        return "Not placed"
    if segment == ABSENT:
        return ends.absent[side]
    return f"{segment} {ends.names[side].get(segment, '')}".strip()


def _sankey(flows: pd.DataFrame, sides: list[dict], places: list[dict], measure: _Measure) -> go.Sankey:
    nodes = [*sides[0].values(), *sides[1].values()]
    rows = list(zip(flows["before"].tolist(), flows["now"].tolist(), flows[measure.value].tolist(), strict=True))
    words = [f"{sides[0][a]['said']} → {sides[1][b]['said']}<br>{measure.said(size)}" for a, b, size in rows]
    hover = "%{customdata}<extra></extra>"
    return go.Sankey(
        node={
            "label": [node["label"] for node in nodes], "color": [node["color"] for node in nodes],
            "customdata": [node["words"] for node in nodes], "hovertemplate": hover, "pad": 12, "thickness": 14,
            "line": {"width": 0},
        },
        link={
            "source": [places[0][a] for a, _, _ in rows], "target": [len(sides[0]) + places[1][b] for _, b, _ in rows],
            "value": [size for _, _, size in rows], "color": [tint(sides[0][a]["color"], 0.35) for a, _, _ in rows],
            "customdata": words, "hovertemplate": hover,
        },
        textfont={"size": 12, "color": theme.token("text", measure.mode), "shadow": "none"},
    )  # fmt: skip
