"""The store: owned, atomic, checksummed; one terminal state; nothing left after delete."""

from __future__ import annotations

import threading
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import codec, pipeline
from core.codec.frames import read_frame, write_frame
from core.model import Comparison, Explanation, Table
from dashboard import ids
from dashboard.store import ENDED, Damaged, NotFound, Problem, Superseded
from dashboard.store.processes import birth, this_host


def queued(store, owner, dataset, kind="compare", key="k", cap=10):
    return store.ledger.queue(owner, dataset.id, kind, request={}, key=key, cap=cap, reuse_done=True)[0]


def claimed(store, run):
    import os

    return store.ledger.claim(run, host=this_host(), pid=os.getpid(), birth=birth(os.getpid()))


def same(left, right) -> bool:
    """Equal in every field, arrays and frames included."""
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and np.array_equal(left, right)
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right)
        return True
    if hasattr(left, "__dataclass_fields__"):
        return all(same(getattr(left, f.name), getattr(right, f.name)) for f in fields(left))
    if isinstance(left, tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


def test_a_noun_comes_back_from_disk_as_it_went(nouns, tmp_path):
    for noun, kind in zip(nouns, (Table, Comparison, Explanation), strict=True):
        place = tmp_path / kind.__name__
        place.mkdir()
        codec.write(noun, place)
        assert same(codec.read(kind, place), noun)


def test_nothing_on_disk_is_a_pickle(nouns, tmp_path):
    codec.write(nouns[1], tmp_path)
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as archive:
        assert len(archive.files) > 3
        assert not any(archive[name].dtype.hasobject for name in archive.files)


cells = st.one_of(
    st.none(), st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False), st.datetimes(), st.dates(),
    st.times(), st.timedeltas(),
)  # fmt: skip


