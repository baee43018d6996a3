"""The background callbacks: the only callers of :mod:`core.pipeline`.

Importable without the app and without a page. Each takes the id of a run that
:class:`dashboard.runner.desk.Jobs` has queued, reads everything else from the
store, and leaves its result there; the browser only ever sees the id.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.fenced import Limits
from dashboard import settings
from dashboard.jobs import handing_over, segmenting
from dashboard.jobs.job import PROBLEM_CHARACTERS, Job, Kept, finished_row
from dashboard.runner.lifecycle import Report, carry_out
from dashboard.store import Store
from dashboard.store.summaries import summary


def load(run_id: str) -> str:
    """Read an uploaded file with the answers given; stores the table."""
    return perform_queued(run_id)


def explore(run_id: str) -> str:
    """Look at spreads, relations and gaps of a file that is read; stores what was found."""
    return perform_queued(run_id)


def examine(run_id: str) -> str:
    """Look for ailments of order lines; stores the examination."""
    return perform_queued(run_id)


def customers(run_id: str) -> str:
    """Make customers of order lines; stores their table and what is told about them."""
    return perform_queued(run_id)


def compare(run_id: str) -> str:
    """Form and score every candidate of a plan; stores the comparison."""
    return perform_queued(run_id)


def importance(run_id: str) -> str:
    """Find what separates the segments of one candidate; stores the explanation."""
    return perform_queued(run_id)


def portray(run_id: str) -> str:
    """Tell everything about one candidate as a person shaped it; stores the segmentation."""
    return perform_queued(run_id)


def split(run_id: str) -> str:
    """Look for the best binary split of one segment; stores the proposal."""
    return perform_queued(run_id)


def why(run_id: str) -> str:
    """Find out why one customer is in its segment; stores the account."""
    return perform_queued(run_id)


def train(run_id: str) -> str:
    """Make a model of one candidate as a person shaped it; stores it among the models of its owner, too."""
    return perform_queued(run_id)


def score(run_id: str) -> str:
    """Place the customers of another file by a stored model; stores where they belong."""
    return perform_queued(run_id)


def migrate(run_id: str) -> str:
    """Compare a segmentation with an earlier one; stores who went where."""
    return perform_queued(run_id)


def publish(run_id: str) -> str:
    """Write a report or a workbook; stores the document."""
    return perform_queued(run_id)


def uplift(run_id: str) -> str:
    """Read what a campaign brought from a file of results; stores the account."""
    return perform_queued(run_id)


def perform_queued(run_id: str) -> str:
    """:func:`perform` on the store that the environment names; what a Celery worker calls."""
    here = settings.read()
    may = here.allowance
    return perform(_store_at(here.data_dir, here.memo_mb), run_id, threads=may.threads, most=may.most, engine=may.engine)


def perform(
    store: Store, run_id: str, *, threads: int = 1, most: Limits = Limits(), engine: str = "duckdb"  # noqa: B008  frozen
) -> str:
    """Carry out a queued run of any kind in this process; returns its id, whatever came of it.

    ``threads`` is how many fits may go on at the same time; no result depends on it.
    ``most`` is what reading a file may use, ``engine`` what aggregates order lines.
    """
    owner = store.ledger.owner_of(run_id)
    if not owner:
        return run_id
    run = store.run(owner, run_id)

    def work(report: Report, token: int) -> Any:
        return WORK[run.kind](Job(store, owner, run, token, threads, most, engine), report)

    def save(noun: Any, token: int) -> tuple[str, bool]:
        if isinstance(noun, Kept):
            digest = store.adopt_table(owner, run.dataset, noun.draft, answers=run.request.get("answers", {}))
            return digest if noun.told is None else store.save_result(run_id, token, noun.told), False
        digest = store.save_result(run_id, token, noun)
        if run.kind == "train":
            try:
                store.models.add(owner, noun, run=run_id, dataset=run.dataset)
            except Exception:  # deleted meanwhile, or no room for both
                store.discard_result(run_id)
                raise
        if run.kind == "compare":
            store.summaries.keep(run_id, summary(noun))
        return digest, bool(getattr(noun, "stopped", ""))

    return carry_out(store, run_id, work, save)


WORK: dict[str, Callable[[Job, Report], Any]] = {
    "load": segmenting.load,
    "explore": segmenting.explore,
    "examine": segmenting.examine,
    "customers": segmenting.customers,
    "compare": segmenting.compare,
    "importance": segmenting.importance,
    "portray": segmenting.portray,
    "split": segmenting.split,
    "why": segmenting.why,
    "train": handing_over.train,
    "score": handing_over.score,
    "migrate": handing_over.migrate,
    "publish": handing_over.publish,
    "uplift": handing_over.uplift,
}


@lru_cache(maxsize=1)
def _store_at(directory: Path, memo_mb: int) -> Store:
    return Store(directory, memo_mb=memo_mb)


__all__ = [
    "PROBLEM_CHARACTERS", "WORK", "Job", "compare", "customers", "examine", "explore", "finished_row", "importance", "load", "migrate", "perform",
    "perform_queued", "portray", "publish", "score", "split", "train", "uplift", "why",
]  # fmt: skip
