"""Laws of a comparison under way: finished candidates are seen at once, and a person who cancels keeps them."""

from __future__ import annotations

import json
import time

import pytest

from core import pipeline
from core.errors import Stopped
from core.model import NOISE, Plan
from core.pipeline import fitting, stability
from dashboard import jobs
from dashboard.runner import desk as desk_module
from dashboard.runner import lifecycle
from dashboard.store import FITTING, STOPPABLE, NotFound
from tests.dashboard import made

PLAN = Plan(algorithms=("kmeans",), segments=(2, 3), resamples=0).to_json()


def named_run(desk, owner, plan=PLAN, file_=None):
    return desk.jobs.request(owner, "compare", file_, {"plan": plan}).id


@pytest.fixture()
def step_by_step(monkeypatch):
    """Reports are not thinned out, and nobody clicks twice by accident."""
    monkeypatch.setattr(lifecycle, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(desk_module, "TWO_CLICKS_SECONDS", 0.0)


def test_the_steps_that_can_be_left_out_are_named_as_the_line_names_them(desk, file, owner):
    """A job that was asked to stop speaks up in the fits and in the resamples, and nowhere else."""
    dataset = file()
    table = pipeline.load(desk.store.source(owner, dataset), "shop.csv", {})
    told: list[str] = []
    pipeline.compare(table, Plan(segments=(2, 3)), lambda step, *_: told.append(step), show=lambda _: told.append("*"))
    first, last = told.index("*"), len(told) - told[::-1].index("*")
    assert all(step.startswith(FITTING) for step in told[first:last] if step != "*")
    after = [step for step in dict.fromkeys(told[last:]) if not step.startswith(FITTING)]
    assert [step for step in after if step.startswith(STOPPABLE)] == [stability.STEP]
    assert len(after) > 3


def test_each_finished_candidate_is_seen_while_the_others_are_fitted(desk, file, owner, monkeypatch, step_by_step):
    """What the page sees is what the result then says, in the order in which it was finished."""
    run, seen = named_run(desk, owner, file_=file()), []
    show = jobs.Job.show

    def spy(job, candidate):
        show(job, candidate)
        seen.append(desk.store.run(owner, run).finished)

    monkeypatch.setattr(jobs.Job, "show", spy)
    jobs.perform(desk.store, run, threads=2)
    assert [len(rows) for rows in seen] == [1, 2]
    assert seen[1][1:] == seen[0], "the newest first"
    done = {one.label: one for one in desk.store.comparison(owner, run).candidates}
    for row in seen[1]:
        one = done[row["label"]]
        assert (row["segments"], row["problem"]) == (one.n_segments, "")
        assert (row["smallest"], row["largest"]) == (min(one.sizes.values()), max(one.sizes.values()))
        assert row["placed"] == 1.0 and row["algorithm"] == "K-means"


def test_a_finished_row_counts_placed_customers_and_holds_no_more_than_fits():
    """Customers without a segment are no segment; a long problem is cut; text from data is made safe."""
    row = jobs.finished_row(made.candidate("dbscan-1", made.SIX + made.FOUR + [NOISE] * 2))
    assert (row["segments"], row["smallest"], row["largest"], row["placed"]) == (2, 4, 6, 10 / 12)
    row = jobs.finished_row(made.candidate("gmm-2", [0] * 12, sizes={}, names={}, problem=made.HOSTILE * 99))
    assert (row["segments"], row["smallest"], row["placed"]) == (0, 0, 0.0)
    assert len(row["problem"]) <= jobs.PROBLEM_CHARACTERS and "\u202e" not in row["problem"]


def cancel_after(desk, owner, run, monkeypatch, *, shown: int, times: int = 1):
    """The owner cancels as soon as so many candidates were shown."""
    show, cancelled = jobs.Job.show, []

    def spy(job, candidate):
        show(job, candidate)
        if len(desk.store.run(owner, run).finished) == shown and not cancelled:
            for _ in range(times):
                cancelled.append(desk.jobs.cancel(owner, run))
                time.sleep(0.01)

    monkeypatch.setattr(jobs.Job, "show", spy)
    return cancelled


SLOW = Plan(algorithms=("kmeans", "ward", "gmm"), segments=(2, 8), resamples=0).to_json()


def test_cancel_keeps_what_is_finished(desk, file, owner, monkeypatch, step_by_step):
    """The run ends as done, with the finished candidates compared, and says how far it came."""
    dataset = file()
    run = named_run(desk, owner, SLOW, dataset)
    cancelled = cancel_after(desk, owner, run, monkeypatch, shown=3)
    jobs.perform(desk.store, run)
    assert cancelled[0].state == "running" and cancelled[0].stopping > 0
    ended = desk.store.run(owner, run)
    comparison = desk.store.comparison(owner, run)
    assert (ended.state, ended.partial) == ("done", True)
    assert 3 <= len(comparison.candidates) < 21
    assert comparison.stopped.startswith(f"Stopped after {len(comparison.candidates)} of ")
    assert comparison.recommended
    assert desk.store.ledger.stops() == ()


def test_a_stopped_comparison_is_no_answer_and_the_next_run_goes_on_from_it(
    desk, file, owner, monkeypatch, step_by_step
):
    """The same request computes the rest; what was fitted before is not fitted again."""
    dataset = file()
    first = named_run(desk, owner, SLOW, dataset)
    cancel_after(desk, owner, first, monkeypatch, shown=3)
    jobs.perform(desk.store, first)
    kept = len(desk.store.comparison(owner, first).candidates)
    second = named_run(desk, owner, SLOW, dataset)
    assert second != first
    fitted, real = [], fitting._fitted
    monkeypatch.setattr(fitting, "_fitted", lambda job, *more: (fitted.append(job.key), real(job, *more))[1])
    jobs.perform(desk.store, second)
    whole = desk.store.comparison(owner, second)
    assert not whole.stopped and len(whole.candidates) == 21
    assert 0 < len(fitted) <= 21 - kept
    assert named_run(desk, owner, SLOW, dataset) == second
    labels = {one.key: one.labels for one in whole.candidates}
    assert all((labels[one.key] == one.labels).all() for one in desk.store.comparison(owner, first).candidates)


def test_a_second_wish_to_cancel_keeps_nothing(desk, file, owner, monkeypatch, step_by_step):
    """Whoever does not want to wait for the fits that are under way need not."""
    run = named_run(desk, owner, SLOW, file())
    cancelled = cancel_after(desk, owner, run, monkeypatch, shown=2, times=2)
    jobs.perform(desk.store, run)
    assert [one.state for one in cancelled] == ["running", "cancelled"]
    assert desk.store.run(owner, run).state == "cancelled"
    assert [stop[0] for stop in desk.store.ledger.stops()] == [run]
    with pytest.raises(NotFound):
        desk.store.comparison(owner, run)


def test_a_double_click_is_one_wish(desk, file, owner, monkeypatch):
    """Two clicks within a second keep what is finished."""
    monkeypatch.setattr(lifecycle, "REPORT_SECONDS", 0.0)
    run = named_run(desk, owner, SLOW, file())
    cancel_after(desk, owner, run, monkeypatch, shown=2, times=2)
    jobs.perform(desk.store, run)
    assert (desk.store.run(owner, run).state, desk.store.run(owner, run).partial) == ("done", True)


def test_cancel_before_anything_is_finished_ends_the_run_at_once(desk, file, owner):
    """There is nothing to keep and nothing to wait for."""
    run = named_run(desk, owner, file_=file())
    token = desk.store.ledger.claim(run, host="h", pid=1, birth=1)
    assert desk.jobs.cancel(owner, run).state == "cancelled"
    assert not desk.store.ledger.give_up(run, token)


def test_a_wish_to_stop_after_the_fits_ends_with_the_whole_result(desk, file, owner, monkeypatch, step_by_step):
    """Nothing is left to be skipped: the result is whole and answers later requests."""
    dataset = file()
    run = named_run(desk, owner, file_=dataset)
    save = desk.store.save_result

    def late(*args):
        assert desk.jobs.cancel(owner, run).stopping
        return save(*args)

    monkeypatch.setattr(desk.store, "save_result", late)
    jobs.perform(desk.store, run)
    assert (desk.store.run(owner, run).state, desk.store.run(owner, run).partial) == ("done", False)
    assert named_run(desk, owner, file_=dataset) == run


def test_a_job_that_stops_with_nothing_is_cancelled(desk, file, owner, monkeypatch):
    """The line passes the wish on when no candidate has segments."""

    def nothing(*_args, **_more):
        raise Stopped

    monkeypatch.setattr(pipeline, "compare", nothing)
    run = named_run(desk, owner, file_=file())
    jobs.perform(desk.store, run)
    assert desk.store.run(owner, run).state == "cancelled"
    assert desk.store.ledger.stops() == ()


def test_threads_change_no_result(desk, file, owner):
    """The setting is one of speed alone; what the first run fitted is forgotten, so that the second fits for itself."""
    dataset, found = file(), []
    for threads in (1, 3):
        desk.store.memos.forget(owner, dataset)
        run = desk.jobs.again(owner, named_run(desk, owner, SLOW, dataset)).id
        jobs.perform(desk.store, run, threads=threads)
        found.append(desk.store.comparison(owner, run))
    assert found[0].candidates[0].seconds != found[1].candidates[0].seconds, "both were fitted"
    assert all((a.labels == b.labels).all() for a, b in zip(found[0].candidates, found[1].candidates, strict=True))


OLD = json.dumps({"version": 1, "recipe": {"scaling": "robust"}, "algorithms": ["kmeans"], "segments": [2, 4],
                  "params": {}, "seed": 3})  # fmt: skip


@pytest.mark.parametrize(("plan", "scaling"), [(OLD, "robust"), ("{}", "standard"), ("x", "standard")])
def test_a_comparison_of_an_earlier_version_can_be_run_again(desk, file, owner, plan, scaling):
    """Its preparation is kept where it can still be read; the plan is one of today."""
    old, _ = desk.store.ledger.queue(owner, file(), "compare", request={"plan": plan}, key="k", cap=9, reuse_done=True)
    desk.store.ledger.interrupt(old)
    assert desk.store.run(owner, old).plan is None
    new = desk.jobs.again(owner, old)
    assert new.plan.recipe.scaling == scaling
    jobs.perform(desk.store, new.id)
    assert desk.store.run(owner, new.id).state == "done"


def test_a_queued_comparison_of_an_earlier_version_fails_in_words(desk, file, owner):
    """An update while jobs wait must not look like a defect."""
    old, _ = desk.store.ledger.queue(owner, file(), "compare", request={"plan": OLD}, key="k", cap=9, reuse_done=True)
    jobs.perform(desk.store, old)
    problem = desk.store.run(owner, old).problem
    assert problem.code == "BAD_REQUEST" and problem.hint and not problem.reference
