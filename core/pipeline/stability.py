"""Candidates fitted again on resampled customers, several at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.algorithms import ALGORITHMS, Algorithm, clustering, place, prepared, run
from core.errors import SegmentationError
from core.memo import Kept, key_of, known
from core.model import Candidate
from core.pipeline.fitting import Bench
from core.pipeline.progress import Progress
from core.pipeline.scoring import digest
from core.selection.stability import jaccard, judged_rows, rand_index, resample

STEP = "Checking stability"
Outcome = tuple[float, np.ndarray]


@dataclass(frozen=True)
class _Task:
    """One resample, by ``number``, for the candidates of one algorithm."""

    algorithm: Algorithm
    number: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class _Resample:
    """Rows to fit and rows to place, and what fits on these rows share, made once per setting."""

    bench: Bench
    algorithm: Algorithm
    fitted: np.ndarray
    judged: np.ndarray
    shared: dict[str, Kept | None]

    def labels(self, params: Mapping[str, Any]) -> np.ndarray:
        """Segments of the ``judged`` rows after a fit on the ``fitted`` ones."""
        fixed = {name: value for name, value in params.items() if name != "n_segments"}
        name, seed = key_of(fixed), self.bench.plan.seed
        if name not in self.shared:
            self.shared[name] = prepared(
                self.algorithm, self.fitted, seed=seed, features=self.bench.matrix.features, fixed=fixed
            )
        model = run(self.algorithm, self.fitted, seed=seed, params=params, shared=self.shared[name])
        return place(self.algorithm, clustering(model), self.judged)


def check(
    bench: Bench, candidates: Sequence[Candidate], keys: Sequence[str], *, threads: int, progress: Progress
) -> list[Candidate]:
    """All ``candidates``, those named by ``keys`` with ``stability`` and ``trust``.

    Every resample has at most 2,000 customers, drawn with replacement, and is
    compared with the whole on the same at most 2,000 customers. Where the run is
    stopped, candidates whose resamples are not all done stay without.
    """
    chosen = [c for c in candidates if c.key in keys and not c.problem]
    names = {c.key: _key(bench, c) for c in chosen}
    found = {c.key: known(bench.memo, names[c.key]) for c in chosen} if bench.plan.resamples else {}
    missing = [c for c in chosen if c.key in found and found[c.key] is None]
    outcomes = _run(bench, _tasks(bench, missing), threads=threads, progress=progress)
    for candidate in missing:
        results = [outcomes.get((candidate.key, number)) for number in range(bench.plan.resamples)]
        if all(one is not None for one in results):
            kept = Kept({"agreement": np.array([a for a, _ in results]), "jaccard": np.stack([j for _, j in results])})
            found[candidate.key] = bench.memo(names[candidate.key], lambda kept=kept: kept)
    return [_with(c, found.get(c.key)) for c in candidates]


def _key(bench: Bench, candidate: Candidate) -> str:
    labels = digest(candidate.labels[bench.matrix.rows])
    plan = bench.plan
    return key_of(
        "stability", bench.matrix_key, candidate.algorithm, dict(candidate.params), labels, plan.seed, plan.resamples
    )


def _tasks(bench: Bench, missing: Sequence[Candidate]) -> list[_Task]:
    """Every resample of every algorithm, the quick algorithms first."""
    by: dict[str, list[Candidate]] = {}
    for candidate in missing:
        by.setdefault(candidate.algorithm, []).append(candidate)
    n_rows, n_features = bench.matrix.values.shape
    quick = sorted(by, key=lambda name: ALGORITHMS[name].cost(n_rows, n_features, candidates=len(by[name])).seconds)
    return [
        _Task(ALGORITHMS[name], number, tuple(by[name])) for name in quick for number in range(bench.plan.resamples)
    ]


def _run(
    bench: Bench, tasks: Sequence[_Task], *, threads: int, progress: Progress
) -> dict[tuple[str, int], Outcome]:
    """What every task found by candidate and number; tasks not begun when the run is stopped are left out."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="stability")
    outcomes: dict[tuple[str, int], Outcome] = {}
    waiting = {pool.submit(_again, bench, task): task for task in tasks}
    try:
        while waiting and not progress.stopped:
            progress(STEP, "stability", 1 - len(waiting) / len(tasks))
            for future in wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED).done:
                task = waiting.pop(future)
                outcomes |= {(key, task.number): one for key, one in future.result().items()}
    finally:
        pool.shutdown(cancel_futures=True)
    return outcomes


def _again(bench: Bench, task: _Task) -> dict[str, Outcome]:
    """The agreement with the whole, and each segment's Jaccard similarity, for every candidate of a task."""
    values, rows, seed = bench.matrix.values, bench.matrix.rows, bench.plan.seed
    judged = judged_rows(len(values), seed)
    sample = _Resample(bench, task.algorithm, values[resample(len(values), seed, task.number)], values[judged], {})
    found = {}
    for candidate in task.candidates:
        whole = candidate.labels[rows[judged]]
        try:
            again = sample.labels(_params(task.algorithm, candidate, share=len(sample.fitted) / len(values)))
            found[candidate.key] = rand_index(whole, again), jaccard(whole, again, candidate.n_segments)
        except SegmentationError:  # these customers do not give such segments at all
            found[candidate.key] = 0.0, np.zeros(candidate.n_segments)
    return found


def _params(algorithm: Algorithm, candidate: Candidate, *, share: float) -> dict[str, Any]:
    params = dict(candidate.params)
    return algorithm.thinned(params, share) if algorithm.thinned is not None and share < 1 else params


def _with(candidate: Candidate, kept: Kept | None) -> Candidate:
    if kept is None:
        return candidate
    similar = kept.arrays["jaccard"]
    seen = np.flatnonzero(~np.isnan(similar).any(axis=0))
    return replace(
        candidate,
        stability=tuple(float(one) for one in kept.arrays["agreement"]),
        trust={int(at) + 1: float(similar[:, at].mean()) for at in seen},
    )
