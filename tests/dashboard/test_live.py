"""Laws of jobs on screen: what it does now, how far it is, how to stop it; why it ended and how to start it again."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from dash import html

from core.model import Plan
from dashboard.components.live import (
    JOB_NAMES,
    NEWEST,
    finished_candidates,
    job_card,
    job_panel,
    problem_panel,
    step_of,
    stopped_notice,
)
from dashboard.store import KINDS, LIVE, Problem, Run
from tests.dashboard import made


def run(state="running", **changes):
    known = {"id": "R", "kind": "compare", "dataset": "D", "request": {"plan": Plan().to_json()}, "key": "", "state": state, "step": "Fitting",
             "done": 3, "total": 8, "created": time.time() - 65, "started": None, "ended": None, "place": 0,
             "problem": None}  # fmt: skip
    return Run(**(known | changes))


def row(label, algorithm="K-means", problem=""):
    return {"label": label, "algorithm": algorithm, "segments": 0 if problem else 3, "smallest": 12, "largest": 3456,
            "placed": 0.75, "seconds": 1.25, "problem": problem}  # fmt: skip


def test_every_kind_of_job_has_a_name():
    """A card names each job that the store knows."""
    assert set(JOB_NAMES) == set(KINDS)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"state": "queued", "place": 2}, "Waiting, place 2 in line"),
        ({"state": "queued", "place": 0}, "Waiting for its turn"),
        ({"state": "running"}, "Fitting"),
        ({"state": "running", "step": ""}, "Starting"),
        ({"state": "saving", "step": "Done"}, "Saving the result"),
    ],
)
def test_the_step_is_what_happens_now(changes, told):
    """A waiting job says its place, not the step of an earlier try."""
    assert step_of(run(**changes)) == told


@pytest.mark.parametrize("state", LIVE)
@pytest.mark.parametrize(("draw", "kind"), [(job_panel, "cancel"), (job_card, "cancel-docked")])
def test_a_live_job_can_be_cancelled_and_says_how_long_it_has_taken(draw, kind, state):
    """The button holds the run's id, the panel and the dock have ids of their own so that both may stand on a page."""
    shown = draw(run(state))
    (button,) = made.of(shown, html.Button)
    assert button.id == {"type": kind, "index": "R"}
    assert getattr(button, "aria-label", None) or button.children == "Cancel"
    assert "1 min 5 s" in made.words(shown) or "1 min 6 s" in made.words(shown)


@pytest.mark.parametrize("draw", [job_panel, job_card])
def test_progress_is_told_in_numbers_only_where_the_total_is_known(draw):
    """3 of 8 is a bar; 0 of 0 promises nothing."""
    assert "3 of 8" in made.words(draw(run()))
    assert " of 0" not in made.words(draw(run(done=0, total=0)))
    assert made.of(draw(run()), html.Progress)[0].value == "3"


def test_a_clock_that_went_back_shows_no_negative_time():
    """A server's clock may be set while a job runs."""
    assert "\N{MINUS SIGN}" not in made.words(job_card(run(created=time.time() + 100)))


@pytest.mark.parametrize(
    ("state", "role", "told"),
    [("failed", "alert", "did not work"), ("cancelled", "status", "was cancelled"),
     ("interrupted", "status", "was interrupted - run again")],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_an_ended_job_says_what_became_of_it_and_can_be_run_again(kind, state, role, told):
    """Only a failure interrupts a reader; each has the button."""
    shown = problem_panel(run(state, kind=kind))
    assert shown.role == role
    assert f"{JOB_NAMES[kind]} {told}" in made.words(shown)
    (button,) = made.of(shown, html.Button)
    assert button.id == {"type": "again", "index": "R"} and button.children == "Run again"


def test_a_failure_shows_its_text_its_hint_and_its_reference():
    """What happened, what to do next, and what to quote when asking for help."""
    told = made.words(problem_panel(run("failed", problem=Problem("X", "It broke.", "Try less.", "abc-1"))))
    assert "It broke. (reference abc-1)" in told and "Try less." in told
    assert "reference" not in made.words(problem_panel(run("failed", problem=Problem("X", "It broke."))))


def test_a_failure_without_a_problem_still_has_its_button():
    """A row written by a dying process may lack the reason."""
    assert made.of(problem_panel(run("failed", problem=None)), html.Button)


def test_finished_candidates_are_counted_by_algorithm_and_the_newest_are_listed():
    """One polite line that changes with each candidate; the table itself is not read aloud again and again."""
    rows = (row("Ward, 3 segments", "Ward"), *(row(f"K-means, {k} segments") for k in range(20, 1, -1)))
    count, drawn = finished_candidates(run(finished=rows))
    assert count.children == "20 candidates finished: K-means 19, Ward 1." and count.role == "status"
    assert drawn.role == "region"
    body = made.of(drawn, html.Tbody)[0].children
    assert len(body) == NEWEST
    assert made.words(body[0]).startswith("Ward, 3 segments 3 12 3,456 75% 1.2 s")
    assert f"The first {NEWEST} of 20 rows." in made.words(drawn)
    assert count.children in made.words(job_panel(run(finished=rows)))


def test_a_candidate_without_segments_shows_why_and_no_numbers():
    """Nought customers in nought segments would read like a result."""
    drawn = finished_candidates(run(finished=(row("GMM", problem="It did not settle."), row("K-means, 3 segments"))))[1]
    told = [made.words(cell) for cell in made.of(made.of(drawn, html.Tbody)[0].children[0], html.Td)]
    assert told == ["\N{EN DASH}", "\N{EN DASH}", "\N{EN DASH}", "\N{EN DASH}", "1.2 s", "It did not settle."]


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_first_candidate_there_is_no_table(kind):
    """An empty table is no progress."""
    assert finished_candidates(run(kind=kind)) == []
    assert not made.of(job_panel(run(kind=kind)), html.Table)


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 finished candidate is kept"), (14, "14 finished candidates are kept")]
)
def test_a_stopping_job_says_what_is_kept_and_that_a_second_click_keeps_nothing(count, told):
    """Those without segments are not counted: there is nothing of them to keep."""
    rows = tuple(row(str(i)) for i in range(count)) + (row("x", problem="No."),)
    stopping = run(finished=rows, stopping=time.time())
    assert step_of(stopping) == f"Stopping; {told}"
    for draw in (job_panel, job_card):
        assert f"Stopping; {told}" in made.words(draw(stopping))
        (button,) = made.of(draw(stopping), html.Button)
        name = getattr(button, "aria-label", None) or button.children
        assert name.startswith("Stop at once and keep nothing")
    assert f"If you cancel, {told}" in made.words(job_panel(replace(stopping, stopping=0.0)))
    assert "If you cancel" not in made.words(job_panel(run()))


def test_a_stopped_result_says_how_far_it_came_and_can_be_completed():
    """The notice stands above the result; its button runs the same request again."""
    shown = stopped_notice(run("done", partial=True), "Stopped after 3 of 9 candidates; these are kept.")
    assert "Stopped after 3 of 9" in made.words(shown)
    (button,) = made.of(shown, html.Button)
    assert button.id == {"type": "again", "index": "R"}


@pytest.mark.parametrize(
    ("request_", "told"), [({"plan": Plan().to_json()}, "damaged"), ({"plan": '{"version": 1}'}, "earlier version")]
)
def test_a_result_that_cannot_be_shown_says_why(request_, told):
    """Damage on the disk is alarming, an update of the program is not."""
    shown = problem_panel(run("done", request=request_))
    assert told in made.words(shown) and made.of(shown, html.Button)
    assert shown.role == ("alert" if told == "damaged" else "status")
