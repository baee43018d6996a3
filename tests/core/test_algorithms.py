"""Algorithms against independent implementations, published data and their own geometry."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from core.algorithms import ALGORITHMS, Fitted, clustering, gmm, place, run
from core.algorithms.running import renumber
from core.errors import BadRequest, TooFewRows
from core.model import NOISE


def blobs(n: int = 600, d: int = 3, k: int = 4, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    return make_blobs(n, d, centers=k, random_state=seed)


def read_gz(folder, name: str) -> tuple[np.ndarray, np.ndarray]:
    return np.loadtxt(folder / f"{name}.data.gz"), np.loadtxt(folder / f"{name}.labels0.gz").astype(int)


@pytest.mark.parametrize("name", ["kmeans", "gmm", "ward"])
def test_separated_blobs_are_recovered(name):
    """Four well separated clouds come back exactly."""
    values, truth = make_blobs(600, 3, centers=np.eye(4, 3) * 20, random_state=0)
    found = clustering(run(ALGORITHMS[name], values, seed=0, params={"n_segments": 4}))
    assert adjusted_rand_score(truth, found.labels) == 1.0


@pytest.mark.parametrize(("folder", "name", "k"), [("fcps", "hepta", 7), ("fcps", "tetra", 4), ("fcps", "engytime", 2)])
def test_same_partition_as_scikit_learn(shared_data, folder, name, k):
    """On public benchmark sets our partitions agree with scikit-learn's, fitted independently."""
    values, _ = read_gz(shared_data / "clustering" / folder, name)
    others = {
        "kmeans": KMeans(k, n_init=20, random_state=7).fit_predict(values),
        "ward": AgglomerativeClustering(k).fit_predict(values),
        "gmm": GaussianMixture(k, n_init=10, random_state=7).fit_predict(values),
    }
    for algorithm, other in others.items():
        ours = run(ALGORITHMS[algorithm], values, seed=0, params={"n_segments": k}).raw_labels
        assert adjusted_rand_score(ours, other) > 0.98, algorithm


@pytest.mark.parametrize("name", ["hepta", "tetra"])
def test_known_labels_of_benchmark_sets(shared_data, name):
    """Sets whose reference labels are round clouds are recovered by K-means and the mixture."""
    values, truth = read_gz(shared_data / "clustering" / "fcps", name)
    for algorithm in ("kmeans", "gmm"):
        ours = run(ALGORITHMS[algorithm], values, seed=0, params={"n_segments": int(truth.max())}).raw_labels
        assert adjusted_rand_score(ours, truth) > 0.99


def test_mixture_labels_equal_scikit_learn_prediction():
    """Our placing in blocks is the posterior of the fitted mixture, whatever the units of the columns."""
    values, _ = make_blobs(400, 3, centers=3, random_state=5)
    scaled = values * [1, 1e6, 1e-6]
    same = [gmm.fit(v, n_segments=3, seed=0).raw_labels for v in (values, scaled)]
    assert np.array_equal(*same)
    other = GaussianMixture(3, n_init=5, random_state=1).fit_predict(values)
    assert adjusted_rand_score(same[0], other) > 0.99


def test_mixture_survives_columns_of_two_values():
    """Clouds that shrink onto single values are held open by the variance floor."""
    values = np.random.default_rng(0).integers(0, 2, (200, 3)).astype(float)
    assert len(set(gmm.fit(values, n_segments=6, seed=0).raw_labels)) > 1


def test_numbering_is_largest_first_and_ties_by_first_appearance():
    """Segment numbers do not depend on the raw numbers an algorithm uses."""
    raw = np.array([7, 2, 2, NOISE, 5, 7, 2, 5])
    found = clustering(Fitted(raw, {}))
    assert found.labels.tolist() == [2, 1, 1, NOISE, 3, 2, 1, 3]
    assert found.labels.dtype == np.int16 and not found.labels.flags.writeable


def test_a_group_without_fitted_rows_takes_nobody():
    """A new row nearest to a group that no fitted row belongs to stays unplaced rather than opening a segment."""
    assert renumber(np.array([0, 1, NOISE]), np.array([1, 0], dtype=np.int16)).tolist() == [1, NOISE, NOISE]


@pytest.mark.parametrize("name", ["kmeans", "gmm", "ward"])
def test_more_segments_than_different_rows_is_refused(name):
    """Three different customers cannot fill four segments; the message counts them."""
    values = np.repeat(np.eye(3), 10, axis=0)
    with pytest.raises(TooFewRows) as told:
        run(ALGORITHMS[name], values, seed=0, params={"n_segments": 4})
    assert (told.value.usable, told.value.needed) == (3, 4)
    assert [p["n_segments"] for p in ALGORITHMS[name].grid(values, segments=(2, 10), seed=0)] == [2, 3]


def test_unknown_or_impossible_parameters_are_refused():
    """Parameters are checked against what the entry declares."""
    for params in ({"n_segments": 99}, {"clusters": 3}):
        with pytest.raises(BadRequest):
            run(ALGORITHMS["kmeans"], blobs()[0], seed=0, params=params)


HASH = """
import hashlib, sys
from sklearn.datasets import make_blobs
from core.algorithms import ALGORITHMS, clustering, prepared, run
values = make_blobs(11_000, 6, centers=7, cluster_std=4, random_state=0)[0]
digest = hashlib.sha256()
for algorithm in ALGORITHMS.values():
    shared = prepared(algorithm, values, seed=0)
    for params in algorithm.grid(values, segments=(3, 6), seed=0):
        digest.update(clustering(run(algorithm, values, seed=0, params=params, shared=shared)).labels.tobytes())
sys.stdout.write(digest.hexdigest())
"""



@pytest.mark.long
def test_labels_do_not_depend_on_the_number_of_threads(project):
    """Same values, parameters and seed: same labels on one thread and on two, in fresh processes."""
    digests = set()
    for threads in ("1", "2"):
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
        done = subprocess.run(
            [sys.executable, "-c", HASH],
            env={**os.environ, **limits},
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1 and len(digests.pop()) == hashlib.sha256().digest_size * 2


def test_new_rows_go_to_the_segment_they_lie_in():
    """A row added at the centre of a segment is placed there by every algorithm; far away the density-based ones leave it."""
    values, truth = make_blobs(400, 2, centers=[(0, 0), (30, 0)], random_state=0)
    for algorithm in ALGORITHMS.values():
        params = algorithm.grid(values, segments=(2, 2), seed=0)[-1]
        found = clustering(run(algorithm, values, seed=0, params=params))
        new = place(algorithm, found, np.array([[0.0, 0.0], [30.0, 0.0]]))
        for row, cloud in zip(new, (0, 1), strict=True):
            assert row == np.bincount(found.labels[(truth == cloud) & (found.labels > 0)]).argmax(), algorithm.name
        far = place(algorithm, found, np.array([[15.0, 500.0]]))[0]
        assert (far == NOISE) == (algorithm.name in ("dbscan", "hdbscan"))
