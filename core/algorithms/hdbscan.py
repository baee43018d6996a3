"""HDBSCAN: crowds that last longest while the density asked for rises; each may be as dense as it likes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.anchors import hang, hang_bytes, hang_seconds
from core.algorithms.density import MIN_SAMPLES, crowd, crowding, fit_rows, tree_seconds
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import require_distinct, sample_note
from core.memo import Kept
from core.model import NOISE, Feature
from core.params import Whole

SHARES = (0.005, 0.01, 0.02, 0.05)  # smallest segments tried, as shares of the customers
SEARCHED = (0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1)
FOUND_SHARE = 0.01
LEAST_SIZE = 5


def fit(
    values: np.ndarray,
    *,
    seed: int,
    min_cluster_size: int = 0,
    min_samples: int = 0,
    shared: Kept | None = None,
) -> Fitted:
    """The crowds of at least ``min_cluster_size`` customers that are most stable (excess of mass).

    0 means one in a hundred customers, five at least; ``min_samples`` 0 twice the
    number of columns. Beyond 10,000 rows a seeded sample is fitted, with sizes in
    proportion. A row takes the group of the nearest fitted row if it lies within
    that row's crowd distance, and is noise else.

    Sources: Campello, Moulavi & Sander (2013), doi:10.1007/978-3-642-37456-2_14;
    McInnes & Healy (2017), doi:10.1109/ICDMW.2017.12.
    """
    found = shared if shared is not None else crowded(values, seed=seed, fixed={"min_samples": min_samples})
    rows = found.facts["rows"]
    size = min_cluster_size or _size(len(values), FOUND_SHARE)
    groups = _groups(found, max(2, round(size * rows / len(values))))
    model = {"points": found.arrays["points"], "groups": groups, "within": found.arrays["core"]}
    labels = _labels(model, member=found.arrays["member"], near=found.arrays["near"])
    return Fitted(raw_labels=labels, model=model, notes=sample_note(rows, len(values)))


def crowded(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """The density tree (see :func:`core.algorithms.density.crowding`); serves every smallest size."""
    wanted = dict(fixed or {}).get("min_samples", 0) or crowd(values.shape[1])
    return crowding(values, min(wanted, len(values)), seed=seed)


def _groups(found: Kept, size: int) -> np.ndarray:
    """Group (m,) of every distinct point, NOISE for those in no lasting crowd, by scikit-learn on the given tree.

    The tree is handed over as a sparse matrix of distances: with ``min_samples``
    1 nothing is added to them. Equal rows hang on the first of them at its own
    crowd distance. Distance 0 would mean endless density, so that it counts as
    the shortest distance there is.
    """
    from scipy.sparse import csr_matrix
    from sklearn.cluster import HDBSCAN as Reference

    ends, reach = _every_row(found)
    positive = reach[reach > 0]
    rows = len(reach) + 1
    if len(positive) == 0 or rows < size:
        return np.full(len(found.arrays["points"]), NOISE, dtype=np.int32)
    reach = np.maximum(reach, positive.min())
    (left, right), both = ends.T, np.concatenate([reach, reach])
    apart = csr_matrix((both, (np.concatenate([left, right]), np.concatenate([right, left]))), shape=(rows, rows))
    model = Reference(min_cluster_size=size, min_samples=1, metric="precomputed", copy=False).fit(apart)
    return model.labels_[: len(found.arrays["points"])].astype(np.int32)


def _every_row(found: Kept) -> tuple[np.ndarray, np.ndarray]:
    """The tree over all sampled rows: the distinct points first, then their repetitions."""
    weights = found.arrays["weights"]
    first = np.repeat(np.arange(len(weights)), weights - 1)
    again = np.column_stack([first, len(weights) + np.arange(len(first))])
    return np.vstack([found.arrays["ends"], again]), np.concatenate(
        [found.arrays["reach"], found.arrays["core"][first]]
    )


def _labels(model: Mapping[str, np.ndarray], *, member: np.ndarray, near: np.ndarray) -> np.ndarray:
    return np.where(near <= model["within"][member], model["groups"][member], NOISE)


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The group of the nearest fitted row within that row's crowd distance, else NOISE."""
    member, near = hang(model["points"], values)
    return _labels(model, member=member, near=near)


def _size(n_rows: int, share: float) -> int:
    return max(LEAST_SIZE, round(n_rows * share))


def grid(
    values: np.ndarray,
    *,
    segments: tuple[int, int],
    seed: int,
    fixed: Mapping[str, Any] | None = None,
    shared: Kept | None = None,
) -> tuple[dict[str, Any], ...]:
    """Up to four smallest sizes; up to eight where one number of segments is asked for, since it must be searched."""
    require_distinct(values, 2)
    given = dict(fixed or {})
    crowd_size = given.get("min_samples", 0) or crowd(values.shape[1])
    shares = SEARCHED if segments[0] == segments[1] else SHARES
    sizes = [given["min_cluster_size"]] if given.get("min_cluster_size") else [_size(len(values), s) for s in shares]
    return tuple({"min_cluster_size": size, "min_samples": crowd_size} for size in dict.fromkeys(sizes))


def thinned(params: Mapping[str, Any], share: float) -> dict[str, Any]:
    """The smallest segment in proportion, of five customers at least; density is relative to the data anyway."""
    size = params.get("min_cluster_size", 0)
    return {**params, "min_cluster_size": max(LEAST_SIZE, round(size * share)) if size else 0}


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = fit_rows(n_rows, n_features)
    tree = tree_seconds(rows, n_features)
    placing = hang_seconds(n_rows, rows, n_features=n_features)
    seconds = tree + placing + (2.8e-6 * rows + 5e-9 * n_rows) * candidates
    method = "" if rows == n_rows else f"crowds found among {rows:,} sampled customers"
    peak = (50.0 * n_features + 500) * rows + hang_bytes(n_rows, n_features) + 24.0 * n_rows
    return Cost(seconds=seconds, bytes=peak, rows=rows, method=method)


HDBSCAN = Algorithm(
    name="hdbscan",
    label="HDBSCAN",
    summary="Crowds of any shape and of different density. Leaves customers in no lasting crowd unplaced.",
    assumes="Segments are denser than what lies between them; how dense may differ from one to the next.",
    params=(
        Whole(
            "min_cluster_size",
            "Smallest segment (min_cluster_size)",
            default=0,
            low=0,
            high=10_000_000,
            help="Customers that a segment has at least; 0: one in a hundred.",
        ),
        MIN_SAMPLES,
    ),
    fit=fit,
    place=place,
    grid=grid,
    cost=cost,
    good_at="Odd shapes of different density; the number of segments need not be known.",
    bad_at="Segments that touch; many columns. Often leaves many customers unplaced.",
    reference="Campello, Moulavi & Sander (2013), doi:10.1007/978-3-642-37456-2_14; McInnes & Healy (2017), doi:10.1109/ICDMW.2017.12",
    shared=crowded,
    thinned=thinned,
    in_default=True,
    caption=lambda params: (
        f"segments of {params['min_cluster_size']:,} or more" if params.get("min_cluster_size") else "sizes found"
    ),
)
