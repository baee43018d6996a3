"""What a page wants a job to do: found again by what was asked, or asked for, with what went wrong in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import no_update

from core.errors import SegmentationError
from dashboard.components import notice
from dashboard.services import owner, services
from dashboard.store import Run


def newest(kind: str, dataset: str, wanted: Mapping[str, Any]) -> Run | None:
    """The latest run of this kind about a dataset that was asked just this, whatever became of it."""
    runs = services().store.runs(owner(), dataset=dataset, kind=kind)
    return next((run for run in runs if run.request == wanted), None)


def ask(kind: str, dataset: str, wanted: Mapping[str, Any]) -> tuple:
    """Ask for a job. What belongs into the page's request (the run's id) and what is said: nothing, or why it cannot be."""
    try:
        return services().jobs.request(owner(), kind, dataset, dict(wanted)).id, None
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)
