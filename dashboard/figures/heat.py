"""Tables in colour: the profiles of several candidates side by side, and how far candidates agree."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.maps import legend_name
from dashboard.figures.tints import ink_on
from dashboard.security.labels import plain, plotly

CLIP = 2.5
MOST_NUMBERED = 8
MOST_PRINTED = 12
_GAP = 0.4
_HEAD = 13


class _Grid(NamedTuple):
    """Where the cells of :func:`profile_heat` lie: ``owners`` (candidate, segment) or None for a gap, per column."""

    owners: list[tuple[str, int] | None]
    edges: np.ndarray
    middles: np.ndarray


def profile_heat(frame: pd.DataFrame, *, mode: str = "light") -> go.Figure:
    """Every segment of every candidate against everyone, a row per column of the data.

    ``frame`` columns: candidate (caption), segment (from 1, or -1), name,
    column, difference (standard deviations above everyone; colours end at
    2.5 either way, the pointer tells the value). Rows and candidates keep the
    frame's order; over more than two candidates stand letters, for which the page has the names. Give it :func:`profile_heat_height` px.
    """
    frame = frame.reindex(columns=["candidate", "segment", "name", "column", "difference"])
    figure = blank(mode)
    if frame.empty:
        return nothing(figure, mode)
    rows = list(dict.fromkeys(frame["column"]))
    grid = _grid(frame)
    z = np.full((len(rows), len(grid.owners)), np.nan)
    words = np.full(z.shape, "", dtype=object)
    across = {owner: place for place, owner in enumerate(grid.owners) if owner}
    down = {row: place for place, row in enumerate(rows)}
    for candidate, segment, name, column, difference in frame.itertuples(index=False):
        cell = down[column], across[(candidate, int(segment))]
        z[cell] = difference
        words[cell] = _words(candidate, legend_name(int(segment), {int(segment): name}), column, difference)
    figure.add_trace(_differences(z, words, grid.edges, mode))
    if len(across) <= MOST_NUMBERED:
        shares = (np.clip(z, -CLIP, CLIP) + CLIP) / (2 * CLIP)
        figure.add_trace(printed(z, grid.middles, "%+.1f", shares, scale=theme.diverging(mode)))
    _label_columns(figure, grid)
    names = [plotly(plain(row, limit=16)) for row in rows]
    ink = {"size": 12, "color": theme.token("text", mode)}
    figure.update_yaxes(tickvals=np.arange(len(rows)), ticktext=names, autorange="reversed", tickfont=ink)
    figure.update_yaxes(showgrid=False, ticks="", ticklabelstandoff=4)
    return figure


def profile_heat_height(rows: int) -> int:
    """Px for this many columns of the data: room for each, at least 280."""
    return max(280, 150 + 24 * rows)


def agreement_heat(frame: pd.DataFrame, labels: Mapping[str, str], *, mode: str = "light") -> go.Figure:
    """How far every two candidates put customers together alike (adjusted Rand; Hubert & Arabie 1985).

    ``frame`` columns: first, second (keys of ``labels``), adjusted_rand, each
    pair once; ``labels`` words the keys and gives their order. 1 is the same
    segments, 0 what chance gives; lower values take the colour of 0. Beyond 12 candidates the values are
    told by the pointer only. Give it :func:`agreement_heat_height` px.
    """
    keys = list(labels)
    place = {key: index for index, key in enumerate(keys)}
    z = np.full((len(keys), len(keys)), np.nan)
    np.fill_diagonal(z, 1.0)
    for first, second, value in frame.reindex(columns=["first", "second", "adjusted_rand"]).itertuples(index=False):
        if first in place and second in place:
            z[place[first], place[second]] = z[place[second], place[first]] = value
    figure = blank(mode)
    if not keys:
        return nothing(figure, mode)
    letters = [_letters(index) for index in range(len(keys))]
    figure.add_trace(_agreements(z, [plotly(labels[key]) for key in keys], mode))
    if len(keys) <= MOST_PRINTED:
        size = 11 if len(keys) <= 6 else 9 if len(keys) <= 9 else 8
        figure.add_trace(printed(z, np.arange(len(keys)), "%.2f", z, scale=theme.sequential(mode), size=size))
    names = [
        f"{plotly(plain(labels[key], limit=16))}  <b>{letter}</b>" for key, letter in zip(keys, letters, strict=True)
    ]
    ink = {"size": 12 if len(keys) <= 20 else 9, "color": theme.token("text", mode)}
    every = {"tickvals": np.arange(len(keys)), "showgrid": False, "tickfont": ink, "ticks": "", "ticklabelstandoff": 4}
    figure.update_yaxes(**every, ticktext=names, autorange="reversed")
    heads = [f"<b>{letter}</b>" for letter in letters]
    figure.update_xaxes(**every, ticktext=heads, side="top", tickangle=0)
    return figure


def agreement_heat_height(candidates: int) -> int:
    """Px for this many candidates: at least 280."""
    return max(280, 80 + (30 if candidates <= MOST_PRINTED else 18) * candidates)


def _grid(frame: pd.DataFrame) -> _Grid:
    owners: list[tuple[str, int] | None] = []
    for candidate in dict.fromkeys(frame["candidate"]):
        segments = sorted({int(segment) for segment in frame.loc[frame["candidate"] == candidate, "segment"]})
        segments.sort(key=lambda segment: segment < 1)
        owners += [None] * bool(owners) + [(candidate, segment) for segment in segments]
    edges = np.concatenate([[0.0], np.cumsum([1.0 if owner else _GAP for owner in owners])])
    return _Grid(owners, edges, (edges[1:] + edges[:-1]) / 2)


def _words(candidate: str, segment: str, column: str, difference: float) -> str:
    side = "above" if difference >= 0 else "below"
    value = f"{abs(difference):.2f} standard deviations {side} everyone" if np.isfinite(difference) else "no value"
    return f"{plotly(candidate)} · {segment}<br>{plotly(column)}: {value}"


def _differences(z: np.ndarray, words: np.ndarray, edges: np.ndarray, mode: str) -> go.Heatmap:
    bar = {
        **{"orientation": "h", "yref": "container", "y": 0.02, "yanchor": "bottom"},
        **{"xref": "container", "x": 0.5, "xanchor": "center", "len": 0.8},
        **{"thickness": 8, "outlinewidth": 0, "ticklen": 2, "tickfont": {"size": 11}, "ticklabeloverflow": "allow"},
        "tickvals": [-CLIP, 0, CLIP],
        "ticktext": [f"{CLIP} below", "like everyone", f"{CLIP} above"],
    }
    return go.Heatmap(
        z=z,
        x=edges,
        y=np.arange(len(z)),
        zmin=-CLIP,
        zmax=CLIP,
        colorscale=theme.diverging(mode),
        colorbar=bar,
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        hoverongaps=False,
        ygap=1,
        xgap=1,
    )


def printed(z: np.ndarray, x: np.ndarray, form: str, shares: np.ndarray, *, scale: list, size: int = 11) -> go.Scatter:
    """The values of the cells in the ink that is easiest to read on each; ``shares`` is where they lie on the scale."""
    rows, columns = np.nonzero(np.isfinite(z))
    return go.Scatter(
        x=x[columns],
        y=rows,
        mode="text",
        text=[_signed(form % value) for value in z[rows, columns]],
        textfont={"size": size, "color": [ink_on(scale, share) for share in shares[rows, columns]]},
        hoverinfo="skip",
    )


def _signed(text: str) -> str:
    """A value that rounds to zero has no sign."""
    return text if float(text) else text.lstrip("+-")


def _label_columns(figure: go.Figure, grid: _Grid) -> None:
    owned = [(owner, middle) for owner, middle in zip(grid.owners, grid.middles, strict=True) if owner]
    candidates = list(dict.fromkeys(owner[0] for owner, _ in owned))
    wrapped = dict(zip(candidates, _heads(candidates), strict=True))
    for name, text in wrapped.items():
        middle = float(np.mean([place for owner, place in owned if owner[0] == name]))
        where = {"x": middle, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 4}
        figure.add_annotation(text=f"<b>{text}</b>", font={"size": 11}, **where)
    lines = max((text.count("<br>") + 1 for text in wrapped.values()), default=1)
    step = 1 if len(owned) <= 20 else 5
    ticks = ["–" if owner[1] < 1 else str(owner[1]) if (owner[1] - 1) % step == 0 else "" for owner, _ in owned]
    reach = [0.0, float(grid.edges[-1]) or 1.0]
    title = "Segment<br>(colours: standard deviations)"
    every = {
        "tickvals": [place for _, place in owned],
        "ticktext": ticks,
        "tickangle": 0,
        "ticks": "",
        "showgrid": False,
    }
    figure.update_xaxes(**every, title_text=title, range=reach)
    figure.update_layout(margin={"t": 10 + _HEAD * lines + 4, "b": 102})


def _heads(captions: Sequence[str]) -> list[str]:
    """What stands over the candidates: their captions, or letters as in :func:`agreement_heat` for more than two."""
    if len(captions) > 2:
        return [_letters(index) for index in range(len(captions))]
    lines = (textwrap.wrap(plain(name, limit=36), 20) or [""] for name in captions)
    return ["<br>".join(plotly(part) for part in some[:3]) for some in lines]


def _agreements(z: np.ndarray, names: list[str], mode: str) -> go.Heatmap:
    words = [[f"{first}<br>{second}" for second in names] for first in names]
    return go.Heatmap(
        z=z,
        zmin=0,
        zmax=1,
        colorscale=theme.sequential(mode),
        showscale=False,
        hovertext=words,
        hovertemplate="%{hovertext}<br>agreement %{z:.2f}<extra></extra>",
        hoverongaps=False,
        xgap=1,
        ygap=1,
    )


def _letters(index: int) -> str:
    first, last = divmod(index, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
