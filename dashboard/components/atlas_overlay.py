"""Small distributions of one column: a segment over everyone, in original units, as a light picture or as bars."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import numpy as np
import pandas as pd
from dash import html

from dashboard import theme
from dashboard.components import numbers
from dashboard.security.labels import plain

WIDTH, HEIGHT = 160, 44
MOST_BARS = 4
EVERYONE = 0


def overlay(places: pd.DataFrame, segment: int, base: int, *, colour: int, mode: str) -> html.Div | None:
    """``segment`` over ``base`` (0: everyone) in one column; None where nothing is known.

    ``places`` are the rows of that column in ``Segmentation.overlays``, in their order; ``colour`` is the segment's number in the
    palette. Numbers and dates are drawn as steps over their range, values of a category as labelled bars.
    """
    own, under = (_shares(places, one) for one in (segment, base))
    if own.empty or under.empty:
        return None
    if places["low"].notna().any():
        return _steps(own, under, theme.segment_colour(colour, mode), theme.token("control", mode))
    return _bars(own, under, colour)


def _shares(places: pd.DataFrame, segment: int) -> pd.DataFrame:
    return places[places["segment"] == segment]


def _steps(own: pd.DataFrame, under: pd.DataFrame, ink: str, grey: str) -> html.Div:
    """One picture instead of some forty elements, so that many columns stay light."""
    heights = [frame["share"].to_numpy(dtype=float) for frame in (own, under)]
    top = max(float(np.nanmax(np.concatenate(heights))), 1e-9)
    fullest = own.iloc[int(np.nanargmax(heights[0]))]
    first, last = plain(own["label"].iloc[0], limit=24), plain(own["label"].iloc[-1], limit=24)
    told = f"Most of this segment: {plain(fullest['label'], limit=40)}, {numbers.share(fullest['share'])}"
    picture = html.Img(src=svg(*heights, top=top, ink=ink, grey=grey), alt=told, title=told, className="sa-overlay-picture",
                       width=WIDTH, height=HEIGHT)  # fmt: skip
    ends = html.Div([html.Span(first), html.Span(last)], className="sa-spark-ends", **{"aria-hidden": "true"})
    return html.Div([picture, ends], className="sa-overlay")


def svg(own: Sequence[float], under: Sequence[float], *, top: float, ink: str, grey: str) -> str:
    """The address of a picture: shares ``under`` as a grey area, ``own`` as a line over a tinted one; ``top`` is its height."""
    area = f"<path d='{_path(under, top, closed=True)}' fill='{grey}' fill-opacity='.35'/>"
    tinted = f"<path d='{_path(own, top, closed=True)}' fill='{ink}' fill-opacity='.3'/>"
    line = f"<path d='{_path(own, top, closed=False)}' fill='none' stroke='{ink}' stroke-width='1.5' vector-effect='non-scaling-stroke'/>"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'>"
    return "data:image/svg+xml," + quote(f"{head}{area}{tinted}{line}</svg>", safe=" ='/:,.-")


def _path(shares: Sequence[float], top: float, *, closed: bool) -> str:
    step = WIDTH / max(len(shares), 1)
    places = [(at * step, HEIGHT - 1 - (HEIGHT - 2) * (0.0 if np.isnan(share) else share) / top) for at, share in enumerate(shares)]
    marks = [f"M0 {HEIGHT}"] if closed else [f"M0 {places[0][1]:.1f}"]
    marks += [f"{'L' if at == 0 and closed else 'V' if at else 'L'}{f'{x:.1f} ' if at == 0 else ''}{y:.1f}H{x + step:.1f}" for at, (x, y) in enumerate(places)]
    return "".join([*marks, f"V{HEIGHT}Z"] if closed else marks)


def _bars(own: pd.DataFrame, under: pd.DataFrame, colour: int) -> html.Div:
    """The values in which both differ most, the commonest first; the others are counted."""
    both = own.merge(under[["place", "share"]], on="place", how="left", suffixes=("", "_base"))
    both = both.fillna({"share": 0.0, "share_base": 0.0})
    apart = (both["share"] - both["share_base"]).abs()
    kept = both.loc[apart.sort_values(ascending=False, kind="stable").index[:MOST_BARS]].sort_values("place")
    lines = [_bar(row, colour) for row in kept.itertuples(index=False)]
    rest = len(both) - len(kept)
    if rest:
        lines.append(html.Li(f"and {numbers.count(rest, 'other value')}", className="sa-muted sa-small"))
    return html.Div(html.Ul(lines, className="sa-plain-list"), className="sa-overlay")


def _bar(row: tuple, colour: int) -> html.Li:
    from dashboard.components.segments import segment_class

    label = plain(row.label, limit=24)
    told = f"{label}: {numbers.share(row.share)} here, {numbers.share(row.share_base)} there"
    bars = html.Span(
        [
            html.Span(className="sa-overlay-under", style={"width": f"{100 * row.share_base:.1f}%"}),
            html.Span(className="sa-overlay-own", style={"width": f"{100 * row.share:.1f}%"}),
        ],
        className=f"sa-overlay-bar {segment_class(colour)}",
        **{"aria-hidden": "true"},
    )
    name = html.Span(label, className="sa-overlay-label")
    return html.Li([name, bars, html.Span(numbers.share(row.share), className="sa-overlay-share")], title=told)
