"""Candidates fitted again on resampled customers, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.algorithms import ALGORITHMS, Algorithm, clustering, place, prepared, run
from core.errors import SegmentationError
from core.memo import Kept, key_of, known
from core.model import NOISE, Candidate
from core.pipeline.fitting import Bench
from core.pipeline.progress import Progress
from core.pipeline.scoring import digest
from core.selection.stability import drawn, jaccard, judged_rows, rand_index, resample, trusted

STEP = "Checking stability"
Outcome = tuple[float, np.ndarray]
Tell = Callable[[float], bool]


@dataclass(frozen=True)
class Again:
    """What the fits on resamples gave: ``agreement`` (b,) with the whole (adjusted Rand index, on placed customers), and
    ``labels`` of the distinct customers drawn (:func:`core.selection.stability.drawn`), an array per resample."""

    agreement: np.ndarray
    labels: tuple[np.ndarray, ...]


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

    def labels(self, params: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
        """Segments of the ``fitted`` rows, and of the ``judged`` rows placed after that fit."""
        fixed = {name: value for name, value in params.items() if name != "n_segments"}
        name, seed = key_of(fixed), self.bench.plan.seed
        if name not in self.shared:
            self.shared[name] = prepared(
                self.algorithm, self.fitted, seed=seed, features=self.bench.matrix.features, fixed=fixed
            )
        found = clustering(run(self.algorithm, self.fitted, seed=seed, params=params, shared=self.shared[name]))
        return found.labels, place(self.algorithm, found, self.judged)


def check(
    bench: Bench, candidates: Sequence[Candidate], keys: Sequence[str], *, threads: int, progress: Progress
) -> list[Candidate]:
    """All ``candidates``, those named by ``keys`` with ``stability`` and ``trust``.

    Every resample has at most 2,000 customers, drawn with replacement. Where the run is
    stopped, candidates whose resamples are not all done stay without.
    """

    def tell(share: float) -> bool:
        progress(STEP, "stability", share)
        return not progress.stopped

    count = bench.plan.resamples
    chosen = [c for c in candidates if c.key in keys and not c.problem] if count else []
    found = fitted_again(bench, chosen, count, threads=threads, tell=tell)
    return [_with(bench, c, found.get(c.key)) for c in candidates]


def fitted_again(
    bench: Bench, candidates: Sequence[Candidate], count: int, *, threads: int, tell: Tell
) -> dict[str, Again]:
    """The ``candidates`` fitted on ``count`` resamples each, by key; what the memo holds is not fitted again.

    ``tell(share)`` hears how much is done (0..1); when it answers False, what has not begun is left out, and with it
    its candidate. It may raise, too.
    """
    names = {c.key: _key(bench, c, count) for c in candidates}
    found = {key: known(bench.memo, name) for key, name in names.items()}
    missing = [c for c in candidates if found[c.key] is None]
    outcomes = _run(bench, _tasks(bench, missing, count), threads=threads, tell=tell)
    for candidate in missing:
        results = [outcomes.get((candidate.key, number)) for number in range(count)]
        if all(one is not None for one in results):
            arrays = {"agreement": np.array([a for a, _ in results]), "labels": np.concatenate([f for _, f in results])}
            found[candidate.key] = _keep(bench, names[candidate.key], Kept(arrays))
    ends = np.cumsum([len(drawn_rows(bench, number)) for number in range(count)])[:-1]
    return {
        key: Again(kept.arrays["agreement"], tuple(np.split(kept.arrays["labels"], ends)))
        for key, kept in found.items()
        if kept is not None
    }


def _keep(bench: Bench, name: str, made: Kept) -> Kept:
    return bench.memo(name, lambda: made)


def drawn_rows(bench: Bench, number: int) -> np.ndarray:
    """Positions among the fitted rows, rising, of the distinct customers of a resample."""
    return drawn(resample(len(bench.matrix.rows), bench.plan.seed, number))[0]


def _key(bench: Bench, candidate: Candidate, count: int) -> str:
    labels, seed = digest(candidate.labels[bench.matrix.rows]), bench.plan.seed
    return key_of("resampled", bench.matrix_key, candidate.algorithm, dict(candidate.params), labels, seed, count)


def _tasks(bench: Bench, missing: Sequence[Candidate], count: int) -> list[_Task]:
    """Every resample of every algorithm, the quick algorithms first."""
    by: dict[str, list[Candidate]] = {}
    for candidate in missing:
        by.setdefault(candidate.algorithm, []).append(candidate)
    n_rows, n_features = bench.matrix.values.shape
    quick = sorted(by, key=lambda name: ALGORITHMS[name].cost(n_rows, n_features, candidates=len(by[name])).seconds)
    return [_Task(ALGORITHMS[name], number, tuple(by[name])) for name in quick for number in range(count)]


def _run(bench: Bench, tasks: Sequence[_Task], *, threads: int, tell: Tell) -> dict[tuple[str, int], Outcome]:
    """What every task found by candidate and number; tasks not begun when the run is stopped are left out."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="stability")
    outcomes: dict[tuple[str, int], Outcome] = {}
    waiting = {pool.submit(_again, bench, task): task for task in tasks}
    try:
        while waiting and tell(1 - len(waiting) / len(tasks)):
            for future in wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED).done:
                task = waiting.pop(future)
                outcomes |= {(key, task.number): one for key, one in future.result().items()}
    finally:
        pool.shutdown(cancel_futures=True)
    return outcomes


def _again(bench: Bench, task: _Task) -> dict[str, Outcome]:
    """For every candidate of a task: the agreement with the whole, and the segments of the distinct customers drawn."""
    values, rows, seed = bench.matrix.values, bench.matrix.rows, bench.plan.seed
    judged, taken = judged_rows(len(values), seed), resample(len(values), seed, task.number)
    first = drawn(taken)[1]
    sample = _Resample(bench, task.algorithm, values[taken], values[judged], {})
    found = {}
    for candidate in task.candidates:
        try:
            own, placed = sample.labels(_params(task.algorithm, candidate, share=len(taken) / len(values)))
            agreement = rand_index(candidate.labels[rows[judged]], placed)
            found[candidate.key] = agreement, own[first].astype(np.int16)
        except SegmentationError:  # these customers do not give such segments at all
            found[candidate.key] = 0.0, np.full(len(first), NOISE, dtype=np.int16)
    return found


def _params(algorithm: Algorithm, candidate: Candidate, *, share: float) -> dict[str, Any]:
    params = dict(candidate.params)
    return algorithm.thinned(params, share) if algorithm.thinned is not None and share < 1 else params


def _with(bench: Bench, candidate: Candidate, again: Again | None) -> Candidate:
    if again is None:
        return candidate
    labels = candidate.labels[bench.matrix.rows]
    similar = [
        jaccard(labels[drawn_rows(bench, number)], own, candidate.n_segments) for number, own in enumerate(again.labels)
    ]
    return replace(
        candidate, stability=tuple(float(one) for one in again.agreement), trust=trusted(np.stack(similar), len(labels))
    )
