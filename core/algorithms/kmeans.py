"""K-means: every customer belongs to the nearest of k centres."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.lloyd import best_of, follow, refine
from core.algorithms.rows import nearest, sample_rows, segment_grid, tame
from core.params import Whole

STARTS = 10
START_ROWS = 20_000
ALL_ROWS = 50_000
ROUNDS = 25
PATIENCE = 1e-5


def fit(values: np.ndarray, *, n_segments: int, seed: int) -> Fitted:
    """The best of ten k-means++ starts, on a seeded sample beyond 20,000 rows, then followed on all rows.

    Up to 50,000 rows it is followed until centres hardly move, beyond them
    until a round gains less than 1e-5 of the sum of squares, 25 rounds at most.
    """
    tamed, factor = tame(values)
    sample = tamed[sample_rows(len(values), START_ROWS, seed)]
    centres = best_of(sample, n_segments, starts=STARTS, seed=seed)
    if START_ROWS < len(values) <= ALL_ROWS:
        centres = follow(tamed, centres)
    elif len(values) > ALL_ROWS:
        centres, _ = refine(tamed, centres, rounds=ROUNDS, patience=PATIENCE)
    centres = centres / factor
    return Fitted(raw_labels=nearest(centres, values), model={"centres": centres})


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The nearest centre."""
    return nearest(model["centres"], values)


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    sampled = min(n_rows, START_ROWS)
    each = 6.5e-3 + (2.1e-6 + 1.9e-7 * n_features) * sampled + (9.9e-8 + 6.2e-9 * n_features) * n_rows
    method = "" if sampled == n_rows else f"started on {sampled:,} sampled customers, then followed on all"
    held = n_rows if n_rows <= ALL_ROWS else sampled
    peak = 2e6 + 24.0 * held * n_features + 9.0 * n_rows
    return Cost(seconds=each * candidates, bytes=peak, rows=n_rows, method=method)


KMEANS = Algorithm(
    name="kmeans",
    label="K-means",
    summary="Round segments of similar spread. Fast; places every customer.",
    assumes="Segments are round and about equally wide; every customer belongs to one.",
    params=(
        Whole("n_segments", "Number of segments", default=4, low=2, high=30, help="How many centres are looked for."),
    ),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Compact segments of similar width, on any number of customers.",
    bad_at="Long, nested or very unequal segments; a few extreme customers can pull a centre away.",
    reference="Lloyd (1982), doi:10.1109/TIT.1982.1056489; Arthur & Vassilvitskii (2007), k-means++",
    minimises_inertia=True,
    in_default=True,
)
