"""Laws of shaping: what edits do to labels, what is refused, and how a segment is cut in two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from core.model import NOISE, Candidate, Edit, Feature, Matrix, Shape
from core.shaping import cut, formed, halves, ledger, shaped, told_apart

CORNERS = ((0, 0), (9, 0), (0, 9), (9, 9))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(str.strip)


def blobs(size: int = 40, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.concatenate([random.normal(corner, 0.5, (size, 2)) for corner in CORNERS])


def matrix(values: np.ndarray, aside: int = 0) -> Matrix:
    """The last ``aside`` rows are kept out of the fit."""
    cut_at = len(values) - aside
    rows = np.arange(len(values))
    features = tuple(Feature(f"c{i}", f"c{i}") for i in range(values.shape[1]))
    return Matrix(values[:cut_at], rows[:cut_at], features, values[cut_at:], rows[cut_at:], ("x",) * aside, np.zeros(len(values), bool))


def fitted(labels) -> Candidate:
    labels = np.asarray(labels, dtype=np.int16)
    sizes = {int(s): int(n) for s, n in zip(*np.unique(labels, return_counts=True), strict=True)}
    names = {s: f"Group {s}" for s in sizes if s != NOISE}
    return Candidate("kmeans-4", "kmeans", "K-means", {}, labels, sizes, names, (), 1.0)


FOUR = fitted(np.repeat([1, 2, 3, 4], 40))


def made(*edits: Edit, of: Candidate = FOUR, values: np.ndarray | None = None):
    return shaped(of, matrix(blobs() if values is None else values), Shape(edits), seed=0)


def test_no_edits_change_nothing():
    """The labels of the fit, byte by byte, which stay as they were."""
    found = made()
    assert found.labels.tobytes() == FOUR.labels.tobytes() and found.labels is not FOUR.labels
    assert found.made_of == {1: (1,), 2: (2,), 3: (3,), 4: (4,)} and found.names == {} and found.locked == ()


def test_merged_customers_join_and_their_number_is_never_used_again():
    """The next split is numbered 5, though 2 is free."""
    found = made(Edit("merge", 1, 2), Edit("split", 3))
    assert set(found.labels[:80]) == {1} and set(found.labels.tolist()) == {1, 3, 4, 5}
    assert found.made_of == {1: (1, 2), 3: (3,), 4: (4,), 5: (3,)}


def test_a_split_undoes_a_merge_of_blobs_that_stand_apart():
    """Two blobs of 40 that were merged are cut into the same two, whichever gets the new number."""
    found = made(Edit("merge", 1, 4), Edit("split", 1)).labels
    assert len(set(found[:40])) == len(set(found[120:])) == 1 and found[0] != found[120]
    assert {int(found[0]), int(found[120])} == {1, 5}


def test_moved_customers_are_where_they_were_put():
    """Rows by their places in the table, from any segment."""
    found = made(Edit("move", 2, rows=(0, 100, 159))).labels
    assert found[[0, 100, 159]].tolist() == [2, 2, 2] and (found != FOUR.labels).sum() == 3


def test_a_segment_whose_customers_all_moved_away_is_gone():
    """It has no name, cannot be changed any more, and its number stays unused."""
    edits = Edit("rename", 1, text="A"), Edit("move", 2, rows=tuple(range(40)))
    found = made(*edits)
    assert 1 not in found.made_of and found.names == {}
    with pytest.raises(BadRequest, match="no segment 1 any more"):
        made(*edits, Edit("split", 1))
    assert 5 in made(*edits, Edit("split", 2)).made_of


def test_customers_not_placed_can_be_moved_into_a_segment():
    """Noise is no segment, but its customers can join one."""
    noisy = fitted([1] * 80 + [2] * 40 + [NOISE] * 40)
    found = made(Edit("move", 2, rows=(159,)), of=noisy)
    assert found.labels[159] == 2 and set(found.made_of) == {1, 2}


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ((Edit("merge", 1, 1),), "with itself"),
        ((Edit("merge", 1, 7),), "no segment 7"),
        ((Edit("rename", 7, text="A"),), "no segment 7"),
        ((Edit("merge", 1, 2), Edit("rename", 2, text="A")), "no segment 2 any more"),
        ((Edit("rename", 1, text="Big  spenders"), Edit("rename", 2, text="big Spenders ")), "called 'Big spenders' already"),
        ((Edit("colour", 1, 17),), "16 colours"),
        ((Edit("move", 1, rows=()),), "not in the table"),
        ((Edit("move", 1, rows=(160,)),), "not in the table"),
        ((Edit("merge", 1, 2), Edit("merge", 1, 3), Edit("merge", 1, 4)), "single segment"),
        ((Edit("lock", 1), Edit("merge", 1, 2)), "Segment 1 is locked"),
        ((Edit("lock", 2), Edit("merge", 1, 2)), "Segment 2 is locked"),
        ((Edit("lock", 1), Edit("split", 1)), "locked"),
        ((Edit("lock", 1), Edit("move", 1, rows=(100,))), "locked"),
        ((Edit("lock", 1), Edit("move", 2, rows=(0,))), "Segment 1 is locked"),
    ],
)
def test_what_cannot_be_is_refused_in_words(edits, words):
    """Never a traceback, never a silent nothing."""
    with pytest.raises(BadRequest, match=words):
        made(*edits)


def test_an_unlocked_segment_can_be_changed_again_and_a_locked_one_named():
    """A lock keeps customers, not words."""
    found = made(Edit("lock", 1), Edit("rename", 1, text="A"), Edit("colour", 1, 3), Edit("unlock", 1), Edit("merge", 1, 2))
    assert found.names == {1: "A"} and found.colours == {1: 3} and found.locked == ()


def test_a_description_of_nothing_takes_it_away():
    """An empty text is no description."""
    assert made(Edit("describe", 1, text="Who"), Edit("describe", 2, text="x"), Edit("describe", 1, text=" ")).descriptions == {2: "x"}


def test_the_name_of_a_merged_segment_is_free_again():
    """Only segments that there are have names."""
    assert made(Edit("rename", 2, text="A"), Edit("merge", 1, 2), Edit("rename", 3, text="a")).names == {3: "a"}


KINDS = st.one_of(
    st.builds(lambda s, t: Edit("rename", s, text=t), st.integers(1, 6), NAMES),
    st.builds(lambda s, n: Edit("merge", s, n), st.integers(1, 6), st.integers(1, 6)),
    st.builds(lambda s: Edit("split", s), st.integers(1, 6)),
    st.builds(lambda k, s: Edit(k, s), st.sampled_from(["lock", "unlock"]), st.integers(1, 6)),
    st.builds(lambda s, r: Edit("move", s, rows=tuple(r)), st.integers(1, 6), st.lists(st.integers(0, 159), min_size=1, max_size=50)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(KINDS, max_size=8))
def test_any_edits_give_equal_bytes_twice_or_a_refusal_and_lose_nobody(wanted):
    """Every customer stays placed, every segment has customers, names differ, and the story from JSON gives the same labels."""
    shape = Shape()
    for edit in wanted:
        try:
            made(*shape.edits, edit)
        except BadRequest:
            continue
        shape = shape.with_edit(edit)
    one, two = made(*shape.edits), made(*Shape.from_json(shape.to_json()).edits)
    assert one.labels.tobytes() == two.labels.tobytes()
    assert set(one.labels.tolist()) == set(one.made_of) and len(one.made_of) >= 2
    assert len(set(one.names.values())) == len(one.names) and set(one.names) <= set(one.made_of)
    assert set(one.made_of) <= set(ledger(FOUR.sizes, shape).made_of)  # which knows of no emptied segment


def test_what_forms_segments_is_told_from_what_names_them():
    """Equal customers in equal segments need no other job, whatever they are called and whenever it was done."""
    shape = Shape((Edit("rename", 1, text="A"), Edit("merge", 1, 2, at="now", reason="because"), Edit("lock", 1)))
    assert formed(shape) == formed(Shape((Edit("merge", 1, 2),))) == Shape((Edit("merge", 1, 2),))
    assert made(*shape.edits).labels.tobytes() == made(*formed(shape).edits).labels.tobytes()


def test_proposed_names_give_way_to_chosen_ones():
    """Chosen names stand as they are; a proposed one that clashes is numbered, so that names stay apart."""
    found = told_apart({1: "Rich", 2: "Poor", NOISE: "Not placed"}, {2: "rich"})
    assert found == {1: "Rich (2)", 2: "rich", NOISE: "Not placed"}
    assert told_apart({1: "A" * 60}, {2: "a" * 60})[1] == "A" * 54 + " (2)"


def test_halves_are_those_of_an_independent_two_means():
    """scikit-learn's K-means with many starts finds no better cut."""
    from sklearn.cluster import KMeans

    for seed in range(5):
        values = np.random.default_rng(seed).normal(size=(300, 3)) * (4, 1, 1)
        ours = halves(matrix(values), np.ones(300, bool), seed=seed)
        theirs = KMeans(2, n_init=20, random_state=0).fit(values)
        loss = sum(((values[part] - values[part].mean(axis=0)) ** 2).sum() for part in (ours, ~ours))
        assert loss <= theirs.inertia_ * 1.01


