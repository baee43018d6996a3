"""DBSCAN and HDBSCAN against scikit-learn, and their shared tree against its definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import pdist, squareform
from sklearn.cluster import DBSCAN as SklearnDBSCAN
from sklearn.cluster import HDBSCAN as SklearnHDBSCAN
from sklearn.datasets import make_blobs, make_moons
from sklearn.metrics import adjusted_rand_score

from core.algorithms import ALGORITHMS, clustering, dbscan, density, hdbscan, place, prepared, run
from core.model import NOISE


def noisy(n: int = 900, d: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three clouds of different density and one row in ten anywhere: values (n, d), truth with NOISE."""
    random = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2, NOISE], [n // 2, n // 4, n - n // 2 - n // 4 - n // 10, n // 10])
    centres = np.array([[0.0] * d, [12.0] * d, [-14.0] * d, [0.0] * d])
    width = np.array([0.5, 1.5, 2.5, 0.0])
    values = centres[truth] + width[truth][:, None] * random.normal(size=(n, d))
    values[truth == NOISE] = random.uniform(-30, 30, ((truth == NOISE).sum(), d))
    return values, truth


def sets() -> list[np.ndarray]:
    grid = np.random.default_rng(0).integers(0, 8, (600, 2)).astype(float)
    return [
        make_blobs(1500, 3, centers=4, random_state=3)[0],
        make_moons(800, noise=0.07, random_state=1)[0],
        grid,
        make_blobs(500, 20, centers=4, random_state=3)[0],
    ]


def test_density_tree_is_the_shortest_under_mutual_reachability():
    """As long as scipy's minimum spanning tree of max(crowd distance of both ends, distance)."""
    values = noisy(400)[0]
    found = density.density(values, 7)
    apart = squareform(pdist(found.arrays["points"]))
    core = np.sort(apart, axis=1)[:, 6]
    assert np.allclose(found.arrays["core"], core)
    mutual = np.maximum(np.maximum(apart, core), core[:, None])
    np.fill_diagonal(mutual, 0)
    assert found.arrays["reach"].sum() == pytest.approx(minimum_spanning_tree(mutual).sum())


@pytest.mark.parametrize("at", range(4))
def test_dbscan_equals_scikit_learn(at):
    """Same noise at every reach tried, same grouping of crowded rows; equal rows count each."""
    values = sets()[at]
    for params in dbscan.grid(values, segments=(2, 10), seed=0):
        ours = dbscan.fit(values, seed=0, **params).raw_labels
        other = SklearnDBSCAN(**params).fit(values)
        assert np.array_equal(ours == NOISE, other.labels_ == NOISE)
        cores = other.core_sample_indices_
        assert len(cores) == 0 or adjusted_rand_score(ours[cores], other.labels_[cores]) == 1.0


def test_dbscan_finds_moons_that_k_means_cannot():
    """Two interleaved moons are the textbook case of segments of odd shape."""
    values, truth = make_moons(600, noise=0.05, random_state=0)
    settings = dbscan.grid(values, segments=(2, 10), seed=0)
    best = max(adjusted_rand_score(truth, dbscan.fit(values, seed=0, **p).raw_labels) for p in settings)
    assert best > 0.95


def test_dbscan_without_any_crowd_places_nobody():
    """Where no reach makes a crowd, every row is noise, placed rows and new ones."""
    values = np.arange(8.0)[:, None] * 100
    fitted = dbscan.fit(values, seed=0, eps=1.0, min_samples=3)
    assert set(fitted.raw_labels) == {NOISE}
    assert set(dbscan.place(fitted.model, values)) == {NOISE}


def test_dbscan_follows_a_reach_given_by_hand_and_tells_the_knee():
    """A reach that a person has set is the only candidate and is used as it is; the knee stays on record."""
    values = noisy()[0]
    (params,) = dbscan.grid(values, segments=(2, 10), seed=0, fixed={"eps": 1.25})
    fitted = dbscan.fit(values, seed=0, **params)
    assert fitted.facts["eps"] == params["eps"] == 1.25
    found = dbscan.reached(values, seed=0)
    assert fitted.facts["knee"] == dbscan.knee(found)
    assert dbscan.fit(values, seed=0).facts["eps"] == dbscan.knee(found)


def test_knee_lies_where_the_curve_of_distances_leaves_its_chord():
    """The knee is a point of the curve, and none lies farther below the chord from its first to its last point."""
    found = dbscan.reached(noisy()[0], seed=0)
    reach = np.sort(found.arrays["core"])
    below = np.linspace(reach[0], reach[-1], len(reach)) - reach
    assert dbscan.knee(found) == reach[below.argmax()]


def test_reach_curve_tells_how_many_are_in_a_crowd():
    """At each drawn reach, exactly the share drawn has enough others within it; at most 400 points, both rising."""
    values = noisy(1200)[0]
    found = dbscan.reached(values, seed=0)
    share, reach = dbscan.reach_curve(found)
    assert len(share) == len(reach) <= 400 and (np.diff(share) > 0).all() and (np.diff(reach) >= 0).all()
    within = np.sort(squareform(pdist(values)), axis=1)[:, density.crowd(2) - 1]
    assert share[-1] == 1.0
    for s, r in list(zip(share, reach, strict=True))[::57]:
        assert (within <= r * (1 + 1e-12)).mean() == pytest.approx(s)


def test_reach_curve_of_customers_without_any_crowd_is_empty():
    """Fewer customers than a crowd needs: nothing to draw, no failure."""
    share, reach = dbscan.reach_curve(dbscan.reached(np.arange(3.0)[:, None], seed=0))
    assert len(share) == len(reach) == 0


@pytest.mark.parametrize("at", [0, 1, 3])
def test_hdbscan_equals_scikit_learn(at):
    """On the shared tree, the same segments and the same noise as scikit-learn finds from the rows."""
    values = sets()[at]
    tree = prepared(ALGORITHMS["hdbscan"], values, seed=0)
    for params in hdbscan.grid(values, segments=(3, 3), seed=0):
        ours = hdbscan.fit(values, seed=0, shared=tree, **params).raw_labels
        other = SklearnHDBSCAN(**params, copy=True).fit(values).labels_
        assert np.array_equal(ours == NOISE, other == NOISE)
        assert adjusted_rand_score(ours, other) == 1.0


def test_hdbscan_counts_equal_customers_each():
    """Rows repeated a few times weigh as often as they come: scikit-learn's segments of the repeated rows."""
    values = np.repeat(make_blobs(200, 2, centers=3, cluster_std=0.7, random_state=4)[0], 3, axis=0)
    ours = hdbscan.fit(values, seed=0, min_cluster_size=60, min_samples=8).raw_labels
    other = SklearnHDBSCAN(min_cluster_size=60, min_samples=8, copy=True).fit(values).labels_
    assert len(set(ours) - {NOISE}) == 3
    assert adjusted_rand_score(ours, other) > 0.99


def test_hdbscan_finds_crowds_of_different_density():
    """Clouds that no single reach serves come back, and most of the scattered rows stay out."""
    values, truth = noisy()
    best = max(
        adjusted_rand_score(truth, hdbscan.fit(values, seed=0, **params).raw_labels)
        for params in hdbscan.grid(values, segments=(2, 10), seed=0)
    )
    assert best > 0.85


@pytest.mark.parametrize("values", [np.arange(4.0)[:, None], np.repeat(np.eye(2), 30, axis=0), np.ones((20, 2))])
def test_hdbscan_of_too_few_or_equal_customers_is_noise_or_whole(values):
    """No lasting crowd can be told where nearly nothing differs: no failure, equal customers stay together."""
    found = hdbscan.fit(values, seed=0).raw_labels
    for row in np.unique(values, axis=0):
        assert len(set(found[(values == row).all(axis=1)])) == 1


@pytest.mark.parametrize("name", ["dbscan", "hdbscan"])
def test_a_sample_is_fitted_beyond_a_size_and_told(name):
    """Clouds survive the sampling, unsampled customers included; placing repeats the labels; a note counts."""
    values, truth = make_blobs(12_000, 3, centers=np.eye(4, 3) * 30, random_state=0)
    algorithm = ALGORITHMS[name]
    tree = prepared(algorithm, values, seed=0)
    params = algorithm.grid(values, segments=(2, 10), seed=0, shared=tree)[-1]
    fitted = run(algorithm, values, seed=0, params=params, shared=tree)
    placed = fitted.raw_labels != NOISE
    assert placed.mean() > 0.93
    assert adjusted_rand_score(truth[placed], fitted.raw_labels[placed]) == 1.0
    assert np.array_equal(algorithm.place(fitted.model, values), fitted.raw_labels)
    assert fitted.notes == ("Fitted on 10,000 of 12,000 customers, all placed.",)


def test_hdbscan_sizes_count_customers_of_the_table_not_of_the_sample():
    """A smallest segment of 1,500 among 12,000 customers leaves out clouds of 1,000 wherever the sample falls."""
    sizes = [5_000, 5_000, 1_000, 1_000]
    values, truth = make_blobs(sizes, 3, centers=np.eye(4, 3) * 60, random_state=0)
    few = clustering(hdbscan.fit(values, seed=0, min_cluster_size=1_500)).n_segments
    many = clustering(hdbscan.fit(values, seed=0, min_cluster_size=300)).n_segments
    assert (few, many) == (2, 4)


@pytest.mark.parametrize("name", ["dbscan", "hdbscan"])
def test_a_row_far_from_all_is_left_out_and_one_inside_is_not(name):
    """New customers join the crowd they lie in; a far one, however far, joins none."""
    values = make_blobs(600, 2, centers=[(0, 0), (30, 0)], random_state=0)[0]
    algorithm = ALGORITHMS[name]
    found = clustering(run(algorithm, values, seed=0, params=algorithm.grid(values, segments=(2, 2), seed=0)[-1]))
    new = place(algorithm, found, np.array([[0.0, 0.0], [30.0, 0.0], [15.0, 500.0], [1e300, -1e300]]))
    assert new[0] > 0 and new[1] > 0 and new[0] != new[1]
    assert (new[2:] == NOISE).all()


def test_thinned_settings_find_the_same_segments_on_fewer_rows():
    """Settings scaled to a tenth of the rows keep the clouds that the settings of all rows lose there."""
    values, truth = make_blobs(6_000, 2, centers=4, cluster_std=0.6, random_state=1)
    part = np.random.default_rng(0).choice(6_000, 600, replace=False)
    for name, params in {
        "hdbscan": {"min_cluster_size": 600, "min_samples": 5},
        "dbscan": {"eps": 0.4, "min_samples": 40},
    }.items():
        algorithm = ALGORITHMS[name]
        kept, lost = (
            run(algorithm, values[part], seed=0, params=p).raw_labels for p in (algorithm.thinned(params, 0.1), params)
        )
        assert adjusted_rand_score(truth[part], kept) > 0.85 > adjusted_rand_score(truth[part], lost), name


def test_thinned_settings_stay_settings():
    """What is found from the data stays so, a reach is kept, and no crowd shrinks below what can be one."""
    assert dbscan.thinned({"eps": 0.5, "min_samples": 16}, 0.25) == {"eps": 0.5, "min_samples": 4}
    assert dbscan.thinned({"eps": None, "min_samples": 0}, 0.25) == {"eps": None, "min_samples": 0}
    assert dbscan.thinned({"eps": 0.5, "min_samples": 16}, 0.001)["min_samples"] == 3
    assert hdbscan.thinned({"min_cluster_size": 200, "min_samples": 8}, 0.1) == {
        "min_cluster_size": 20,
        "min_samples": 8,
    }
    assert hdbscan.thinned({"min_cluster_size": 0, "min_samples": 8}, 0.1)["min_cluster_size"] == 0
    assert hdbscan.thinned({"min_cluster_size": 10, "min_samples": 8}, 0.1)["min_cluster_size"] == 5


@pytest.mark.parametrize("n_features", [2, 8, 15, 16, 60])
def test_the_sample_shrinks_only_as_far_as_placing_demands(n_features):
    """All rows up to 10,000; beyond, never more than 10,000 or fewer than 2,000, and fewer as rows grow."""
    assert [density.fit_rows(n, n_features) for n in (1, 500, 10_000)] == [1, 500, 10_000]
    sizes = [density.fit_rows(n, n_features) for n in (20_000, 200_000, 1_000_000, 10_000_000)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] == 10_000 and sizes[-1] == 2_000
