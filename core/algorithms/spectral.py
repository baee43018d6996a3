"""Spectral: cut the graph of nearest neighbours where it is thinnest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms import rows
from core.algorithms.anchors import hang, hang_bytes, hang_seconds, model_of, place
from core.algorithms.density import spanning_tree
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.linkage import N_SEGMENTS
from core.memo import Kept
from core.model import Feature
from core.params import Whole

FIT_ROWS = 2_000
DENSE_ROWS = 400  # up to here all eigenvectors at once are quicker, and sure
NEIGHBOURS = 10
BRIDGE = 0.5  # what one-sided neighbours weigh
DIGITS = 6


def fit(
    values: np.ndarray, *, n_segments: int, seed: int, n_neighbors: int = NEIGHBOURS, shared: Kept | None = None
) -> Fitted:
    """K-means on the first ``n_segments`` eigenvectors of the neighbour graph.

    Beyond 2,000 rows a seeded sample is fitted and every other row follows the
    nearest sampled one.

    Sources: Shi & Malik (2000), doi:10.1109/34.868688; von Luxburg (2007), doi:10.1007/s11222-007-9033-z.
    """
    from sklearn.cluster import KMeans

    found = shared if shared is not None else embed(values, seed=seed, fixed={"n_neighbors": n_neighbors})
    where = found.arrays["embedding"][:, :n_segments]
    reachable = min(n_segments, len(np.unique(where, axis=0)))
    quick = KMeans(reachable, n_init=10, random_state=seed)
    groups = quick.fit(where, sample_weight=found.arrays["weights"]).labels_
    notes = rows.sample_note(found.facts["rows"], len(values))
    model = model_of(found.arrays["points"], groups, factor=found.facts["factor"])
    return Fitted(raw_labels=groups[found.arrays["member"]], model=model, notes=notes)


def embed(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """Eigenvectors for every number of segments at once.

    ``points`` (m, d) are the distinct fitted rows, each as heavy as its
    ``weights`` (m,) when the eigenvectors are grouped; ``embedding`` (m, up to
    30) their place, smoothest first; ``member`` (n,) the nearest point of every row.
    """
    chosen = rows.sample_rows(len(values), FIT_ROWS, seed)
    tamed, factor = rows.tame(values[chosen])
    points, weights = np.unique(tamed, axis=0, return_counts=True)
    count = dict(fixed or {}).get("n_neighbors", NEIGHBOURS)
    where = eigenvectors(neighbour_graph(points, min(count, len(points))), N_SEGMENTS.high, seed=seed)
    member = hang(points, values, factor=factor)[0]
    arrays = {"points": points, "weights": weights.astype(float), "embedding": where, "member": member}
    return Kept(arrays, {"rows": len(chosen), "factor": factor})


def neighbour_graph(points: np.ndarray, count: int):
    """Sparse (m, m) graph: 1 between mutual neighbours, 0.5 between one-sided ones.

    Where it falls apart, the shortest edges that join its parts are added: an
    eigenvector can tell parts apart only if something joins them.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    _, index = rows.neighbours(points, points, count)
    m = len(points)
    one_way = coo_array((np.ones(index.size), (np.repeat(np.arange(m), index.shape[1]), index.ravel())), shape=(m, m))
    graph = ((one_way + one_way.T) / 2).tocsr()
    parts, part = connected_components(graph, directed=False)
    if parts > 1:
        ends, _ = spanning_tree(points, np.zeros(m))
        left, right = ends[part[ends[:, 0]] != part[ends[:, 1]]].T
        bridges = coo_array((np.full(len(left), BRIDGE), (left, right)), shape=(m, m))
        graph = (graph + bridges + bridges.T).tocsr()
    return graph


def eigenvectors(graph, count: int, *, seed: int) -> np.ndarray:
    """The smoothest eigenvectors (m, at most ``count``) of the random walk on a connected graph, the constant one first.

    Rounded to six digits of their usual size, so that what is left does not
    depend on the last digits of an iteration.
    """
    from scipy.linalg import eigh
    from scipy.sparse.csgraph import laplacian
    from scipy.sparse.linalg import eigsh

    m = graph.shape[0]
    count = min(count, m)
    matrix, root_degree = laplacian(graph, normed=True, return_diag=True)
    if m <= DENSE_ROWS:
        vectors = eigh(matrix.toarray(), subset_by_index=[0, count - 1])[1]
    else:
        start = np.random.default_rng(seed).uniform(-1, 1, m)
        height, vectors = eigsh(matrix.tocsc(), k=count, sigma=-1e-5, which="LM", v0=start)
        vectors = vectors[:, np.argsort(height)]
    size = np.sqrt((root_degree**2).sum())  # the constant eigenvector becomes 1 everywhere
    return np.round(vectors / root_degree[:, None] * size, DIGITS)


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    used = min(n_rows, FIT_ROWS)
    placing = hang_seconds(n_rows, used, n_features=n_features)
    seconds = 0.11 + 2.6e-8 * used**2 + placing + 3e-8 * n_rows * candidates
    method = "" if used == n_rows else f"a graph of {used:,} sampled customers"
    peak = 2.5 * used**2 + hang_bytes(n_rows, n_features) + 10.0 * n_rows
    return Cost(seconds=seconds, bytes=peak, rows=used, method=method)


SPECTRAL = Algorithm(
    name="spectral",
    label="Spectral",
    summary="Cuts the network of nearest neighbours where it is thinnest; for up to a few thousand customers.",
    assumes="Customers of a segment are linked by chains of near neighbours; segments are joined by few.",
    params=(
        N_SEGMENTS,
        Whole(
            "n_neighbors",
            "Neighbours",
            default=NEIGHBOURS,
            low=2,
            high=200,
            help="Nearest customers that each is linked to; more smooths, fewer follows finer shapes.",
        ),
    ),
    fit=fit,
    place=place,
    grid=rows.segment_grid,
    cost=cost,
    good_at="Odd shapes that do not touch, on few customers.",
    bad_at="Many customers: a sample is fitted; segments of very different density.",
    reference="Shi & Malik (2000), doi:10.1109/34.868688; von Luxburg (2007), doi:10.1007/s11222-007-9033-z",
    shared=embed,
)
