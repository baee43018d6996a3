"""K-means: every customer belongs to the nearest of k centres."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import nearest, segment_grid
from core.params import Whole

MANY_ROWS = 5_000  # restarts agree more and cost more as rows grow


def fit(values: np.ndarray, *, n_segments: int, seed: int) -> Fitted:
    """Best of several k-means++ starts (Lloyd); fewer starts beyond 5,000 rows."""
    from sklearn.cluster import KMeans

    starts = 10 if len(values) <= MANY_ROWS else 4
    found = KMeans(n_segments, n_init=starts, init="k-means++", random_state=seed).fit(values)
    centres = np.asarray(found.cluster_centers_, dtype=np.float64)
    return Fitted(raw_labels=nearest(centres, values), model={"centres": centres})


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The nearest centre."""
    return nearest(model["centres"], values)


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    return Cost(seconds=4e-7 * n_rows * n_features * candidates, bytes=20.0 * n_rows * n_features, rows=n_rows)


KMEANS = Algorithm(
    name="kmeans",
    label="K-means",
    summary="Round segments of similar spread. Fast; places every customer.",
    assumes="Segments are round and about equally wide; every customer belongs to one.",
    params=(Whole("n_segments", "Number of segments", default=4, low=2, high=30),),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Compact segments of similar width, on many customers.",
    bad_at="Long, nested or very unequal segments; a few extreme customers can pull a centre away.",
    reference="Lloyd (1982), doi:10.1109/TIT.1982.1056489; Arthur & Vassilvitskii (2007), k-means++",
    minimises_inertia=True,
    in_default=True,
)
