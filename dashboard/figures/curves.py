"""Curves over the number of segments, labelled at their ends instead of in a legend."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.selection import SUBSTANTIAL
from dashboard import theme
from dashboard.security.labels import plotly

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def elbow(frame: pd.DataFrame, *, mode: str = "light", recommended: int | None = None) -> go.Figure:
    """Spread within segments over the number of segments. ``frame`` columns: k, inertia."""
    frame = frame.sort_values("k")
    figure = _figure(mode)
    figure.add_trace(_line(frame["k"], frame["inertia"], colour=theme.token("accent", mode)))
    if recommended is not None and (frame["k"] == recommended).any():
        height = float(frame.loc[frame["k"] == recommended, "inertia"].iloc[0])
        _mark(figure, recommended, height, mode)
    _segments_axis(figure, frame["k"])
    figure.update_yaxes(title_text="Spread within segments (inertia)", rangemode="tozero")
    return figure


def silhouette_curve(
    frame: pd.DataFrame,
    *,
    recommended: tuple[str, int] | None = None,
    names: Mapping[str, str] | None = None,
    mode: str = "light",
) -> go.Figure:
    """How well separated (silhouette) each algorithm's segments are. ``frame`` columns: algorithm, k, silhouette.

    ``recommended`` is (algorithm, k); ``names`` words the algorithms. The
    dotted line is the value below which there is no substantial structure.
    """
    frame = frame.dropna(subset=["silhouette"]).sort_values(["k"], kind="stable")
    figure = _figure(mode)
    ends = []
    for place, (algorithm, part) in enumerate(frame.groupby("algorithm", sort=False)):
        colour = series_colour(place, mode)
        dash = _DASHES[place % len(_DASHES)]
        figure.add_trace(_line(part["k"], part["silhouette"], colour=colour, dash=dash))
        last = part.iloc[-1]
        ends.append((float(last["k"]), float(last["silhouette"]), (names or {}).get(algorithm, algorithm), colour))
    low, high = _range(frame["silhouette"])
    _label_ends(figure, ends, low, high)
    if recommended is not None:
        found = frame[(frame["algorithm"] == recommended[0]) & (frame["k"] == recommended[1])]
        if len(found):
            _mark(figure, recommended[1], float(found["silhouette"].iloc[0]), mode)
    _threshold(figure, mode)
    _segments_axis(figure, frame["k"])
    figure.update_yaxes(title_text="How well separated (silhouette)", range=[low, high])
    return figure


def series_colour(place: int, mode: str) -> str:
    """Colour of the place-th line (from 0); lines also differ in dash and carry their name."""
    return theme.SEGMENT_COLOURS[mode][(0, 1, 2, 5, 4, 3)[place % 6]]


def _figure(mode: str) -> go.Figure:
    figure = go.Figure(layout={"template": theme.template(mode), "showlegend": False, "dragmode": False})
    figure.update_xaxes(fixedrange=True, showgrid=False)
    figure.update_yaxes(fixedrange=True)
    return figure


def _segments_axis(figure: go.Figure, k: pd.Series) -> None:
    # The range is fixed, because labels beyond the last point would stretch it over numbers nobody tried.
    low, high = (float(k.min()), float(k.max())) if len(k) else (2.0, 10.0)
    figure.update_xaxes(
        title_text="Number of segments", dtick=1 if high - low < 16 else 2, range=[low - 0.4, high + 0.4]
    )


def _line(x: pd.Series, y: pd.Series, *, colour: str, dash: str = "solid") -> go.Scatter:
    return go.Scatter(
        x=x.to_numpy(),
        y=y.to_numpy(dtype=float),
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": dash},
        marker={"color": colour, "size": 6},
        hovertemplate="%{x} segments: %{y:,.3~g}<extra></extra>",
    )


def _mark(figure: go.Figure, k: int, height: float, mode: str) -> None:
    ring = {"symbol": "circle-open", "size": 15, "color": theme.token("text", mode), "line": {"width": 2}}
    numbers = [x for trace in figure.data for x in trace.x]
    # the word grows towards the middle, so that the edge of the figure never cuts it
    side = "right" if k > (min(numbers) + max(numbers)) / 2 else "left"
    figure.add_trace(go.Scatter(x=[k], y=[height], mode="markers", marker=ring, hoverinfo="skip"))
    figure.add_annotation(x=k, y=height, text="<b>recommended</b>", yshift=12, yanchor="bottom", xanchor=side)


def _threshold(figure: go.Figure, mode: str) -> None:
    muted = theme.token("muted", mode)
    figure.add_hline(y=SUBSTANTIAL, line={"color": muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        text="below: no real segments",
        font={"size": 11, "color": muted},
        **{"xref": "paper", "x": 1, "xanchor": "right", "y": SUBSTANTIAL, "yanchor": "top"},
    )


def _range(values: pd.Series) -> tuple[float, float]:
    low = min(0.0, float(values.min()) if len(values) else 0.0)
    high = max(0.5, float(values.max()) if len(values) else 0.5)
    room = 0.12 * (high - low)
    return low - (room if low < 0 else 0), min(1.05, high + room)


def _label_ends(figure: go.Figure, ends: list[tuple[float, float, str, str]], low: float, high: float) -> None:
    heights = spread([end[1] for end in ends], gap=0.075 * (high - low))
    for (x, _, name, colour), y in zip(ends, heights, strict=True):
        # The name in text colour, for reading; its line's colour in a mark before it.
        text = f'<span style="color:{colour}">■</span> {plotly(name)}'
        figure.add_annotation(x=x, y=y, text=text, xanchor="left", xshift=9)
    if ends:
        longest = max(len(name) for _, _, name, _ in ends)
        figure.update_layout(margin={"r": min(170, 34 + 7 * longest)})


def spread(heights: list[float], gap: float) -> list[float]:
    """The heights moved apart upwards until neighbours are at least ``gap`` apart; order kept, input order returned."""
    order = np.argsort(heights, kind="stable")
    placed = [0.0] * len(heights)
    floor = -np.inf
    for index in order:
        placed[index] = float(max(heights[index], floor))
        floor = placed[index] + gap
    return placed
