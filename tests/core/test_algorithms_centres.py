"""Algorithms around centres against scikit-learn, plain arithmetic and clouds of known shape."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris, make_blobs
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from core.algorithms import (
    ALGORITHMS,
    bisecting,
    clustering,
    gmm,
    kmeans,
    kmedoids,
    lloyd,
    mixture,
    place,
    prepared,
    run,
)
from core.algorithms.rows import distinct_rows, nearest
from core.model import Feature


def brute(points: np.ndarray, values: np.ndarray) -> np.ndarray:
    return ((values[:, None, :] - points[None]) ** 2).sum(axis=2).argmin(axis=1)


def inertia(values: np.ndarray, labels: np.ndarray) -> float:
    return sum(float(((values[labels == one] - values[labels == one].mean(axis=0)) ** 2).sum()) for one in set(labels))


@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (30, 8), (100, 40)])
@pytest.mark.parametrize("offset", [0.0, 1e7])
def test_nearest_equals_brute_force(shape, offset):
    """The fast way finds the point that plain differences find, far from the origin, too."""
    random = np.random.default_rng(0)
    points, values = random.normal(size=shape) + offset, random.normal(size=(9_000, shape[1])) + offset
    assert np.array_equal(nearest(points, values), brute(points, values))


def test_nearest_places_rows_beyond_what_the_points_scale_to():
    """Points so small that they are scaled up leave a row that overflows then with an answer, without a warning."""
    points = np.array([[1e-300, 0.0], [-1e-300, 0.0]])
    found = nearest(points, np.array([[1e300, 0.0], [-1e-300, 1e-301]]))
    assert found[0] in (0, 1) and found[1] == 1


def test_nearest_gives_ties_to_the_first_point():
    """On a grid of whole numbers, where ties are exact, the lowest index wins, in every block and for every unit."""
    random = np.random.default_rng(1)
    points = random.integers(0, 4, (40, 2)).astype(float)
    values = random.integers(0, 9, (20_000, 2)) / 2
    expected = brute(points, values)
    two = np.sort(((values[:, None] - points) ** 2).sum(axis=2), axis=1)[:, :2]
    assert (two[:, 0] == two[:, 1]).any()
    for unit in (1.0, 2.0**600, 2.0**-600):
        assert np.array_equal(nearest(points * unit, values * unit), expected)


def test_nearest_for_a_row_does_not_depend_on_its_neighbours():
    """Rows on the border between two points, asked for alone and in a crowd with one huge row, get the same answer."""
    random = np.random.default_rng(2)
    points = random.normal(size=(2, 5))
    along = random.normal(size=(500, 5))
    gap = points[1] - points[0]
    border = points.mean(axis=0) + along - (along @ gap / (gap @ gap))[:, None] * gap
    crowd = nearest(points, np.vstack([border, np.full((1, 5), 1e12)]))[:-1]
    assert np.array_equal(crowd, np.concatenate([nearest(points, row[None]) for row in border]))


def test_nearest_within_leaves_out_what_is_farther():
    """Beyond the distance given the answer is -1, for few points and for many."""
    points = np.arange(200.0)[:, None] * 10
    values = np.array([[1.0], [4.0], [11.0]])
    for some in (points[:5], points):
        assert nearest(some, values, within=1.5).tolist() == [0, -1, 1]


def test_distinct_rows_are_counted_across_blocks():
    """The few different rows among very many equal ones are found wherever they stand."""
    values = np.zeros((150_000, 2))
    values[[70_000, 140_000]] = [[1, 1], [2, 2]]
    assert distinct_rows(values, 3) == 3
    assert distinct_rows(values, 10) == 3


@pytest.mark.parametrize("n_rows", [2_000, 24_000])
@pytest.mark.parametrize("k", [3, 6, 10])
def test_k_means_is_as_good_as_ten_starts(n_rows, k):
    """Inertia lies within half a percent of scikit-learn's best of ten starts."""
    values = np.random.default_rng(k).normal(size=(n_rows, 4))
    ours = inertia(values, kmeans.fit(values, n_segments=k, seed=0).raw_labels)
    assert ours <= 1.005 * KMeans(k, n_init=10, random_state=1).fit(values).inertia_


