"""Where a table is empty: blocks of rows from left to right, a line per column with gaps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.model import GapMap
from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.security.labels import plain, plotly


def gap_heat(gaps: GapMap, names: Mapping[int, str], *, mode: str = "light", narrow: bool = False) -> go.Figure:
    """The share of empty cells by block of rows (in the order of the file) and column; the scale ends at the emptiest.

    ``names`` words the places. Give it :func:`gap_heat_height` px.
    """
    figure = blank(mode)
    if not gaps.columns or len(gaps.starts) < 2:
        return nothing(figure, mode)
    most = float(gaps.shares.max())
    edges = np.array(gaps.starts) + 0.5
    blocks = [
        f"{a + 1:,} to {b:,}" if b > a + 1 else f"{b:,}" for a, b in zip(gaps.starts, gaps.starts[1:], strict=False)
    ]
    words = [[f"{plotly(names[place])}<br>rows {block}" for block in blocks] for place in gaps.columns]
    figure.add_trace(
        go.Heatmap(
            x=edges,
            y=np.arange(len(gaps.columns)),
            z=gaps.shares.T,
            zmin=0,
            zmax=most,
            colorscale=theme.sequential(mode),
            colorbar={
                **{"orientation": "h", "y": 1.0, "yanchor": "bottom", "ypad": 6, "xpad": 0, "thickness": 10},
                **{
                    "tickformat": ".0%" if most > 0.04 else ".1%",
                    "tickvals": [0, most / 2, most],
                    "outlinewidth": 0,
                    "len": 0.9,
                },
            },
            hovertext=words,
            hovertemplate="%{hovertext}<br>%{z:.1%} empty<extra></extra>",
            ygap=2,
        )
    )
    ticks = [plotly(plain(names[place], limit=14 if narrow else 24)) for place in gaps.columns]
    ink = {"size": 12, "color": theme.token("text", mode)}
    every = {"tickvals": np.arange(len(ticks)), "ticktext": ticks, "showgrid": False, "tickfont": ink}
    figure.update_yaxes(**every, autorange="reversed")
    figure.update_xaxes(title_text="Row of the table", tickformat=",d", range=[edges[0], edges[-1]], nticks=6)
    return figure


def gap_heat_height(columns: int) -> int:
    """Px for this many columns with gaps, at least 280."""
    return max(280, 130 + 24 * columns)
