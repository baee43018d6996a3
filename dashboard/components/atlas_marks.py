"""What stands wherever segments are shown: their marks in the colours a person chose, the caution, the way to the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from core.model import NOISE, Segmentation
from core.selection.wording import CAUTION, caution
from dashboard.components.segments import segment_badge, segment_class


def marked(segment: int, name: str, colours: Mapping[int, int]) -> html.Span:
    """Mark, number and name of a segment; ``colours`` are numbers in the palette where a person chose one."""
    made = segment_badge(segment, name)
    made.className = f"sa-seg {segment_class(colours.get(segment, segment))}"
    return made


def badge(segmentation: Segmentation, segment: int) -> html.Span:
    """:func:`marked` for a segment of a segmentation."""
    return marked(segment, segmentation.candidate.names.get(segment, ""), segmentation.colours)


def legend(looked: Any) -> html.Ul:
    """All segments, the largest first."""
    shown = [html.Li(badge(looked.segmentation, segment)) for segment in looked.segments]
    return html.Ul(shown, className="sa-key", **{"aria-label": "Legend"})


def unstable(segmentation: Segmentation) -> list[int]:
    """The segments that carry a caution."""
    trust = segmentation.candidate.trust
    return [s for s in sorted(segmentation.candidate.sizes) if s != NOISE and caution(trust.get(s))]


def cautioned(segmentation: Segmentation) -> str:
    """A sentence, with a space before, that names the segments which carry a caution; "" where none does."""
    found = unstable(segmentation)
    if not found:
        return ""
    which = " and ".join(", ".join(map(str, found)).rsplit(", ", 1))
    who = f"Segment {which} is" if len(found) == 1 else f"Segments {which} are"
    return f" {who} below 0.60 stability: {CAUTION[:1].lower()}{CAUTION[1:]}"


def numbers_of(looked: Any, frame: str) -> str:
    """The address of a frame of what is looked at, as CSV."""
    return f"/atlas-numbers/{looked.here.run.id}/{looked.key}/{frame}.csv"
