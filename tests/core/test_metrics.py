"""Metrics against scikit-learn and published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as oracle
from sklearn.cluster import KMeans
from sklearn.datasets import make_circles

from core.algorithms import ALGORITHMS, clustering, run
from core.metrics import score_all, widths
from core.metrics.neighbours import kept
from core.metrics.silhouette import silhouettes
from core.model import NOISE


def labelings(values: np.ndarray) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    found = {f"k{k}": KMeans(k, n_init=1, random_state=k).fit_predict(values) + 1 for k in (2, 5, 9)}
    found["random"] = random.integers(1, 5, len(values))
    found["noisy"] = np.where(random.random(len(values)) < 0.3, NOISE, found["k5"])
    found["again"] = found["k5"][...]
    found["a segment of one"] = np.where(np.arange(len(values)) == 7, 3, found["k2"])
    return found


def value(scores, metric: str) -> float | None:
    return next(score.value for score in scores if score.metric == metric)


@pytest.mark.parametrize("d", [1, 2, 6])
@pytest.mark.parametrize("n", [30, 700])
def test_agrees_with_scikit_learn(n, d):
    """Silhouette, Calinski-Harabasz and Davies-Bouldin over placed rows equal scikit-learn's to 1e-8."""
    values = np.random.default_rng(d).normal(size=(n, d)) * 3 + 100
    given = labelings(values)
    for key, scores in score_all(values, given, 0).items():
        placed = given[key] != NOISE
        part, labels = values[placed], given[key][placed]
        assert value(scores, "silhouette") == pytest.approx(oracle.silhouette_score(part, labels), abs=1e-8)
        assert value(scores, "calinski_harabasz") == pytest.approx(oracle.calinski_harabasz_score(part, labels))
        assert value(scores, "davies_bouldin") == pytest.approx(oracle.davies_bouldin_score(part, labels))


def test_each_width_agrees_with_scikit_learn():
    """The silhouette of every single row equals scikit-learn's; noise has none."""
    values = np.random.default_rng(4).normal(size=(300, 4))
    given = labelings(values)
    for key, found in silhouettes(values, given).items():
        placed = given[key] != NOISE
        assert np.allclose(found[placed], oracle.silhouette_samples(values[placed], given[key][placed]), atol=1e-8)
        assert np.isnan(found[~placed]).all()


def test_sample_beyond_twenty_thousand_rows_says_so_and_errs_within_its_error():
    """The estimate lies within four of its standard errors of the exact mean, and names both counts."""
    values = np.random.default_rng(0).normal(size=(21_000, 2))
    labels = KMeans(4, n_init=1, random_state=0).fit_predict(values) + 1
    found = next(s for s in score_all(values, {"a": labels}, 0)["a"] if s.metric == "silhouette")
    exact = np.nanmean(silhouettes(values, {"a": labels})["a"])
    assert abs(found.value - exact) < 4 * found.error
    assert "of 21,000 customers" in found.because and "standard error" in found.because


def test_single_precision_tiles_agree_with_scikit_learn():
    """Beyond 4,000 rows means still equal scikit-learn's to 1e-6, with identical rows and long tails among them."""
    random = np.random.default_rng(2)
    values = np.vstack([random.lognormal(sigma=2, size=(3_000, 3)), np.repeat(random.normal(size=(150, 3)), 10, axis=0)])
    given = {f"k{k}": KMeans(k, n_init=1, random_state=k).fit_predict(values) + 1 for k in (2, 6)}
    given["random"] = random.integers(1, 4, len(values))
    for key, scores in score_all(values, given, 0, threads=2).items():
        assert value(scores, "silhouette") == pytest.approx(oracle.silhouette_score(values, given[key]), abs=1e-6)


def test_threads_change_no_bit():
    """One thread, two and three give the same scores to the last bit."""
    values = np.random.default_rng(3).normal(size=(5_000, 4))
    given = labelings(values)
    one, two, three = (score_all(values, given, 0, threads=threads) for threads in (1, 2, 3))
    assert one == two == three


def test_a_sampled_score_depends_on_its_own_labeling_alone():
    """Beyond 20,000 rows the same sample serves every labeling, so that scores made apart can be compared."""
    values = np.random.default_rng(5).normal(size=(20_500, 2))
    first = 1 + (values[:, 0] > 1)
    second = 1 + (values[:, 1] > 0) + (values[:, 0] > 2)
    together = score_all(values, {"a": first, "b": second}, 0)
    assert score_all(values, {"a": first}, 0)["a"] == together["a"]


