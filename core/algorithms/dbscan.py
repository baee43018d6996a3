"""DBSCAN: segments are crowded regions; customers far from any crowd stay unplaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.anchors import bounded, hang, hang_bytes, hang_seconds
from core.algorithms.density import MIN_SAMPLES, crowd, crowd_distances, crowding, fit_rows, tree_seconds
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import nearest, require_distinct, sample_note
from core.memo import Kept
from core.model import NOISE, Feature
from core.params import Real

FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0)  # reaches tried, as multiples of the knee
SEARCHED = tuple(np.geomspace(0.4, 2.5, 12))
CURVE_POINTS = 400
LEAST_CROWD = 3


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
    and crowd belong together. Facts: ``eps`` as used, and the ``knee``.
    """
    found = shared if shared is not None else reached(values, seed=seed, fixed={"min_samples": min_samples})
    bend = knee(found)
    eps = bend if eps is None else eps
    model = {"points": found.arrays["points"], "groups": _cut(found, eps), "eps": np.array([eps])}
    labels = _labels(model, values, member=found.arrays["member"], near=found.arrays["near"])
    notes = sample_note(found.facts["rows"], len(values))
    return Fitted(raw_labels=labels, model=model, notes=notes, facts={"eps": eps, "knee": bend})


def reached(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """How crowded the rows are (see :func:`core.algorithms.density.crowding`); serves every reach."""
    min_samples = dict(fixed or {}).get("min_samples", 0) or crowd(values.shape[1])
    return crowding(values, min_samples, seed=seed)


def _cut(found: Kept, eps: float) -> np.ndarray:
    """The group (m,) of each point that is crowded at this reach, NOISE for the others."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    is_core = found.arrays["core"] <= eps
    ends = found.arrays["ends"][found.arrays["reach"] <= eps].T
    graph = coo_array((np.ones(ends.shape[1], dtype=np.int8), tuple(ends)), shape=(len(is_core),) * 2)
    component = connected_components(graph.tocsr(), directed=False)[1]
    groups = np.full(len(is_core), NOISE, dtype=np.int32)
    groups[is_core] = np.unique(component[is_core], return_inverse=True)[1]
    return groups


def _labels(model: Mapping[str, np.ndarray], values: np.ndarray, *, member: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The group of the nearest crowded point within reach. ``member``, ``near``: the nearest point of all (n,)."""
    groups, eps = model["groups"], float(model["eps"][0])
    crowded = groups != NOISE
    labels = groups[member]
    labels[near > eps] = NOISE
    open_rows = np.flatnonzero((near <= eps) & ~crowded[member])
    if len(open_rows) and crowded.any():
        found = nearest(model["points"][crowded], bounded(values[open_rows]), within=eps)
        labels[open_rows] = np.where(found >= 0, groups[crowded][found], NOISE)
    return labels


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The group of the nearest crowded point within reach, else NOISE."""
    member, near = hang(model["points"], values)
    return _labels(model, values, member=member, near=near)


def knee(found: Kept) -> float:
    """The reach at the bend of the sorted crowd distances: farthest below the chord from first to last.

    Source: Satopaa et al. (2011), doi:10.1109/ICDCSW.2011.20.
    """
    reach = crowd_distances(found)
    reach = reach[reach > 0]
    if len(reach) == 0:
        return float(np.ptp(found.arrays["points"], axis=0).max()) / 10 or 1.0
    chord = np.linspace(reach[0], reach[-1], len(reach))
    return float(reach[int((chord - reach).argmax())])


def reach_curve(shared: Kept) -> tuple[np.ndarray, np.ndarray]:
    """The sorted crowd distances to draw: (share of customers 0..1, distance), at most 400 points, both rising.

    A customer at (0.8, 1.5) is in a crowd at reach 1.5, as are 80 % of all. Empty where nobody ever is.
    """
    reach = crowd_distances(shared)
    at = np.unique(np.linspace(0, len(reach) - 1, min(CURVE_POINTS, len(reach))).round().astype(int))
    return (at + 1) / max(float(shared.arrays["weights"].sum()), 1.0), reach[at]


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
    middle = knee(shared if shared is not None else reached(values, seed=seed, fixed=given))
    factors = SEARCHED if segments[0] == segments[1] else FACTORS
    return tuple({"eps": float(f"{middle * factor:.4g}"), "min_samples": size} for factor in factors)


def thinned(params: Mapping[str, Any], share: float) -> dict[str, Any]:
    """The same reach, and a crowd as much smaller as the customers are fewer, of three at least."""
    size = params.get("min_samples", 0)
    return {**params, "min_samples": max(LEAST_CROWD, round(size * share)) if size else 0}


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = fit_rows(n_rows, n_features)
    tree = tree_seconds(rows, n_features)
    placing = hang_seconds(n_rows, rows, n_features=n_features) * (1 + 0.15 * candidates)
    method = "" if rows == n_rows else f"crowds found among {rows:,} sampled customers"
    peak = 50.0 * rows * n_features + hang_bytes(n_rows, n_features) + (14 + 4.0 * n_features) * n_rows
    return Cost(seconds=tree + placing, bytes=peak, rows=rows, method=method)


DBSCAN = Algorithm(
    name="dbscan",
    label="DBSCAN",
    summary="Crowded regions of any shape. Leaves customers far from any crowd unplaced.",
    assumes="Segments are crowds of similar density, with thinner space between them.",
    params=(
        Real(
            "eps",
            "Reach (eps)",
            default=None,
            low=1e-12,
            high=1e12,
            help="How near a neighbour is, in prepared units; empty: found where the curve of distances bends.",
        ),
        MIN_SAMPLES,
    ),
    fit=fit,
    place=place,
    grid=grid,
    cost=cost,
    good_at="Odd shapes, and finding customers unlike all others.",
    bad_at="Segments of different density; many columns.",
    reference="Ester, Kriegel, Sander & Xu (1996), KDD-96; Schubert et al. (2017), doi:10.1145/3068335",
    shared=reached,
    thinned=thinned,
    in_default=True,
    caption=lambda params: f"reach {params['eps']:.2g}" if params.get("eps") else "reach found from the data",
)
