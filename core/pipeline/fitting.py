"""All candidates of a plan, fitted side by side: each on one thread, several at a time, none computed twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core import profiles
from core.algorithms import Algorithm, clustering, one_thread, place, prepared, run
from core.errors import SegmentationError
from core.memo import Kept, Memo, key_of, known
from core.model import Candidate, Matrix, Plan
from core.params import check_params

WIDER = "A longer reach (eps) or a smaller crowd (min_samples, min_cluster_size) may find some."


@dataclass(frozen=True)
class Job:
    """One candidate to fit."""

    key: str
    algorithm: Algorithm
    params: Mapping[str, Any]

    @property
    def label(self) -> str:
        return f"{self.algorithm.label}, {self.algorithm.caption(self.params)}"


@dataclass(frozen=True)
class Bench:
    """What every fit of a run works with; ``matrix_key`` is the content key of ``matrix``."""

    matrix: Matrix
    matrix_key: str
    plan: Plan
    memo: Memo

    def shared(self, algorithm: Algorithm) -> Kept | None:
        """What the algorithm's fits share; made at most once."""
        if algorithm.shared is None:
            return None
        kept = self._fixed(algorithm.name)

        def make() -> Kept:
            return prepared(
                algorithm, self.matrix.values, seed=self.plan.seed, features=self.matrix.features, fixed=kept
            )

        return self.memo(self._shared_key(algorithm.name), make)

    def reused(self, name: str) -> Kept | None:
        """What the fits of an algorithm shared, None where it was never made."""
        return known(self.memo, self._shared_key(name))

    def _fixed(self, name: str) -> dict[str, Any]:
        """The settings that all fits of an algorithm have in common."""
        return {key: value for key, value in self.plan.settings.get(name, {}).items() if key != "n_segments"}

    def _shared_key(self, name: str) -> str:
        return key_of("shared", self.matrix_key, name, self._fixed(name), self.plan.seed)

    def jobs(self, algorithm: Algorithm, shared: Kept | None) -> list[Job]:
        """The candidates of one algorithm."""
        fixed = dict(self.plan.settings.get(algorithm.name, {}))
        with one_thread():
            grid = algorithm.grid(
                self.matrix.values, segments=self.plan.segments, seed=self.plan.seed, fixed=fixed, shared=shared
            )
        settings = [check_params(algorithm.params, dict(params)) for params in grid]
        return [Job(f"{algorithm.name}-{p.get('n_segments', at)}", algorithm, p) for at, p in enumerate(settings, 1)]

    def fit(self, job: Job, shared: Kept | None) -> Candidate:
        """One candidate over every row of the table, without scores."""
        key = key_of("labels", self.matrix_key, job.algorithm.name, dict(job.params), self.plan.seed)
        kept = self.memo(key, lambda: _fitted(job, self, shared))
        labels = kept.arrays["labels"]
        labels.setflags(write=False)
        facts = kept.facts
        return Candidate(
            key=job.key,
            algorithm=job.algorithm.name,
            label=job.label,
            params=dict(job.params),
            labels=labels,
            sizes={} if facts["problem"] else profiles.sizes(labels),
            names={},
            scores=(),
            seconds=facts["seconds"],
            problem=facts["problem"],
            notes=tuple(facts["notes"]),
            facts=facts["facts"],
            curves={name: tuple(curve) for name, curve in facts["curves"].items()},
        )


@dataclass(frozen=True)
class _Task:
    """A piece of work of one algorithm: what its fits share, its grid ("jobs"), or one fit."""

    stage: str
    algorithm: Algorithm
    work: Callable[[], Any]
    shared: Kept | None = None


