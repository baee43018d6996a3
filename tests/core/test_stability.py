"""Stability: its parts against independent implementations, the whole on data with a known answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs

from core import pipeline
from core.errors import Stopped
from core.memo import Kept, known, no_memo, recalling
from core.model import NOISE, Plan, Recipe
from core.selection.stability import jaccard, judged_rows, rand_index, resample


def test_jaccard_is_the_best_match_of_each_segment():
    """By hand, after Hennig (2007): noise is no segment on either side; a segment without rows has no value."""
    whole = np.array([1, 1, 1, 2, 2, NOISE])
    again = np.array([5, 5, 7, 7, NOISE, NOISE])
    found = jaccard(whole, again, 3)
    assert found[:2].tolist() == pytest.approx([2 / 3, 1 / 3]) and np.isnan(found[2])
    assert jaccard(whole, np.full(6, NOISE), 2).tolist() == [0.0, 0.0]


def test_the_rand_index_is_one_for_a_renumbering_and_about_nothing_by_chance():
    """Numbers do not matter; unrelated labelings agree by about 0."""
    random = np.random.default_rng(0)
    first = random.integers(0, 4, 4_000)
    assert rand_index(first, 3 - first) == 1.0
    assert abs(rand_index(first, random.integers(0, 4, 4_000))) < 0.02


@pytest.mark.parametrize("n_rows", [50, 2_000, 9_000])
def test_resamples_are_bootstraps_of_at_most_two_thousand(n_rows):
    """Drawn with replacement, the same for the same number, different for another."""
    one = resample(n_rows, 0, 0)
    assert len(one) == min(n_rows, 2_000) and np.array_equal(one, resample(n_rows, 0, 0))
    assert not np.array_equal(one, resample(n_rows, 0, 1)) and not np.array_equal(one, resample(n_rows, 1, 0))
    if n_rows <= 2_000:
        assert len(np.unique(one)) == pytest.approx(n_rows * (1 - np.exp(-1)), rel=0.15)
    judged = judged_rows(n_rows, 0)
    assert len(judged) == min(n_rows, 2_000) and len(np.unique(judged)) == len(judged)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """300 customers in three clouds far apart."""
    values = make_blobs(300, centers=[(0, 0), (9, 0), (0, 9)], random_state=0)[0]
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    pd.DataFrame(values.round(3), columns=["spend", "visits"]).to_csv(path, index=False)
    return pipeline.load(path, path.name, {})


PLAN = Plan(recipe=Recipe(), algorithms=("kmeans", "ward"), segments=(2, 5), resamples=4)


@pytest.fixture(scope="module")
def comparison(table):
    return pipeline.compare(table, PLAN)


def test_true_segments_repeat_and_others_do_not(comparison):
    """Three clouds come out the same on every resample, five pieces of them do not; each segment's trust says so."""
    best = comparison.candidate("kmeans-3")
    assert comparison.recommended == "kmeans-3" and comparison.verdict == "natural"
    assert np.mean(best.stability) > 0.99 and min(best.trust.values()) > 0.98 and set(best.trust) == {1, 2, 3}
    assert np.mean(comparison.candidate("kmeans-5").stability) < 0.9


def test_every_number_of_the_first_choice_and_the_best_of_each_algorithm_is_checked(comparison):
    """Box plots need all numbers of the recommended algorithm; of others the best one is enough."""
    checked = {c.key: len(c.stability) for c in comparison.candidates if c.stability}
    assert checked == {**{f"kmeans-{k}": 4 for k in range(2, 6)}, "ward-3": 4}


def test_threads_and_the_memo_change_no_result(table, comparison):
    """One thread or three, computed or remembered: the same scores, stability and evidence; the second run computes nothing."""
    kept: dict[str, Kept] = {}
    made: list[str] = []

    def memo(key, make):
        if key not in kept:
            kept[key] = make()
            made.append(key)
        return kept[key]

    first = pipeline.compare(table, PLAN, memo=memo, threads=3)
    count = len(made)
    second = pipeline.compare(table, PLAN, memo=memo, threads=1)
    assert count > 0 and len(made) == count
    for other in (first, second):
        assert other.recommended == comparison.recommended and other.because == comparison.because
        for one, same in zip(comparison.candidates, other.candidates, strict=True):
            assert (one.scores, one.stability, one.trust) == (same.scores, same.stability, same.trust)
        for name in ("votes", "gap", "widths", "agreement", "tree"):
            pd.testing.assert_frame_equal(comparison.evidence[name], other.evidence[name])


def test_evidence_covers_every_candidate(table, comparison):
    """Widths are those of the board's mean; agreement has every pair; the tree holds every customer; no reach without DBSCAN."""
    widths = comparison.evidence["widths"]
    assert set(widths) == {"row", *(c.key for c in comparison.candidates)} and (widths.dtypes.iloc[1:] == "float32").all()
    for candidate in comparison.candidates:
        assert widths[candidate.key].mean() == pytest.approx(candidate.score("silhouette").value, abs=1e-5)
        own = candidate.labels[widths["row"]]
        assert widths[candidate.key].groupby(own).mean().notna().all()
    assert len(comparison.evidence["agreement"]) == 8 * 7 / 2
    assert "reach" not in comparison.evidence
    top = comparison.evidence["tree"]
    assert top.iloc[-1][["left_size", "right_size"]].sum() == len(table)


def test_without_resamples_nothing_is_checked(table):
    """Zero resamples: no stability, and the step is not told."""
    steps = []
    found = pipeline.compare(table, replace(PLAN, resamples=0), lambda *step: steps.append(step[0]))
    assert not any(c.stability for c in found.candidates) and "Checking stability" not in steps
    assert found.recommended == "kmeans-3"


def test_stopping_while_stability_is_checked_keeps_everything_else(table):
    """A report that keeps raising does not cost the finished candidates, their scores or the recommendation."""

    def report(step: str, done: int, total: int) -> None:
        if step == "Checking stability" or done > 90:
            raise Stopped

    found = pipeline.compare(table, PLAN, report)
    assert found.stopped.startswith("Stopped after the fits")
    assert found.recommended == "kmeans-3" and len(found.candidates) == 8
    assert all(c.scores for c in found.candidates)


def test_a_memo_of_a_run_computes_once_and_knows_what_it_holds():
    """Asked twice, made once; what was never made is unknown and is not made by asking."""
    memo, calls = recalling(no_memo), []

    def make() -> Kept:
        calls.append(1)
        return Kept(facts={"a": 1})

    assert known(memo, "k") is None
    assert memo("k", make) is memo("k", make) and calls == [1]
    assert known(memo, "k").facts == {"a": 1}
