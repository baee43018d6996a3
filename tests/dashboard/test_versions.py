"""Laws of versions: what was done can be undone, returned to and done again, to the byte; nobody writes over another."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import BadRequest
from core.model import Edit, Shape
from core.shaping import shaped
from tests.core.test_shaping import FOUR, blobs, matrix

MERGED = Shape((Edit("merge", 1, 2, reason="One campaign"),))
NAMED = MERGED.with_edit(Edit("rename", 1, text="Both"))


@pytest.fixture()
def shaping(desk):
    """(what changes the shape, what goes to a version) of one candidate of a comparison."""
    _, run = desk.finished()
    store, at = desk.store, (desk.owner, run, "kmeans-3")
    return lambda shape, after: store.reshape(*at, shape, after=after), lambda number: store.go_to_version(*at, number)


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    from tests.dashboard import made

    return made.Desk(app, make_settings(), monkeypatch)


def labels(shaping):
    return shaped(FOUR, matrix(blobs()), shaping.shape, seed=0).labels.tobytes()


def test_undo_restores_the_labels_byte_by_byte_and_redo_makes_them_anew(shaping):
    """Through the store: the labels of version 0, 1 and 2 are those that there were."""
    add, go = shaping
    one, two = add(MERGED, 0), add(NAMED.with_edit(Edit("split", 1)), 1)
    before = labels(two)
    assert labels(go(two.undone)) == labels(one)
    start = go(go(1).undone)
    assert labels(start) == FOUR.labels.tobytes() and start.undone is None and start.redone == 1
    assert labels(go(2)) == before


def test_a_change_after_undo_replaces_what_was_undone(shaping):
    """Two is gone, the new one takes its number."""
    add, go = shaping
    add(MERGED, 0)
    add(NAMED, 1)
    go(1)
    now = add(Shape((*MERGED.edits, Edit("lock", 3))), 1)
    assert (now.now, [one.number for one in now.versions], now.redone) == (2, [1, 2], 0)
    assert now.versions[1].shape.edits[-1].kind == "lock"


def test_every_version_keeps_its_time_and_reason(shaping):
    """The oldest first."""
    add, _ = shaping
    add(MERGED, 0)
    now = add(NAMED, 1)
    assert now.versions[0].shape.edits[-1].reason == "One campaign"
    assert now.versions[0].created <= now.versions[1].created


def test_a_change_of_what_is_no_longer_present_is_refused(shaping):
    """Another window changed it meanwhile."""
    add, go = shaping
    add(MERGED, 0)
    with pytest.raises(BadRequest, match="changed elsewhere"):
        add(NAMED, 0)
    with pytest.raises(BadRequest, match="no such version"):
        go(7)


def test_the_candidates_that_are_shaped_are_known_the_last_one_first(desk):
    """Undone to the fit, a candidate is not shaped; another owner sees none of it."""
    from dashboard import ids
    from dashboard.store import NotFound

    _, run = desk.finished()
    for key in ("kmeans-3", "kmeans-2", "ward-2"):
        desk.store.reshape(desk.owner, run, key, MERGED, after=0)
    desk.store.go_to_version(desk.owner, run, "kmeans-2", 0)
    assert desk.store.shaped(desk.owner, run) == ("ward-2", "kmeans-3")
    with pytest.raises(NotFound):
        desk.store.shaped(ids.new_id(), run)


def test_shapes_of_two_candidates_do_not_touch_each_other(desk):
    """Each has its own versions."""
    _, run = desk.finished()
    desk.store.reshape(desk.owner, run, "kmeans-3", MERGED, after=0)
    assert desk.store.shaping(desk.owner, run, "kmeans-2").versions == ()
    assert np.array_equal([one.number for one in desk.store.shaping(desk.owner, run, "kmeans-3").versions], [1])


def test_what_was_moved_is_written_once_however_many_versions_follow(desk, shaping):
    """Each page reads all versions: fifty that follow a move of 20,000 customers add little to it, and read back whole."""
    add, go = shaping
    shape = Shape((Edit("move", 1, rows=tuple(range(20_000))),))
    now = add(shape, 0)
    for number in range(50):
        shape = shape.with_edit(Edit("lock" if number % 2 else "unlock", 1, reason=f"{number}"))
        now = add(shape, now.now)
    written = desk.store.database.row("SELECT sum(length(shape)) AS long FROM shapes")["long"]
    assert written < 2 * len(shape.to_json()) and now.shape == shape
    assert [len(one.shape.edits) for one in now.versions] == list(range(1, 52))
    assert go(1).shape == Shape(shape.edits[:1]) and go(51).shape == shape


def test_versions_that_were_written_whole_are_read_as_before(desk, shaping):
    """Those of stores from before, and one whose edits are no continuation."""
    add, _ = shaping
    add(MERGED, 0)
    desk.store.database.row("UPDATE shapes SET shape = ?", NAMED.to_json())
    other = Shape((Edit("lock", 3),))
    now = add(other, 1)
    assert [one.shape for one in now.versions] == [NAMED, other]


def test_a_change_that_empties_the_list_of_edits_is_a_version_without_any(shaping):
    add, _ = shaping
    add(MERGED, 0)
    assert add(Shape(), 1).shape == Shape() and add(Shape(), 2).shape == Shape()
