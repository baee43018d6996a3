"""The background callbacks: the only callers of :mod:`core.pipeline`.

Importable without the app and without a page. Each takes the id of a run that
:class:`dashboard.runner.desk.Jobs` has queued, reads everything else from the
store, and leaves its result there; the browser only ever sees the id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.model import Plan, Table
from dashboard import settings
from dashboard.runner.lifecycle import Report, carry_out
from dashboard.store import Run, Store


def load(run_id: str) -> str:
    """Read an uploaded file with the answers given; stores the table."""
    return perform_queued(run_id)


def compare(run_id: str) -> str:
    """Form and score every candidate of a plan; stores the comparison."""
    return perform_queued(run_id)


def importance(run_id: str) -> str:
    """Find what separates the segments of one candidate; stores the explanation."""
    return perform_queued(run_id)


def perform_queued(run_id: str) -> str:
    """:func:`perform` on the store that the environment names; what a Celery worker calls."""
    return perform(_store_at(settings.read().data_dir), run_id)


def perform(store: Store, run_id: str) -> str:
    """Carry out a queued run of any kind in this process; returns its id, whatever came of it."""
    owner = store.ledger.owner_of(run_id)
    if not owner:
        return run_id
    run = store.run(owner, run_id)

    def work(report: Report) -> Any:
        return WORK[run.kind](store, owner, run, report)

    def save(noun: Any, token: int) -> str:
        if isinstance(noun, Table):
            return store.save_table(owner, run.dataset, noun, answers=run.request.get("answers", {}), run=run_id)
        return store.save_result(run_id, token, noun)

    return carry_out(store, run_id, work, save)


def _load(store: Store, owner: str, run: Run, report: Report) -> Table:
    report("Reading the file", 0, 1)
    table = _read(store, owner, run.dataset, run.request.get("answers", {}))
    report("Reading the file", 1, 1)
    return table


def _compare(store: Store, owner: str, run: Run, report: Report) -> Any:
    from core import pipeline

    plan = Plan.from_json(run.request["plan"])
    return pipeline.compare(_table(store, owner, run, plan.recipe.answers, report), plan, report)


def _importance(store: Store, owner: str, run: Run, report: Report) -> Any:
    from core import pipeline

    comparison = store.comparison(owner, run.request["run"])
    table = _table(store, owner, run, comparison.plan.recipe.answers, report)
    return pipeline.importance(table, comparison, run.request["candidate"], report)


def _table(store: Store, owner: str, run: Run, answers: Mapping[str, str], report: Report) -> Table:
    if not store.table_ready(owner, run.dataset, answers):
        report("Reading the file", 0, 1)
        table = _read(store, owner, run.dataset, answers)
        store.save_table(owner, run.dataset, table, answers=answers, run=run.id)
    return store.table(owner, run.dataset, answers)


def _read(store: Store, owner: str, dataset: str, answers: Mapping[str, str]) -> Table:
    from core import pipeline

    return pipeline.load(store.source(owner, dataset), store.dataset(owner, dataset).name, dict(answers))


WORK: dict[str, Callable[[Store, str, Run, Report], Any]] = {
    "load": _load,
    "compare": _compare,
    "importance": _importance,
}


@lru_cache(maxsize=1)
def _store_at(directory: Path) -> Store:
    return Store(directory)