@given(st.lists(cells, max_size=8))
def test_a_column_of_mixed_cells_keeps_every_cell_and_its_type(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("frame") / "f.parquet"
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    back = read_frame(path, write_frame(frame, path))["x"].tolist()
    assert [(type(a), a) for a in back] == [(type(a), a) for a in values]


def test_the_same_content_of_one_owner_is_one_dataset_and_of_two_owners_two(store, add, owner):
    other = ids.new_id()
    first, second, third = add(owner), add(owner, name="again.csv"), add(other)
    assert first == second != third
    assert first.sha256 == third.sha256
    assert len(list((store.directory / "datasets").iterdir())) == 2


def test_another_owner_is_told_not_found_by_every_method(store, add, owner):
    dataset, other = add(owner), ids.new_id()
    run = queued(store, owner, dataset)
    for ask in (
        lambda: store.dataset(other, dataset.id),
        lambda: store.delete_dataset(other, dataset.id),
        lambda: store.source(other, dataset.id),
        lambda: store.table(other, dataset.id),
        lambda: store.table_ready(other, dataset.id),
        lambda: store.run(other, run),
        lambda: store.comparison(other, run),
        lambda: store.explanation(other, run),
        lambda: store.uploads.get(other, store.uploads.begin(owner, "x", 1).id),
        lambda: store.uploads.drop(other, store.uploads.begin(owner, "x", 1).id),
        lambda: store.run(owner, "../../etc/passwd"),
    ):
        with pytest.raises(NotFound):
            ask()
    assert store.datasets(other) == store.runs(other) == ()


def test_a_result_is_shown_only_when_done_and_only_whole(store, add, owner, nouns):
    dataset = add(owner)
    run = queued(store, owner, dataset)
    token = claimed(store, run)
    store.ledger.saving(run, token)
    digest = store.save_result(run, token, nouns[1])
    with pytest.raises(NotFound):
        store.comparison(owner, run)
    store.ledger.finish(run, token, digest)
    assert same(store.comparison(owner, run), nouns[1])
    assert store.verify() == ()


@pytest.mark.parametrize("name", ["body.json", "arrays.npz", "frame0.parquet", "manifest.json"])
def test_one_flipped_bit_anywhere_is_told_and_never_shown(store, add, owner, nouns, name):
    run = queued(store, owner, add(owner))
    token = claimed(store, run)
    store.ledger.saving(run, token)
    store.ledger.finish(run, token, store.save_result(run, token, nouns[1]))
    path = store.directory / "runs" / run / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(Damaged, match="damaged"):
        store.comparison(owner, run)
    assert len(store.verify()) == 1


def test_of_many_ends_at_once_exactly_one_holds(store, add, owner):
    for round_ in range(25):
        run = queued(store, owner, add(owner), key=f"k{round_}")
        token = claimed(store, run)
        store.ledger.saving(run, token)
        won = []
        barrier = threading.Barrier(4)

        def end(name, act, barrier=barrier, won=won):
            barrier.wait()
            try:
                if act() is not False:
                    won.append(name)
            except Superseded:
                pass
            store.database.close()

        acts = {
            "done": lambda run=run, token=token: store.ledger.finish(run, token, ""),
            "failed": lambda run=run, token=token: store.ledger.fail(run, Problem("X", "x"), token=token),
            "cancelled": lambda run=run: store.ledger.cancel(run),
            "interrupted": lambda run=run: store.ledger.interrupt(run),
        }
        threads = [threading.Thread(target=end, args=pair) for pair in acts.items()]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert won == [store.run(owner, run).state]
        assert won[0] in ENDED


def test_a_job_that_was_given_up_cannot_speak_any_more(store, add, owner):
    run = queued(store, owner, add(owner))
    token = claimed(store, run)
    assert store.ledger.cancel(run)
    for speak in (
        lambda: store.ledger.progress(run, token, step="x", done=1, total=2),
        lambda: store.ledger.beat(run, token),
        lambda: store.ledger.saving(run, token),
        lambda: store.ledger.finish(run, token, ""),
        lambda: store.ledger.claim(run, host="", pid=1, birth=1),
    ):
        with pytest.raises(Superseded):
            speak()
    assert not store.ledger.cancel(run)
    assert store.run(owner, run).state == "cancelled"


def test_waiting_runs_say_their_place(store, add, owner):
    dataset = add(owner)
    runs = [queued(store, owner, dataset, key=str(i)) for i in range(3)]
    assert [store.run(owner, run).place for run in runs] == [1, 2, 3]
    claimed(store, runs[0])
    assert [store.run(owner, run).place for run in runs] == [0, 1, 2]


def test_after_delete_no_byte_of_the_data_is_left(store, add, owner, nouns):
    dataset = add(owner, "customer,income\ncanary-7f3a,1\ncanary-7f3b,2\n", "canary-name.csv")
    table = pipeline.load(store.source(owner, dataset.id), dataset.name, {})
    store.save_table(owner, dataset.id, table, answers={})
    run = queued(store, owner, dataset)
    token = claimed(store, run)
    store.ledger.saving(run, token)
    store.ledger.finish(run, token, store.save_result(run, token, nouns[1]))
    store.delete_all(owner)
    store.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    left = b"".join(path.read_bytes() for path in store.directory.rglob("*") if path.is_file())
    assert b"canary" not in left
    assert store.datasets(owner) == store.runs(owner) == ()


def test_a_session_unseen_for_thirty_days_goes_with_its_data(store, add, owner):
    other = ids.new_id()
    for one in (owner, other):
        store.touch(one)
        add(one)
    store.database.change("UPDATE sessions SET seen = seen - 31 * 86400 WHERE id = ?", owner)
    assert store.sweep(30) == 1
    assert store.datasets(owner) == ()
    assert len(store.datasets(other)) == 1


def test_a_session_that_cannot_be_deleted_keeps_no_other_from_going(store, add, owner, monkeypatch, caplog):
    stuck, other = sorted([owner, ids.new_id()])
    for one in (stuck, other):
        store.touch(one)
        add(one)
    store.database.change("UPDATE sessions SET seen = seen - 31 * 86400")
    delete = store.deleting.everything

    def everything(one):
        if one == stuck:
            raise OSError("no space left on device")
        delete(one)

    monkeypatch.setattr(store.deleting, "everything", everything)
    assert store.sweep(30) == 1
    assert len(store.datasets(stuck)) == 1 and store.datasets(other) == ()
    assert "could not be deleted" in caplog.text and stuck not in caplog.text
    monkeypatch.undo()
    assert store.sweep(30) == 1 and store.datasets(stuck) == ()


def test_an_upload_given_up_a_day_ago_goes(store, owner):
    old, new = (store.uploads.begin(owner, "x", 5) for _ in range(2))
    store.database.change("UPDATE uploads SET created = created - 90000 WHERE id = ?", old.id)
    store.sweep(30)
    assert not old.path.exists()
    assert store.uploads.get(owner, new.id) == new


def test_everything_on_disk_is_for_its_owner_alone(store, add, owner, nouns):
    dataset = add(owner)
    store.save_table(owner, dataset.id, nouns[0], answers={})
    modes = {oct(path.stat().st_mode & 0o077) for path in store.directory.rglob("*") if "sqlite-" not in path.name}
    assert modes == {"0o0"}


def test_a_reading_with_other_answers_is_another_table(store, add, owner, nouns):
    dataset = add(owner)
    store.save_table(owner, dataset.id, nouns[0], answers={})
    assert not store.table_ready(owner, dataset.id, {"q": "a"})
    store.save_table(owner, dataset.id, nouns[0], answers={"q": "a"})
    assert store.table_ready(owner, dataset.id, {"q": "a"})
    assert store.table(owner, dataset.id).fingerprint == nouns[0].fingerprint


def test_the_answers_are_those_of_the_reading_shown_and_of_no_later_request(store, add, owner, nouns):
    """A reading that is chosen again brings its own answers back, so that a plan never names another one's."""
    dataset, table = add(owner), nouns[0]
    for answers in ({}, {"sheet": "a"}):
        store.ledger.queue(owner, dataset.id, "load", request={"answers": answers}, key=str(answers), cap=9, reuse_done=True)
        store.save_table(owner, dataset.id, table, answers=answers)
        assert store.answers(owner, dataset.id) == answers
    store.choose_reading(owner, dataset.id, {})
    assert store.answers(owner, dataset.id) == {}
    with pytest.raises(NotFound):
        store.answers(ids.new_id(), dataset.id)
