"""How crowded rows are: the tree in which every density-based segmentation of them lies."""

from __future__ import annotations

import numpy as np

from core.algorithms.anchors import bounded, hang, points_within
from core.algorithms.rows import neighbours, sample_rows
from core.memo import Kept
from core.params import Whole

FIT_ROWS = 10_000
LEAST_FIT_ROWS = 2_000
PLACING_SECONDS = 3.5
MIN_SAMPLES = Whole(
    "min_samples",
    "Crowd (min_samples)",
    default=0,
    low=0,
    high=1000,
    help="Customers that make a crowd; more leaves more of them unplaced. 0 finds it.",
)


def crowd(n_features: int) -> int:
    """Customers within reach that make a crowd: twice the columns (Sander et al. 1998), 5 to 20."""
    return int(np.clip(2 * n_features, 5, 20))


def tree_seconds(n_points: int, n_features: int) -> float:
    """What :func:`density` takes. Measured by ``tests/benchmarks/bench_estimates.py``."""
    return 0.04 + (2.4e-9 + 2.6e-10 * n_features) * n_points**2


def fit_rows(n_rows: int, n_features: int) -> int:
    """How many rows a density-based fit looks at: all up to 10,000, then as many as let all be placed in seconds."""
    if n_rows <= FIT_ROWS:
        return n_rows
    affordable = points_within(PLACING_SECONDS, n_rows, n_features=n_features)
    return int(np.clip(affordable, LEAST_FIT_ROWS, FIT_ROWS))


def crowding(values: np.ndarray, min_samples: int, *, seed: int) -> Kept:
    """The density tree (see :func:`density`) of a seeded sample of the rows, all of them up to 10,000.

    ``member`` (n,) is the nearest of ``points`` for every row, ``near`` (n,) its distance. Facts: ``min_samples``,
    and ``rows``, how many were sampled.
    """
    chosen = sample_rows(len(values), fit_rows(*values.shape), seed)
    found = density(bounded(values[chosen]), min_samples)
    member, near = hang(found.arrays["points"], values)
    return Kept({**found.arrays, "member": member, "near": near}, {"min_samples": min_samples, "rows": len(chosen)})


def density(values: np.ndarray, min_samples: int) -> Kept:
    """How crowded the rows are, whatever the reach: all DBSCAN results for one ``min_samples`` lie in it.

    ``points`` (m, d) distinct rows, each standing for ``weights`` (m,) equal ones;
    ``core`` (m,) distance within which enough rows lie; ``ends`` (m - 1, 2) and
    ``reach`` (m - 1,) the edges of the minimum spanning tree under max(core of
    both ends, distance between them), by Prim's method: one row of distances at
    a time, memory in proportion to the rows.

    Source: Campello, Moulavi & Sander (2013), doi:10.1007/978-3-642-37456-2_14.
    """
    points, weights = np.unique(values, axis=0, return_counts=True)
    core = core_distances(points, weights, min_samples=min_samples)
    ends, reach = spanning_tree(points, core)
    return Kept({"points": points, "weights": weights, "core": core, "ends": ends, "reach": reach})


def spanning_tree(points: np.ndarray, core: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges (m - 1, 2) of the minimum spanning tree under max(core of both ends, distance), and their lengths."""
    from scipy.spatial.distance import cdist

    outside, there, need = np.arange(len(points)), points.copy(), core.copy()
    reach, parent = np.full(len(points), np.inf), np.zeros(len(points), dtype=np.intp)
    ends, edge = np.empty((len(points) - 1, 2), dtype=np.intp), np.empty(len(points) - 1)
    at, last = 0, len(points) - 1
    for step in range(len(points) - 1):
        tip = outside[at]
        for part in (outside, there, need, reach, parent):
            part[at] = part[last]  # the joined row leaves: the last one takes its place
        found = cdist(points[tip : tip + 1], there[:last])[0]
        np.maximum(np.maximum(found, need[:last], out=found), core[tip], out=found)
        closer = found < reach[:last]
        reach[:last][closer], parent[:last][closer] = found[closer], tip
        at = int(reach[:last].argmin())
        ends[step], edge[step] = (parent[at], outside[at]), reach[at]
        last -= 1
    return ends, edge


def core_distances(points: np.ndarray, weights: np.ndarray, *, min_samples: int) -> np.ndarray:
    """Distance (m,) within which ``min_samples`` rows lie, the row itself included; inf where there are too few.

    ``points`` (m, d) are distinct, each standing for ``weights`` equal rows.
    """
    distance, index = neighbours(points, points, min(min_samples, len(points)))
    enough = weights[index].cumsum(axis=1) >= min_samples
    return np.where(enough.any(axis=1), distance[np.arange(len(points)), enough.argmax(axis=1)], np.inf)


def crowd_distances(found: Kept) -> np.ndarray:
    """Rising (r,): for every sampled row with ``min_samples`` others around it, the distance they lie within."""
    reach = np.sort(np.repeat(found.arrays["core"], found.arrays["weights"]))
    return reach[np.isfinite(reach)]