def test_the_smaller_half_is_the_new_one_and_stays_inside_the_segment():
    """Thirty against ten; nobody else is touched."""
    values = np.concatenate([np.random.default_rng(0).normal(0, 0.1, (30, 2)), np.full((10, 2), 5.0), np.full((20, 2), 9.0)])
    members = np.arange(60) < 40
    assert np.flatnonzero(halves(matrix(values), members, seed=0)).tolist() == list(range(30, 40))


def test_halves_place_customers_that_were_kept_out_of_the_fit():
    """They go to the nearer middle, also where nobody of the segment was fitted."""
    values = np.concatenate([np.zeros((20, 1)), np.full((10, 1), 8.0)])
    assert halves(matrix(values, aside=5), np.ones(30, bool), seed=0)[25:].all()
    only = np.concatenate([np.zeros((10, 1)), [[1.0], [1.1], [9.0]]])
    assert np.flatnonzero(halves(matrix(only, aside=3), np.arange(13) >= 10, seed=0)).tolist() == [12]


def test_equal_halves_are_told_apart_by_content_not_by_the_order_of_the_file():
    """Tables in another order, whose matrix is in the same one, give the same customers the new number."""
    values = blobs()[:80]
    one = halves(matrix(values), np.ones(80, bool), seed=0)
    order = np.random.default_rng(1).permutation(80)
    other = Matrix(values, order, (Feature("a", "a"),) * 2, np.empty((0, 2)), np.empty(0, np.intp), (), np.zeros(80, bool))
    assert np.array_equal(halves(other, np.ones(80, bool), seed=0)[order], one) and one.sum() == 40


def test_a_segment_of_equal_customers_cannot_be_cut():
    """One customer, or many alike."""
    for values in (np.ones((1, 2)), np.ones((50, 2))):
        with pytest.raises(BadRequest, match="alike"):
            cut(values, seed=0)


def test_rare_other_customers_among_many_alike_are_still_found():
    """A sample that meets none of them is not the end."""
    values = np.zeros((30_000, 1))
    values[7] = 5.0
    assert np.flatnonzero(halves(matrix(values), np.ones(30_000, bool), seed=0)).tolist() == [7]
