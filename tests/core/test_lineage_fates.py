"""Laws of fates by centres: parts of a segment lie about it and by no other."""

from __future__ import annotations

import numpy as np

from core.lineage import by_centres


def told(before, now):
    """Fates (before, now) by position where nothing is matched and all segments are equally large."""
    sizes = np.full(len(before), 10), np.full(len(now), 10)
    found = by_centres(np.array(before, dtype=float), np.array(now, dtype=float), sizes, pairs={})
    return tuple([one.fate for one in found if one.side == side] for side in ("before", "now"))


def test_two_that_lie_about_one_are_its_parts():
    """And the same the other way round."""
    whole, parts = [(0, 0), (20, 0)], [(-3, 0), (3, 0)]
    assert told(whole, parts) == (["split", "retired"], ["split", "split"])
    assert told(parts, whole) == (["merged", "merged"], ["merged", "new"])


def test_what_lies_by_another_is_no_part_of_one_half_way_between_two_far_ones():
    """Half way between far centres something lies by chance: here the second lies by the second of before, not by the first."""
    before, now = [(0, 0), (6, 4)], [(-6, 0), (6, 0)]
    assert told(before, now) == (["retired", "retired"], ["new", "new"])
    assert told(now, before) == (["retired", "retired"], ["new", "new"])
