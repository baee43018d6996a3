"""Trees of merges, Genie and spectral against scipy, scikit-learn and genieclust."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import AgglomerativeClustering, SpectralClustering
from sklearn.datasets import make_blobs, make_circles, make_moons
from sklearn.metrics import adjusted_rand_score

from core.algorithms import ALGORITHMS, anchors, clustering, genie, place, prepared, run, spectral, ward
from core.algorithms import linkage as trees

TREES = ("ward", "average", "complete")
BY_TREE = pytest.mark.parametrize("name", TREES)
RULES = {"ward": trees.ward_rule, "average": trees.average_rule, "complete": trees.complete_rule}


def spread(n: int = 300, d: int = 3, seed: int = 3) -> np.ndarray:
    return make_blobs(n, d, centers=6, cluster_std=3, random_state=seed)[0]


def labels(name: str, values: np.ndarray, **params) -> np.ndarray:
    return run(ALGORITHMS[name], values, seed=0, params=params).raw_labels


@BY_TREE
def test_tree_serves_every_number_of_segments(name):
    """Cuts of one tree are nested and equal scipy's own tree."""
    values, algorithm = spread(), ALGORITHMS[name]
    tree, other = prepared(algorithm, values, seed=0), linkage(values, name)
    finer = None
    for k in range(8, 1, -1):
        ours = run(algorithm, values, seed=0, params={"n_segments": k}, shared=tree).raw_labels
        assert adjusted_rand_score(ours, fcluster(other, k, "maxclust")) == 1.0
        if finer is not None:
            pairs = set(zip(finer, ours, strict=True))
            assert len(pairs) == len(set(finer)), "a finer segment is split between coarser ones"
        finer = ours


@pytest.mark.parametrize(("folder", "set_name", "k"), [("fcps", "hepta", 7), ("fcps", "tetra", 4)])
def test_trees_equal_scikit_learn_on_benchmark_sets(shared_data, folder, set_name, k):
    """On public benchmark sets our partitions are those of scikit-learn's trees."""
    values = np.loadtxt(shared_data / "clustering" / folder / f"{set_name}.data.gz")
    for name in TREES:
        other = AgglomerativeClustering(k, linkage=name).fit_predict(values)
        assert adjusted_rand_score(labels(name, values, n_segments=k), other) == 1.0, name


@BY_TREE
def test_weighted_tree_equals_tree_of_repeated_rows(name):
    """A point of weight w counts as w equal rows: the heights above 0 agree with scipy's tree of the repeated rows."""
    random = np.random.default_rng(1)
    points, weights = random.normal(size=(60, 3)), random.integers(1, 6, 60)
    ours = trees.weighted_linkage(points, weights.astype(float), rule=RULES[name])
    other = linkage(np.repeat(points, weights, axis=0), name)
    assert np.allclose(ours[:, 2], other[-len(ours) :, 2])
    for k in (2, 5, 9):
        repeated = np.repeat(trees.cut(ours, k), weights)
        assert adjusted_rand_score(repeated, fcluster(other, k, "maxclust")) == 1.0


@BY_TREE
def test_equal_heights_still_give_the_number_asked_for(name):
    """On a regular grid many merges are equally high; a cut gives exactly the segments asked for."""
    values = np.stack(np.meshgrid(np.arange(6.0), np.arange(6.0)), axis=-1).reshape(-1, 2)
    assert [len(set(labels(name, values, n_segments=k))) for k in range(2, 12)] == list(range(2, 12))


@BY_TREE
def test_large_tree_recovers_blobs_and_says_it_used_small_groups(name):
    """Beyond what fits exactly the tree joins micro-groups: separated clouds still come back exactly."""
    values, truth = make_blobs(21_000, 4, centers=np.eye(5, 4) * 20, random_state=0)
    fitted = run(ALGORITHMS[name], values, seed=0, params={"n_segments": 5})
    assert adjusted_rand_score(truth, fitted.raw_labels) == 1.0
    assert "1,000 small groups" in fitted.notes[0] and "21,000" in fitted.notes[0]
    assert np.array_equal(fitted.raw_labels, anchors.place(fitted.model, values))


def test_micro_groups_weigh_as_much_as_their_rows():
    """A small group's weight in the tree is the number of rows that hang on it, none of them empty."""
    values = np.random.default_rng(0).normal(size=(7_000, 2))
    points, member, _ = trees.micro_groups(values, seed=0)
    weights = np.bincount(member, minlength=len(points))
    assert weights.sum() == len(values) and weights.min() >= 1
    nearest = ((values[:50, None] - points[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert np.array_equal(nearest, member[:50])


def test_wide_tables_are_not_fitted_row_by_row_for_minutes():
    """Ward's tree is exact while rows squared times columns stays affordable, and the estimate says which."""
    assert ward.exact(20_000, 20) and not ward.exact(20_000, 200) and not ward.exact(20_001, 2)
    assert ward.cost(10_000, 8, candidates=9).method == ""
    assert "small groups" in ward.cost(1_000_000, 8, candidates=9).method


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.7, 1.0])
def test_genie_equals_genieclust(threshold):
    """For every number of segments and inequality allowed, our labels are those of the reference implementation."""
    from genieclust import Genie

    values = np.concatenate([spread(500, 2), make_moons(300, noise=0.1, random_state=0)[0] * 10])
    tree = prepared(ALGORITHMS["genie"], values, seed=0)
    for k in range(2, 9):
        params = {"n_segments": k, "gini_threshold": threshold}
        ours = run(ALGORITHMS["genie"], values, seed=0, params=params, shared=tree).raw_labels
        other = Genie(k, gini_threshold=threshold).fit_predict(values)
        assert adjusted_rand_score(ours, other) == 1.0


def test_genie_tree_is_the_shortest():
    """The spanning tree is as long as scipy's minimum spanning tree of all distances."""
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import pdist, squareform

    values = spread(400)
    found = genie.span(values, seed=0)
    other = minimum_spanning_tree(squareform(pdist(values))).sum()
    assert found.arrays["length"].sum() == pytest.approx(other)
    assert (np.diff(found.arrays["length"]) >= 0).all()


def test_genie_with_as_many_segments_as_different_customers():
    """Five different customers asked for in five segments are five segments."""
    assert sorted(set(labels("genie", np.repeat(np.eye(5), 3, axis=0), n_segments=5))) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["genie", "spectral"])