def fit_all(
    bench: Bench, algorithms: Sequence[Algorithm], *, threads: int, report: Callable[[str, int, int], None]
) -> Iterator[Candidate]:
    """Every candidate as soon as it is fitted, in no fixed order.

    ``report(step, done, total)`` may raise: what has not begun is then left
    alone, and the exception is passed on once running fits have ended.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="fit")
    waiting = [_first(bench, algorithm) for algorithm in algorithms]
    flying: dict[Future, _Task] = {}
    done, total = 0, len(algorithms)
    try:
        while waiting or flying:
            while waiting and len(flying) < threads:
                task = _next(waiting, flying.values())
                waiting.remove(task)
                flying[pool.submit(task.work)] = task
            report(_step([*flying.values(), *waiting]), done, total)
            ready = wait(flying, timeout=1.0, return_when=FIRST_COMPLETED).done
            for future in sorted(ready, key=list(flying).index):
                task, found = flying.pop(future), future.result()
                if task.stage == "fit":
                    done += 1
                    yield found
                    continue
                total += len(found) - 1 if task.stage == "jobs" else 0
                waiting += _following(bench, task, found)
    finally:
        pool.shutdown(cancel_futures=True)


def _first(bench: Bench, algorithm: Algorithm) -> _Task:
    if algorithm.shared is None:
        return _Task("jobs", algorithm, partial(bench.jobs, algorithm, None))
    return _Task("shared", algorithm, partial(bench.shared, algorithm))


def _following(bench: Bench, task: _Task, found: Any) -> list[_Task]:
    """What can be done once ``task`` is done with this result."""
    if task.stage == "shared":
        return [_Task("jobs", task.algorithm, partial(bench.jobs, task.algorithm, found), found)]
    return [_Task("fit", task.algorithm, partial(bench.fit, job, task.shared), task.shared) for job in found]


def _next(waiting: Sequence[_Task], flying: Iterable[_Task]) -> _Task:
    """One thread makes what fits share, the others fit, so that candidates come early and no thread waits at the end."""
    making = not flying or any(task.stage == "shared" for task in flying)
    order = ("fit", "jobs", "shared") if making else ("shared", "fit", "jobs")
    return min(waiting, key=lambda task: order.index(task.stage))


def _step(tasks: Iterable[_Task]) -> str:
    """What is being fitted: at most three algorithms by name."""
    labels = list(dict.fromkeys(task.algorithm.label for task in tasks))
    more = f" and {len(labels) - 3} more" if len(labels) > 3 else ""
    return f"Fitting {', '.join(labels[:3])}{more}"


def _fitted(job: Job, bench: Bench, shared: Kept | None) -> Kept:
    """Fit and place; a problem that a person can act on is an answer like any other."""
    started = time.perf_counter()
    matrix = bench.matrix
    labels = np.zeros(len(matrix.outlier), dtype=np.int16)
    facts: dict[str, Any] = {"problem": "", "notes": [], "facts": {}, "curves": {}}
    try:
        fitted = run(job.algorithm, matrix.values, seed=bench.plan.seed, params=job.params, shared=shared)
        found = clustering(fitted)
        facts |= {
            "notes": [*fitted.notes, *_missing_groups(job, found.n_segments)],
            "facts": {name: float(value) for name, value in fitted.facts.items()},
            "curves": {name: [float(v) for v in curve] for name, curve in fitted.curves.items()},
        }
        if found.n_segments == 0:
            facts["problem"] = "No crowd of customers was found: every customer stays unplaced. " + WIDER
        else:
            labels[matrix.rows] = found.labels
            labels[matrix.aside_rows] = place(job.algorithm, found, matrix.aside_values)
            labels = _largest_first(labels)
    except SegmentationError as refused:
        facts["problem"] = str(refused)
    return Kept({"labels": labels}, facts | {"seconds": time.perf_counter() - started})


def _largest_first(labels: np.ndarray) -> np.ndarray:
    """Segments numbered by size over every row: rows set aside may have changed the order of the fit."""
    counts = np.bincount(labels[labels > 0])[1:]
    number = np.empty(len(counts) + 1, dtype=np.int16)
    number[1:][np.argsort(-counts, kind="stable")] = np.arange(1, len(counts) + 1)
    return np.where(labels > 0, number[labels], labels).astype(np.int16)


def _missing_groups(job: Job, found: int) -> tuple[str, ...]:
    asked = job.params.get("n_segments", found)
    return () if found == asked else (f"Only {found} of {asked} segments received customers.",)
