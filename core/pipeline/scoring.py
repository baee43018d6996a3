"""Scores of all candidates: what the memo holds is read, the rest is measured in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np

from core import metrics
from core.algorithms import ALGORITHMS
from core.memo import Kept, key_of, known
from core.model import Candidate, Score
from core.pipeline.fitting import Bench


def score(bench: Bench, candidates: Sequence[Candidate], *, threads: int) -> list[Candidate]:
    """The candidates with their scores over the fitted rows."""
    labelings = fitted_labels(bench, candidates)
    centred = frozenset(c.key for c in candidates if ALGORITHMS[c.algorithm].minimises_inertia)
    keys = {
        key: key_of("scores", bench.matrix_key, digest(labels), key in centred, list(metrics.METRICS), bench.plan.seed)
        for key, labels in labelings.items()
    }
    found = {key: known(bench.memo, of) for key, of in keys.items()}
    missing = {key: labels for key, labels in labelings.items() if found[key] is None}
    if missing:
        made = metrics.score_all(bench.matrix.values, missing, bench.plan.seed, centred=centred, threads=threads)
        for key, scores in made.items():
            kept = Kept(facts={"scores": [list(astuple(one)) for one in scores]})
            found[key] = bench.memo(keys[key], lambda kept=kept: kept)
    scores = {key: tuple(Score(*one) for one in kept.facts["scores"]) for key, kept in found.items()}
    return [replace(c, scores=scores.get(c.key, ())) for c in candidates]


def fitted_labels(bench: Bench, candidates: Sequence[Candidate]) -> dict[str, np.ndarray]:
    """Labels (n_fit,) of the candidates that have any, in the order of the matrix."""
    return {c.key: c.labels[bench.matrix.rows] for c in candidates if not c.problem}


def digest(labels: np.ndarray) -> str:
    """The same hex digits for equal labels."""
    return hashlib.sha256(np.ascontiguousarray(labels)).hexdigest()
