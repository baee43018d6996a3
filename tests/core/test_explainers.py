"""Importance against scikit-learn, and against data whose drivers are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import permutation_importance as oracle

from core.explainers import permutation, permutation_importance
from core.model import NOISE


def nothing(step: str, done: int, total: int) -> None:
    pass


def known(n: int = 400) -> tuple[pd.DataFrame, np.ndarray]:
    """Two segments told apart by income alone; city and noise do not matter."""
    random = np.random.default_rng(0)
    labels = np.repeat([1, 2], n // 2).astype(np.int16)
    frame = pd.DataFrame(
        {
            "noise": random.normal(size=n),
            "income": labels * 10 + random.normal(size=n),
            "city": random.choice(np.array(["Paris", "Rome", None], dtype=object), n),
        }
    )
    frame["city"] = frame["city"].astype(object).where(frame["city"].notna(), None)
    return frame, labels


def test_the_column_that_made_the_segments_comes_first():
    """Income alone drives the segments: it has all the importance, and the forest recovers them."""
    found = permutation_importance(*known(), 0, nothing)
    assert found.accuracy > 0.99 and found.because == "" and found.rows == 120
    assert found.frame["column"][0] == "income" and found.frame["importance"][0] > 0.3
    assert (found.frame["importance"][1:].abs() < 0.02).all()
    assert ((found.frame["low"] <= found.frame["importance"]) & (found.frame["importance"] <= found.frame["high"])).all()


def test_agrees_with_scikit_learn():
    """Mean drops equal sklearn.inspection.permutation_importance up to the luck of the shuffles."""
    frame, labels = known()
    forest, held, truth = permutation._fit(permutation._readable(frame), labels, 0)
    other = oracle(forest, held, truth, scoring="balanced_accuracy", n_repeats=30, random_state=0)
    ours = permutation_importance(frame, labels, 0, nothing).frame.set_index("column")["importance"]
    assert ours[frame.columns].to_numpy() == pytest.approx(other.importances_mean, abs=0.05)


def test_segments_that_cannot_be_recovered_are_not_explained():
    """Labels drawn by lot have no reasons, and the finding says so."""
    frame, labels = known()
    found = permutation_importance(frame, np.random.default_rng(1).permutation(labels), 0, nothing)
    assert found.accuracy < 0.9 and "recovers only" in found.because


def test_noise_and_tiny_segments_are_left_out_and_said():
    """Unplaced customers and segments below five do not take part; both are counted."""
    frame, labels = known()
    labels[:30], labels[30:33] = NOISE, 3
    found = permutation_importance(frame, labels, 0, nothing)
    assert found.because == "" and "30 unplaced" in found.notes[0] and "below 5" in found.notes[1]


def test_nothing_to_tell_apart():
    """One segment has no reasons; the frame keeps its columns."""
    frame, labels = known()
    found = permutation_importance(frame, np.ones_like(labels), 0, nothing)
    assert "no two segments" in found.because and found.frame["column"].tolist() == list(frame.columns)


def test_repeats_with_the_seed_and_reports_each_column():
    """Same seed, same figures; the report rises and may cancel."""
    frame, labels = known(100)
    steps = []
    once = permutation_importance(frame, labels, 3, lambda step, done, total: steps.append((done, total)))
    pd.testing.assert_frame_equal(once.frame, permutation_importance(frame, labels, 3, nothing).frame)
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]

    def cancel(step: str, done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        permutation_importance(frame, labels, 3, cancel)


def test_gaps_dates_and_empty_columns():
    """Gaps in any kind of column, dates and a column without values do not stop the forest."""
    frame, labels = known(100)
    frame.loc[::3, "noise"] = np.nan
    frame["joined"] = pd.date_range("2024-01-01", periods=100).where(np.arange(100) % 5 > 0)
    frame["empty"] = np.nan
    found = permutation_importance(frame, labels, 0, nothing)
    assert found.frame["column"][0] in ("income", "joined") and len(found.frame) == 5


def test_large_tables_are_sampled_within_segments(monkeypatch):
    """At most the stated rows are learned from, and small segments stay."""
    monkeypatch.setattr(permutation, "ROWS", 100)
    labels = np.repeat([1, 2], [990, 10])
    rows, _ = permutation._usable_rows(labels, 0)
    assert len(rows) <= 110 and (labels[rows] == 2).sum() == 5