def test_a_sample_counts_segments_by_their_true_size(monkeypatch):
    """The estimate weighs each segment's mean width by the customers it really holds, not by those drawn."""
    from core.metrics import silhouette

    monkeypatch.setattr(silhouette, "EXACT_ROWS", 100)
    monkeypatch.setattr(silhouette, "SAMPLE_ROWS", 60)
    values = np.random.default_rng(0).normal(size=(200, 1)) + np.repeat([0.0, 3.0], [150, 50])[:, None]
    labels = np.repeat([1, 2], [150, 50])
    rows = silhouette.sampled(200, 0, most=100, size=60)
    drawn = silhouettes(values[rows], {"a": labels[rows]})["a"]
    expected = 0.75 * drawn[labels[rows] == 1].mean() + 0.25 * drawn[labels[rows] == 2].mean()
    found = silhouette.score(values, {"a": labels}, seed=0, centred=frozenset())["a"]
    assert found.value == pytest.approx(expected) and found.value != pytest.approx(drawn.mean(), abs=1e-4)


def test_widths_shown_are_those_of_the_whole():
    """The widths of sampled customers equal scikit-learn's for the same customers among all."""
    values = np.random.default_rng(6).normal(size=(3_000, 2))
    labels = 1 + (values[:, 0] > 0)
    rows, found = widths(values, {"a": labels, "one": np.ones(3_000, dtype=int)}, seed=0)
    assert len(rows) == 2_000 and (np.diff(rows) > 0).all() and found["a"].dtype == np.float32
    assert np.allclose(found["a"], oracle.silhouette_samples(values, labels)[rows], atol=1e-6)
    assert np.isnan(found["one"]).all()


def test_neighbours_see_gaps_whatever_the_shape():
    """Rings keep all neighbours together, a cut through them does not; leaving out the border does not help."""
    values, rings = make_circles(600, noise=0.03, factor=0.4, random_state=0)
    half = 1 + (values[:, 0] > 0)
    thin = np.where(np.abs(values[:, 0]) < 0.05, NOISE, half)
    scores = score_all(values, {"rings": rings + 1, "half": half, "thin": thin}, 0)
    assert value(scores["rings"], "neighbours") == 1.0
    assert value(scores["half"], "neighbours") < 0.995
    assert value(scores["thin"], "neighbours") < 0.995


def test_neighbours_count_the_nearest_most():
    """By hand: on a line cut in the middle, a row counts its j-th nearest neighbour 1/j."""
    near = np.array([[1, 2], [0, 2], [1, 3], [2, 1]])
    labels = np.array([1, 1, 2, 2])
    assert kept(near, labels).tolist() == pytest.approx([(2 / 3 + 2 / 3) / 2, (1 / 3 + 2 / 3) / 2])


def test_inertia_only_where_it_is_sought():
    """Inertia is the sum of squared distances to segment means, given for K-means alone."""
    values = np.random.default_rng(0).normal(size=(200, 3))
    model = KMeans(4, n_init=1, random_state=0, tol=0).fit(values)
    scores = score_all(values, {"a": model.labels_ + 1, "b": model.labels_ + 1}, 0, centred=frozenset(["a"]))
    assert value(scores["a"], "inertia") == pytest.approx(model.inertia_)
    assert value(scores["b"], "inertia") is None


def test_noise_lowers_the_share_placed_and_is_no_segment():
    """Share placed counts noise; the smallest segment does not."""
    labels = np.array([1, 1, 1, 2, 2, NOISE, NOISE, NOISE])
    scores = score_all(np.arange(8.0)[:, None], {"a": labels}, 0)["a"]
    assert value(scores, "share_placed") == pytest.approx(5 / 8)
    assert value(scores, "smallest_segment") == 2
    assert value(scores, "largest_segment") == pytest.approx(3 / 8)


@pytest.mark.parametrize(("standardised", "silhouette"), [(False, 0.5539), (True, 0.5547)])
def test_mall_customers(shared_data, standardised, silhouette):
    """The published figures of the mall customers: income and spending score, five segments by K-means."""
    values = pd.read_csv(shared_data / "customers" / "Mall_Customers.csv").iloc[:, 3:5].to_numpy(float)
    if standardised:
        values = (values - values.mean(axis=0)) / values.std(axis=0)
    labels = clustering(run(ALGORITHMS["kmeans"], values, seed=0, params={"n_segments": 5})).labels
    scores = score_all(values, {"a": labels}, 0, centred=frozenset(["a"]))["a"]
    assert round(value(scores, "silhouette"), 4) == silhouette
    if not standardised:
        assert value(scores, "silhouette") == pytest.approx(0.553931997, abs=1e-9)
        assert value(scores, "inertia") == pytest.approx(44448.46, abs=0.005)
        assert np.bincount(labels)[1:].tolist() == [81, 39, 35, 23, 22]


def test_ruspini(shared_data):
    """R's cluster package prints 0.737657 for the four segments of ruspini."""
    values = pd.read_csv(shared_data / "reference" / "ruspini.tab", sep=r"\s+").iloc[:, -2:].to_numpy(float)
    labels = clustering(run(ALGORITHMS["kmeans"], values, seed=0, params={"n_segments": 4})).labels
    assert value(score_all(values, {"a": labels}, 0)["a"], "silhouette") == pytest.approx(0.737657, abs=5e-7)
