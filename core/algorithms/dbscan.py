"""DBSCAN: segments are crowded regions; customers far from any crowd stay unplaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import nearest, neighbours, require_distinct, sample_note, sample_rows
from core.memo import Kept
from core.model import NOISE, Feature
from core.params import Real, Whole

FIT_ROWS = 10_000
FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0)  # reaches tried, as multiples of the knee
SEARCHED = tuple(np.geomspace(0.4, 2.5, 12))


def crowd(n_features: int) -> int:
    """Customers within reach that make a crowd: twice the columns (Sander et al. 1998), 5 to 20."""
    return int(np.clip(2 * n_features, 5, 20))


def fit(
    values: np.ndarray,
    *,
    seed: int,
    eps: float | None = None,
    min_samples: int = 0,
    shared: Kept | None = None,
) -> Fitted:
    """Join crowded customers within ``eps``; all others go to the nearest of them within ``eps``, else noise.

    Border customers thus follow the same rule as new ones. ``min_samples`` 0
    means twice the number of columns, ``eps`` None the knee. Beyond 10,000 rows
    a seeded sample is fitted; the knee is that of the sample too, so that reach
    and crowd belong together.
    """
    found = shared or crowding(values, seed=seed, fixed={"min_samples": min_samples})
    eps = knee(found) if eps is None else eps
    cores, groups = _cut(found, eps)
    model = {"cores": cores, "groups": groups, "eps": np.array([eps])}
    notes = sample_note(min(FIT_ROWS, len(values)), len(values))
    return Fitted(raw_labels=place(model, values), model=model, notes=notes, facts={"eps": eps})


def crowding(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """How crowded a seeded sample of the rows is (see :func:`density`)."""
    min_samples = dict(fixed or {}).get("min_samples", 0) or crowd(values.shape[1])
    return density(values[sample_rows(len(values), FIT_ROWS, seed)], min_samples)


def density(values: np.ndarray, min_samples: int) -> Kept:
    """How crowded the rows are, whatever the reach: all DBSCAN results for one ``min_samples`` lie in it.

    ``points`` (m, d) distinct rows, each standing for ``weights`` (m,) equal ones;
    ``core`` (m,) distance within which enough rows lie; ``ends`` (m - 1, 2) and
    ``reach`` (m - 1,) the edges of the minimum spanning tree under max(core of
    both ends, distance between them), by Prim's method: one row of distances at
    a time, memory in proportion to the rows.

    Source: Campello, Moulavi & Sander (2013), doi:10.1007/978-3-642-37456-2_14.
    """
    from scipy.spatial.distance import cdist

    points, weights = np.unique(values, axis=0, return_counts=True)
    core = core_distances(points, weights, min_samples)
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
    return Kept({"points": points, "weights": weights, "core": core, "ends": ends, "reach": edge})


def core_distances(points: np.ndarray, weights: np.ndarray, min_samples: int) -> np.ndarray:
    """Distance (m,) within which ``min_samples`` rows lie, the row itself included; inf where there are too few.

    ``points`` (m, d) are distinct, each standing for ``weights`` equal rows.
    """
    distance, index = neighbours(points, points, min(min_samples, len(points)))
    enough = weights[index].cumsum(axis=1) >= min_samples
    return np.where(enough.any(axis=1), distance[np.arange(len(points)), enough.argmax(axis=1)], np.inf)


def _cut(found: Kept, eps: float) -> tuple[np.ndarray, np.ndarray]:
    """Crowded points (c, d) at this reach, and the group (c,) of each."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    is_core = found.arrays["core"] <= eps
    ends = found.arrays["ends"][found.arrays["reach"] <= eps].T
    graph = coo_array((np.ones(ends.shape[1], dtype=np.int8), tuple(ends)), shape=(len(is_core),) * 2)
    component = connected_components(graph.tocsr(), directed=False)[1]
    return found.arrays["points"][is_core], np.unique(component[is_core], return_inverse=True)[1].astype(np.int32)


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The group of the nearest core within reach, else NOISE."""
    if len(model["cores"]) == 0:
        return np.full(len(values), NOISE)
    found = nearest(model["cores"], values, within=float(model["eps"][0]))
    return np.where(found >= 0, model["groups"][found], NOISE)


def knee(found: Kept) -> float:
    """The reach at the bend of the sorted crowd distances: farthest below the chord from first to last.

    Source: Satopaa et al. (2011), doi:10.1109/ICDCSW.2011.20.
    """
    reach = np.sort(np.repeat(found.arrays["core"], found.arrays["weights"]))
    reach = reach[np.isfinite(reach) & (reach > 0)]
    if len(reach) == 0:
        return float(np.ptp(found.arrays["points"], axis=0).max()) / 10 or 1.0
    chord = np.linspace(reach[0], reach[-1], len(reach))
    return float(reach[int((chord - reach).argmax())])


def grid(
    values: np.ndarray,
    *,
    segments: tuple[int, int],
    seed: int,
    fixed: Mapping[str, Any] | None = None,
    shared: Kept | None = None,
) -> tuple[dict[str, Any], ...]:
    """Five reaches around the knee; twelve where one number of segments is asked for, since it must be searched."""
    require_distinct(values, 2)
    given = dict(fixed or {})
    size = given.get("min_samples", 0) or crowd(values.shape[1])
    if given.get("eps") is not None:
        return ({"eps": given["eps"], "min_samples": size},)
    middle = knee(shared or crowding(values, seed=seed, fixed=given))
    factors = SEARCHED if segments[0] == segments[1] else FACTORS
    return tuple({"eps": float(f"{middle * factor:.4g}"), "min_samples": size} for factor in factors)


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = min(n_rows, FIT_ROWS)
    return Cost(seconds=5e-8 * rows**2 + 1e-5 * n_rows * candidates, bytes=50.0 * rows * n_features, rows=rows)


DBSCAN = Algorithm(
    name="dbscan",
    label="DBSCAN",
    summary="Crowded regions of any shape. Leaves customers far from any crowd unplaced.",
    assumes="Segments are crowds of similar density, with thinner space between them.",
    params=(
        Real("eps", "Reach", default=None, low=1e-12, high=1e12, help="How near a neighbour is, in prepared units."),
        Whole("min_samples", "Crowd", default=0, low=0, high=1000, help="Neighbours that make a crowd; 0 finds it."),
    ),
    fit=fit,
    place=place,
    grid=grid,
    cost=cost,
    good_at="Odd shapes, and finding customers unlike all others.",
    bad_at="Segments of different density; many columns.",
    reference="Ester, Kriegel, Sander & Xu (1996), KDD-96; Schubert et al. (2017), doi:10.1145/3068335",
    shared=crowding,
    in_default=True,
    caption=lambda params: f"reach {params['eps']:.2g}" if params.get("eps") else "reach found from the data",
)
