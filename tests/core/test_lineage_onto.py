"""Laws of laying an earlier segmentation over a later file."""

from __future__ import annotations

import numpy as np

from core.lineage import matched, onto
from core.model import NOISE, Edit, Shape
from core.shaping import carried
from tests.core.test_lineage import FOUR, result

PARTNER = np.concatenate([np.arange(159, 9, -1), np.full(20, -1)]).astype(np.int32)
"""Rows reversed, the first ten customers gone, twenty others."""
NOW = np.concatenate([np.array([2, 3, 4, 1], dtype=np.int16)[FOUR[PARTNER[:150]] - 1], np.repeat([2, 3, 4, 1], 5)]).astype(np.int16)


def laid(*edits):
    same = matched(FOUR[PARTNER[:150]], NOW[:150])
    return *onto(Shape(edits), FOUR, NOW, partner=PARTNER, matching=same), same


def test_customers_have_the_segments_that_they_had_and_others_those_of_their_like():
    """By their partner; who is new, by the segment that is matched to his."""
    _, was, same = laid()
    assert same == {1: 2, 2: 3, 3: 4, 4: 1}
    assert (was[:150] == FOUR[PARTNER[:150]]).all() and was[150:].tolist() == [1] * 5 + [2] * 5 + [3] * 5 + [4] * 5


def test_moved_customers_are_known_by_their_rows_now():
    """Row 159 of before is the first of now; row 3 is gone."""
    shape, _, _ = laid(Edit("move", 2, rows=(159, 3, 10)), Edit("rename", 1, text="A"))
    assert shape.edits[0].rows == (0, 149) and shape.edits[1] == Edit("rename", 1, text="A")


def test_edits_of_another_file_are_carried_whole():
    """Names, a merge, a move and a lock, in a file with other rows and other numbers."""
    shape, was, same = laid(Edit("merge", 1, 2), Edit("rename", 1, text="Both"), Edit("move", 3, rows=(159,)), Edit("lock", 3))
    found, lost = carried(shape, was, NOW, matching=same)
    made = result(found, NOW, np.zeros((170, 2)))
    assert lost == () and sorted(made.names.values()) == ["Both"] and len(set(made.labels.tolist())) == 3
    both = next(s for s, name in made.names.items() if name == "Both")
    assert (made.labels == both).sum() == 70 + 10 and made.labels[0] == 4 and made.locked == (4,)


def test_new_customers_never_join_a_locked_segment_by_guess():
    """Half of it is elsewhere now: only those whom it had are moved back."""
    now = FOUR.copy()
    now[:15] = 5
    later, partner = np.append(now, [5] * 10).astype(np.int16), np.append(np.arange(160), [-1] * 10).astype(np.int32)
    same = matched(FOUR, now)
    shape, was = onto(Shape((Edit("lock", 1),)), FOUR, later, partner=partner, matching=same)
    assert was[160:].tolist() == [NOISE] * 10
    found, _ = carried(shape, was, later, matching=same)
    made = result(found, later, np.random.default_rng(0).normal(size=(170, 2)))
    assert (made.labels[:40] == 1).all() and (made.labels[160:] == 5).all()


def test_a_segment_that_nobody_known_is_in_comes_from_nowhere():
    """All of it is new."""
    later = np.append(FOUR, [5] * 8).astype(np.int16)
    partner = np.append(np.arange(160), [-1] * 8).astype(np.int32)
    assert (onto(Shape(), FOUR, later, partner=partner, matching={s: s for s in (1, 2, 3, 4)})[1][160:] == NOISE).all()
