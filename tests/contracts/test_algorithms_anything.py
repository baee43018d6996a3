"""Laws that every entry of the algorithm catalogue keeps on matrices nobody would think of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.datasets import make_blobs

from core import pipeline
from core.algorithms import ALGORITHMS, clustering, place, prepared, run
from core.errors import SegmentationError, TooFewRows
from core.model import Plan
from tests.core.test_prepare import table as table_of

BY_NAME = pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=list(ALGORITHMS))
CELLS = st.one_of(
    st.integers(-2, 2).map(float),
    st.floats(-1e3, 1e3, allow_nan=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
MATRICES = st.tuples(st.integers(1, 24), st.integers(1, 4)).flatmap(
    lambda shape: arrays.arrays(np.float64, shape, elements=CELLS, fill=st.just(0.0))
)


@BY_NAME
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(values=MATRICES)
def test_any_finite_matrix_gives_labels_or_words(algorithm, values):
    """A result or a SegmentationError, never anything else; equal rows are together; placing gives the same labels."""
    before = values.copy()
    try:
        shared = prepared(algorithm, values, seed=0)
        grid = algorithm.grid(values, segments=(2, 4), seed=0, shared=shared)
        found = [clustering(run(algorithm, values, seed=0, params=params, shared=shared)) for params in grid[:2]]
    except SegmentationError:
        found = []
    assert np.array_equal(values, before)
    same = np.unique(values, axis=0, return_inverse=True)[1].reshape(-1)
    for one in found:
        assert np.array_equal(place(algorithm, one, values), one.labels)
        for row in np.unique(same):
            assert len(set(one.labels[same == row].tolist())) == 1


@BY_NAME
def test_more_segments_than_customers_are_refused_in_words(algorithm):
    """Ten customers cannot fill thirty segments; an algorithm that finds the number itself finds at most ten."""
    values = np.random.default_rng(0).normal(size=(10, 2))
    if any(param.name == "n_segments" for param in algorithm.params):
        with pytest.raises(TooFewRows):
            run(algorithm, values, seed=0, params={"n_segments": 30})
    else:
        for params in algorithm.grid(values, segments=(2, 30), seed=0):
            assert clustering(run(algorithm, values, seed=0, params=params)).n_segments <= 10


def test_neither_threads_nor_the_order_of_rows_change_a_label():
    """Every algorithm, on one thread and on two, in the order of the file and shuffled: the same labels and scores."""
    values = make_blobs(400, 3, centers=4, cluster_std=2.0, random_state=3)[0].round(2)
    frame = pd.DataFrame(values, columns=["a", "b", "c"])
    order = np.random.default_rng(1).permutation(len(frame))
    plan = Plan(algorithms=tuple(ALGORITHMS), segments=(2, 4), resamples=0)
    first = pipeline.compare(table_of(**frame), plan, threads=1)
    other = pipeline.compare(table_of(**frame.iloc[order].reset_index(drop=True)), plan, threads=2)
    assert first.recommended == other.recommended
    for one, same in zip(first.candidates, other.candidates, strict=True):
        assert one.key == same.key and one.problem == same.problem
        assert np.array_equal(one.labels[order], same.labels), one.key
        assert [score.value for score in one.scores] == [score.value for score in same.scores], one.key
