"""Jobs about one candidate under fire: forged requests, rows that are not there, files deleted meanwhile, cancels, kills."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from core.errors import BadRequest, SegmentationError
from core.model import Edit, Shape
from dashboard import ids
from dashboard.store import ENDED, NotFound
from tests.faults.conftest import until

KINDS = {"portray": {"resamples": 10}, "split": {"segment": 1}, "why": {"row": 3}, "importance": {}}


class Compared:
    """A file that is compared, and what is asked about its candidate."""

    def __init__(self, house, rows=60, owner=""):
        self.house, self.owner = house, owner or house.owner
        self.dataset = house.add(rows, owner=self.owner)
        self.run = house.compare(self.dataset, owner=self.owner)
        assert house.wait(self.run) == "done"

    def ask(self, kind, **changes):
        asked = {"run": self.run, "candidate": "kmeans-3", "shape": "", **KINDS[kind], **changes}
        return self.house.jobs.request(self.owner, kind, self.dataset, asked)

    def problem(self, kind, **changes):
        run = self.ask(kind, **changes).id
        assert self.house.wait(run) == "failed"
        return self.house.store.run(self.owner, run).problem


@pytest.fixture()
def shop(house):
    return Compared(house)


def test_forged_requests_are_refused_before_any_job_is_queued(house, shop):
    """What is no text, no number, no candidate, no comparison."""
    hostile = [None, 1.5, True, [], {}, "x" * 10_000, "\x00", "\ud800", "../../etc", "'; DROP TABLE runs; --", float("nan"), -1, 2**63]
    before = len(house.store.runs(house.owner, dataset=shop.dataset))
    for kind, own in KINDS.items():
        for name in ("run", "candidate", "shape", *own):
            for value in hostile:
                if (name, value) == ("resamples", None):
                    continue  # not said: the usual number
                with pytest.raises(SegmentationError):
                    shop.ask(kind, **{name: value})
    assert len(house.store.runs(house.owner, dataset=shop.dataset)) == before


def test_what_is_somebody_elses_is_not_found(house, shop):
    """Neither their comparison through a file of mine, nor mine through theirs; another job's run is no comparison."""
    theirs, other = Compared(house, owner=ids.new_id()), Compared(house, rows=50)
    reading = shop.ask("importance").id
    for kind, own in KINDS.items():
        for dataset in (shop.dataset, theirs.dataset):
            with pytest.raises(NotFound):
                house.jobs.request(house.owner, kind, dataset, {"run": theirs.run, "candidate": "kmeans-3", "shape": "", **own})
        with pytest.raises(SegmentationError):
            shop.ask(kind, run=reading)
        with pytest.raises(BadRequest, match="another dataset"):
            shop.ask(kind, run=other.run)


@pytest.mark.long
def test_what_is_not_in_the_table_fails_in_words(house, shop):
    """Rows and segments out of range, edits that cannot be: known to the job alone."""
    far = Shape((Edit("move", 1, rows=(10**6,)),)).to_json()
    gone = Shape((Edit("merge", 1, 2), Edit("merge", 1, 2))).to_json()
    assert "no such customer" in shop.problem("why", row=60).text
    assert "no segment 9" in shop.problem("split", segment=9).text
    for kind in KINDS:
        assert "not in the table" in shop.problem(kind, shape=far).text
        assert "no segment 2" in shop.problem(kind, shape=gone).text


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_deleted_meanwhile_leaves_nothing_behind(house, kind):
    """At any moment of the job; nothing is left of it in the store or on the disk."""
    rng = random.Random(kind)
    for _ in range(2):
        shop = Compared(house, rows=400)
        run = shop.ask(kind).id
        time.sleep(rng.uniform(0, 0.6))
        house.store.delete_dataset(house.owner, shop.dataset)
        until(lambda: not house.store.ledger.stops() and not house.store.ledger.work("running", "saving", "queued"))
        assert not (house.store.directory / "runs" / run).exists()
    assert house.store.verify() == () and list((house.store.directory / "temp").iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_cancelled_job_ends_once_and_can_be_asked_for_again(house, kind):
    """At 0 ms and later, twice; what is asked again is done."""
    shop, rng = Compared(house, rows=400), random.Random(kind)
    for wait in (0, rng.uniform(0.1, 0.4), rng.uniform(0.4, 0.8)):
        run = shop.ask(kind).id
        time.sleep(wait)
        house.jobs.cancel(house.owner, run)
        ended = house.wait(run)
        assert ended in ("cancelled", "done") and house.jobs.cancel(house.owner, run).state == ended
    assert house.wait(shop.ask(kind).id) == "done"
    assert house.store.verify() == () and list((house.store.directory / "temp").iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_job_is_interrupted_within_15_seconds_and_runs_again(house, kind):
    shop = Compared(house, rows=1200)
    run = shop.ask(kind).id
    os.kill(house.frozen(run), signal.SIGKILL)
    assert until(lambda: house.state(run) in ENDED, 15) < 15
    assert house.state(run) == "interrupted"
    again = shop.ask(kind)
    assert again.id != run and house.wait(again.id) == "done"
    assert house.store.verify() == ()