def test_shapes_that_k_means_cannot_find(name):
    """Interleaved moons and nested circles come back exactly."""
    for values, truth in (
        make_moons(600, noise=0.05, random_state=0),
        make_circles(600, noise=0.03, factor=0.4, random_state=0),
    ):
        assert adjusted_rand_score(truth, labels(name, values, n_segments=2)) == 1.0


def spectral_sets() -> dict[str, np.ndarray]:
    return {
        "few rows": make_moons(300, noise=0.12, random_state=1)[0],
        "many rows": make_moons(900, noise=0.14, random_state=1)[0],
        "clouds": make_blobs(800, 5, centers=4, cluster_std=3.5, random_state=4)[0],
    }


@pytest.mark.parametrize("which", spectral_sets())
def test_spectral_equals_scikit_learn(which):
    """On a connected graph, with few rows (all eigenvectors) and many (some): scikit-learn's segments."""
    values = spectral_sets()[which]
    found = prepared(ALGORITHMS["spectral"], values, seed=0)
    for k in (2, 3, 4):
        reference = SpectralClustering(k, affinity="nearest_neighbors", n_neighbors=10, random_state=0)
        other = reference.fit_predict(values)
        ours = run(ALGORITHMS["spectral"], values, seed=0, params={"n_segments": k}, shared=found).raw_labels
        assert adjusted_rand_score(ours, other) > 0.99, k


def test_spectral_on_a_graph_that_falls_apart():
    """Nine clouds far apart share no neighbours: no warning, and nine segments that are the clouds."""
    values, truth = make_blobs(540, 2, centers=np.arange(18).reshape(9, 2) * 100.0, random_state=0)
    assert adjusted_rand_score(truth, labels("spectral", values, n_segments=9)) == 1.0


def test_spectral_eigenvectors_solve_the_random_walk():
    """Each column v satisfies P v = (1 - height) v for the random walk P, the first is constant."""
    values = spread(900)
    graph = spectral.neighbour_graph(values, 10).toarray()
    where = spectral.eigenvectors(spectral.neighbour_graph(values, 10), 6, seed=0)
    np.fill_diagonal(graph, 0)  # the normalised Laplacian ignores loops
    walk = graph / graph.sum(axis=1, keepdims=True)
    assert np.allclose(np.abs(where[:, 0]), np.abs(where[0, 0]))
    for column in where.T:
        height = (column @ graph @ column) / (column @ (graph.sum(axis=1) * column))
        assert np.abs(walk @ column - height * column).max() < 1e-4


@pytest.mark.parametrize(("name", "rows", "fitted"), [("genie", 21_000, "10,000"), ("spectral", 3_000, "2,000")])
def test_a_sample_is_fitted_beyond_a_size_and_told(name, rows, fitted):
    """Separated clouds survive the sampling, every row is placed by the nearest fitted one, and a note says so."""
    values, truth = make_blobs(rows, 4, centers=np.eye(5, 4) * 20, random_state=0)
    result = run(ALGORITHMS[name], values, seed=0, params={"n_segments": 5})
    assert adjusted_rand_score(truth, result.raw_labels) == 1.0
    assert result.notes == (f"Fitted on {fitted} of {rows:,} customers, all placed.",)
    assert ALGORITHMS[name].cost(rows, 4, candidates=9).rows == int(fitted.replace(",", ""))


@pytest.mark.parametrize("name", [*TREES, "genie", "spectral"])
@pytest.mark.parametrize("size", [1e-200, 1e200, 1e307])
def test_units_of_any_size_give_the_same_segments(name, size):
    """Numbers whose squares no float can hold are fitted and placed like any others."""
    values = np.clip(spread(200) / 20, -1, 1)
    usual, odd = (
        clustering(run(ALGORITHMS[name], v, seed=0, params={"n_segments": 4})) for v in (values, values * size)
    )
    assert adjusted_rand_score(usual.labels, odd.labels) == 1.0
    assert np.array_equal(place(ALGORITHMS[name], odd, values * size), odd.labels)


def test_a_new_row_farther_than_any_float_can_square_is_placed():
    """A customer set aside for a value of 1e300 still gets a segment."""
    found = clustering(run(ALGORITHMS["ward"], spread(), seed=0, params={"n_segments": 3}))
    assert place(ALGORITHMS["ward"], found, np.full((1, 3), 1e300))[0] in (1, 2, 3)
