"""The silhouette of every customer, segment by segment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing, spread
from dashboard.figures.maps import Drawn, legend_name

CAP = 1_000


def silhouette_profile(
    widths: np.ndarray,
    labels: np.ndarray,
    *,
    names: Mapping[int, str] | None = None,
    colours: Mapping[int, int] | None = None,
    mode: str = "light",
) -> Drawn:
    """One band per segment, its customers from the best to the worst placed (Rousseeuw 1987).

    ``widths`` (n,) in -1..1, NaN for customers without one; ``labels`` (n,)
    segments from 1, -1 for not placed; ``colours`` are segments' numbers in the palette. The height of a band is its number of
    customers; at most 1,000 are drawn, evenly along each band. ``total`` counts
    the customers that have a width. Give it :func:`silhouette_profile_height` px.
    """
    widths, labels = np.asarray(widths, dtype=float), np.asarray(labels)
    placed = np.isfinite(widths) & (labels > 0)
    widths, labels = widths[placed], labels[placed]
    segments, sizes = np.unique(labels, return_counts=True)
    figure = blank(mode)
    if not len(widths):
        return Drawn(nothing(figure, mode), 0, 0)
    gap = 0.012 * len(widths)
    hues = {int(one): theme.segment_colour((colours or {}).get(int(one), int(one)), mode) for one in segments}
    shown, bottom, middles, below = 0, 0.0, [], []
    for segment, size, quota in zip(segments, sizes, _quota(sizes), strict=True):
        band = np.sort(widths[labels == segment])[::-1]
        ranks = np.linspace(0, size - 1, quota).round().astype(int)
        x, y = _outline(band[ranks], bottom + ranks + 0.5, bottom, bottom + size)
        share = float((band < 0).mean())
        words = f"{legend_name(int(segment), names or {})}<br>{size:,} customers, average {band.mean():.2f}, {share:.0%} below zero"
        figure.add_trace(_band(x, y, words, hues[int(segment)]))
        shown += quota
        middles.append(bottom + size / 2)
        below.append(share)
        bottom += size + gap
    _axes(figure, widths, bottom - gap)
    _label(figure, hues, middles, below, height=bottom - gap, mode=mode)
    _mean_line(figure, float(widths.mean()), mode)
    return Drawn(figure, shown, len(widths))


def silhouette_profile_height(segments: int) -> int:
    """Px for this many bands: room for a line of text at each, at least 320."""
    return max(320, 84 + 17 * segments)


def _quota(sizes: np.ndarray) -> np.ndarray:
    """How many of each band are drawn: all when they fit, else their share and at least the best and the worst."""
    if sizes.sum() <= CAP:
        return sizes
    least = np.minimum(sizes, 2)
    return least + ((sizes - least) * ((CAP - least.sum()) / (sizes - least).sum())).astype(int)


def _outline(widths: np.ndarray, heights: np.ndarray, start: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """The band as a closed area from zero, so that a segment of one customer is an area, too."""
    x = np.concatenate([[0, widths[0]], widths, [widths[-1], 0]])
    y = np.concatenate([[start, start], heights, [end, end]])
    return x.astype(np.float32), y


def _band(x: np.ndarray, y: np.ndarray, words: str, colour: str) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        fillcolor=colour,
        line={"color": colour, "width": 0.5},
        hoveron="fills",
        hoverinfo="text",
        text=words,
    )


def _axes(figure: go.Figure, widths: np.ndarray, height: float) -> None:
    low, high = min(-0.1, widths.min(initial=0) - 0.03), min(1.0, max(0.5, widths.max(initial=0) + 0.03))
    figure.update_xaxes(title_text="Silhouette of each customer", range=[float(low), float(high)], showgrid=True)
    figure.update_xaxes(zeroline=True, zerolinewidth=1, dtick=0.5 if low < -0.25 else 0.25)
    figure.update_yaxes(title_text="", showticklabels=False, showgrid=False, range=[height, 0])
    figure.update_layout(margin={"l": 62, "r": 52, "t": 30, "b": 44})


def _label(
    figure: go.Figure, hues: Mapping[int, str], middles: list[float], below: list[float], *, height: float, mode: str
) -> None:
    gap = height * 15 / (silhouette_profile_height(len(hues)) - 76)
    places = spread(middles, gap=gap, ceiling=height - gap / 2)
    for (segment, colour), y, share in zip(hues.items(), places, below, strict=True):
        text = f'<b>{segment}</b> <span style="color:{colour}">■</span>'
        figure.add_annotation(xref="paper", x=0, y=y, text=text, xanchor="right", xshift=-6)
        figure.add_annotation(xref="paper", x=1, y=y, text=f"{share:.0%}", xanchor="right", xshift=44)
    muted = {"size": 11, "color": theme.token("muted", mode)}
    head = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 3, "font": muted}
    figure.add_annotation(x=0, text="segment", xanchor="right", xshift=-6, **head)
    figure.add_annotation(x=1, text="below 0", xanchor="right", xshift=46, **head)


def _mean_line(figure: go.Figure, mean: float, mode: str) -> None:
    ink = theme.token("text", mode)
    figure.add_shape(
        type="line", x0=mean, x1=mean, yref="paper", y0=0, y1=1, line={"color": ink, "width": 1.5, "dash": "dash"}
    )
    note = {"yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 3, "xanchor": "center"}
    figure.add_annotation(x=mean, text=f"average {mean:.2f}", **note)
