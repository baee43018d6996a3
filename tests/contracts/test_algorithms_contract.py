"""Laws that every entry of the algorithm catalogue keeps."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from core.algorithms import ALGORITHMS, clustering, place, prepared, run
from core.errors import TooFewRows
from core.model import NOISE
from core.params import check_params

BY_NAME = pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=list(ALGORITHMS))


def inputs() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        "blobs": make_blobs(300, 3, centers=4, random_state=1)[0],
        "one column": random.normal(size=(80, 1)),
        "ties": random.integers(0, 3, (90, 2)).astype(float),
        "huge and tiny units": random.normal(size=(70, 2)) * [1e9, 1e-9],
        "two rows": np.array([[0.0, 0.0], [1.0, 1.0]]),
        "many columns": random.normal(size=(60, 30)),
    }


def fits(algorithm, values):
    shared = prepared(algorithm, values, seed=0)
    for params in algorithm.grid(values, segments=(2, 5), seed=0):
        yield params, run(algorithm, values, seed=0, params=params, shared=shared)


@BY_NAME
@pytest.mark.parametrize("case", inputs())
def test_laws_of_a_fit(algorithm, case):
    """Labels are 1..k without holes, the largest first, or NOISE; placing the fitted rows gives their own labels."""
    values = inputs()[case]
    for _, fitted in fits(algorithm, values):
        found = clustering(fitted)
        assert found.labels.shape == (len(values),)
        sizes = np.bincount(found.labels[found.labels != NOISE], minlength=1)[1:]
        assert (np.diff(sizes) <= 0).all() and (sizes > 0).all()
        assert np.array_equal(place(algorithm, found, values), found.labels)
        assert all(isinstance(part, np.ndarray) and part.dtype != object for part in found.model.values())


@BY_NAME
def test_same_seed_same_labels_with_and_without_shared_work(algorithm):
    """A fit repeats exactly, and what fits share changes nothing."""
    values = inputs()["blobs"]
    for params, fitted in fits(algorithm, values):
        again = run(algorithm, values, seed=0, params=params)
        assert np.array_equal(fitted.raw_labels, again.raw_labels)


@BY_NAME
def test_values_are_not_changed(algorithm):
    """The matrix is read-only and stays so."""
    values = inputs()["blobs"]
    values.setflags(write=False)
    before = values.copy()
    for _ in fits(algorithm, values):
        assert np.array_equal(values, before)


@BY_NAME
def test_grid_settings_pass_their_own_declaration(algorithm):
    """Each candidate's parameters are declared, in range, and have a caption; none comes twice."""
    grid = algorithm.grid(inputs()["blobs"], segments=(2, 10), seed=0)
    for params in grid:
        assert dict(params).items() <= check_params(algorithm.params, dict(params)).items()
    assert len({algorithm.caption(params) for params in grid}) == len(grid) > 0


@BY_NAME
def test_identical_customers_are_refused_before_a_fit(algorithm):
    """Rows that are all equal cannot be told apart: the grid says so."""
    with pytest.raises(TooFewRows):
        algorithm.grid(np.ones((50, 2)), segments=(2, 4), seed=0)


@BY_NAME
def test_one_customer_is_refused_in_words(algorithm):
    """A single row ends in a problem that a person can act on, whatever part of the fit meets it first."""
    values = np.array([[1.0, 2.0]])
    with pytest.raises(TooFewRows):
        algorithm.grid(values, segments=(2, 4), seed=0, shared=prepared(algorithm, values, seed=0))


@BY_NAME
def test_entry_is_complete(algorithm):
    """What pages print is there, and placing no rows gives no labels."""
    assert all((algorithm.label, algorithm.summary, algorithm.good_at, algorithm.bad_at, algorithm.reference))
    assert algorithm.name.isidentifier()
    values = inputs()["blobs"]
    found = clustering(next(fits(algorithm, values))[1])
    assert len(place(algorithm, found, np.empty((0, values.shape[1])))) == 0
