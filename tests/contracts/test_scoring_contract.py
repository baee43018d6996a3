"""Laws of placing that hold for every algorithm."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import make_blobs, make_moons

from core import pipeline, scoring
from core.algorithms import ALGORITHMS
from core.model import Plan
from tests.core.scored_shop import shop, table

QUICK = ("kmeans", "gmm", "ward", "hdbscan")
"""One of each way to place customers: by the nearest centre, by clouds, by the nearest point, within reach."""
EVERY = [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in ALGORITHMS]
CENTRES = ("kmeans", "bisecting", "gmm", "kmedoids", "autoencoder")


def read(case: str):
    if case == "shop":
        return shop(240)
    values = make_moons(300, noise=0.06, random_state=0)[0] if case == "crescents" else make_blobs(300, 3, centers=4, random_state=1)[0]
    return table(**{f"v{at}": values[:, at].round(4) for at in range(values.shape[1])})


def models(found, name: str, *, most: int = 1):
    """The table's comparison by one algorithm, and models of its first candidates that have segments."""
    comparison = pipeline.compare(found, Plan(algorithms=(name,), segments=(3, 3), resamples=0))
    usable = [one for one in comparison.candidates if not one.problem][:most]
    return [(one, pipeline.train(found, comparison, one.key)) for one in usable]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("case", [pytest.param("blobs", marks=pytest.mark.long), pytest.param("crescents", marks=pytest.mark.long), "shop"])
def test_fitted_customers_score_back_at_the_agreement_that_is_printed(name, case):
    """At least 0.99 for every algorithm without edits: the share is counted again from the labels of the comparison."""
    found = read(case)
    for candidate, model in models(found, name):
        placed = pipeline.score(model, found, {}).frame
        share = (placed["segment"].to_numpy() == candidate.labels).mean()
        assert share == pytest.approx(model.agreement) and model.agreement >= 0.99 and model.compared == len(found)
        assert placed["confidence"].between(0, 1).all() and (placed["runner_up"] != placed["segment"]).all()
        assert placed["unlike_anyone"].mean() <= 0.005 + 1 / len(found)


@pytest.mark.parametrize("name", EVERY)
def test_a_customer_alone_is_placed_as_among_others_and_ten_deviations_out_is_told(name):
    """Bit by bit, with whole numbers that make ties; a customer far out in every column is unlike anyone, one in the midst is not."""
    values = make_blobs(300, 4, centers=4, cluster_std=2.0, random_state=2)[0].round()
    found = table(**{f"v{at}": values[:, at] for at in range(4)})
    for _, model in models(found, name):
        whole = pipeline.score(model, found, {}).frame
        frame = found.frame[list(model.columns)]
        for at in range(0, 300, 13):
            assert scoring.score(model, frame.iloc[[at]]).frame.iloc[0].tolist() == whole.iloc[at].tolist()
        for column in frame:
            far = frame.iloc[:3].copy()
            far[column] = frame[column].mean() + 10 * frame[column].std()
            assert scoring.score(model, far).frame["unlike_anyone"].all()
        assert not scoring.score(model, frame.iloc[:30]).frame["unlike_anyone"].any() or whole["unlike_anyone"].sum() <= 2


@pytest.mark.long
@pytest.mark.parametrize("name", list(ALGORITHMS))
@pytest.mark.parametrize("file", ["Mall_Customers.csv", "CC GENERAL.csv"])
def test_real_customers_score_back(name, file, shared_data, capsys):
    """Mall and credit cards: the agreement is printed."""
    found = pipeline.load(shared_data / "customers" / file, file, {})
    for candidate, model in models(found, name, most=5):
        share = (pipeline.score(model, found, {}, threads=2).frame["segment"].to_numpy() == candidate.labels).mean()
        with capsys.disabled():
            print(f"{file} {candidate.key}: {model.agreement:.4f} of {model.compared:,}, all rows {share:.4f}")
        assert model.agreement >= 0.99 or name not in CENTRES
        assert share >= 0.99


def test_placing_equals_scikit_learn_for_centres():
    """The oracle is KMeans.predict with the model's own centres, on new customers."""
    from sklearn.cluster import KMeans

    found = read("blobs")
    [(candidate, model)] = models(found, "kmeans")
    centres = model.arrays["centres"]
    judge = KMeans(len(centres), init=centres, n_init=1, max_iter=1).fit(centres)
    judge.cluster_centers_ = centres
    new = make_blobs(2_000, 3, centers=4, cluster_std=3.0, random_state=9)[0]
    frame = table(**{f"v{at}": new[:, at] for at in range(3)}).frame
    placed = scoring.score(model, frame).frame["segment"].to_numpy()
    from core.prepare import applied

    np.testing.assert_array_equal(placed, model.segment_of[judge.predict(applied(model.preparation, frame))])


def test_placing_equals_scikit_learn_for_clouds():
    """The oracle is the largest posterior of a GaussianMixture with the model's means and covariances, on new customers."""
    from sklearn.mixture import GaussianMixture

    from core.prepare import applied

    found = read("blobs")
    [(candidate, model)] = models(found, "gmm")
    arrays = model.arrays
    judge = GaussianMixture(len(arrays["means"]), covariance_type="full")
    judge.weights_, judge.means_, judge.precisions_cholesky_ = np.exp(arrays["log_weights"]), arrays["means"], arrays["factors"]
    new = make_blobs(2_000, 3, centers=4, cluster_std=3.0, random_state=9)[0]
    frame = table(**{f"v{at}": new[:, at] for at in range(3)}).frame
    values = (applied(model.preparation, frame) * arrays["factor"] - arrays["shift"]) / arrays["spread"]
    np.testing.assert_array_equal(scoring.score(model, frame).frame["segment"].to_numpy(), model.segment_of[judge.predict(values)])