def test_many_rows_get_the_centres_of_the_exact_way():
    """Beyond 50,000 rows, on separated clouds, the centres are the means of the clouds: what few rows give, too."""
    middles = np.eye(6) * 15
    values, truth = make_blobs(60_000, centers=middles, random_state=0)
    found = kmeans.fit(values, n_segments=6, seed=0)
    assert adjusted_rand_score(truth, found.raw_labels) == 1.0
    means = np.array([values[truth == cloud].mean(axis=0) for cloud in range(6)])
    order = nearest(means, found.model["centres"])
    assert sorted(order) == list(range(6))
    assert np.allclose(found.model["centres"], means[order], rtol=1e-12, atol=1e-12)
    assert found.notes == ()


def test_many_rows_without_clouds_come_close_to_the_exact_way():
    """Where nothing separates the rows, following a sample's centres on all rows stays within half a percent."""
    values = np.random.default_rng(0).lognormal(sigma=1.5, size=(60_000, 3))
    found = kmeans.fit(values, n_segments=5, seed=0)
    ours = inertia(values, found.raw_labels)
    assert ours <= 1.005 * KMeans(5, n_init=4, random_state=1).fit(values).inertia_
    further, _ = lloyd.refine(values, found.model["centres"], rounds=1, patience=0.0)
    assert ours - inertia(values, nearest(further, values)) < 1e-4 * inertia(values, np.zeros(len(values)))


def test_refining_never_raises_inertia_and_fills_empty_centres():
    """Each further round lowers inertia; a centre far from everybody is given the row farthest from all others."""
    values, _ = make_blobs(3_000, 2, centers=[(0, 0), (9, 0), (0, 9)], random_state=0)
    start = np.array([[0.0, 0.0], [1.0, 0.0], [500.0, 500.0]])
    seen = []
    for rounds in range(1, 6):
        centres, _ = lloyd.refine(values, start, rounds=rounds, patience=0.0)
        labels = nearest(centres, values)
        assert len(set(labels)) == 3
        seen.append(inertia(values, labels))
    assert (np.diff(seen) <= 1e-9).all()
    assert np.isclose(seen[-1], KMeans(3, n_init=5, random_state=0).fit(values).inertia_)


def test_bisecting_splits_nest_and_lower_inertia():
    """k + 1 segments are k segments with one split in two; inertia falls with every split."""
    values = np.random.default_rng(3).normal(size=(800, 3))
    tree = bisecting.grow(values, seed=0)
    cuts = [bisecting.fit(values, n_segments=k, seed=0, shared=tree).raw_labels for k in range(2, 9)]
    for coarse, fine in zip(cuts, cuts[1:], strict=False):
        pairs = set(zip(fine.tolist(), coarse.tolist(), strict=True))
        assert len(pairs) == len(set(fine)) == len(set(coarse)) + 1
    assert (np.diff([inertia(values, cut) for cut in cuts]) < 0).all()


