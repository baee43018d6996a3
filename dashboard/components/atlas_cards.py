"""The segments of the Atlas as cards, the largest first; one of them is looked at."""

from __future__ import annotations

from dash import html

from core.model import NOISE, Segmentation
from dashboard.components.segments import segment_card, segment_cards


def cards(segmentation: Segmentation, focus: int) -> html.Div:
    """One card per segment, those not placed last."""
    candidate = segmentation.candidate
    total = max(sum(candidate.sizes.values()), 1)
    order = sorted(candidate.sizes, key=lambda s: (s == NOISE, -candidate.sizes[s], s))
    return html.Div(segment_cards([
        segment_card(s, candidate.names.get(s, ""), candidate.sizes[s], candidate.sizes[s] / total) for s in order
    ]))  # fmt: skip
