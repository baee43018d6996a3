"""The background callbacks: the only callers of :mod:`core.pipeline`.

Importable without the app and without a page. Each takes the id of a run that
:class:`dashboard.runner.desk.Jobs` has queued, reads everything else from the
store, and leaves its result there; the browser only ever sees the id.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core import codec
from core.errors import BadRequest
from core.fenced import Limits
from core.model import NOISE, Candidate, Comparison, OrderPlan, Shape, Table, of_lines
from dashboard import settings
from dashboard.runner.desk import code_version
from dashboard.runner.lifecycle import Report, carry_out
from dashboard.security.labels import plain
from dashboard.store import Run, Store

PROBLEM_CHARACTERS = 240
COMPUTING = ("numpy", "scipy", "scikit-learn", "fastcluster", "genieclust")


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
        return store.save_result(run_id, token, noun), bool(getattr(noun, "stopped", ""))

    return carry_out(store, run_id, work, save)


@dataclass(frozen=True)
class Job:
    """A claimed run: where it speaks to, whose it is, the token it speaks with, and what it may use."""

    store: Store
    owner: str
    run: Run
    token: int
    threads: int
    most: Limits
    engine: str

    def show(self, candidate: Candidate) -> None:
        """Let the page see a finished candidate while the others are still fitted."""
        self.store.ledger.show(self.run.id, self.token, finished_row(candidate), usable=not candidate.problem)


def finished_row(candidate: Candidate) -> dict[str, Any]:
    """What a page shows of a candidate before it is scored (see :class:`dashboard.store.Run`)."""
    from core.algorithms import ALGORITHMS

    sizes = [count for segment, count in candidate.sizes.items() if segment != NOISE]
    everyone = sum(candidate.sizes.values())
    return {
        "label": plain(candidate.label),
        "algorithm": ALGORITHMS[candidate.algorithm].label,
        "segments": len(sizes),
        "smallest": int(min(sizes, default=0)),
        "largest": int(max(sizes, default=0)),
        "placed": float(sum(sizes) / everyone) if everyone else 0.0,
        "seconds": round(float(candidate.seconds), 3),
        "problem": plain(candidate.problem, limit=PROBLEM_CHARACTERS),
    }


@dataclass(frozen=True)
class Kept:
    """A table that was written into a directory of this job, where it waits to be adopted, and what is ``told`` beside it."""

    draft: Path
    told: Any = None


def _load(job: Job, report: Report) -> Kept:
    return Kept(_read(job, job.run.request.get("answers", {}), report))


def _explore(job: Job, report: Report) -> Any:
    from core import pipeline

    return pipeline.explore(_table(job, job.run.request.get("answers", {}), report), report)


def _examine(job: Job, report: Report) -> Any:
    from core.pipeline import ordering

    lines, plan = _lines(job, report)
    scratch = job.store.draft(job.run.id)
    try:
        return ordering.examine(lines, plan, report, engine=job.engine, folder=scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _customers(job: Job, report: Report) -> Kept:
    from core.pipeline import ordering

    lines, plan = _lines(job, report)
    scratch, draft = job.store.draft(job.run.id), job.store.draft(job.run.id)
    try:
        built = ordering.make_customers(lines, plan, report, engine=job.engine, folder=scratch)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    codec.write(built.table, draft)
    return Kept(draft, built.ordered)


def _lines(job: Job, report: Report) -> tuple[Table, OrderPlan]:
    """The order lines as stored (read where they are not), and how they are to be taken."""
    plan = job.run.order_plan
    if plan is None:
        raise BadRequest("This was asked for by another version.", "Ask again on the Orders page.")
    answers = of_lines(job.run.request["answers"])
    return _table(job, answers, report), plan


def _compare(job: Job, report: Report) -> Any:
    from core import pipeline

    plan = job.run.plan
    if plan is None:
        raise BadRequest("This comparison was asked for by another version.", "Compare again on the Data page.")
    table = _table(job, plan.recipe.answers, report)
    memo = job.store.memo(job.owner, job.run.dataset, computed_by())
    return pipeline.compare(table, plan, report, memo=memo, show=job.show, threads=job.threads)


def _importance(job: Job, report: Report) -> Any:
    from core import pipeline

    asked, memo = job.run.request, job.store.memo(job.owner, job.run.dataset, computed_by())
    shape = Shape.from_json(asked["shape"])
    return pipeline.importance(*_compared(job, report), asked["candidate"], report, shape=shape, memo=memo)


def _portray(job: Job, report: Report) -> Any:
    from core import pipeline

    asked, memo = job.run.request, job.store.memo(job.owner, job.run.dataset, computed_by())
    return pipeline.portray(
        *_compared(job, report), asked["candidate"], report,
        shape=Shape.from_json(asked["shape"]), resamples=asked["resamples"], memo=memo, threads=job.threads,
    )  # fmt: skip


def _split(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    shape = Shape.from_json(asked["shape"])
    return pipeline.propose_split(*_compared(job, report), asked["candidate"], report, shape=shape, segment=asked["segment"])


def _why(job: Job, report: Report) -> Any:
    from core import pipeline

    asked, memo = job.run.request, job.store.memo(job.owner, job.run.dataset, computed_by())
    shape = Shape.from_json(asked["shape"])
    return pipeline.why_here(*_compared(job, report), asked["candidate"], report, shape=shape, row=asked["row"], memo=memo)


def _compared(job: Job, report: Report) -> tuple[Table, Comparison]:
    """The table and the comparison that a request is about."""
    comparison = job.store.comparison(job.owner, job.run.request["run"])
    return _table(job, comparison.plan.recipe.answers, report), comparison


def _table(job: Job, answers: Mapping[str, str], report: Report) -> Table:
    store, owner, dataset = job.store, job.owner, job.run.dataset
    if not store.table_ready(owner, dataset, answers):
        store.adopt_table(owner, dataset, _read(job, answers, report), answers=answers)
    return store.table(owner, dataset, answers)


def _read(job: Job, answers: Mapping[str, str], report: Report) -> Path:
    """The directory into which another process, which may die of the file, has written the table."""
    from core import pipeline

    store, dataset = job.store, job.store.dataset(job.owner, job.run.dataset)
    draft, scratch = store.draft(job.run.id), store.draft(job.run.id)
    last = ("Reading the file", 0, 1)

    def step(*told: Any) -> None:
        nonlocal last
        last = told
        report(*told)

    fence = pipeline.Fence(job.most, step, lambda: report(*last), scratch)
    try:
        pipeline.load_apart(store.source(job.owner, dataset.id), dataset.name, dict(answers),
                            keep=lambda table: codec.write(table, draft), fence=fence)  # fmt: skip
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return draft


@lru_cache(maxsize=1)
def computed_by() -> str:
    """Changes with any line of ``core`` and with the packages that compute: kept fits of others are not ours."""
    packages = [f"{name} {version(name)}" for name in COMPUTING]
    return hashlib.sha256("\n".join([code_version(), *packages]).encode()).hexdigest()[:16]


WORK: dict[str, Callable[[Job, Report], Any]] = {
    "load": _load,
    "explore": _explore,
    "examine": _examine,
    "customers": _customers,
    "compare": _compare,
    "importance": _importance,
    "portray": _portray,
    "split": _split,
    "why": _why,
}


@lru_cache(maxsize=1)
def _store_at(directory: Path, memo_mb: int) -> Store:
    return Store(directory, memo_mb=memo_mb)
