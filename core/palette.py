"""The colours and marks of segments on white paper, for whatever leaves the house; the app's light theme shows the same."""

from __future__ import annotations

SEGMENTS = (
    *("#0b56a8", "#df5f0a", "#12986f", "#8c5800", "#1e93e3", "#b8479b", "#524700", "#16191d"),
    *("#062f5f", "#a33c06", "#0a5a43", "#b07a1a", "#0f6494", "#7a1f5f", "#8a7c10", "#6a737e"),
)
"""In the order of Okabe and Ito (2008, "Color Universal Design"), each 3:1 or more against white; then the second ring."""
NOISE = "#848d98"
MARKS = ("circle", "square", "diamond", "cross", "x", "circle-open", "diamond-open", "square-open")
DIVERGING = ("#0465af", "#5a88b7", "#92a9c1", "#c3cbd3", "#eff0f2", "#f2c1ac", "#ea9670", "#d76d39", "#b94a00")
"""From below everyone (blue) over the same (neutral) to above (orange)."""


def segment_colour(segment: int, chosen: int = 0) -> str:
    """``#rrggbb`` of a segment numbered from 1, or of the place ``chosen`` (1..16, 0: none) in the palette; else grey."""
    place = chosen or segment
    return SEGMENTS[(place - 1) % len(SEGMENTS)] if place >= 1 else NOISE


def segment_mark(segment: int) -> str:
    """The mark of a segment; with the colour it is unique for the first 64 segments."""
    if segment < 1:
        return "circle"
    turn, place = divmod(segment - 1, len(MARKS))
    return MARKS[(place + turn) % len(MARKS)]
