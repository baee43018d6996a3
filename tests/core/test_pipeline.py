"""The whole line of steps on small files with known segments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from core import pipeline
from core.algorithms import ALGORITHMS
from core.errors import BadRequest, SegmentationError
from core.metrics import METRICS
from core.model import NOISE, Plan, Recipe
from core.profiles import COLUMNS

TRUTH = make_blobs(150, 2, centers=[(0, 0), (20, 0), (0, 20)], random_state=0)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """150 customers in three clouds, one of them far away from all."""
    values, labels = TRUTH
    frame = pd.DataFrame(values.round(3), columns=["spend", "visits"])
    frame.insert(0, "customer_id", [f"C{at:04}" for at in range(150)])
    frame["city"] = np.where(labels == 0, "Paris", "Rome")
    frame.loc[0, "spend"] = 500.0
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    frame.to_csv(path, index=False)
    return pipeline.load(path, path.name, {})


RECIPE = Recipe(roles={"city": "profile"})


@pytest.fixture(scope="module")
def comparison(table):
    return pipeline.compare(table, Plan(recipe=RECIPE, segments=(2, 5)))


def test_every_candidate_labels_every_row(table, comparison):
    """Four algorithms over 2 to 5 segments; labels, sizes, names and scores agree with one another."""
    keys = [candidate.key for candidate in comparison.candidates]
    assert keys == [f"{name}-{k}" for name in ("kmeans", "gmm", "ward") for k in range(2, 6)] + [
        f"dbscan-{at}" for at in range(1, 6)
    ]
    for candidate in comparison.candidates:
        if candidate.problem:
            continue
        segments, counts = np.unique(candidate.labels, return_counts=True)
        assert dict(zip(segments.tolist(), counts.tolist(), strict=True)) == dict(candidate.sizes)
        placed = [size for segment, size in candidate.sizes.items() if segment != NOISE]
        assert placed == sorted(placed, reverse=True)
        assert set(candidate.names) == set(candidate.sizes)
        assert [score.metric for score in candidate.scores] == list(METRICS)
        assert not candidate.labels.flags.writeable and candidate.labels.dtype == np.int16


def test_profiles_cover_every_candidate(comparison):
    """One tidy table serves all candidates, with everyone under segment 0 of each."""
    tidy = comparison.profiles
    assert tuple(tidy.columns) == ("candidate", *COLUMNS)
    for candidate in (c for c in comparison.candidates if not c.problem):
        own = tidy[tidy["candidate"] == candidate.key]
        assert set(own["segment"]) == {0, *candidate.sizes}
        assert own.drop_duplicates("segment").set_index("segment")["customers"].drop(0).to_dict() == dict(candidate.sizes)


def test_rows_set_aside_are_placed_and_keep_their_reason(table):
    """The far customer is kept out of the fit, placed by the same rule, and marked; the others form the clouds."""
    plan = Plan(recipe=replace(RECIPE, outliers="iqr"), algorithms=("kmeans",), segments=(3, 3))
    found = pipeline.compare(table, plan)
    assert list(found.aside) == [0] and found.outlier[0]
    labels = found.candidate("kmeans-3").labels
    assert (labels > 0).all()
    assert adjusted_rand_score(labels[1:], TRUTH[1][1:]) == 1.0
    assert np.isfinite(found.coordinates).all() and found.coordinates.shape == (150, 2)
    assert found.recommended == "kmeans-3" and found.structured


def test_choosing_and_replaying_gives_the_same_labels(table, comparison):
    """The plan of a chosen candidate, through JSON and back, makes the same labels again: for every algorithm."""
    for name in comparison.plan.algorithms:
        made = [c for c in comparison.candidates if c.algorithm == name and not c.problem]
        chosen = comparison.choose(made[-1].key)
        again = pipeline.compare(table, Plan.from_json(chosen.plan.to_json()))
        assert len(again.candidates) == 1
        assert np.array_equal(again.candidates[0].labels, chosen.candidate.labels)


def test_progress_rises_to_its_total_and_names_the_step(table):
    """Every step is reported before it runs, in hundredths that never fall and end at all of them."""
    steps = []
    pipeline.compare(table, Plan(recipe=RECIPE, algorithms=("ward",), segments=(2, 4)), lambda *step: steps.append(step))
    names = list(dict.fromkeys(step for step, _, _ in steps))
    assert names[:3] == ["Preparing the columns", "Fitting Ward hierarchical", "Measuring separation"]
    assert "Checking stability" in names and steps[-1] == ("Done", 100, 100)
    assert {total for _, _, total in steps} == {100}
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)


def test_a_report_that_raises_cancels(table):
    """Whatever the report raises ends the run."""

    def cancel(step: str, done: int, total: int) -> None:
        if step == "Measuring separation":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        pipeline.compare(table, Plan(recipe=RECIPE), cancel)


def test_a_candidate_without_segments_carries_its_problem(table):
    """A reach at which nobody is crowded is an answer, not a crash; it cannot be chosen or explained."""
    plan = Plan(recipe=RECIPE, algorithms=("dbscan",), settings={"dbscan": {"eps": 1e-6, "min_samples": 5}})
    found = pipeline.compare(table, plan)
    candidate = found.candidates[0]
    assert candidate.problem and not candidate.labels.any() and found.recommended is None
    assert len(found.profiles) == 0
    for act in (found.choose, lambda key: pipeline.importance(table, found, key)):
        with pytest.raises(BadRequest):
            act(candidate.key)


def test_a_defect_inside_an_algorithm_is_not_hidden(table, monkeypatch):
    """Only problems a person can act on become a candidate's problem."""

    def broken(values, *, n_segments, seed):
        raise ZeroDivisionError

    register(monkeypatch, replace(ALGORITHMS["kmeans"], fit=broken))
    with pytest.raises(ZeroDivisionError):
        pipeline.compare(table, Plan(recipe=RECIPE, algorithms=("kmeans",)))


