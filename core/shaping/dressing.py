"""A described segmentation with the names a person chose since: what needs no new description."""

from __future__ import annotations

from dataclasses import replace

from core.errors import SegmentationError
from core.model import NOISE, Candidate, Segmentation, Shape
from core.shaping.ledger import formed, ledger, told_apart


def dressed(shown: Segmentation, fitted: Candidate, shape: Shape) -> Segmentation:
    """``shown`` with the names, descriptions, colours and locks of ``shape``, which need no job.

    ``fitted`` is the candidate before any edit. It counts as described in this shape where the customers of its segments
    are those of ``shape``; edits that cannot be made on it change nothing.
    """
    if not shape.edits and not shown.shape.edits:
        return shown
    try:
        there = ledger([s for s in fitted.sizes if s != NOISE], shape)
    except SegmentationError:
        return shown
    known = shown.candidate.sizes
    chosen = {segment: name for segment, name in there.names.items() if segment in known}
    names = told_apart({s: shown.candidate.names.get(s, f"Segment {s}") for s in known}, chosen)
    profile = shown.profile
    if len(profile):
        told = profile["segment"].map(names).fillna(profile["segment_name"])
        profile = profile.assign(segment_name=told)
    return replace(
        shown, candidate=replace(shown.candidate, names=names), profile=profile,
        descriptions={s: text for s, text in there.descriptions.items() if s in known},
        colours={s: colour for s, colour in there.colours.items() if s in known},
        locked=tuple(s for s in there.locked if s in known),
        shape=shape if formed(shown.shape) == formed(shape) else shown.shape,
    )  # fmt: skip
