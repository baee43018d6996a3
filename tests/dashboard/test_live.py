"""Laws of jobs on screen: what it does now, how far it is, how to stop it; why it ended and how to start it again."""

from __future__ import annotations

import time

import pytest
from dash import html

from dashboard.components.live import JOB_NAMES, job_card, job_panel, problem_panel, step_of
from dashboard.store import KINDS, LIVE, Problem, Run
from tests.dashboard import made


def run(state="running", **changes):
    known = {"id": "R", "kind": "compare", "dataset": "D", "request": {}, "key": "", "state": state, "step": "Fitting",
             "done": 3, "total": 8, "created": time.time() - 65, "started": None, "ended": None, "place": 0,
             "problem": None}  # fmt: skip
    return Run(**(known | changes))


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