def register(monkeypatch, algorithm) -> None:
    """The line in the catalogue that a new algorithm needs."""
    monkeypatch.setitem(ALGORITHMS._entries, algorithm.name, algorithm)


def test_a_new_algorithm_needs_one_entry(table, monkeypatch):
    """An entry in the catalogue is fitted, scored, named, profiled and recommended without any other change."""

    def halves(values, *, n_segments, seed):
        from core.algorithms import Fitted

        return Fitted((values[:, 0] > 0).astype(int), {})

    entry = replace(
        ALGORITHMS["kmeans"], name="halves", label="Halves", fit=halves, place=lambda model, v: (v[:, 0] > 0).astype(int)
    )
    register(monkeypatch, entry)
    found = pipeline.compare(table, Plan(recipe=RECIPE, algorithms=("halves",), segments=(2, 2)))
    assert found.recommended == "halves-2" and found.candidate("halves-2").label == "Halves, 2 segments"
    assert set(found.candidate("halves-2").sizes) == {1, 2}


def test_importance_uses_the_feature_columns_of_the_file(table, comparison):
    """Two columns made the clouds and both matter; a profile column takes no part."""
    found = pipeline.importance(table, comparison, "kmeans-3")
    assert set(found.frame["column"]) == {"spend", "visits"}
    assert (found.method, found.candidate) == ("permutation", "kmeans-3")
    assert found.frame["importance"].is_monotonic_decreasing


def test_effect_tells_rows_before_a_run(table):
    """The effect of a recipe counts rows without fitting."""
    found = pipeline.effect(table, replace(RECIPE, outliers="iqr"))
    assert (found.rows, found.fitted, found.aside) == (150, 149, 1)


def test_problems_of_the_whole_table_are_raised(table):
    """Without a feature there is nothing to compare."""
    roles = {"spend": "profile", "visits": "profile", "city": "ignore"}
    with pytest.raises(SegmentationError):
        pipeline.compare(table, Plan(recipe=Recipe(roles=roles)))


@pytest.mark.long
def test_twenty_thousand_rows_stay_within_a_minute(tmp_path):
    """The four algorithms of the plan over 2 to 10 segments on 20,000 rows of 8 columns find the five clouds."""
    import time

    values = make_blobs(20_000, 8, centers=5, cluster_std=2, random_state=1)[0]
    path = tmp_path / "large.csv"
    pd.DataFrame(values.round(4), columns=[f"x{at}" for at in range(8)]).to_csv(path, index=False)
    table = pipeline.load(path, path.name, {})
    started = time.perf_counter()
    found = pipeline.compare(table, Plan())
    assert time.perf_counter() - started < 60
    assert found.structured and found.candidate(found.recommended).n_segments == 5


def test_candidates_come_before_all_shared_work_is_done(table):
    """On one thread, K-means is done before Ward's tree is grown: a person who cancels early keeps something."""
    seen: list[str] = []
    plan = Plan(recipe=RECIPE, algorithms=("kmeans", "ward"), segments=(2, 4), resamples=0)
    found = pipeline.compare(table, plan, show=lambda one: seen.append(one.algorithm), threads=1)
    assert seen[:3] == ["kmeans"] * 3 and len(found.candidates) == 6


def test_the_order_of_algorithms_in_a_plan_changes_nothing(table):
    """Candidates, and which of equal ones is recommended, follow the catalogue."""
    one, other = (
        pipeline.compare(table, Plan(recipe=RECIPE, algorithms=names, segments=(2, 4), resamples=0))
        for names in (("kmeans", "ward"), ("ward", "kmeans"))
    )
    assert [c.key for c in one.candidates] == [c.key for c in other.candidates]
    assert one.recommended == other.recommended and one.because == other.because
