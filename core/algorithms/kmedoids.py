"""K-medoids: every segment is led by a real customer, and likeness counts categories fairly beside numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import blocks, sample_note, sample_rows, segment_grid
from core.memo import Kept
from core.model import Feature
from core.params import Whole

FIT_ROWS = 3_000
ROUNDS = 100


def measure(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """Gower's distance between the customers of a seeded sample, all of them up to 3,000.

    ``low`` and ``weights`` (d,): the distance of two rows is the sum of weights
    times absolute differences. ``points`` (m, d) the sample, ``apart`` (m, m)
    float32 the distances in it, each 0..1.
    """
    from scipy.spatial.distance import cdist

    weights = gower_weights(values, features)
    low = values.min(axis=0)
    points = values[sample_rows(len(values), FIT_ROWS, seed)]
    level = _level(points, low, weights)
    apart = cdist(level, level, "cityblock").astype(np.float32)
    return Kept({"low": low, "weights": weights, "points": points, "apart": apart})


def gower_weights(values: np.ndarray, features: tuple[Feature, ...] | None) -> np.ndarray:
    """Weights (d,) >= 0 that make Gower's distance a weighted sum of absolute differences.

    A number column counts its difference over its range. The one-hot columns of
    one category count together: 1 for two customers of different level, who
    differ in two of them, hence half each; a category of two levels is a single
    column and counts in full. All is averaged over the original columns. A
    column without variation counts nothing. Without ``features`` every column
    is a number.

    Source: Gower (1971), doi:10.2307/2528823.
    """
    variables = [f.column if f.level else at for at, f in enumerate(features)] if features else range(values.shape[1])
    columns = Counter(variables)
    share = np.array([1.0 if columns[variable] == 1 else 0.5 for variable in variables]) / len(columns)
    with np.errstate(divide="ignore", over="ignore"):
        weights = share / (values.max(axis=0) - values.min(axis=0))
    return np.where(np.isfinite(weights), weights, 0.0)


def _level(values: np.ndarray, low: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Rows on the scale on which plain absolute differences add up to Gower's distance."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.nan_to_num((values - low) * weights)


def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None) -> Fitted:
    """Medoids of the sample by BUILD and FasterPAM; every customer goes to the nearest.

    ``facts``: ``mean_distance`` of the sampled customers to their medoid, 0..1.
    Source: Schubert & Lenssen (2022), doi:10.21105/joss.04183; the sample follows
    CLARA, Kaufman & Rousseeuw (1990), doi:10.1002/9780470316801.
    """
    from kmedoids import fasterpam

    found = shared if shared is not None else measure(values, seed=seed)
    points, apart = found.arrays["points"], found.arrays["apart"]
    result = fasterpam(apart, n_segments, max_iter=ROUNDS, init="build", n_cpu=1)
    medoids = points[np.sort(np.asarray(result.medoids, dtype=np.intp))]
    model = {"medoids": medoids, "low": found.arrays["low"], "weights": found.arrays["weights"]}
    facts = {"mean_distance": float(result.loss) / len(points)}
    return Fitted(
        raw_labels=place(model, values), model=model, notes=sample_note(len(points), len(values)), facts=facts
    )


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The nearest medoid by Gower's distance, the first of equally near ones."""
    from scipy.spatial.distance import cdist

    medoids = _level(model["medoids"], model["low"], model["weights"])
    labels = np.empty(len(values), dtype=np.intp)
    for rows in blocks(len(values)):
        level = _level(values[rows], model["low"], model["weights"])
        labels[rows] = cdist(level, medoids, "cityblock").argmin(axis=1)
    return labels


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = min(n_rows, FIT_ROWS)
    seconds = (1.9e-8 * rows**2 + 6.2e-8 * n_rows) * candidates
    method = "" if rows == n_rows else f"typical customers looked for among {rows:,} sampled ones"
    return Cost(seconds=seconds, bytes=12.0 * rows**2 + 2.0 * n_rows, rows=rows, method=method)


KMEDOIDS = Algorithm(
    name="kmedoids",
    label="K-medoids (Gower)",
    summary="Each segment gathers around a typical real customer. Fair to categories; places every customer.",
    assumes="Customers resemble a typical one; numbers and categories count the same, each column once.",
    params=(
        Whole("n_segments", "Number of segments", default=4, low=2, high=30, help="How many typical customers."),
    ),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Numbers and categories together; segments shown by an example (the medoid).",
    bad_at="Columns with a few huge values: the rest of the column then hardly counts. Beyond 3,000 customers, small segments.",
    reference="Kaufman & Rousseeuw (1990), doi:10.1002/9780470316801; Schubert & Lenssen (2022), doi:10.21105/joss.04183",
    shared=measure,
)
