"""What is expected of histories of purchases, and whether such expectations came true before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing, series_colour
from dashboard.figures.tints import tint

GRIDS = ("expected", "alive")
BACKTEST_HEIGHT = 340
GRID_HEIGHT = 340


def history_heat(frame: pd.DataFrame, *, what: str = "expected", mode: str = "light") -> go.Figure:
    """Every history of a customer in colour: repeat purchases to the right, weeks of silence downwards.

    ``frame`` is ``core.model.Ordered.grid``; ``what`` is "expected" (purchases within the horizon) or "alive" (the
    probability that the customer still buys): the two matrices known from the lifetimes library, for a customer
    of the oldest age. Raises ``ValueError`` for anything else. Give it ``GRID_HEIGHT`` px.
    """
    if what not in GRIDS:
        raise ValueError(f"what must be one of {', '.join(GRIDS)}, not {what!r}.")
    figure = blank(mode)
    if frame.empty:
        return nothing(figure, mode)
    z = frame.pivot(index="silent_weeks", columns="purchases", values=what).sort_index()
    told = "%{z:.0%} likely still to buy" if what == "alive" else "%{z:,.3~g} purchases expected"
    bar = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "ypad": 6, "xpad": 0, "thickness": 10, "len": 0.9}
    figure.add_trace(
        go.Heatmap(
            x=np.asarray(z.columns),
            y=np.asarray(z.index),
            z=z.to_numpy(dtype=float),
            zmin=0,
            zmax=1 if what == "alive" else None,
            zauto=None if what == "alive" else False,
            colorscale=theme.sequential(mode),
            colorbar=bar | {"outlinewidth": 0, "tickformat": ".0%" if what == "alive" else "~g", "nticks": 5},
            hovertemplate=f"%{{x}} repeat purchases, silent for %{{y}} weeks<br>{told}<extra></extra>",
            hoverongaps=False,
        )
    )
    if what == "expected":
        figure.data[0].zmax = float(np.nanmax(z.to_numpy(dtype=float))) or 1.0
    figure.update_xaxes(title_text="Repeat purchases so far", nticks=8)
    figure.update_yaxes(title_text="Weeks of silence", autorange="reversed", showgrid=False, nticks=8)
    return figure


def backtest_curve(frame: pd.DataFrame, *, mode: str = "light", narrow: bool = False) -> go.Figure:
    """Repeat purchases of everyone added up week by week: those made, those expected, and the 80 % range.

    ``frame`` is ``core.model.Ordered.backtest``; weeks held out from the fit are shaded. Give it ``BACKTEST_HEIGHT`` px.
    """
    frame = frame.sort_values("week", kind="stable")
    figure = blank(mode)
    if frame.empty:
        return nothing(figure, mode)
    week = frame["week"].to_numpy(dtype=float)
    made, expected = series_colour(0, mode), series_colour(1, mode)
    band = frame.dropna(subset=["low", "high"])
    reach = band["week"].to_numpy(dtype=float)
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(x=reach, y=band["high"].to_numpy(dtype=float), **edge))
    figure.add_trace(
        go.Scatter(x=reach, y=band["low"].to_numpy(dtype=float), fill="tonexty", fillcolor=tint(expected, 0.2), **edge)
    )
    for name, column, colour, dash in (("expected", "expected", expected, "dash"), ("made", "actual", made, "solid")):
        figure.add_trace(
            go.Scatter(
                x=week,
                y=frame[column].to_numpy(dtype=float),
                mode="lines",
                name=name,
                line={"color": colour, "width": 2, "dash": dash},
                hovertemplate=f"week %{{x}}: %{{y:,.4~g}} {name}<extra></extra>",
            )
        )
    _hold_out(figure, frame, mode)
    figure.update_xaxes(title_text="Week since the first purchase in the file", range=[week[0], week[-1]])
    figure.update_yaxes(title_text="Repeat purchases so far", rangemode="tozero", tickformat="~s")
    # plotly's own legend keeps the dashes, which tell the lines apart without colour
    legend = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": 12}}
    for trace in figure.data:
        trace.showlegend = bool(trace.name)
    figure.update_layout(showlegend=True, legend=legend, hovermode="x" if not narrow else "closest")
    return figure


def _hold_out(figure: go.Figure, frame: pd.DataFrame, mode: str) -> None:
    held = frame.loc[frame["held_out"] == 1, "week"]
    if held.empty:
        return
    start = float(held.min())
    band = {"type": "rect", "x0": start, "x1": float(frame["week"].max()), "yref": "paper", "y0": 0, "y1": 1}
    figure.add_shape(**band, fillcolor=theme.token("accent-soft", mode), line_width=0, layer="below")
    note = {"xanchor": "left", "yanchor": "top", "yref": "paper", "y": 1, "xshift": 4, "yshift": -2}
    figure.add_annotation(x=start, text="held out", font={"size": 11}, **note)
