"""What argues for a number of segments: the gap statistic, other criteria, and agreement over resamples."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import (
    DASHES,
    blank,
    label_ends,
    line,
    mark,
    nothing,
    segments_axis,
    series_colour,
    short_ticks,
)
from dashboard.figures.tints import tint
from dashboard.security.labels import plain, plotly

MAX_BOXED = 4
Choice = tuple[str, int] | int | None


def gap_curve(frame: pd.DataFrame, *, recommended: int | None = None, mode: str = "light") -> go.Figure:
    """How much tighter segments are than in data without any (Tibshirani, Walther & Hastie 2001).

    ``frame`` columns: k, gap (difference of logarithms), error (one standard
    error); ``recommended`` is the number this criterion votes for.
    """
    frame = frame.reindex(columns=["k", "gap", "error"]).dropna(subset=["gap"]).sort_values("k")
    figure = blank(mode)
    figure.update_yaxes(title_text="Gap to data without segments")
    if frame.empty:
        return nothing(figure, mode)
    gap, error = frame["gap"].astype(float), frame["error"].astype(float).fillna(0)
    accent = theme.token("accent", mode)
    whiskers = {"type": "data", "array": error.to_numpy(), "color": accent, "thickness": 1.2, "width": 4}
    figure.add_trace(line(frame["k"], gap, colour=accent))
    hover = "%{x} segments: %{y:.3f} ± %{error_y.array:.3f}<extra></extra>"
    figure.data[0].update(error_y=whiskers, hovertemplate=hover)
    _room(figure, float((gap - error).min()), float((gap + error).max()))
    _vote(figure, frame, "gap", recommended, mode)
    segments_axis(figure, frame["k"])
    return figure


def criterion_curve(
    frame: pd.DataFrame,
    *,
    column: str,
    title: str,
    better: str = "higher",
    recommended: Choice = None,
    mode: str = "light",
) -> go.Figure:
    """One criterion over the number of segments, a line per name.

    ``frame`` columns: name (an algorithm, or a criterion such as "BIC"), k,
    and ``column`` with the value; ``better`` is "higher" or "lower", which tells the best line;
    ``recommended`` (name, k), or k alone for the best line there. Raises
    ``ValueError`` for another ``better``.
    """
    if better not in ("higher", "lower"):
        raise ValueError(f"better must be 'higher' or 'lower', not {better!r}.")
    frame = frame.reindex(columns=["name", "k", column]).dropna(subset=[column]).sort_values("k", kind="stable")
    figure = blank(mode)
    figure.update_yaxes(title_text=plotly(title), tickformat=short_ticks(frame[column]))
    if frame.empty:
        return nothing(figure, mode)
    ends = []
    for place, (name, part) in enumerate(frame.groupby("name", sort=False)):
        colour = series_colour(place, mode)
        figure.add_trace(line(part["k"], part[column], colour=colour, dash=DASHES[place % len(DASHES)]))
        figure.data[-1].hovertemplate = f"{plotly(name)}, %{{x}} segments: %{{y:,.4~g}}<extra></extra>"
        ends.append((float(part["k"].iloc[-1]), float(part[column].iloc[-1]), str(name), colour))
    low, high = _room(figure, float(frame[column].min()), float(frame[column].max()))
    label_ends(figure, ends, low, high)
    best_first = frame.sort_values(column, ascending=better == "lower", kind="stable")
    _vote(figure, best_first, column, recommended, mode)
    segments_axis(figure, frame["k"])
    return figure


def stability_boxes(frame: pd.DataFrame, *, recommended: Choice = None, mode: str = "light") -> go.Figure:
    """How far segmentations of resampled customers agree, as a box with its points per number of segments.

    ``frame`` columns: name (algorithm), k, agreement (adjusted Rand, 1 = the
    same segments), one row per resample. The four algorithms that agree best
    (by median) are drawn, the recommended one always; the axis says when there
    are more. ``recommended`` is (name, k) or k; that number is shaded.
    """
    frame = frame.reindex(columns=["name", "k", "agreement"]).dropna(subset=["agreement"])
    figure = blank(mode)
    figure.update_yaxes(title_text="Agreement of resamples")
    if frame.empty:
        return nothing(figure, mode)
    names = list(dict.fromkeys(frame["name"]))
    medians = frame.groupby("name")["agreement"].median()
    chosen = recommended[0] if isinstance(recommended, tuple) else None
    best = sorted(names, key=lambda name: (name != chosen, -medians[name]))[:MAX_BOXED]
    kept = sorted(best, key=names.index)
    for name in kept:
        figure.add_trace(_box(frame[frame["name"] == name], str(name), series_colour(names.index(name), mode)))
    _shade(figure, recommended, mode, tried=set(frame["k"]))
    segments_axis(figure, frame["k"])
    if len(names) > len(kept):
        figure.update_xaxes(title_text=f"Number of segments ({len(kept)} of {len(names)} algorithms)")
    figure.update_yaxes(range=[min(0.0, float(frame["agreement"].min())) - 0.03, 1.04])
    _name_boxes(figure, len(kept))
    return figure


def _name_boxes(figure: go.Figure, count: int) -> None:
    # Boxes of one number stand too close for names beside them; on a phone two names fit a line.
    legend = {"orientation": "h", "yref": "container", "y": 0.99, "yanchor": "top", "xref": "container", "x": 0.02}
    figure.update_layout(boxmode="group", showlegend=count > 1, boxgap=0.25, boxgroupgap=0.15)
    figure.update_layout(
        legend=legend | {"font": {"size": 11}}, margin={"t": 28 + (20 * -(-count // 2) if count > 1 else 0)}
    )


def _box(part: pd.DataFrame, name: str, colour: str) -> go.Box:
    short = plotly(plain(name, limit=15))
    return go.Box(
        x=part["k"].to_numpy(),
        y=part["agreement"].to_numpy(dtype=float),
        name=short,
        offsetgroup=short,
        boxpoints="all",
        pointpos=0,
        jitter=0.6,
        line={"color": colour, "width": 1.5},
        fillcolor=tint(colour, 0.18),
        marker={"color": colour, "size": 3, "opacity": 0.55},
        hoveron="points",
        hovertemplate=f"{plotly(name)}, %{{x}} segments: %{{y:.2f}}<extra></extra>",
    )


def _shade(figure: go.Figure, recommended: Choice, mode: str, *, tried: set) -> None:
    k = recommended[1] if isinstance(recommended, tuple) else recommended
    if k is None or k not in tried:
        return
    band = {"type": "rect", "x0": k - 0.48, "x1": k + 0.48, "yref": "paper", "y0": 0, "y1": 1}
    figure.add_shape(**band, fillcolor=theme.token("accent-soft", mode), line_width=0, layer="below")
    _word_on_top(figure, "recommended", k, tried)


def _word_on_top(figure: go.Figure, word: str, k: int, tried: set) -> None:
    """A word over the chart, where no line runs, growing from k towards the middle."""
    side = "right" if k > (min(tried) + max(tried)) / 2 else "left"
    note = {"xanchor": side, "yanchor": "bottom", "yref": "paper", "y": 1}
    figure.add_annotation(x=k + 0.48 if side == "right" else k - 0.48, text=f"<b>{word}</b>", yshift=2, **note)


def _room(figure: go.Figure, low: float, high: float) -> tuple[float, float]:
    """Sets the vertical range with some room around low and high, and returns it."""
    reach = high - low or abs(high) or 1.0
    low, high = low - 0.08 * reach, high + 0.08 * reach
    figure.update_yaxes(range=[low, high])
    return low, high


def _vote(figure: go.Figure, frame: pd.DataFrame, column: str, recommended: Choice, mode: str) -> None:
    tried = set(frame["k"])
    if isinstance(recommended, tuple):
        frame, recommended = frame[frame["name"] == recommended[0]], recommended[1]
    found = frame[frame["k"] == recommended]
    if found.empty:
        return
    mark(figure, recommended, float(found[column].iloc[0]), mode, word="")
    guide = {"color": theme.token("control", mode), "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=recommended, x1=recommended, yref="paper", y0=0, y1=1, line=guide, layer="below")
    _word_on_top(figure, f"votes for {recommended}", recommended, tried)
    figure.update_layout(margin={"t": 28})
