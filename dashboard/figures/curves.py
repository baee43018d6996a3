"""Curves over the number of segments, labelled at their ends instead of in a legend."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.selection import SUBSTANTIAL
from dashboard import theme
from dashboard.security.labels import plain, plotly

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_LONGEST = 18
_KEYED = 14
_END = "end of a line"
_AXIS = 52  # px of the numbers and the title of the horizontal axis


def elbow(
    frame: pd.DataFrame, *, mode: str = "light", recommended: int | None = None, knee: int | None = None
) -> go.Figure:
    """Spread within segments over the number of segments. ``frame`` columns: k, inertia.

    ``knee`` is the number where the curve bends; a diamond stands there.
    """
    frame = frame.sort_values("k")
    figure = blank(mode)
    if frame.empty:
        return nothing(figure, mode)
    figure.add_trace(line(frame["k"], frame["inertia"], colour=theme.token("accent", mode)))
    heights = dict(zip(frame["k"], frame["inertia"].astype(float), strict=True))
    top = max(heights.values(), default=1.0)
    if knee in heights:
        _diamond(figure, knee, heights[knee], mode)
        if knee != recommended:
            _knee_word(figure, knee, heights[knee], low=heights[knee] < 0.2 * top)
    if recommended in heights:
        word = f"recommended, knee at {knee}" if knee == recommended else "recommended"
        mark(figure, recommended, heights[recommended], mode, word=word)
    segments_axis(figure, frame["k"])
    figure.update_yaxes(title_text="Spread within segments (inertia)", range=[0, (top if top > 0 else 1.0) * 1.16])
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
    figure = blank(mode)
    ends = []
    for place, (algorithm, part) in enumerate(frame.groupby("algorithm", sort=False)):
        colour = series_colour(place, mode)
        dash = DASHES[place % len(DASHES)]
        figure.add_trace(line(part["k"], part["silhouette"], colour=colour, dash=dash))
        last = part.iloc[-1]
        ends.append((float(last["k"]), float(last["silhouette"]), (names or {}).get(algorithm, algorithm), colour))
    low, high = _range(frame["silhouette"])
    label_ends(figure, ends, low, high)
    if recommended is not None:
        found = frame[(frame["algorithm"] == recommended[0]) & (frame["k"] == recommended[1])]
        if len(found):
            mark(figure, recommended[1], float(found["silhouette"].iloc[0]), mode)
    _threshold(figure, mode)
    segments_axis(figure, frame["k"])
    figure.update_yaxes(title_text="How well separated (silhouette)", range=[low, high])
    return figure


def series_colour(place: int, mode: str) -> str:
    """Colour of the place-th line (from 0); lines also differ in dash and carry their name."""
    return theme.SEGMENT_COLOURS[mode][(0, 1, 2, 5, 4, 3)[place % 6]]


def blank(mode: str) -> go.Figure:
    """An empty chart in the colours of a mode that can be read but not zoomed."""
    figure = go.Figure(layout={"template": theme.template(mode), "showlegend": False, "dragmode": False})
    figure.update_xaxes(fixedrange=True, showgrid=False)
    figure.update_yaxes(fixedrange=True)
    return figure


def nothing(figure: go.Figure, mode: str) -> go.Figure:
    """Says in the middle of an empty chart that there is nothing to draw, and hides numbers that would mean nothing."""
    figure.update_xaxes(range=[0, 1], showticklabels=False, showgrid=False)
    figure.update_yaxes(range=[0, 1], showticklabels=False, showgrid=False)
    place = {"xref": "paper", "x": 0.5, "yref": "paper", "y": 0.5}
    return figure.add_annotation(text="nothing to draw", font={"color": theme.token("muted", mode)}, **place)


def segments_axis(figure: go.Figure, k: pd.Series) -> None:
    """The horizontal axis over the numbers of segments ``k`` that were tried."""
    # The range is fixed, because labels beyond the last point would stretch it over numbers nobody tried.
    low, high = (float(k.min()), float(k.max())) if len(k) else (2.0, 10.0)
    figure.update_xaxes(
        title_text="Number of segments", dtick=1 if high - low < 16 else 2, range=[low - 0.4, high + 0.4]
    )


def short_ticks(values: pd.Series) -> str:
    """How the numbers at an axis are written: thousands with a letter, which below one would mean thousandths."""
    return "~s" if values.abs().max() >= 1_000 else "~g"


def line(x: pd.Series, y: pd.Series, *, colour: str, dash: str = "solid") -> go.Scatter:
    """One line over the number of segments with a dot at each number tried."""
    return go.Scatter(
        x=x.to_numpy(),
        y=y.to_numpy(dtype=float),
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": dash},
        marker={"color": colour, "size": 6},
        hovertemplate="%{x} segments: %{y:,.3~g}<extra></extra>",
    )


def mark(figure: go.Figure, k: int, height: float, mode: str, *, word: str = "recommended") -> None:
    """A ring at (k, ``height``) with a word over it; no word where it is empty."""
    ring = {"symbol": "circle-open", "size": 15, "color": theme.token("text", mode), "line": {"width": 2}}
    numbers = [x for trace in figure.data for x in trace.x]
    # the word grows towards the middle, so that the edge of the figure never cuts it
    side = "right" if k > (min(numbers) + max(numbers)) / 2 else "left"
    figure.add_trace(go.Scatter(x=[k], y=[height], mode="markers", marker=ring, hoverinfo="skip"))
    if word:
        figure.add_annotation(x=k, y=height, text=f"<b>{word}</b>", yshift=12, yanchor="bottom", xanchor=side)
        figure.layout.annotations[-1].bgcolor = theme.token("surface", mode)  # other lines run there


def _diamond(figure: go.Figure, k: int, height: float, mode: str) -> None:
    shape = {"symbol": "diamond", "size": 12, "color": theme.token("warn", mode)}
    shape["line"] = {"width": 1.5, "color": theme.token("surface", mode)}
    figure.add_trace(go.Scatter(x=[k], y=[height], mode="markers", marker=shape, hoverinfo="skip"))


def _knee_word(figure: go.Figure, k: int, height: float, *, low: bool) -> None:
    # A falling curve leaves room under its left side; near the floor the word goes over the word "recommended".
    numbers = sorted(figure.data[0].x)
    side = "center" if k - numbers[0] < 2 else "right"
    place = {"yanchor": "bottom", "yshift": 30} if low else {"yanchor": "top", "yshift": -9}
    figure.add_annotation(x=k, y=height, text=f"knee at {k}", xanchor=side, **place)


def _threshold(figure: go.Figure, mode: str) -> None:
    muted = theme.token("muted", mode)
    figure.add_hline(y=SUBSTANTIAL, line={"color": muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        text="below: no real segments",
        bgcolor=theme.token("surface", mode),
        font={"size": 11, "color": muted},
        **{"xref": "paper", "x": 1, "xanchor": "right", "y": SUBSTANTIAL, "yanchor": "top"},
    )


def _range(values: pd.Series) -> tuple[float, float]:
    low = min(0.0, float(values.min()) if len(values) else 0.0)
    high = max(0.5, float(values.max()) if len(values) else 0.5)
    room = 0.12 * (high - low)
    return low - (room if low < 0 else 0), min(1.05, high + room)


def label_ends(figure: go.Figure, ends: list[tuple[float, float, str, str]], low: float, high: float) -> None:
    """The name of each line at its end; ``ends`` holds (x, y, name, colour), the axis runs from low to high."""
    heights = spread([end[1] for end in ends], gap=0.075 * (high - low), ceiling=high)
    names = [plain(name, limit=_LONGEST) for _, _, name, _ in ends]
    for place, ((x, _, _, colour), name, y) in enumerate(zip(ends, names, heights, strict=True)):
        figure.data[place].name = plotly(name)
        # The name in text colour, for reading; its line's colour in a mark before it.
        text = f'<span style="color:{colour}">■</span> {plotly(name)}'
        figure.add_annotation(x=x, y=y, text=text, xanchor="left", xshift=9, name=_END)
    if ends:
        figure.update_layout(margin={"r": 34 + 7 * max(len(name) for name in names)})


def key_below(figure: go.Figure, *, narrow: bool) -> int:
    """Put the names of the lines under the chart instead of at their ends: for a phone, or where they are many.

    Returns the px by which the chart has to be higher: two names fit beside
    one another on a phone (``narrow``), three elsewhere.
    """
    columns, width = (2, 86) if narrow else (3, 124)
    figure.layout.annotations = [one for one in figure.layout.annotations if one.name != _END]
    named = [trace for trace in figure.data if trace.name]
    for trace in figure.data:
        trace.showlegend = bool(trace.name)
    for trace in named if narrow else ():
        trace.name = plain(trace.name, limit=_KEYED)
    room = 18 * -(-len(named) // columns) + 12
    below = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "xref": "container", "x": 0.02}
    below |= {"entrywidth": width, "font": {"size": 11}}
    figure.update_layout(showlegend=True, legend=below, margin={"r": 16, "b": _AXIS + room})
    return room


def spread(heights: list[float], gap: float, ceiling: float = np.inf) -> list[float]:
    """The heights moved apart until neighbours are at least ``gap`` apart; order kept, input order returned.

    They move upwards, and back down only where the highest would pass ``ceiling``.
    """
    order = np.argsort(heights, kind="stable")
    placed = [0.0] * len(heights)
    floor = -np.inf
    for index in order:
        placed[index] = float(max(heights[index], floor))
        floor = placed[index] + gap
    for index in order[::-1]:
        placed[index] = float(min(placed[index], ceiling))
        ceiling = placed[index] - gap
    return placed
