"""Laws of runs under way: what of them is told, who may ask them to stop, and what answers a later request."""

from __future__ import annotations

import pytest

from dashboard.store import Superseded, ledger
from tests.dashboard.test_store import claimed, queued


def row(label="K-means, 2 segments", problem=""):
    return {"label": label, "algorithm": "K-means", "segments": 2, "smallest": 3, "largest": 9, "placed": 1.0,
            "seconds": 0.5, "problem": problem}  # fmt: skip


def test_finished_candidates_are_told_while_the_run_is_open_newest_first_and_not_without_bound(
    store, add, owner, monkeypatch
):
    """They belong to the job that speaks with its token, and go when the run has ended."""
    monkeypatch.setattr(ledger, "FINISHED_MOST", 5)
    run = queued(store, owner, add(owner))
    with pytest.raises(Superseded):
        store.ledger.show(run, 0, row(), usable=True)
    token = claimed(store, run)
    for number in range(8):
        store.ledger.show(run, token, row(str(number), "x" * (number % 2)), usable=not number % 2)
    shown = store.run(owner, run)
    assert [one["label"] for one in shown.finished] == ["7", "6", "5", "4", "3"]
    assert shown.kept == 2
    assert [one.finished for one in store.runs(owner)] == [shown.finished]
    with pytest.raises(Superseded):
        store.ledger.show(run, token + 1, row(), usable=True)
    with pytest.raises(ValueError, match="2000"):
        store.ledger.show(run, token, row("x" * 2000), usable=True)
    store.ledger.cancel(run)
    assert store.run(owner, run).finished == ()
    assert store.database.rows("SELECT * FROM finished") == []


@pytest.mark.parametrize("end", ["finish", "delete"])
def test_what_was_shown_of_a_run_goes_with_it(store, add, owner, end):
    """Progress is nothing to be kept."""
    dataset = add(owner)
    run = queued(store, owner, dataset)
    token = claimed(store, run)
    store.ledger.show(run, token, row(), usable=True)
    if end == "finish":
        store.ledger.saving(run, token)
        assert len(store.run(owner, run).finished) == 1, "still shown while the result is saved"
        store.ledger.finish(run, token, "")
    else:
        store.delete_dataset(owner, dataset.id)
    assert store.database.rows("SELECT * FROM finished") == []


def test_only_a_running_comparison_with_something_to_keep_can_be_asked_to_stop_and_only_once(store, add, owner):
    """The wish reaches the job with its next word; it is a state of the run that everybody sees."""
    dataset = add(owner)
    run, load = queued(store, owner, dataset), queued(store, owner, dataset, kind="load", key="l")
    assert not store.ledger.stop(run)
    token, other = claimed(store, run), claimed(store, load)
    store.ledger.show(load, other, row(), usable=True)
    assert not store.ledger.stop(load)
    store.ledger.show(run, token, row(problem="It did not settle."), usable=False)
    assert not store.ledger.stop(run)
    store.ledger.show(run, token, row(), usable=True)
    assert not store.ledger.progress(run, token, step="Fitting K-means", done=1, total=9)
    assert store.ledger.stop(run)
    assert store.run(owner, run).stopping > 0 and store.run(owner, run).state == "running"
    assert not store.ledger.stop(run)
    assert store.ledger.stopping() == (run,)
    assert store.ledger.progress(run, token, step="Fitting K-means", done=1, total=9)
    assert store.ledger.progress(run, token, step="Measuring separation", done=1, total=9)
    assert store.ledger.stopping() == (), "past its fits it needs no watching"


def test_what_is_stopping_or_was_stopped_answers_no_later_request(store, add, owner):
    """A partial result is shown, but never taken for the answer to an equal request."""
    dataset = add(owner)
    first = queued(store, owner, dataset)
    token = claimed(store, first)
    assert queued(store, owner, dataset) == first
    store.ledger.show(first, token, row(), usable=True)
    store.ledger.stop(first)
    second = queued(store, owner, dataset)
    assert second != first
    store.ledger.cancel(second)
    store.ledger.saving(first, token)
    store.ledger.finish(first, token, "", partial=True)
    assert store.run(owner, first).partial
    third = queued(store, owner, dataset)
    assert third not in (first, second)
    token = claimed(store, third)
    store.ledger.saving(third, token)
    store.ledger.finish(third, token, "")
    assert queued(store, owner, dataset) == third
    assert not store.run(owner, third).partial


def test_a_job_that_gives_itself_up_is_cancelled_and_nobody_kills_it(store, add, owner):
    """Its process ends by itself: the number may belong to somebody else by then."""
    run = queued(store, owner, add(owner))
    token = claimed(store, run)
    assert not store.ledger.give_up(run, token + 1)
    assert store.ledger.give_up(run, token)
    assert store.run(owner, run).state == "cancelled"
    assert store.ledger.stops() == ()
