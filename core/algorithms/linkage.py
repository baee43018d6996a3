"""Trees of merges: grown exactly or over small weighted groups, cut at any number of segments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.algorithms.anchors import hang, hang_seconds, model_of
from core.algorithms.entry import Cost, Fitted
from core.algorithms.rows import require_distinct, sample_rows, tame
from core.memo import Kept
from core.params import Whole

MICRO_GROUPS = 1_000
MICRO_FIT_ROWS = 50_000
PAIR_ROWS = 6_000  # all distances between them fit into 150 MB
N_SEGMENTS = Whole("n_segments", "Number of segments", default=4, low=2, high=30, help="Where the tree is cut.")

# rule(apart (2, m), pair (2,), between=, weights (m,)) -> (m,): how far the union of two groups is from each of m
# groups; ``apart`` holds their own distances, ``pair`` their weights, ``between`` is how far they are from one another.
Rule = Callable[..., np.ndarray]


def ward_rule(apart: np.ndarray, pair: np.ndarray, *, between: float, weights: np.ndarray) -> np.ndarray:
    """How much the squared spread grows, times two."""
    grown = (pair[0] + weights) * apart[0] + (pair[1] + weights) * apart[1] - weights * between
    return np.maximum(grown / (pair.sum() + weights), 0.0)  # rounding must not take it below


def average_rule(apart: np.ndarray, pair: np.ndarray, *, between: float, weights: np.ndarray) -> np.ndarray:
    """Mean distance between the rows of two groups (UPGMA)."""
    return (pair[0] * apart[0] + pair[1] * apart[1]) / pair.sum()


def complete_rule(apart: np.ndarray, pair: np.ndarray, *, between: float, weights: np.ndarray) -> np.ndarray:
    """Largest distance between the rows of two groups."""
    return apart.max(axis=0)


def row_tree(values: np.ndarray, linkage: Callable[[np.ndarray], np.ndarray]) -> Kept:
    """The tree over single rows.

    ``merges`` (m - 1, 4) in scipy's form over ``points`` (m, d), the rows times ``factor``;
    ``member`` (n,) is the point each row hangs on.
    """
    points, factor = tame(values)
    member = hang(points, values, factor=factor)[0]
    return Kept({"merges": linkage(points), "points": points, "member": member}, {"notes": [], "factor": factor})


def pair_tree(values: np.ndarray, method: str, *, rule: Rule, seed: int) -> Kept:
    """A tree that needs every distance between two rows: exact up to 6,000 rows, else over small groups.

    A single row has no pair and raises :class:`TooFewRows`.
    """
    require_distinct(values, 2)
    if len(values) > PAIR_ROWS:
        return micro_tree(values, rule, seed=seed)
    import fastcluster
    from scipy.spatial.distance import pdist

    return row_tree(values, lambda points: fastcluster.linkage(pdist(points), method=method, preserve_input=False))


def pair_cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """What :func:`pair_tree` and its cuts take. Measured by ``tests/benchmarks/bench_estimates.py``."""
    if n_rows <= PAIR_ROWS:
        seconds = 0.02 + (8.5e-9 + 9.6e-11 * n_features) * n_rows**2 + 3e-6 * n_rows * candidates
        return Cost(seconds=seconds, bytes=8.0 * n_rows**2, rows=n_rows)
    return micro_cost(n_rows, n_features, candidates=candidates)


def micro_cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """What :func:`micro_tree` and its cuts take."""
    sampled = min(n_rows, MICRO_FIT_ROWS)
    placing = hang_seconds(n_rows, MICRO_GROUPS, n_features=n_features)
    seconds = 0.1 + (9.5e-6 + 4.1e-7 * n_features) * sampled + placing + 3.4e-8 * n_rows * candidates
    method = f"a tree over {MICRO_GROUPS:,} small groups found by K-means"
    return Cost(seconds=seconds, bytes=2e7 + 24.0 * sampled * n_features + 36.0 * n_rows, rows=n_rows, method=method)


def micro_tree(values: np.ndarray, rule: Rule, *, seed: int) -> Kept:
    """The tree over 1,000 small groups found by K-means, each as heavy as its rows; arrays as of :func:`row_tree`."""
    points, member, factor = micro_groups(values, seed)
    weights = np.bincount(member, minlength=len(points)).astype(float)
    note = f"The tree joins {len(points):,} small groups found by K-means in place of {len(values):,} single customers."
    merges = weighted_linkage(points, weights, rule=rule)
    return Kept({"merges": merges, "points": points, "member": member}, {"notes": [note], "factor": factor})


def micro_groups(values: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Centres of small groups, each the nearest of at least one row; the group of every row; what rows are multiplied by."""
    from sklearn.cluster import KMeans

    chosen, factor = tame(values[sample_rows(len(values), MICRO_FIT_ROWS, seed)])
    distinct = np.unique(chosen, axis=0)
    if len(distinct) <= MICRO_GROUPS:
        centres = distinct
    else:
        quick = KMeans(MICRO_GROUPS, init="random", n_init=1, max_iter=10, random_state=seed)
        centres = quick.fit(chosen).cluster_centers_
    used, member = np.unique(hang(centres, values, factor=factor)[0], return_inverse=True)
    return centres[used], member.astype(np.int32), factor


