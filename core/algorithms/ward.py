"""Ward: join the two groups whose union spreads least, again and again; one tree serves every number of segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import nearest, sample_rows, segment_grid
from core.memo import Kept
from core.model import Feature
from core.params import Whole

EXACT_ROWS = 10_000
MICRO_GROUPS = 1_000
MICRO_FIT_ROWS = 50_000


def grow(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """The whole tree: over the rows up to 10,000 of them, else over 1,000 weighted K-means micro-groups.

    ``merges`` (m - 1, 4) in scipy's linkage form over ``points`` (m, d); ``member`` (n,) is the point each row hangs on.
    """
    if len(values) <= EXACT_ROWS:
        import fastcluster

        merges = fastcluster.linkage_vector(values, method="ward")
        return Kept({"merges": merges, "points": values, "member": np.arange(len(values))}, {"notes": []})
    points, member = _micro_groups(values, seed)
    weights = np.bincount(member, minlength=len(points)).astype(float)
    note = f"The tree joins {len(points):,} small groups found by K-means in place of {len(values):,} single customers."
    merges = weighted_ward(points, weights)
    return Kept({"merges": merges, "points": points, "member": member}, {"notes": [note]})


def _micro_groups(values: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres of small groups, each the nearest of at least one row, and the group of every row."""
    from sklearn.cluster import KMeans

    chosen = values[sample_rows(len(values), MICRO_FIT_ROWS, seed)]
    distinct = np.unique(chosen, axis=0)
    if len(distinct) <= MICRO_GROUPS:
        centres = distinct
    else:
        quick = KMeans(MICRO_GROUPS, init="random", n_init=1, max_iter=10, random_state=seed)
        centres = quick.fit(chosen).cluster_centers_
    used, member = np.unique(nearest(centres, values), return_inverse=True)
    return centres[used], member


def weighted_ward(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ward linkage (m - 1, 4) of points that stand for ``weights`` equal rows each, by nearest-neighbour chains.

    Heights follow scipy: sqrt(2 a b / (a + b)) times the distance between the
    centres of groups of weight a and b. The last column counts points.
    Source: Murtagh (1983), doi:10.1093/comjnl/26.4.354.
    """
    centres, mass = points.astype(float).copy(), weights.astype(float).copy()
    active = np.ones(len(points), dtype=bool)
    joins: list[tuple[int, int, float]] = []
    chain: list[int] = []
    while len(joins) < len(points) - 1:
        chain = chain or [int(active.argmax())]
        tip = chain[-1]
        cost = 2 * mass * mass[tip] / (mass + mass[tip]) * ((centres - centres[tip]) ** 2).sum(axis=1)
        cost[~active] = cost[tip] = np.inf
        closest = int(cost.argmin())
        if len(chain) < 2 or cost[closest] < cost[chain[-2]]:
            chain.append(closest)
            continue
        other = chain[-2]
        joins.append((tip, other, float(np.sqrt(cost[other]))))
        centres[other] = np.average(centres[[tip, other]], axis=0, weights=mass[[tip, other]])
        mass[other] += mass[tip]
        active[tip] = False
        del chain[-2:]
    return _as_linkage(joins, len(points))


def _as_linkage(joins: list[tuple[int, int, float]], n_points: int) -> np.ndarray:
    """Joins in order of height, with scipy's numbering of the groups they make."""
    node, count = np.arange(n_points), np.ones(n_points)
    merges = np.empty((n_points - 1, 4))
    root = np.arange(n_points)
    for step, (gone, kept, height) in enumerate(sorted(joins, key=lambda join: join[2])):
        left, right = _top(root, gone), _top(root, kept)
        root[left] = right
        count[right] += count[left]
        merges[step] = *sorted((node[left], node[right])), height, count[right]
        node[right] = n_points + step
    return merges


def _top(root: np.ndarray, point: int) -> int:
    while root[point] != point:
        root[point] = root[root[point]]
        point = int(root[point])
    return point


def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None) -> Fitted:
    """Cut the tree at ``n_segments``; the tree is grown here unless it comes as ``shared``."""
    from scipy.cluster.hierarchy import fcluster

    tree = shared if shared is not None else grow(values, seed=seed)
    groups = fcluster(tree.arrays["merges"], n_segments, criterion="maxclust") - 1
    model = {"points": tree.arrays["points"], "groups": groups.astype(np.int32)}
    return Fitted(raw_labels=groups[tree.arrays["member"]], model=model, notes=tuple(tree.facts["notes"]))


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The group of the nearest row of the tree."""
    return model["groups"][nearest(model["points"], values)]


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = min(n_rows, EXACT_ROWS)
    return Cost(seconds=2e-8 * rows**2 + 1e-6 * n_rows, bytes=30.0 * rows * n_features, rows=rows)


WARD = Algorithm(
    name="ward",
    label="Ward hierarchical",
    summary="Compact segments from a tree of merges; 4 segments are 5 with two of them joined.",
    assumes="Segments nest inside one another and are compact.",
    params=(Whole("n_segments", "Number of segments", default=4, low=2, high=30),),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Segments within segments; small ones beside large ones.",
    bad_at="Overlapping segments: an early merge is never undone.",
    reference="Ward (1963), doi:10.1080/01621459.1963.10500845; Muellner (2013), doi:10.18637/jss.v053.i09",
    shared=grow,
    in_default=True,
)
