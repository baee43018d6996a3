"""The map against a singular value decomposition."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core import maps
from core.maps import principal_components
from core.model import Feature, Matrix


def matrix(values: np.ndarray, aside: np.ndarray) -> Matrix:
    """Fitted rows first, set-aside rows behind."""
    n = len(values)
    return Matrix(
        values=values,
        rows=np.arange(n),
        features=tuple(Feature(f"f{at}", f"f{at}") for at in range(values.shape[1])),
        aside_values=aside,
        aside_rows=np.arange(n, n + len(aside)),
        aside_reasons=("far",) * len(aside),
        outlier=np.zeros(n + len(aside), dtype=bool),
    )


@pytest.mark.parametrize("d", [1, 2, 5])
def test_equals_scikit_learn_up_to_sign(d):
    """Coordinates of fitted and set-aside rows and the explained shares equal PCA's; axes differ in sign at most."""
    random = np.random.default_rng(d)
    values, aside = random.normal(size=(80, d)) * np.arange(1, d + 1), random.normal(size=(7, d)) * 9
    found, explained = principal_components(matrix(values, aside))
    axes = min(3, d)
    other = PCA(axes).fit(values)
    expected = other.transform(np.vstack([values, aside]))
    assert found.shape == (87, axes) and found.dtype == np.float32
    assert np.allclose(np.abs(found), np.abs(expected), atol=1e-4)
    assert explained == pytest.approx(tuple(other.explained_variance_ratio_))


def test_blocks_change_nothing(monkeypatch):
    """Rows that lie in many blocks, with a last one that is not full, get the coordinates they get in one."""
    random = np.random.default_rng(3)
    made = matrix(random.normal(size=(103, 5)) + 50, random.normal(size=(23, 5)))
    whole, shares = principal_components(made)
    monkeypatch.setattr(maps, "BLOCK", 10)
    found, explained = principal_components(made)
    assert np.isfinite(found).all() and np.allclose(found, whole, atol=1e-5)
    assert explained == pytest.approx(shares)


def test_a_large_matrix_is_never_copied():
    """Beside the float32 result, a map of 500,000 x 8 takes less than a third of its matrix."""
    values = np.random.default_rng(0).normal(size=(500_000, 8))
    made = matrix(values, np.empty((0, 8)))
    tracemalloc.start()
    found, _ = principal_components(made)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - found.nbytes < values.nbytes / 3


def test_sign_is_fixed_by_the_data():
    """Turning the order of the rows around does not mirror the map."""
    values = np.random.default_rng(0).normal(size=(50, 4))
    none = np.empty((0, 4))
    forth, back = (principal_components(matrix(part, none))[0] for part in (values, values[::-1].copy()))
    assert np.allclose(forth, back[::-1], atol=1e-5)


def test_identical_rows_lie_in_one_point():
    """No variance gives zeros, not a division by zero."""
    found, explained = principal_components(matrix(np.ones((5, 2)), np.empty((0, 2))))
    assert (found == 0).all() and explained == (0.0, 0.0)