def test_bisecting_splits_the_widest_first():
    """Two pairs of clouds, pairs far apart: two segments are the pairs, three split the wider pair."""
    values, truth = make_blobs(400, 2, centers=[(0, 0), (6, 0), (100, 0), (120, 0)], random_state=0)
    for k, expected in ((2, truth // 2), (3, np.array([0, 0, 1, 2])[truth]), (4, truth)):
        assert adjusted_rand_score(bisecting.fit(values, n_segments=k, seed=0).raw_labels, expected) == 1.0


def clouds_of(shape: str) -> np.ndarray:
    """Three clouds of 500 rows, placed so that every column varies about equally: round ones stay round when scaled."""
    random = np.random.default_rng(11)
    middles = np.array([[14, 0, 0], [0, 14, 0], [0, 0, 14]])
    tilts = {
        "spherical": [np.eye(3) * width for width in (0.5, 1.0, 2.0)],
        "diag": [np.diag(widths) for widths in ([3, 0.5, 1], [0.5, 3, 0.4], [1, 1, 3])],
        "tied": [np.array([[1, 0.9, 0], [0, 0.5, 0.8], [0, 0, 1]])] * 3,
        "full": [random.normal(size=(3, 3)) for _ in range(3)],
    }[shape]
    return np.vstack([random.normal(size=(500, 3)) @ tilt + middle for tilt, middle in zip(tilts, middles, strict=True)])


@pytest.mark.parametrize("shape", mixture.SHAPES)
def test_bic_finds_the_shape_of_the_clouds(shape):
    """Clouds drawn with a known kind of covariance are recognised as that kind, and the note says so."""
    found = gmm.fit(clouds_of(shape), n_segments=3, seed=0)
    assert f"({'diagonal' if shape == 'diag' else shape}) by BIC" in found.notes[-1]
    assert adjusted_rand_score(np.repeat(np.arange(3), 500), found.raw_labels) > 0.99


@pytest.mark.parametrize("shape", mixture.SHAPES)
def test_mixture_equals_scikit_learn(shape):
    """Same clouds, posterior labels, BIC and AIC as scikit-learn on the same scaled columns."""
    values = load_iris().data
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    ours = gmm.fit(values, n_segments=2, seed=0, covariance=shape)
    other = GaussianMixture(2, covariance_type=shape, n_init=5, reg_covar=1e-5, tol=1e-7, max_iter=500, random_state=0)
    assert adjusted_rand_score(other.fit_predict(scaled), ours.raw_labels) == 1.0
    assert np.isclose(ours.facts["bic"], other.bic(scaled), rtol=1e-3)
    assert np.isclose(ours.facts["aic"], other.aic(scaled), rtol=1e-3)


def test_one_round_of_expectation_maximisation_never_lowers_the_likelihood():
    """The law of EM: the likelihood rises with every round, for every shape."""
    values = np.random.default_rng(0).normal(size=(400, 3))
    for shape in mixture.SHAPES:
        now = mixture.from_groups(values, np.arange(400) % 4, shape=shape, floor=1e-9)
        seen = []
        for _ in range(8):
            now = mixture.settle(values, now, shape=shape, floor=1e-9, gain=-np.inf, rounds=1)
            seen.append(now.likelihood)
        assert (np.diff(seen) >= -1e-9).all(), shape


def test_mixture_places_a_tie_by_the_row_alone():
    """Rows on the border between two equal clouds go to the same one alone and in a crowd."""
    random = np.random.default_rng(0)
    means, factor = random.normal(size=(2, 5)), np.triu(random.normal(size=(5, 5)))
    np.fill_diagonal(factor, 1.3)
    twins = mixture.Mixture(np.log([0.5, 0.5]), means, np.stack([factor, factor]))
    along, normal = random.normal(size=(400, 5)), factor @ factor.T @ (means[1] - means[0])
    border = means.mean(axis=0) + along - (along @ normal / (normal @ normal))[:, None] * normal
    alone = np.concatenate([mixture.likeliest(twins, row[None]) for row in border])
    assert np.array_equal(mixture.likeliest(twins, border), alone)
    assert set(alone) == {0, 1}


def test_large_mixture_tells_what_it_looked_at():
    """Beyond 50,000 rows a sample is fitted and the note counts it; separated clouds still come back exactly."""
    values, truth = make_blobs(60_000, centers=np.eye(4) * 15, random_state=0)
    found = gmm.fit(values, n_segments=4, seed=0)
    assert adjusted_rand_score(truth, found.raw_labels) == 1.0
    assert found.notes[0].startswith("Fitted on 50,000 of 60,000")
    assert "found on 2,000 customers" in found.notes[1]


def test_a_fixed_covariance_is_kept_and_captioned():
    """A person's choice reaches every candidate, and no search is claimed."""
    values = load_iris().data
    settings = ALGORITHMS["gmm"].grid(values, segments=(2, 4), seed=0, fixed={"covariance": "tied"})
    assert [p["covariance"] for p in settings] == ["tied"] * 3
    assert ALGORITHMS["gmm"].caption(settings[0]) == "2 segments, tied"
    assert run(ALGORITHMS["gmm"], values, seed=0, params=settings[0]).notes == ()


def gower_by_hand(numbers: np.ndarray, categories: np.ndarray) -> np.ndarray:
    """Gower (1971), cell by cell, from the original columns."""
    n = len(numbers)
    apart = np.zeros((n, n))
    for row in range(n):
        for other in range(n):
            parts = [abs(numbers[row, c] - numbers[other, c]) / np.ptp(numbers[:, c]) for c in range(numbers.shape[1])]
            parts += [float(categories[row, c] != categories[other, c]) for c in range(categories.shape[1])]
            apart[row, other] = np.mean(parts)
    return apart


def mixed_table() -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[Feature, ...]]:
    """Two numbers, a category of four levels, one of two: original columns, matrix with scaled columns, features."""
    random = np.random.default_rng(4)
    numbers = random.normal(size=(60, 2)) * [1, 50]
    categories = np.column_stack([random.integers(0, 4, 60), random.integers(0, 2, 60)])
    hot = (categories[:, :1] == np.arange(4)).astype(float)
    matrix = np.column_stack([numbers, hot, categories[:, 1]])
    matrix = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    features = (
        Feature("age", "age"),
        Feature("spend", "spend"),
        *(Feature(f"town {level}", "town", level) for level in "abcd"),
        Feature("member yes", "member", "yes"),
    )
    return numbers, categories, matrix, features


def test_gower_distance_equals_its_definition():
    """The weighted sum over matrix columns is Gower's distance over the original columns, whatever the scaling."""
    numbers, categories, matrix, features = mixed_table()
    shared = kmedoids.measure(matrix, seed=0, features=features)
    assert np.allclose(shared.arrays["apart"], gower_by_hand(numbers, categories), atol=1e-6)


def test_medoids_are_the_best_by_exhaustive_search():
    """For two segments of sixty customers no other pair of medoids has a lower sum of Gower distances."""
    numbers, categories, matrix, features = mixed_table()
    shared = kmedoids.measure(matrix, seed=0, features=features)
    found = kmedoids.fit(matrix, n_segments=2, seed=0, shared=shared)
    apart = gower_by_hand(numbers, categories)
    best = min(np.minimum(apart[a], apart[b]).sum() for a in range(60) for b in range(a))
    assert np.isclose(found.facts["mean_distance"] * 60, best, rtol=1e-3)
    rows = [int((matrix == medoid).all(axis=1).argmax()) for medoid in found.model["medoids"]]
    assert np.array_equal(found.raw_labels, apart[:, rows].argmin(axis=1))


def test_medoids_of_many_rows_recover_clouds_and_count_the_sample():
    """Beyond 3,000 rows medoids come from a sample, are real customers, and separated clouds come back exactly."""
    values, truth = make_blobs(8_000, centers=np.eye(4) * 20, random_state=0)
    found = kmedoids.fit(values, n_segments=4, seed=0)
    assert adjusted_rand_score(truth, found.raw_labels) == 1.0
    assert found.notes == ("Fitted on 3,000 of 8,000 customers, all placed.",)
    assert all((values == medoid).all(axis=1).any() for medoid in found.model["medoids"])


EXTREMES = {
    "huge": lambda base: base * 1e200,
    "tiny": lambda base: base * 1e-200,
    "far from zero": lambda base: base + 1e12,
    "one monster": lambda base: np.vstack([base, np.full((1, 3), 1e150)]),
    "all but equal": lambda base: np.repeat(base[:4], 20, axis=0) + base[:80] * 1e-15,
    "columns of all sizes": lambda base: base * [1e300, 1.0, 1e-300],
    "repeated columns": lambda base: base[:, [0, 0, 0]],
}


@pytest.mark.parametrize("name", ["kmeans", "bisecting", "gmm", "kmedoids"])
@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_values_give_segments(name, case):
    """Any finite rows give a labeling that placing repeats, in one call or in parts, without a warning."""
    values = EXTREMES[case](np.random.default_rng(5).normal(size=(80, 3)))
    algorithm = ALGORITHMS[name]
    shared = prepared(algorithm, values, seed=0)
    found = clustering(run(algorithm, values, seed=0, params={"n_segments": 4}, shared=shared))
    parts = [place(algorithm, found, part) for part in np.array_split(values, 7)]
    assert np.array_equal(np.concatenate(parts), found.labels)
    assert found.n_segments > 1


def test_shapes_with_more_free_numbers_than_customers_are_not_tried():
    """Sixty customers in forty columns cannot tell the tilt of a cloud: only shapes without one are fitted."""
    values = np.random.default_rng(0).normal(size=(60, 40))
    fitted = run(ALGORITHMS["gmm"], values, seed=0, params={"n_segments": 2})
    assert any("spherical" in note or "diagonal" in note for note in fitted.notes)
    assert gmm.tried(values, 2) == ["spherical", "diag"]
    assert gmm.tried(np.zeros((5_000, 3)), 2) == list(mixture.SHAPES)
