"""Jobs under fire: whatever dies, the store tells the truth and the same job can be started again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from core.model import Plan
from dashboard import ids
from dashboard.runner import loop
from dashboard.runner.desk import TWO_CLICKS_SECONDS
from dashboard.store import ENDED, NotFound
from dashboard.store.processes import alive, birth, this_host
from tests.faults.conftest import LONG, until


def test_a_killed_job_shows_as_interrupted_within_15_seconds_and_runs_again(house):
    dataset = house.add(1200)
    run = house.compare(dataset, LONG)
    os.kill(house.process(run), signal.SIGKILL)
    took = until(lambda: house.state(run) == "interrupted", 15)
    assert took < 15
    shown = house.store.run(house.owner, run)
    assert shown.problem.code == "INTERRUPTED"
    assert shown.problem.hint == "Run it again."
    again = house.jobs.again(house.owner, run)
    assert again.id != run
    assert house.wait(again.id) == "done"
    assert house.store.verify() == ()


def test_a_job_ends_after_kmeans_was_fitted_in_the_server_process(house):
    """GNU OpenMP does not survive a fork (scikit-learn issue 23823): a forked job would hang for ever here."""
    from sklearn.cluster import KMeans

    KMeans(4, n_init=1, random_state=0).fit(np.random.default_rng(0).normal(size=(5000, 4)))
    assert house.wait(house.compare(house.add()), 60) == "done"


@pytest.mark.parametrize("moments", [4, pytest.param(24, marks=pytest.mark.long)])
def test_cancel_at_any_moment_leaves_one_terminal_state_and_no_process(house, moments):
    dataset = house.add(400)
    rng = random.Random(moments)
    for number in range(moments):
        run = house.compare(dataset, Plan(algorithms=("kmeans", "ward"), segments=(2, 6), resamples=1, seed=number).to_json())
        time.sleep(rng.uniform(0, 0.7))
        first = house.jobs.cancel(house.owner, run)
        assert first.state in ("cancelled", "done") or first.stopping
        ended = house.wait(run)
        assert ended in ("cancelled", "done")
        assert house.jobs.cancel(house.owner, run).state == ended
        until(lambda: not house.store.ledger.stops())
        assert house.state(run) == ended
        if ended == "done":
            assert bool(house.store.comparison(house.owner, run).stopped) == house.store.run(house.owner, run).partial
    assert house.store.verify() == ()
    assert list((house.store.directory / "temp").iterdir()) == []


def test_cancel_before_anything_is_finished_ends_the_process_at_once_even_when_it_does_not_look(house):
    run = house.compare(house.add(3000), LONG)
    pid = house.process(run)
    house.halt(pid)
    assert not house.store.run(house.owner, run).kept, "a candidate was finished before the job could be stopped"
    born = birth(pid)
    assert house.jobs.cancel(house.owner, run).state == "cancelled"
    assert until(lambda: not alive(pid, born), 5) < 5
    assert house.state(run) == "cancelled"


def test_cancel_keeps_what_is_finished_and_the_process_ends_by_itself(house):
    """The result is whole in itself, says how far it came, and answers no later request."""
    dataset = house.add(1200)
    run = house.compare(dataset, LONG)
    pid = house.finished(run)
    born = birth(pid)
    assert house.jobs.cancel(house.owner, run).state == "running"
    os.kill(pid, signal.SIGCONT)
    assert house.wait(run) == "done"
    comparison = house.store.comparison(house.owner, run)
    assert house.store.run(house.owner, run).partial and comparison.stopped.startswith("Stopped after ")
    assert 1 <= len(comparison.candidates) < 27
    until(lambda: not alive(pid, born), 5)
    again = house.compare(dataset, LONG)
    assert again != run
    assert house.wait(again) == "done"
    assert len(house.store.comparison(house.owner, again).candidates) == 27
    assert house.store.verify() == ()


def test_a_job_that_does_not_stop_in_time_is_ended(house, monkeypatch):
    """A fit that takes for ever does not keep the person waiting for ever."""
    monkeypatch.setattr(loop, "STOP_SECONDS", 1.0)
    run = house.compare(house.add(1200), LONG)
    pid = house.finished(run)
    born = birth(pid)
    assert house.jobs.cancel(house.owner, run).state == "running"
    assert until(lambda: house.state(run) == "cancelled", 10) >= 1
    assert until(lambda: not alive(pid, born), 5) < 5
    until(lambda: not house.store.ledger.stops())
    assert house.store.verify() == ()


def test_a_second_cancel_does_not_wait(house):
    run = house.compare(house.add(1200), LONG)
    pid = house.finished(run)
    born = birth(pid)
    assert house.jobs.cancel(house.owner, run).state == "running"
    assert house.jobs.cancel(house.owner, run).state == "running", "a double click"
    time.sleep(TWO_CLICKS_SECONDS + 0.1)
    assert house.jobs.cancel(house.owner, run).state == "cancelled"
    assert until(lambda: not alive(pid, born), 5) < 5


def test_a_job_killed_while_it_stops_is_interrupted_and_its_fits_are_not_made_twice(house):
    """Nothing claims to be kept that is not: the state is that of a process that is gone."""
    dataset = house.add(1200)
    run = house.compare(dataset, LONG)
    pid = house.finished(run)
    kept = {one["label"]: one["seconds"] for one in house.store.run(house.owner, run).finished}
    assert house.jobs.cancel(house.owner, run).stopping
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: house.state(run) == "interrupted", 15) < 15
    assert house.store.run(house.owner, run).finished == ()
    again = house.jobs.again(house.owner, run).id
    assert house.wait(again) == "done"
    taken = {one.label: round(one.seconds, 3) for one in house.store.comparison(house.owner, again).candidates}
    assert kept.items() <= taken.items(), "the seconds are those of the first fit"
    assert house.store.verify() == ()


def test_a_dataset_deleted_while_its_job_stops_leaves_nothing(house):
    dataset = house.add(1200)
    run = house.compare(dataset, LONG)
    pid = house.finished(run)
    born = birth(pid)
    house.jobs.cancel(house.owner, run)
    house.store.delete_dataset(house.owner, dataset)
    house.jobs.wake()
    until(lambda: not alive(pid, born), 5)
    until(lambda: not house.store.ledger.stops())
    assert house.store.runs(house.owner) == ()
    assert list((house.store.directory / "memo").rglob("*.val")) == []


def test_the_memo_may_vanish_while_a_job_runs(house):
    """Kept fits can be computed again: a comparison never depends on them."""
    run = house.compare(house.add(1200), LONG)
    pid = house.finished(run)
    memo, gone = house.store.directory / "memo", house.store.directory / "gone"
    memo.rename(gone)  # at once, as its files cannot be taken away one by one while others are written
    shutil.rmtree(gone, ignore_errors=True)
    os.kill(pid, signal.SIGCONT)
    assert house.wait(run) == "done"
    assert len(house.store.comparison(house.owner, run).candidates) == 27
    assert house.store.verify() == ()


def test_nobody_else_can_cancel_repeat_or_read_a_run(house):
    run = house.compare(house.add())
    stranger = ids.new_id()
    for ask in (house.jobs.cancel, house.jobs.again, house.store.run, house.store.comparison):
        with pytest.raises(NotFound):
            ask(stranger, run)
    assert house.wait(run) == "done"


def test_two_sessions_with_equal_file_and_plan_each_compute_their_own(house):
    other = ids.new_id()
    mine, theirs = house.add(), house.add(owner=other)
    first, second = house.compare(mine), house.compare(theirs, owner=other)
    assert first != second
    assert house.wait(first) == house.wait(second) == "done"
    for stranger, run in ((other, first), (house.owner, second)):
        with pytest.raises(NotFound):
            house.store.comparison(stranger, run)
    assert house.store.comparison(house.owner, first).recommended == house.store.comparison(other, second).recommended


def test_equal_requests_of_one_session_compute_once(house):
    dataset = house.add()
    runs = {house.compare(dataset) for _ in range(5)}
    assert len(runs) == 1
    assert house.wait(runs.pop()) == "done"
    began = time.monotonic()
    house.compare(dataset)
    assert time.monotonic() - began < 0.3, "an equal finished run answers at once"


def test_slots_are_bounded_and_waiting_jobs_know_their_place(house):
    first = house.compare(house.add(3000), LONG)
    pid = house.frozen(first)
    waiting = [house.compare(house.add(60 + i)) for i in range(3)]
    time.sleep(0.6)
    assert [house.store.run(house.owner, run).place for run in waiting] == [1, 2, 3]
    assert [house.state(run) for run in waiting] == ["queued"] * 3
    os.kill(pid, signal.SIGKILL)
    assert [house.wait(run) for run in waiting] == ["done"] * 3


def test_a_reused_process_number_is_never_killed(house):
    """A bystander gets the number that a cancelled run recorded, but not its time of birth."""
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        dataset = house.add(3000)
        blocker = house.compare(dataset, LONG)
        house.frozen(blocker)
        run = house.compare(house.add(70))
        house.store.ledger.claim(run, host=this_host(), pid=bystander.pid, birth=birth(bystander.pid) - 1)
        house.jobs.cancel(house.owner, run)
        until(lambda: not house.store.ledger.stops())
        assert bystander.poll() is None
        house.jobs.cancel(house.owner, blocker)
    finally:
        bystander.kill()
        bystander.wait()


def test_the_cache_may_vanish_while_a_job_runs(house):
    house.services.workspace.put(house.owner, "k", {"a": 1})
    run = house.compare(house.add(400))
    shutil.rmtree(house.store.directory / "cache")
    assert house.wait(run) == "done"
    house.services.workspace.put(house.owner, "k", {"a": 2})
    house.services.workspace.put(house.owner, "k", {"a": 2})
    assert house.services.workspace.get(house.owner, "k") == {"a": 2}
    assert house.store.verify() == ()


def test_a_job_of_a_deleted_dataset_ends_and_leaves_nothing(house):
    dataset = house.add(3000)
    run = house.compare(dataset, LONG)
    pid = house.process(run)
    born = birth(pid)
    house.store.delete_dataset(house.owner, dataset)
    house.jobs.wake()
    until(lambda: not alive(pid, born), 5)
    until(lambda: not house.store.ledger.stops())
    assert house.state(run) == ""
    assert list((house.store.directory / "runs").iterdir()) == []
    assert list((house.store.directory / "datasets").iterdir()) == []


def test_a_problem_with_the_data_is_told_in_words_and_is_not_kept_as_an_answer(house):
    path = house.folder / "bad"
    path.write_bytes(b"\x00\x01\x02\x03" * 50)
    dataset = house.store.add_dataset(house.owner, "bad.csv", path).id
    run = house.jobs.request(house.owner, "load", dataset, {}).id
    assert house.wait(run) == "failed"
    problem = house.store.run(house.owner, run).problem
    assert problem.text
    assert problem.hint
    assert not problem.reference
    assert house.jobs.request(house.owner, "load", dataset, {}).id != run


def test_a_defect_gets_a_reference_and_shows_no_data(house):
    dataset = house.add()
    (house.store.directory / "datasets" / dataset / "source").unlink()
    run = house.compare(dataset)
    assert house.wait(run) == "failed"
    problem = house.store.run(house.owner, run).problem
    assert problem.code == "DEFECT"
    assert problem.reference in problem.text


def test_a_frozen_job_is_not_taken_for_dead(house):
    run = house.compare(house.add(800), LONG)
    pid = house.frozen(run)
    time.sleep(3)
    assert house.state(run) not in ENDED
    os.kill(pid, signal.SIGCONT)
    assert house.wait(run) == "done"
