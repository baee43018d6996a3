"""How strongly columns go together, as a table in colour."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.model import Relations
from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.tints import ink_on
from dashboard.security.labels import plain, plotly

MOST_PRINTED = 12
MOST_NARROW = 10
MEASURES = {"spearman": "Spearman", "pearson": "Pearson", "eta": "correlation ratio", "cramers_v": "Cramer's V"}
_BESIDE = {"spearman": "pearson", "pearson": "spearman"}


def relation_heat(
    relations: Relations,
    names: Mapping[int, str],
    *,
    measure: str = "spearman",
    mode: str = "light",
    narrow: bool = False,
) -> go.Figure:
    """Every column against every other: numbers by ``measure`` (spearman or pearson), all others by their own.

    ``names`` words the places. Orange rises together, blue the one as the other
    falls. On a phone (``narrow``) only the 10 that are related most. Give it :func:`relation_heat_height` px.
    """
    figure = blank(mode)
    places = shown_columns(relations, measure, narrow=narrow)
    if len(places) < 2:
        return nothing(figure, mode)
    at = {place: index for index, place in enumerate(places)}
    z = np.full((len(places),) * 2, np.nan)
    words = np.full(z.shape, "", dtype=object)
    for first, second, kind, value, rows in used(relations, measure).itertuples(index=False):
        if first in at and second in at:
            a, b = at[first], at[second]
            z[a, b] = z[b, a] = value
            told = f"{value:.2f}" if np.isfinite(value) else "cannot be measured"
            text = (
                f"{plotly(names[first])} and {plotly(names[second])}<br>{MEASURES[kind]}: {told} ({rows:,} customers)"
            )
            words[a, b] = words[b, a] = text
    figure.add_trace(_cells(z, words, mode))
    if len(places) <= MOST_PRINTED:
        tight = narrow and len(places) > 6
        figure.add_trace(_printed(z, mode, size=8 if tight else 10 if narrow or len(places) > 8 else 12, tight=tight))
    ticks = [plotly(_both_ends(plain(names[place]), 12 if narrow else 18)) for place in places]
    size = 12 if len(places) <= 20 else 10
    every = {"tickvals": np.arange(len(places)), "ticktext": ticks, "showgrid": False, "ticks": ""}
    every |= {"tickfont": {"size": size, "color": theme.token("text", mode)}, "ticklabelstandoff": 4}
    figure.update_yaxes(**every, autorange="reversed")
    figure.update_xaxes(**every, tickangle=-90 if len(places) > 8 or narrow else -30)
    return figure


def relation_heat_height(columns: int) -> int:
    """Px for this many columns."""
    return max(320, 190 + (34 if columns <= MOST_PRINTED else 21) * columns)


def used(relations: Relations, measure: str):
    """The rows of ``relations.frame`` that count when numbers go by ``measure``."""
    return relations.frame[relations.frame["measure"] != _BESIDE.get(measure, "pearson")]


def shown_columns(relations: Relations, measure: str, *, narrow: bool) -> list[int]:
    """The places on the heat map in their order."""
    if not narrow or len(relations.columns) <= MOST_NARROW:
        return list(relations.columns)
    frame = used(relations, measure)
    falling = frame.loc[frame["value"].abs().sort_values(ascending=False, kind="stable", na_position="last").index]
    chosen = list(dict.fromkeys(int(place) for pair in falling[["first", "second"]].to_numpy() for place in pair))
    return [place for place in relations.columns if place in chosen[:MOST_NARROW]]


def _cells(z: np.ndarray, words: np.ndarray, mode: str) -> go.Heatmap:
    bar = {"tickvals": [-1, -0.5, 0, 0.5, 1], "thickness": 10, "len": 0.9, "outlinewidth": 0}
    bar |= {"orientation": "h", "y": 1.0, "yanchor": "bottom", "ypad": 6, "xpad": 0}
    return go.Heatmap(
        z=z,
        zmin=-1,
        zmax=1,
        colorscale=theme.diverging(mode),
        colorbar=bar,
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        hoverongaps=False,
        xgap=1,
        ygap=1,
    )


def _both_ends(name: str, limit: int) -> str:
    """``name`` in at most ``limit`` characters, cut in its middle: names of a family differ at their ends."""
    if len(name) <= limit:
        return name
    tail = (limit - 1) * 2 // 5
    return f"{name[: limit - 1 - tail]}…{name[-tail:]}"


def _printed(z: np.ndarray, mode: str, *, size: int, tight: bool) -> go.Scatter:
    """The values on their cells; ``tight`` cells have no room for the nought before the point."""
    rows, columns = np.nonzero(np.isfinite(z))
    values = z[rows, columns]
    scale = theme.diverging(mode)
    return go.Scatter(
        x=columns,
        y=rows,
        mode="text",
        text=[_written(value, tight) for value in values],
        textfont={"size": size, "color": [ink_on(scale, (value + 1) / 2) for value in values]},
        hoverinfo="skip",
    )


def _written(value: float, tight: bool) -> str:
    if abs(value) < 0.005:
        return "0"
    text = f"{value:.2f}".replace("-", "−")
    return text.replace("0.", ".") if tight else text
