"""A job as a page shows it: running with its progress, or ended without a result and what to do next."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pandas as pd
from dash import html

from dashboard.components import numbers
from dashboard.components.forms import progress
from dashboard.components.parts import notice
from dashboard.components.tables import table
from dashboard.store import Run

NEWEST = 12

JOB_NAMES = {
    "load": "Reading the file",
    "explore": "Looking at the file",
    "examine": "Examining the order lines",
    "customers": "Making customers",
    "compare": "Comparing segmentations",
    "importance": "Measuring importance",
    "portray": "Describing the segments",
    "split": "Looking for the best split",
    "why": "Looking at one customer",
    "train": "Making a model",
    "score": "Placing customers",
    "migrate": "Comparing with an earlier segmentation",
    "publish": "Writing the document",
    "uplift": "Reading what the campaign brought",
}


def step_of(run: Run) -> str:
    """What the job does now, or its place in the queue."""
    if run.stopping and run.open:
        return f"Stopping; {_kept(run.kept)}"
    if run.state == "queued":
        return f"Waiting, place {run.place} in line" if run.place else "Waiting for its turn"
    return "Saving the result" if run.state == "saving" else run.step or "Starting"


def _kept(count: int) -> str:
    return f"{numbers.count(count, 'finished candidate')} {'is' if count == 1 else 'are'} kept"


def job_panel(run: Run) -> html.Section:
    """A running or waiting job in the middle of its page; a comparison shows what is finished already."""
    word = "Stop at once and keep nothing" if run.stopping else "Cancel"
    stop = html.Button(word, id={"type": "cancel", "index": run.id}, className="btn btn-secondary btn-sm")
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
            html.P(_promise(run), className="sa-muted sa-small"),
            *finished_candidates(run),
        ],
        className="sa-card sa-stack",
    )


def _promise(run: Run) -> str:
    if run.stopping:
        return "What is being fitted ends first; then the finished candidates are compared."
    left = "You can leave this page; the job goes on and its result is kept."
    return f"{left} If you cancel, {_kept(run.kept)} and compared." if run.kept else left


def finished_candidates(run: Run) -> list:
    """How many candidates are finished, by algorithm, and the newest ones; nothing before the first."""
    if not run.finished:
        return []
    by = Counter(one["algorithm"] for one in run.finished)
    parts = ", ".join(
        f"{name} {numbers.whole(n)}" for name, n in sorted(by.items(), key=lambda item: (-item[1], item[0]))
    )
    told = f"{numbers.count(len(run.finished), 'candidate')} finished: {parts}."
    frame = pd.DataFrame([_row(one) for one in run.finished])
    formats = {"Share placed": "share", "Time": "seconds", "Smallest": "whole", "Largest": "whole", "Segments": "whole"}
    drawn = table(frame, caption="Finished candidates, the newest first", formats=formats, max_rows=NEWEST)
    return [html.P(told, role="status", className="sa-small"), drawn]


def _row(one: dict[str, Any]) -> dict[str, Any]:
    whole = not one["problem"]
    return {
        "Candidate": one["label"],
        "Segments": one["segments"] if whole else None,
        "Smallest": one["smallest"] if whole else None,
        "Largest": one["largest"] if whole else None,
        "Share placed": one["placed"] if whole else None,
        "Time": one["seconds"],
        "Problem": one["problem"],
    }


def stopped_notice(run: Run, stopped: str) -> html.Div:
    """Above a result that its owner stopped: how far it came (``Comparison.stopped``), and the button to go on."""
    again = html.Button("Compute the rest", id={"type": "again", "index": run.id}, className="btn btn-secondary btn-sm")
    return notice("info", stopped, "What is finished is not computed again.", action=again)


def job_card(run: Run) -> html.Div:
    """The same job, small, in the dock that every page shows."""
    word = "Stop at once and keep nothing" if run.stopping else "Cancel"
    cross = html.Button(
        html.Span(className="sa-icon sa-icon-close"),
        id={"type": "cancel-docked", "index": run.id},
        className="sa-close",
        title=word,
        **{"aria-label": f"{word}: {JOB_NAMES[run.kind]}"},
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
    """Why a run has no result to show, and the button that starts it again.

    One that is done has a result that is damaged, or that an earlier version made.
    """
    again = html.Button("Run again", id={"type": "again", "index": run.id}, className="btn btn-primary btn-sm")
    name = JOB_NAMES[run.kind]
    if run.state == "done" and run.kind == "compare" and run.plan is None:
        return notice(
            "info",
            f"{name}: this was compared by an earlier version of this program.",
            "Running it again keeps how the columns are prepared.",
            action=again,
        )
    if run.state == "done":
        return notice(
            "bad",
            f"{name}: the stored result is damaged on disk and is not shown.",
            "Your file is still here; running it again gives the same result.",
            action=again,
        )
    if run.state == "cancelled":
        kept = " Fits that were finished are not computed again." if run.kind == "compare" else ""
        return notice("info", f"{name} was cancelled.", f"Nothing was changed.{kept}", action=again)
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
        if problem and problem.reference and problem.reference not in problem.text
        else (problem.text if problem else "")
    )
    return notice("bad", f"{name} did not work.", text, problem.hint if problem else "", action=again)
