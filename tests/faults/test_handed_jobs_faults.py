"""Jobs that hand a segmentation over under fire: forged and foreign requests, files deleted meanwhile, cancels, kills."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from core.errors import SegmentationError
from core.model import Edit, Plan, Shape
from dashboard import ids
from dashboard.store import ENDED, NotFound
from tests.faults.conftest import SHORT, until

KEY = "kmeans-3"
WHAT = {"train": "", "score": "", "migrate": "", "publish_html": "report_html", "publish_book": "workbook_xlsx", "uplift": ""}
"""What is asked for, and the document where it is one."""
EARLIER = Plan(algorithms=("kmeans",), segments=(2, 3), resamples=0, seed=1).to_json()


class Handing:
    """A file with two comparisons, another file, and a model of the first."""

    def __init__(self, house, rows=60, owner=""):
        self.house, self.owner = house, owner or house.owner
        self.dataset, self.other = house.add(rows, owner=self.owner), house.add(rows + 1, owner=self.owner)
        self.run, self.before = (house.compare(self.dataset, plan, owner=self.owner) for plan in (SHORT, EARLIER))
        load = house.jobs.request(self.owner, "load", self.other, {"answers": {}}).id
        assert [house.wait(one) for one in (self.run, self.before, load)] == ["done"] * 3
        self.trained = self.ask("train").id
        assert house.wait(self.trained) == "done"
        (self.model,) = [one.id for one in house.store.models.listed(self.owner)]

    def request(self, what, **changes):
        base = {"run": self.run, "candidate": KEY, "shape": ""}
        own = {
            "train": {}, "migrate": {"before": base | {"run": self.before}, "key": ""},
            "score": {"model": what == "score" and self.model, "answers": {}, "mapping": {name: name for name in "abcde"}},
            "uplift": {"results": self.other, "options": {"key": "a", "outcome": "b", "share": 0.5, "seed": 1, "absent": True}},
        }.get(what, {"what": WHAT[what], "options": {}})  # fmt: skip
        return (base if what != "score" else {}) | own | changes

    def ask(self, what, *, owner="", dataset="", **changes):
        place = dataset or (self.other if what == "score" else self.dataset)
        return self.house.jobs.request(owner or self.owner, what.partition("_")[0], place, self.request(what, **changes))

    def fresh(self, what, number):
        """What nobody has asked yet, so that no result of it is there already."""
        if what == "score":
            return {"mapping": {**{name: name for name in "abcde"}, "a": "bcd"[number % 3]}}
        return {"shape": Shape((Edit("rename", 1, text=f"n{number}"),)).to_json()}


@pytest.fixture()
def handing(house):
    return Handing(house)


def settled(house):
    """Nothing runs, everything that is stored is whole, nothing half is left."""
    until(lambda: not house.store.ledger.stops() and not house.store.ledger.work("running", "saving", "queued"))
    assert house.store.verify() == () and list((house.store.directory / "temp").iterdir()) == []
    assert not [path for path in (house.store.directory / "models").iterdir() if path.name.startswith(".")]


def test_forged_and_foreign_requests_are_refused_before_any_job_is_queued(house, handing):
    """What is no text, no number, no candidate and no model; and every id of somebody else's, in each place."""
    other = Handing(house, owner=ids.new_id())
    hostile = [None, 1.5, True, [], "x" * 10_000, "\x00", "\ud800", "../../etc", "'; DROP TABLE runs; --", float("nan"), -1, 2**63]
    names = {"score": ("model", "answers", "mapping"), "migrate": ("run", "candidate", "shape", "before"),
             "uplift": ("run", "candidate", "shape", "results", "options")}  # fmt: skip
    before = [len(house.store.runs(one.owner)) for one in (handing, other)]
    for what in WHAT:
        for name in names.get(what, ("run", "candidate", "shape")):
            for value in hostile:
                with pytest.raises(SegmentationError):
                    handing.ask(what, **{name: value})
        foreign = [{"run": other.run}] if what != "score" else [{"model": other.model}]
        foreign += {"migrate": [{"before": {"run": other.before, "candidate": KEY, "shape": ""}}], "uplift": [{"results": other.other}]}.get(what, [])
        for changes in foreign:
            with pytest.raises(NotFound):
                handing.ask(what, **changes)
        with pytest.raises(NotFound):
            handing.ask(what, dataset=other.dataset)
    assert [len(house.store.runs(one.owner)) for one in (handing, other)] == before


@pytest.mark.long
@pytest.mark.parametrize("what", WHAT)
def test_a_cancelled_job_ends_once_leaves_nothing_and_can_be_asked_for_again(house, handing, what):
    """At 0 ms and later, each time another request; then it is done."""
    rng = random.Random(what)
    for number, wait in enumerate((0, rng.uniform(0.02, 0.2), rng.uniform(0.2, 0.6))):
        run = handing.ask(what, **handing.fresh(what, number)).id
        time.sleep(wait)
        house.jobs.cancel(handing.owner, run)
        ended = house.wait(run)
        assert ended in ("cancelled", "done") and house.jobs.cancel(handing.owner, run).state == ended
        assert (house.store.directory / "runs" / run).exists() == (ended == "done")
        assert any(one.run == run for one in house.store.models.listed(handing.owner)) == (ended == "done" and what == "train")
        again = handing.ask(what, **handing.fresh(what, number)).id
        assert house.wait(again) == "done" and (again == run) == (ended == "done")
    settled(house)


@pytest.mark.long
@pytest.mark.parametrize("what", WHAT)
def test_a_killed_job_is_interrupted_within_15_seconds_and_runs_again(house, what):
    """In the middle of its work: nothing half is shown, the words say what happened, and the next one is done."""
    handing = Handing(house, rows=3000)
    run = handing.ask(what, **handing.fresh(what, 1)).id
    os.kill(house.frozen(run), signal.SIGKILL)
    assert until(lambda: house.state(run) in ENDED, 15) < 15
    ended = house.store.run(handing.owner, run)
    assert ended.state == "interrupted" and ended.problem.text and ended.problem.hint
    again = handing.ask(what, **handing.fresh(what, 1))
    assert again.id != run and house.wait(again.id) == "done"
    settled(house)


@pytest.mark.long
@pytest.mark.parametrize("what", WHAT)
def test_a_file_deleted_meanwhile_leaves_nothing_behind(house, what):
    """At any moment of the job; neither rows nor files of its run, and of a model neither."""
    rng = random.Random(what)
    for number in range(2):
        handing = Handing(house, rows=300 + number)
        run = handing.ask(what, **handing.fresh(what, 1)).id
        time.sleep(rng.uniform(0, 0.5))
        house.store.delete_dataset(handing.owner, handing.dataset)
        settled(house)
        assert house.store.runs(handing.owner, dataset=handing.dataset) == () and house.store.models.listed(handing.owner) == ()
        assert not (house.store.directory / "runs" / run).exists() and list((house.store.directory / "models").iterdir()) == []
        house.store.delete_dataset(handing.owner, handing.other)
