"""Laws of the known customers around others: scikit-learn and plain counting agree, and nobody's answer hangs on others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from core.model import NOISE
from core.scoring import around as module
from core.scoring.around import ALIKE, around
from core.scoring.nearest import nearest


def crowds(d: int, *, seed: int = 0, m: int = 400, n: int = 700) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """References of four overlapping crowds, one of them noise, and others of the same kind with the segment they got."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(4, d))
    own, other = random.integers(0, 4, m), random.integers(0, 4, n)
    names = np.array([1, 2, 3, NOISE], dtype=np.int16)
    return middles[own] + random.normal(size=(m, d)), names[own], middles[other] + random.normal(size=(n, d)), names[other]


def counted(references: np.ndarray, segments: np.ndarray, limit: float, *, row: np.ndarray, own: int) -> tuple[float, int, bool]:
    """The definition, word by word, for one row."""
    squares = np.zeros(len(references))
    for column in range(references.shape[1]):
        squares += (row[column] - references[:, column]) ** 2
    kept = np.sort(squares)
    near = segments[squares <= kept[min(ALIKE, len(kept)) - 1]]
    others = [(-(near == one).sum(), squares[segments == one].min(), one) for one in np.unique(segments) if one not in (own, NOISE)]
    fifth = float(np.sqrt(kept[min(5, len(kept)) - 1]))
    return float((near == own).mean()), int(min(others)[2]) if others else 0, fifth > limit


@pytest.mark.parametrize("d", [1, 2, 7, 24])
def test_shares_are_those_of_scikit_learn(d):
    """The oracle is KNeighborsClassifier's probability, where no distances are equal."""
    references, segments, values, own = crowds(d)
    judge = KNeighborsClassifier(ALIKE).fit(references, segments)
    known = judge.predict_proba(values)[np.arange(len(values)), np.searchsorted(judge.classes_, own)]
    found = around(references, segments, 1.0, values=values, own=own)
    np.testing.assert_allclose(found.share, known, atol=1e-12)


@pytest.mark.parametrize("d", [1, 3, 24])
@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e-40, 1e40])
@pytest.mark.parametrize("whole", [False, True], ids=["continuous", "ties"])
def test_what_is_told_is_the_definition(d, scale, whole):
    """With ties, tiny and huge numbers, too: rounding decides nothing."""
    references, segments, values, own = crowds(d, n=60)
    if whole:
        references, values = references.round(), values.round()
    references, values = references * scale, values * scale
    limit = 1.5 * scale
    found = around(references, segments, limit, values=values, own=own)
    for at, row in enumerate(values):
        told = (found.share[at], found.second[at], found.far[at])
        assert told == counted(references, segments, limit, row=row, own=own[at])


def test_most_rows_are_settled_by_products_alone(monkeypatch):
    """Among continuous values the slow way is taken by few; where it is never taken nothing else would be told."""
    references, segments, values, own = crowds(8, m=2_000)
    slow = []
    exactly = module._Known.exactly
    monkeypatch.setattr(module._Known, "exactly", lambda self, some, *rest, **where: slow.append(len(some)) or exactly(self, some, *rest, **where))
    quick = around(references, segments, 2.0, values=values, own=own)
    assert sum(slow) < 0.001 * len(values)
    monkeypatch.setattr(module._Known, "roughly", lambda self, some, *_, **where: np.zeros(len(some), dtype=bool))
    sure = around(references, segments, 2.0, values=values, own=own)
    for name in ("share", "second", "far"):
        np.testing.assert_array_equal(getattr(quick, name), getattr(sure, name))


@limits(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 5), st.booleans(), st.integers(1, 60))
def test_a_row_alone_is_the_row_among_others(seed, d, whole, m):
    """Bit by bit, with few references and with equal ones; the order of the references does not matter either."""
    references, segments, values, own = crowds(d, seed=seed, m=m, n=30)
    if whole:
        references, values = references.round(), values.round()
    together = around(references, segments, 1.0, values=values, own=own)
    turned = np.random.default_rng(seed).permutation(m)
    again = around(references[turned], segments[turned], 1.0, values=values, own=own)
    for at in range(0, len(values), 7):
        alone = around(references, segments, 1.0, values=values[at : at + 1], own=own[at : at + 1])
        for name in ("share", "second", "far"):
            assert getattr(alone, name)[0] == getattr(together, name)[at] == getattr(again, name)[at]


def test_second_is_the_nearest_segment_where_none_of_the_nearest_is_in_another():
    """Planted: 30 references of segment 1 at 0, of 2 at 100 and of 3 at 90; 0 where there is one segment alone."""
    references = np.concatenate([np.linspace(0, 1, 30), np.linspace(100, 101, 30), np.linspace(90, 91, 30)])[:, None]
    segments = np.repeat(np.array([1, 2, 3], dtype=np.int16), 30)
    found = around(references, segments, 1.0, values=np.array([[0.5], [300.0]]), own=np.array([1, 2], dtype=np.int16))
    assert found.share.tolist() == [1.0, 1.0] and found.second.tolist() == [3, 3] and found.far.tolist() == [False, True]
    lone = around(references, np.ones(90, dtype=np.int16), 1.0, values=np.array([[0.5]]), own=np.array([1], dtype=np.int16))
    assert lone.second.tolist() == [0] and lone.share.tolist() == [1.0]


def test_noise_is_never_second_and_is_its_own_share():
    """A customer in no segment is told the nearest one; known noise around it speaks for noise."""
    references = np.concatenate([np.zeros(40), np.full(40, 5.0)])[:, None] + np.linspace(0, 0.1, 80)[:, None]
    segments = np.repeat(np.array([NOISE, 4], dtype=np.int16), 40)
    found = around(references, segments, 1.0, values=np.array([[0.0], [5.0]]), own=np.array([NOISE, 4], dtype=np.int16))
    assert found.share.tolist() == [1.0, 1.0] and found.second.tolist() == [4, 0]


@pytest.mark.parametrize("d", [3, 20])
def test_the_nearest_are_nearest_and_nearest_first(d):
    """The oracle are all distances, sorted."""
    references, _, values, _ = crowds(d, m=90, n=40)
    distance, index = nearest(references, values, 6)
    every = np.sqrt(((values[:, None] - references) ** 2).sum(axis=2))
    np.testing.assert_allclose(distance, np.sort(every, axis=1)[:, :6], rtol=1e-12)
    np.testing.assert_allclose(np.take_along_axis(every, index, axis=1), distance, rtol=1e-12)
