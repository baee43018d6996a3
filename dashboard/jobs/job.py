"""A claimed run and what every job needs of it: the table, the comparison, the memo."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core import codec
from core.fenced import Limits
from core.memo import Memo
from core.model import NOISE, Candidate, Comparison, Table
from dashboard.runner.desk import code_version
from dashboard.runner.lifecycle import Report
from dashboard.security.labels import plain
from dashboard.store import Run, Store

PROBLEM_CHARACTERS = 240
COMPUTING = ("numpy", "scipy", "scikit-learn", "fastcluster", "genieclust")


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

    def memo(self) -> Memo:
        """What jobs on this file need not compute twice."""
        return self.store.memo(self.owner, self.run.dataset, computed_by())


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


def compared(job: Job, report: Report) -> tuple[Table, Comparison]:
    """The table and the comparison that a request is about."""
    comparison = job.store.comparison(job.owner, job.run.request["run"])
    return table(job, comparison.plan.recipe.answers, report), comparison


def table(job: Job, answers: Mapping[str, str], report: Report) -> Table:
    store, owner, dataset = job.store, job.owner, job.run.dataset
    if not store.table_ready(owner, dataset, answers):
        store.adopt_table(owner, dataset, read(job, answers, report), answers=answers)
    return store.table(owner, dataset, answers)


def read(job: Job, answers: Mapping[str, str], report: Report) -> Path:
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
