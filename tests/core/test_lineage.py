"""Laws of lineage: segments of two fits are matched by shared customers, and edits follow their segments."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from core.lineage import matched, shared
from core.model import NOISE, Edit, Shape
from core.shaping import carried, shaped
from tests.core.test_shaping import blobs, fitted, matrix

FOUR = np.repeat([1, 2, 3, 4], 40).astype(np.int16)
LABELS = st.lists(st.integers(-1, 4).filter(bool), min_size=1, max_size=30)


def carry(edits, before, after):
    before, after = np.asarray(before, dtype=np.int16), np.asarray(after, dtype=np.int16)
    return carried(Shape(tuple(edits)), before, after, matching=matched(before, after))


def result(shape, labels, values=None):
    return shaped(fitted(labels), matrix(blobs() if values is None else values), shape, seed=0)


def renumbered(labels, seed):
    """The same segments under other numbers."""
    order = np.random.default_rng(seed).permutation(4) + 1
    return order[labels - 1].astype(np.int16), {old: int(new) for old, new in enumerate(order, start=1)}


@settings(max_examples=60, deadline=None)
@given(LABELS, st.data())
def test_the_matching_is_the_best_of_all_assignments(before, data):
    """By trying every assignment: none shares more, and no pair below one half is kept."""
    after = data.draw(st.lists(st.integers(-1, 4).filter(bool), min_size=len(before), max_size=len(before)))
    old, new, alike = shared(np.array(before), np.array(after))
    sets = {(a, b): [set(np.flatnonzero(np.array(x) == s)) for x, s in ((before, a), (after, b))] for a in old for b in new}
    for (a, b), (one, two) in sets.items():
        assert alike[list(old).index(a), list(new).index(b)] == pytest.approx(len(one & two) / len(one | two))
    found = matched(np.array(before), np.array(after))
    if len(old) and len(new):
        wide = alike if len(old) <= len(new) else alike.T
        best = max(sum(wide[i, j] for i, j in enumerate(order)) for order in permutations(range(wide.shape[1]), len(wide)))
        kept = sum(alike[list(old).index(a), list(new).index(b)] for a, b in found.items())
        assert kept <= best + 1e-9 and best - kept < 0.5 * min(alike.shape)
    assert all(len(sets[a, b][0] & sets[a, b][1]) * 2 >= len(sets[a, b][0] | sets[a, b][1]) for a, b in found.items())
    assert len(set(found.values())) == len(found) and NOISE not in {*found, *found.values()}


def test_segments_that_share_less_than_half_are_not_matched():
    """Twenty of forty in common, sixty in either: one third."""
    assert matched(np.repeat([1, 2], 40), np.repeat([1, 2, 1], [20, 40, 20])) == {}


def test_nobody_placed_matches_nothing():
    """All noise on one side or both."""
    assert matched(np.full(5, NOISE), np.ones(5)) == matched(np.ones(5), np.full(5, NOISE)) == {}


@pytest.mark.parametrize("seed", range(20))
def test_names_follow_their_customers_whatever_the_numbers(seed):
    """A refit that only numbers otherwise keeps every name, description, colour and lock."""
    after, new = renumbered(FOUR, seed)
    edits = [Edit("rename", s, text=f"Name {s}") for s in range(1, 5)]
    edits += [Edit("describe", 2, text="Who they are"), Edit("colour", 3, 9), Edit("lock", 4)]
    shape, lost = carry(edits, FOUR, after)
    found = result(shape, after)
    assert found.names == {new[s]: f"Name {s}" for s in range(1, 5)} and lost == ()
    assert (found.descriptions, found.colours, found.locked) == ({new[2]: "Who they are"}, {new[3]: 9}, (new[4],))
    assert np.array_equal(found.labels, after)


@pytest.mark.parametrize("seed", range(5))
def test_a_merge_is_kept_by_a_refit(seed):
    """The customers of both segments are in one again, under the name that the merged segment had."""
    after, new = renumbered(FOUR, seed)
    shape, lost = carry([Edit("merge", 2, 3), Edit("rename", 2, text="Both")], FOUR, after)
    labels = result(shape, after).labels
    assert len(set(labels[40:120])) == 1 and len(set(labels)) == 3 and lost == ()
    assert result(shape, after).names == {int(labels[40]): "Both"}


def test_a_merge_that_the_refit_made_itself_needs_nothing():
    """The name goes to the segment that holds both."""
    after = np.repeat([1, 2, 3], [80, 40, 40])
    shape, lost = carry([Edit("rename", 1, text="Early"), Edit("merge", 1, 2), Edit("rename", 1, text="Both")], FOUR, after)
    assert [edit.kind for edit in shape.edits] == ["rename"] and lost == ()
    assert result(shape, after).names == {1: "Both"}


def test_a_merge_joins_all_parts_into_which_a_refit_cut_its_segments():
    """Five segments now lie where two were merged; they become one, the rest stays."""
    after = np.repeat([1, 2, 3, 4, 5, 6, 7], [20, 20, 15, 15, 10, 40, 40])
    shape, lost = carry([Edit("merge", 1, 2), Edit("rename", 1, text="Both")], FOUR, after)
    found = result(shape, after)
    assert len(set(found.labels[:80])) == 1 and set(found.labels[80:].tolist()) == {6, 7}
    assert found.names == {int(found.labels[0]): "Both"} and lost == ()


def test_what_has_no_counterpart_is_told_in_words():
    """A refit that mixes everybody keeps nothing and says what is lost."""
    after = np.tile([1, 2, 3, 4], 40)
    edits = [Edit("rename", 1, text="A"), Edit("merge", 2, 3), Edit("split", 4), Edit("move", 1, rows=(80,)), Edit("lock", 1)]
    shape, lost = carry(edits, FOUR, after)
    assert shape == Shape() and len(lost) == 5
    assert lost[0].startswith("The merge of segment 2 with segment 3 was not carried over")
    for words in ("The name 'A'", "The split of segment 4", "The move of 1 customers to 'A'", "The lock of 'A'"):
        assert any(one.startswith(words) for one in lost)


def test_moved_customers_stay_where_they_were_put():
    """By their rows, whatever the number of the segment is now."""
    after, new = renumbered(FOUR, 3)
    shape, lost = carry([Edit("move", 4, rows=(0, 1, 2))], FOUR, after)
    assert result(shape, after).labels[:3].tolist() == [new[4]] * 3 and lost == ()


def test_a_locked_segment_keeps_the_customers_that_it_had():
    """A refit puts five of them elsewhere; they are moved back, and only then is it locked."""
    after = FOUR.copy()
    after[:5] = 2
    shape, lost = carry([Edit("lock", 1, reason="Campaign runs")], FOUR, after)
    found = result(shape, after)
    assert set(found.labels[:40]) == {1} and found.locked == (1,) and lost == ()
    assert [edit.kind for edit in shape.edits] == ["move", "lock"] and shape.edits[1].reason == "Campaign runs"


def test_a_split_is_made_again_and_says_so():
    """Both halves keep their names; what was done to them later goes on."""
    before = np.repeat([1, 2, 3], [80, 40, 40])
    after = np.repeat([3, 1, 2], [80, 40, 40])
    edits = [Edit("split", 1), Edit("rename", 1, text="Stays"), Edit("rename", 4, text="New"), Edit("lock", 4)]
    shape, lost = carry(edits, before, after)
    was, now = result(Shape(tuple(edits)), before), result(shape, after)
    names = {now.names[s]: set(np.flatnonzero(now.labels == s)) for s in now.names}
    assert names == {was.names[s]: set(np.flatnonzero(was.labels == s)) for s in was.names}
    assert len(lost) == 1 and "made anew" in lost[0] and now.locked == (4,)


def test_a_half_that_was_merged_on_is_merged_again():
    """What came from a split is known by its number alone."""
    edits = [Edit("merge", 1, 2), Edit("split", 1), Edit("merge", 3, 5), Edit("rename", 3, text="Mixed")]
    after, _ = renumbered(FOUR, 1)
    was, now = result(Shape(tuple(edits)), FOUR), result(carry(edits, FOUR, after)[0], after)
    assert sorted(len(set(x.labels)) for x in (was, now)) == [3, 3]
    assert list(now.names.values()) == ["Mixed"]


def test_a_fit_of_two_segments_is_not_merged_into_one():
    """A segmentation of one segment is none, so that the merge is lost and told."""
    after = np.repeat([1, 2, 1, 2], [60, 60, 20, 20])
    shape, lost = carry([Edit("merge", 1, 2), Edit("merge", 1, 3)], FOUR, after)
    assert len(set(result(shape, after).labels)) == 2 and len(lost) == 1


EDITS = st.one_of(
    st.builds(lambda s, n: Edit("merge", s, n), st.integers(1, 6), st.integers(1, 6)),
    st.builds(lambda k, s: Edit(k, s), st.sampled_from(["lock", "unlock", "split"]), st.integers(1, 6)),
    st.builds(lambda s, t: Edit("rename", s, text=t), st.integers(1, 6), st.sampled_from(["A", "B", "C"])),
    st.builds(lambda s, r: Edit("move", s, rows=tuple(r)), st.integers(1, 6), st.lists(st.integers(0, 159), min_size=1, max_size=60)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EDITS, max_size=8), st.lists(st.integers(1, 5), min_size=160, max_size=160), st.floats(0, 1))
def test_what_is_carried_can_always_be_applied(wanted, drawn, mixed):
    """Whatever was done and whatever the refit gave: no carried edit is refused, so that no job fails of it."""
    shape = Shape()
    for edit in wanted:
        try:
            result(shape.with_edit(edit), FOUR)
        except BadRequest:
            continue
        shape = shape.with_edit(edit)
    share = np.random.default_rng(0).random(160) < mixed
    after = np.where(share, drawn, FOUR).astype(np.int16)
    found, _ = carry(shape.edits, FOUR, after)
    made = result(found, after)
    assert (made.labels > 0).all() and set(made.names.values()) <= {"A", "B", "C"}
