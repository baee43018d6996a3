"""Dash's background channel on top of our own store.

Dash's stock manager keeps results in the cache and kills by process number. Here
the channel carries one thing only, the id of a run: whether it has ended, and
how, is read from the store, where ownership is checked at every poll. The cache
holds the ticket from Dash's key to the run, for progress, and may vanish.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import DiskcacheManager
from flask import request

from core.errors import BadRequest
from dashboard import ids
from dashboard.services import owner, services
from dashboard.store import NotFound, Run
from dashboard.workspace import Workspace

TICKET_OWNER = "tickets"


class RunManager(DiskcacheManager):
    """Background callbacks take a run id that :meth:`Jobs.request` gave out, and return it when the run has ended."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.cache)
        self._workspace = workspace

    def make_job_fn(self, fn: Callable, progress: Any, key: str | None = None) -> Callable:
        return fn

    def call_job_fn(self, key: str, job_fn: Callable, args: Any, context: Any) -> str:
        """Nothing is started here: the run stands in the queue already, and the runner starts it.

        ``context`` holds cookies and headers of the request; it goes nowhere.
        """
        run = next(iter(args.values() if isinstance(args, dict) else args), None)
        if not ids.is_id(run):
            raise BadRequest("This is not the id of a run.", "Reload the page and try again.")
        services().store.run(owner(), run)
        services().jobs.wake()
        self._workspace.put(TICKET_OWNER, key, run, days=1)
        return run

    def get_result(self, key: str, job: str | None) -> Any:
        """The run id once the run has ended; it is not consumed, so that a second tab gets it too."""
        run = self._run(job)
        if job is None or (run is not None and run.open):
            return self.UNDEFINED
        return job

    def result_ready(self, key: str) -> bool:
        run = self._run(self._workspace.get(TICKET_OWNER, key))
        return run is not None and not run.open

    def job_running(self, job: str | None) -> bool:
        run = self._run(job)
        return run is not None and run.open

    def get_progress(self, key: str) -> list[Any] | None:
        """One value, for one progress output: step, done, total, state and place. Reading does not consume it."""
        run = self._run(self._workspace.get(TICKET_OWNER, key))
        if run is None:
            return None
        return [{"step": run.step, "done": run.done, "total": run.total, "state": run.state, "place": run.place}]

    def get_updated_props(self, key: str) -> dict:
        return {}

    def terminate_job(self, job: str | None) -> None:
        """Cancel, but only on an express wish: Dash also calls this when a newer request replaces an older one,
        and that run shall go on."""
        if self._run(job) is not None and request.args.getlist("cancelJob"):
            services().jobs.cancel(owner(), job)

    def terminate_unhealthy_job(self, job: str | None) -> bool:
        return False

    def _run(self, job: Any) -> Run | None:
        """The run, when it exists and belongs to this request's session."""
        if not ids.is_id(job):
            return None
        try:
            return services().store.run(owner(), job)
        except NotFound:
            return None