def weighted_linkage(points: np.ndarray, weights: np.ndarray, *, rule: Rule) -> np.ndarray:
    """Linkage (m - 1, 4) of points that stand for ``weights`` equal rows each, by nearest-neighbour chains.

    Heights follow scipy; the last column counts points. Memory for m x m distances.
    Sources: Lance & Williams (1967), doi:10.1093/comjnl/9.4.373; Murtagh (1983), doi:10.1093/comjnl/26.4.354.
    """
    from scipy.spatial.distance import pdist, squareform

    mass = weights.astype(float).copy()
    apart = squareform(pdist(points))
    if rule is ward_rule:
        apart = 2 * mass[:, None] * mass / (mass[:, None] + mass) * apart**2
    np.fill_diagonal(apart, np.inf)
    joins: list[tuple[int, int, float]] = []
    chain: list[int] = []
    active = np.ones(len(points), dtype=bool)
    while len(joins) < len(points) - 1:
        chain = chain or [int(active.argmax())]
        tip = chain[-1]
        closest = int(apart[tip].argmin())
        if len(chain) < 2 or apart[tip, closest] < apart[tip, chain[-2]]:
            chain.append(closest)
            continue
        other = chain[-2]
        two, between = [tip, other], float(apart[tip, other])
        joins.append((tip, other, float(np.sqrt(between)) if rule is ward_rule else between))
        active[tip] = False
        row = np.full(len(points), np.inf)
        row[active] = rule(apart[np.ix_(two, active)], mass[two], between=between, weights=mass[active])
        row[other] = np.inf
        apart[other], apart[:, other] = row, row
        apart[tip], apart[:, tip] = np.inf, np.inf
        mass[other] += mass[tip]
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


def cut(merges: np.ndarray, n_segments: int) -> np.ndarray:
    """Group (m,) from 0 of every point once all but the last ``n_segments - 1`` merges are made.

    Counting merges rather than comparing heights gives the number asked for
    where heights are equal, too.
    """
    from scipy.cluster.hierarchy import fcluster

    if len(merges) == 0:
        return np.zeros(1, dtype=np.int32)
    ordered = merges.copy()
    ordered[:, 2] = np.arange(1, len(merges) + 1)
    return (fcluster(ordered, n_segments, criterion="maxclust") - 1).astype(np.int32)


def cutting(grow: Callable[..., Kept]) -> Callable[..., Fitted]:
    """The ``fit`` of an algorithm whose fits share the tree that ``grow`` makes: a cut at ``n_segments``."""

    def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None) -> Fitted:
        return cut_tree(shared if shared is not None else grow(values, seed=seed), n_segments)

    return fit


def pair_grower(method: str, rule: Rule) -> Callable[..., Kept]:
    """The ``shared`` of an algorithm on a :func:`pair_tree`."""

    def grow(values: np.ndarray, *, seed: int, features: object = None, fixed: object = None) -> Kept:
        return pair_tree(values, method, rule=rule, seed=seed)

    return grow


def cut_tree(found: Kept, n_segments: int) -> Fitted:
    """The segments that a grown tree has at one number of them."""
    groups = cut(found.arrays["merges"], n_segments)
    model = model_of(found.arrays["points"], groups, factor=found.facts["factor"])
    return Fitted(raw_labels=groups[found.arrays["member"]], model=model, notes=tuple(found.facts["notes"]))
