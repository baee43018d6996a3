"""The outbox: what waits, what has arrived, what is to be erased; nothing twice and nothing lost."""

from __future__ import annotations

import time

import pytest

from dashboard.store import Store
from dashboard.store.outbox import ERASE, LOG
from tests.dashboard import made
from tests.dashboard.made_tracked import finished


@pytest.fixture()
def store(tmp_path) -> Store:
    return Store(tmp_path)


@pytest.fixture()
def run(store) -> str:
    made_run = finished(store, made.comparison())
    store.outbox.collect()
    return made_run[2]


def test_a_finished_run_waits_once(store, run):
    store.outbox.collect()
    assert [(one.run, one.what, one.tries) for one in store.outbox.due(time.time())] == [(run, LOG, 0)]
    assert store.outbox.state(run) == "waiting"
    assert not store.outbox.pending()


def test_an_open_run_is_not_told(store):
    owner, dataset, _ = finished(store, made.comparison())
    store.outbox.collect()
    queued, _ = store.ledger.queue(owner, dataset, "compare", request={}, key="k", cap=9, reuse_done=False)
    assert not store.outbox.pending()
    assert store.outbox.state(queued) == ""


def test_a_try_counts_before_it_is_made(store, run):
    """A sender that is killed half way has tried: it waits like any other."""
    letter = store.outbox.due(time.time())[0]
    store.outbox.begin(letter, again=time.time() + 60)
    assert store.outbox.due(time.time()) == ()
    assert store.outbox.due(time.time() + 61)[0].tries == 1


def test_failed_says_why_and_is_tried_again(store, run):
    letter = store.outbox.due(time.time())[0]
    store.outbox.failed(letter, "no answer", again=time.time() + 60)
    assert (store.outbox.state(run), store.outbox.problem(run)) == ("failed", "no answer")
    assert store.outbox.due(time.time()) == () and store.outbox.due(time.time() + 61)
    store.outbox.sent(letter, "embedded|abc")
    assert (store.outbox.state(run), store.outbox.problem(run)) == ("sent", "")
    assert store.outbox.due(time.time() + 999) == ()


def test_holding_spares_what_was_sent(store, run):
    letter = store.outbox.due(time.time())[0]
    store.outbox.sent(letter, "embedded|abc")
    _, _, other = finished(store, made.comparison())
    store.outbox.collect()
    store.outbox.hold("no answer", until=time.time() + 60)
    assert (store.outbox.state(run), store.outbox.state(other)) == ("sent", "failed")


def test_deleting_what_was_told_asks_for_its_erasure(store):
    owner, dataset, run = finished(store, made.comparison())
    store.outbox.collect()
    store.outbox.sent(store.outbox.due(time.time())[0], "embedded|abc")
    store.delete_dataset(owner, dataset)
    assert store.outbox.pending()
    store.outbox.collect()
    (letter,) = store.outbox.due(time.time())
    assert (letter.run, letter.what, letter.remote) == (run, ERASE, "embedded|abc")
    store.outbox.failed(letter, "no answer", again=0)
    assert store.outbox.unerased() == 1
    store.outbox.sent(letter, "")
    assert store.outbox.state(run) == "" and store.outbox.unerased() == 0


def test_deleting_what_was_never_tried_leaves_nothing(store):
    owner, dataset, run = finished(store, made.comparison())
    store.outbox.collect()
    store.delete_dataset(owner, dataset)
    store.outbox.collect()
    assert store.database.rows("SELECT * FROM outbox") == []


def test_a_run_deleted_while_it_is_told_is_erased_afterwards(store):
    """The sender says "sent" of a run that has gone meanwhile: the entry must not stay for ever."""
    owner, dataset, run = finished(store, made.comparison())
    store.outbox.collect()
    letter = store.outbox.due(time.time())[0]
    store.outbox.begin(letter, again=0)
    store.delete_dataset(owner, dataset)
    store.outbox.collect()
    store.outbox.sent(letter, "embedded|abc")
    (erasure,) = store.outbox.due(time.time())
    assert (erasure.what, erasure.remote) == (ERASE, "embedded|abc")
