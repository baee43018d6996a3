"""All segments of one candidate against everyone, a row per column of the data, in the order that is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.heat import CLIP, printed
from dashboard.security.labels import plain, plotly

MOST_PRINTED = 10
_LONGEST = 22


def segment_heat(
    values: pd.DataFrame,
    words: pd.DataFrame,
    *,
    captions: Sequence[str],
    colours: Mapping[int, int] | None = None,
    mode: str = "light",
) -> go.Figure:
    """``values`` (columns down, segments across): standardised differences, NaN for a gap; colours end at 2.5 either way.

    ``words`` has the same shape: what the pointer tells, lines parted by a line feed. ``captions`` word the rows,
    ``colours`` are the segments' numbers in the palette. Rows and segments keep their order. Give it
    :func:`segment_heat_height` px.
    """
    figure = blank(mode)
    if values.empty:
        return nothing(figure, mode)
    z = values.to_numpy(dtype=float)
    across = np.arange(z.shape[1])
    told = [["<br>".join(plotly(part) for part in str(cell).split("\n")) for cell in row] for row in words.to_numpy()]
    figure.add_trace(_cells(z, told, mode))
    if z.shape[1] <= MOST_PRINTED:
        shares = (np.clip(z, -CLIP, CLIP) + CLIP) / (2 * CLIP)
        figure.add_trace(printed(z, across, "%+.1f", shares, scale=theme.diverging(mode)))
    heads = [_head(int(segment), colours or {}, mode) for segment in values.columns]
    figure.update_xaxes(tickvals=across, ticktext=heads, side="top", tickangle=0, ticks="", range=[-0.5, z.shape[1] - 0.5])
    names = [_caption(name) for name in captions]
    ink = {"size": 12, "color": theme.token("text", mode)}
    figure.update_yaxes(tickvals=np.arange(len(z)), ticktext=names, autorange="reversed", tickfont=ink)
    figure.update_yaxes(showgrid=False, ticks="", ticklabelstandoff=4)
    figure.update_layout(margin={"t": 30, "b": 64})
    return figure


def segment_heat_height(rows: int) -> int:
    """Px for this many columns of the data: room for each, at least 280."""
    return max(280, 110 + 30 * rows)


def _caption(name: str) -> str:
    """The name of a row, a long one on two lines: names that share a beginning stay told apart."""
    text = plain(name, limit=2 * _LONGEST)
    if len(text) <= _LONGEST:
        return plotly(text)
    cut = max((at for at in range(6, _LONGEST + 1) if text[at] in " _:-"), default=_LONGEST - 1) + 1
    return f"{plotly(text[:cut].rstrip())}<br>{plotly(plain(text[cut:], limit=_LONGEST))}"


def _head(segment: int, colours: Mapping[int, int], mode: str) -> str:
    return f'<b>{segment}</b> <span style="color:{theme.segment_colour(colours.get(segment, segment), mode)}">■</span>'


def _cells(z: np.ndarray, words: list[list[str]], mode: str) -> go.Heatmap:
    bar = {
        **{"orientation": "h", "yref": "container", "y": 0.01, "yanchor": "bottom"},
        **{"xref": "container", "x": 0.5, "xanchor": "center", "len": 0.8},
        **{"thickness": 8, "outlinewidth": 0, "ticklen": 2, "tickfont": {"size": 11}, "ticklabeloverflow": "allow"},
        **{"tickvals": [-CLIP, 0, CLIP], "ticktext": [f"{CLIP} below", "everyone", f"{CLIP} above"], "tickangle": 0},
    }
    return go.Heatmap(
        z=z,
        zmin=-CLIP,
        zmax=CLIP,
        colorscale=theme.diverging(mode),
        colorbar=bar,
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        hoverongaps=False,
        xgap=1,
        ygap=1,
    )
