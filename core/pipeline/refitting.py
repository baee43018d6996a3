"""The fit behind a candidate, made again so that it can place other customers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.algorithms import ALGORITHMS, clustering, place, run
from core.memo import Kept, key_of
from core.model import NOISE, Candidate, Clustering
from core.pipeline.fitting import Bench

Placer = Callable[[np.ndarray], np.ndarray]


def refitted(bench: Bench, candidate: Candidate) -> tuple[Clustering, np.ndarray]:
    """The fit of ``candidate`` before any edit, and the number (k + 2,) int16 that each segment of it, from 1, has there; the
    last, of NOISE, is NOISE.

    The same data, settings and seed give the same fit; what it needs to place others is kept in the memo.
    """
    algorithm = ALGORITHMS[candidate.algorithm]
    key = key_of("model", bench.matrix_key, algorithm.name, dict(candidate.params), bench.plan.seed)

    def make() -> Kept:
        shared = bench.shared(algorithm)  # as the comparison had it: what fits make without it does not know the kinds of columns
        found = clustering(run(algorithm, bench.matrix.values, seed=bench.plan.seed, params=candidate.params, shared=shared))
        return Kept({"labels": found.labels, "segment_of": found.segment_of, **{f"model:{k}": v for k, v in found.model.items()}})

    kept = bench.memo(key, make).arrays
    model = {name.removeprefix("model:"): array for name, array in kept.items() if name.startswith("model:")}
    found = Clustering(labels=kept["labels"], model=model, segment_of=kept["segment_of"])
    return found, _numbers(found.labels, candidate.labels[bench.matrix.rows])


def placer(bench: Bench, candidate: Candidate) -> Placer:
    """What puts prepared rows (n, d) into the segments (n,) int16 of ``candidate`` as it was fitted, before any edit."""
    found, number = refitted(bench, candidate)
    return lambda values: number[place(ALGORITHMS[candidate.algorithm], found, values)]


def _numbers(fitted: np.ndarray, final: np.ndarray) -> np.ndarray:
    """The number of each fitted segment in the candidate, which counts rows set aside too; NOISE (the last) stays."""
    number = np.full(int(fitted.max(initial=0)) + 2, NOISE, dtype=np.int16)
    placed = np.flatnonzero(fitted != NOISE)
    number[fitted[placed]] = final[placed]
    return number
