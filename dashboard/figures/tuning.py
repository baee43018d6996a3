"""Curves that help to set an algorithm: the reach of a density, the rounds of a training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, label_ends, nothing, series_colour

MOST_POINTS = 1_000


def k_distance(
    frame: pd.DataFrame, *, eps: float | None = None, knee: float | None = None, mode: str = "light"
) -> go.Figure:
    """The distance within which each customer has a crowd, sorted (Ester, Kriegel, Sander & Xu 1996).

    ``frame`` columns: share (0 to 1 of customers, rising), distance (to the
    crowd-th neighbour, in prepared units); at most 1,000 evenly spread points
    are drawn. ``knee`` is the distance at the bend. ``eps`` lies in
    ``layout.shapes[0]``, to be dragged where the graph's ``config`` has
    ``edits: {shapePosition: true}``: read the mean of its ``y0`` and ``y1``.
    """
    frame = frame.reindex(columns=["share", "distance"]).dropna().sort_values("share", kind="stable")
    if len(frame) > MOST_POINTS:
        frame = frame.iloc[np.linspace(0, len(frame) - 1, MOST_POINTS).round().astype(int)]
    share, distance = frame["share"].to_numpy(dtype=float), frame["distance"].to_numpy(dtype=float)
    figure = blank(mode)
    figure.update_yaxes(title_text="Distance to the crowd")
    if frame.empty:
        return nothing(figure, mode)
    stroke = {"color": series_colour(0, mode), "width": 2}
    hover = "%{x:.0%} of customers have their crowd within %{y:.3~g}<extra></extra>"
    figure.add_trace(go.Scatter(x=share, y=distance, mode="lines", line=stroke, hovertemplate=hover))
    if knee is not None:
        _knee(figure, float(share[np.abs(distance - knee).argmin()]), float(knee), mode)
    if eps is not None:
        _reach(figure, float(eps), mode)
    highest = max(float(value) for value in (distance.max(), eps, knee) if value is not None)
    figure.update_xaxes(title_text="Share of customers", tickformat=".0%", range=[0, 1.01])
    figure.update_yaxes(range=[0, (highest or 1.0) * 1.12])
    figure.update_layout(margin={"r": 20})
    return figure


def loss_curve(
    train: Sequence[float], validation: Sequence[float] = (), *, stopped_at: int | None = None, mode: str = "light"
) -> go.Figure:
    """The reconstruction error per round (epoch) of a training, on customers learned from and on others.

    ``validation`` may be empty; ``stopped_at`` is the round, from 1, whose
    weights were kept. Losses are mean squared errors in prepared units.
    """
    figure = blank(mode)
    ends = []
    for place, (name, values) in enumerate((("training", train), ("validation", validation))):
        loss = np.asarray(values, dtype=float)
        if len(loss):
            colour = series_colour(place, mode)
            rounds = np.arange(1, len(loss) + 1)
            hover = f"{name}, round %{{x}}: %{{y:.4~g}}<extra></extra>"
            stroke = {"color": colour, "width": 2, "dash": ("solid", "dash")[place]}
            kind = "lines" if len(loss) > 1 else "markers"
            figure.add_trace(go.Scatter(x=rounds, y=loss, mode=kind, line=stroke, hovertemplate=hover))
            ends.append((float(len(loss)), float(loss[-1]), name, colour))
    figure.update_yaxes(title_text="Loss (mean squared error)")
    if not ends:
        return nothing(figure, mode)
    highest = max(float(np.nanmax(trace.y)) for trace in figure.data) * 1.1 or 1.0
    last = max(end[0] for end in ends)
    figure.update_yaxes(range=[0, highest])
    figure.update_xaxes(title_text="Round (epoch)", range=[min(1, last - 1), last], tickformat="d", nticks=7)
    label_ends(figure, ends, 0.0, highest)
    if stopped_at is not None:
        _kept(figure, int(stopped_at), late=stopped_at > last / 2, mode=mode)
    figure.update_layout(margin={"t": 28})
    return figure


def _knee(figure: go.Figure, share: float, distance: float, mode: str) -> None:
    shape = {"symbol": "diamond", "size": 12, "color": theme.token("warn", mode)}
    shape["line"] = {"width": 1.5, "color": theme.token("surface", mode)}
    figure.add_trace(go.Scatter(x=[share], y=[distance], mode="markers", marker=shape, hoverinfo="skip"))
    side = {"xanchor": "right", "xshift": -8} if share > 0.4 else {"xanchor": "left", "xshift": 8}
    figure.add_annotation(x=share, y=distance, text=f"knee at {distance:.3g}", yanchor="bottom", yshift=10, **side)


def _reach(figure: go.Figure, eps: float, mode: str) -> None:
    ink = theme.token("accent", mode)
    label = {
        "texttemplate": "\u2003reach (eps) %{y0:.3~g}",
        "textposition": "start",
        "font": {"size": 11, "color": ink},
    }
    figure.add_shape(
        type="line",
        xref="paper",
        x0=0,
        x1=1,
        y0=eps,
        y1=eps,
        editable=True,
        line={"color": ink, "width": 2, "dash": "dash"},
        label=label,
    )


def _kept(figure: go.Figure, kept: int, *, late: bool, mode: str) -> None:
    ink = theme.token("text", mode)
    figure.add_shape(
        type="line", x0=kept, x1=kept, yref="paper", y0=0, y1=1, line={"color": ink, "width": 1.5, "dash": "dot"}
    )
    side = {"xanchor": "right" if late else "left", "yref": "paper", "y": 1, "yanchor": "bottom"}
    figure.add_annotation(x=kept, text=f"<b>kept: round {kept}</b>", yshift=3, **side)
