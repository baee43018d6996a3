"""How large the segments of several runs are, a bar of parts per run."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.model import NOISE
from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.tints import ink_on
from dashboard.security.labels import plain, plotly

_ROW = 44
_ROOM = 0.07


def size_bars(frame: pd.DataFrame, names: Mapping[str, str], *, mode: str = "light", narrow: bool = False) -> go.Figure:
    """One bar per run, cut into its segments, the largest first, those not placed last.

    ``frame`` columns: run, segment (from 1, or -1), name, customers, share (0..1); ``names`` words the runs and gives their
    order. Parts of at least 7 % bear their number and share. Give it :func:`size_bars_height` px.
    """
    figure = blank(mode)
    if frame.empty:
        return nothing(figure, mode)
    at = {run: place for place, run in enumerate(names)}
    start = dict.fromkeys(names, 0.0)
    for run, segment, name, customers, share in frame[["run", "segment", "name", "customers", "share"]].itertuples(index=False):
        if run in at:
            figure.add_trace(_part(at[run], start[run], (int(segment), name, int(customers), float(share)), mode))
            start[run] += float(share)
    figure.update_layout(barmode="overlay", bargap=0.3, showlegend=False)
    figure.update_xaxes(title_text="Share of the customers of the run", tickformat=".0%", range=[0, 1], nticks=6, showgrid=True)
    ink = {"size": 12, "color": theme.token("text", mode)}
    ticks = [plotly(plain(name, limit=14 if narrow else 34)) for name in names.values()]
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=ticks, autorange="reversed", showgrid=False, tickfont=ink)
    return figure


def size_bars_height(runs: int) -> int:
    """Px for this many runs, at least 280."""
    return max(280, 80 + _ROW * runs)


def _part(row: int, start: float, part: tuple[int, str, int, float], mode: str) -> go.Bar:
    segment, name, customers, share = part
    colour = theme.segment_colour(segment, mode)
    word = f"{segment}  {share:.0%}" if segment != NOISE else f"{share:.0%}"
    told = plotly(name) if segment == NOISE else f"{segment} {plotly(name)}"
    return go.Bar(
        x=[share], y=[row], base=[start], orientation="h", name=told,
        marker={"color": colour, "line": {"color": theme.token("surface", mode), "width": 1.5}},
        text=[word if share >= _ROOM else ""], textposition="inside", insidetextanchor="middle", textangle=0,
        insidetextfont={"size": 12, "color": ink_on([[0.0, colour], [1.0, colour]], 0.5)},
        customdata=[[told, f"{customers:,}", f"{share:.1%}"]],
        hovertemplate="%{customdata[0]}: %{customdata[1]} customers, %{customdata[2]}<extra></extra>",
    )  # fmt: skip
