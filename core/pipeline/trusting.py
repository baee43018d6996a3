"""How far the segments of one shaped candidate can be trusted: bootstrap stability, and whether they are there at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core import selection
from core.algorithms import ALGORITHMS
from core.model import Candidate
from core.pipeline.fitting import Bench
from core.pipeline.progress import Report
from core.pipeline.stability import STEP, Again, drawn_rows, fitted_again
from core.selection.replayed import Replay
from core.selection.stability import RESAMPLED_ROWS, rand_index, similar, trusted
from core.shaping import Shaped

SECONDS = 15.0
LEAST = 10
FROM, TO, OF = 30, 60, 100


def trust(
    bench: Bench,
    fitted: Candidate,
    candidate: Candidate,
    made: Shaped,
    *,
    resamples: int,
    report: Report,
    threads: int,
) -> tuple[Candidate, int]:
    """``candidate`` with the stability and trust of its segments, and over how many resamples they were measured.

    The algorithm of ``fitted`` is run again on each resample, and what a person changed is done to what it finds (see
    :mod:`core.selection.replayed`); trust is the mean Jaccard similarity of :func:`core.selection.stability.jaccard`.
    Costly algorithms take fewer resamples than asked for, by their declared cost. The stability that a comparison
    measured stays, where nothing was changed.
    """

    def tell(share: float) -> bool:
        report(STEP, FROM + int(share * (TO - FROM)), OF)
        return True

    tried = affordable(bench, fitted, resamples)
    if not tried:
        return candidate, 0
    again = fitted_again(bench, [fitted], tried, threads=threads, tell=tell)[fitted.key]
    same = np.array_equal(fitted.labels, made.labels)
    segments = np.array(sorted(s for s in candidate.sizes if s > 0))
    agreement, jaccards = _compared(bench, fitted, made, again, segments=segments)
    stability = (fitted.stability or tuple(map(float, again.agreement))) if same else agreement
    return replace(candidate, stability=stability, trust=trusted(jaccards, len(bench.matrix.rows), segments)), tried


def affordable(bench: Bench, fitted: Candidate, resamples: int) -> int:
    """How many of the ``resamples`` take at most about 15 seconds by the declared cost of a fit, but at least ten."""
    rows, n_features = min(len(bench.matrix.rows), RESAMPLED_ROWS), bench.matrix.values.shape[1]
    each = ALGORITHMS[fitted.algorithm].cost(rows, n_features, candidates=1).seconds
    return min(resamples, max(LEAST, int(SECONDS / each)))


def verdict(values: np.ndarray, candidate: Candidate, rows: np.ndarray, *, seed: int) -> tuple[str, str]:
    """The reading of Dolnicar, Gruen & Leisch (2018) of one candidate, and the reason in words.

    "natural", "reproducible", "constructive" or "none" by the rule of :func:`core.selection.read`, which is that of the
    recommendation; ``values`` (n, d) are of the fitted ``rows``. A candidate is told with its scores and stability.
    """
    return selection.read(values, candidate, seed)


def _compared(
    bench: Bench, fitted: Candidate, made: Shaped, again: Again, *, segments: np.ndarray
) -> tuple[tuple[float, ...], np.ndarray]:
    """For each resample the agreement (adjusted Rand) of all drawn customers, and the similarity of each segment (b, k)."""
    before, after = fitted.labels[bench.matrix.rows], made.labels[bench.matrix.rows]
    made_of = {int(s): tuple(made.made_of.get(int(s), (int(s),))) for s in segments}
    replay = Replay(before, after, made_of, bench.matrix.values, bench.plan.seed)
    agreement, jaccards = [], []
    for number, own in enumerate(again.labels):
        drawn = drawn_rows(bench, number)
        found, moved = (own, np.zeros(len(own), dtype=bool)) if np.array_equal(before, after) else replay.on(drawn, own)
        jaccards.append(similar(after[drawn], found, moved, segments=segments))
        agreement.append(rand_index(after[drawn][~moved], found[~moved]))
    return tuple(agreement), np.stack(jaccards)
