"""Segment means as parallel lines, a line per segment, an axis per column of the data (Inselberg 1985)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.maps import legend_name
from dashboard.security.labels import plain, plotly

_LONGEST = 18


def segment_lines(
    values: pd.DataFrame,
    words: pd.DataFrame,
    *,
    captions: Sequence[str],
    names: Mapping[int, str],
    colours: Mapping[int, int] | None = None,
    mode: str = "light",
) -> go.Figure:
    """``values`` (columns of the data down, segments across): averages above everyone's in standard deviations.

    Drawn as SVG lines with each segment's mark and its number at the end; the line at 0 is everyone. ``words`` and
    ``captions`` as in :func:`dashboard.figures.atlas_heat.segment_heat`. Give it :func:`segment_lines_height` px.
    """
    figure = blank(mode)
    if values.empty:
        return nothing(figure, mode)
    at = np.arange(len(values))
    for segment in values.columns:
        told = ["<br>".join(plotly(part) for part in str(cell).split("\n")) for cell in words[segment]]
        number = (colours or {}).get(int(segment), int(segment))
        line = _line(values[segment].to_numpy(dtype=float), int(segment), colour=theme.segment_colour(number, mode), mode=mode)
        line.update(name=legend_name(int(segment), names), customdata=told, marker_symbol=theme.segment_shape(number))
        figure.add_trace(line)
    figure.add_hline(y=0, line={"color": theme.token("control", mode), "width": 1, "dash": "dash"})
    figure.add_annotation(x=1, xref="paper", y=0, text="everyone", xanchor="right", yanchor="bottom",
                          font={"size": 11, "color": theme.token("muted", mode)})  # fmt: skip
    ticks = [plotly(plain(name, limit=_LONGEST)) for name in captions]
    figure.update_xaxes(tickvals=at, ticktext=ticks, tickangle=-35 if len(at) > 4 else 0, showgrid=True)
    figure.update_xaxes(range=[-0.3, len(at) - 1 + 0.5])
    figure.update_yaxes(title_text="Standard deviations from everyone", ticksuffix=" ")
    figure.update_layout(margin={"t": 12, "r": 12}, hovermode="closest")
    return figure


def segment_lines_height(columns: int) -> int:
    """Px for this many columns of the data: slanted captions need room."""
    return 400 if columns > 4 else 340


def _line(heights: np.ndarray, segment: int, *, colour: str, mode: str) -> go.Scatter:
    """One segment from column to column, its number at the end."""
    return go.Scatter(
        x=np.arange(len(heights)),
        y=heights,
        mode="lines+markers+text",
        line={"color": colour, "width": 2},
        marker={"color": colour, "size": 9},
        text=[""] * (len(heights) - 1) + [f" <b>{segment}</b>"],
        textposition="middle right",
        textfont={"color": theme.token("text", mode)},
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )
