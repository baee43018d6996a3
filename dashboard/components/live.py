"""A job as a page shows it: running with its progress, or ended without a result and what to do next."""

from __future__ import annotations

import time

from dash import html

from dashboard.components import numbers
from dashboard.components.forms import progress
from dashboard.components.parts import notice
from dashboard.store import Run

JOB_NAMES = {"load": "Reading the file", "compare": "Comparing segmentations", "importance": "Measuring importance"}


def step_of(run: Run) -> str:
    """What the job does now, or its place in the queue."""
    if run.state == "queued":
        return f"Waiting, place {run.place} in line" if run.place else "Waiting for its turn"
    return "Saving the result" if run.state == "saving" else run.step or "Starting"


def job_panel(run: Run) -> html.Section:
    """A running or waiting job in the middle of its page."""
    stop = html.Button("Cancel", id={"type": "cancel", "index": run.id}, className="btn btn-secondary btn-sm")
    return html.Section(
        [
            progress(run.done, run.total, step_of(run)),
            html.Div(
                [
                    html.Span(f"{numbers.seconds(time.time() - run.created)} so far", className="sa-muted sa-num"),
                    html.Span(stop, className="sa-push"),
                ],
                className="sa-row",
            ),
            html.P("You can leave this page; the job goes on and its result is kept.", className="sa-muted sa-small"),
        ],
        className="sa-card sa-stack",
    )


def job_card(run: Run) -> html.Div:
    """The same job, small, in the dock that every page shows."""
    cross = html.Button(
        html.Span(className="sa-icon sa-icon-close"),
        id={"type": "cancel-docked", "index": run.id},
        className="sa-close",
        title="Cancel",
        **{"aria-label": f"Cancel: {JOB_NAMES[run.kind]}"},
    )
    return html.Div(
        [
            html.Div([html.Strong(JOB_NAMES[run.kind]), cross], className="sa-job-head"),
            progress(run.done, run.total, step_of(run)),
            html.Div(numbers.seconds(time.time() - run.created), className="sa-job-foot sa-num"),
        ],
        className="sa-job",
    )


def problem_panel(run: Run) -> html.Div:
    """Why a run has no result to show (one that is done: its bytes are damaged), and the button that starts it again."""
    again = html.Button("Run again", id={"type": "again", "index": run.id}, className="btn btn-primary btn-sm")
    name = JOB_NAMES[run.kind]
    if run.state == "done":
        return notice(
            "bad",
            f"{name}: the stored result is damaged on disk and is not shown.",
            "Your file is still here; running it again gives the same result.",
            action=again,
        )
    if run.state == "cancelled":
        return notice("info", f"{name} was cancelled.", "Nothing was changed.", action=again)
    if run.state == "interrupted":
        return notice(
            "warn",
            f"{name} was interrupted - run again.",
            "The job's process ended before it was finished. Your file and all finished results are intact.",
            action=again,
        )
    problem = run.problem
    text = (
        f"{problem.text} (reference {problem.reference})"
        if problem and problem.reference
        else (problem.text if problem else "")
    )
    return notice("bad", f"{name} did not work.", text, problem.hint if problem else "", action=again)
