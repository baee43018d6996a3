"""Files that load, but that not every comparison can be run on: told before the run, with numbers, or as its result."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.errors import NoVariation, TooFewRows
from core.formats.reading import Reading
from core.model import Plan, Recipe, Role, Source, Table
from core.pipeline.feasible import require_enough, within_reach
from core.prepare import effect, prepare
from core.tables import understand


def table(**columns: object) -> Table:
    return understand(Reading(pd.DataFrame(columns), Source("t", "frame")), {})


def crowd(n: int = 40) -> Table:
    rng = np.random.default_rng(3)
    return table(spend=rng.normal(50, 9, n), visits=rng.normal(5, 1, n))


def plan(low: int = 2, high: int = 0, algorithms: tuple[str, ...] = ("kmeans",), **more: object) -> Plan:
    return Plan(algorithms=algorithms, segments=(low, high or low), resamples=0, **more)


def test_b004_one_row_is_too_few_to_compare() -> None:
    """The table is there to be looked at; the run says how many it has and how many it needs."""
    one = table(customer=["c1"], spend=[1.5], city=["x"])
    assert len(one) == 1
    for look in (lambda: effect(one, Recipe()), lambda: pipeline.compare(one, plan())):
        with pytest.raises(TooFewRows) as told:
            look()
        assert (told.value.code, told.value.usable, told.value.needed) == ("TOO_FEW_ROWS", 1, 4)


def test_b060_an_empty_column_is_left_out_and_said() -> None:
    """Not proposed as a feature; asked for all the same, it is dropped with a reason."""
    found = table(spend=np.arange(20) + 0.5, empty=[None] * 20)
    assert found.column("empty").role is not Role.FEATURE and found.column("empty").left_out
    matrix = prepare(found, Recipe(roles={"empty": "feature"}))
    assert [(one.name, one.reason) for one in matrix.dropped] == [("empty", "every cell is empty")]


def test_b061_a_constant_column_is_left_out_and_said() -> None:
    """Zero variance tells nobody apart."""
    found = table(spend=np.arange(20) + 0.5, same=[7.5] * 20)
    assert found.column("same").role is not Role.FEATURE and found.column("same").left_out
    matrix = prepare(found, Recipe(roles={"same": "feature"}))
    assert [(one.name, one.reason) for one in matrix.dropped] == [("same", "the customers used do not differ in it")]


@pytest.mark.parametrize("ids", [False, True])
def test_b062_identical_customers_have_no_variation(ids: bool) -> None:
    """One distinct row, with and without an id column; columns that someone leaves out do not count as that."""
    cells = {"customer": [f"c{at}" for at in range(9)]} if ids else {}
    same = table(**cells, spend=[1.5] * 9, city=["x"] * 9)
    with pytest.raises(NoVariation) as told:
        pipeline.compare(same, plan())
    assert told.value.code == "NO_VARIATION" and told.value.rows == 9
    with pytest.raises(NoVariation):
        prepare(same, Recipe(roles={"spend": "feature", "city": "feature"}))


def test_b063_more_segments_than_different_customers_are_refused_with_the_most() -> None:
    """Three different rows among thirty allow three segments; the hint names that number, before anything is fitted."""
    found = table(spend=[1.5, 2.5, 9.5] * 10, visits=[1.0, 7.0, 3.0] * 10)
    with pytest.raises(TooFewRows) as told:
        pipeline.compare(found, plan(5), report=_until_fitting)
    assert (told.value.usable, told.value.needed, told.value.most) == (3, 5, 3)
    assert "at most 3 segments" in told.value.hint
    assert pickle.loads(pickle.dumps(told.value)).hint == told.value.hint  # noqa: S301 as between processes
    assert effect(found, Recipe()).distinct == 3
    assert [one.n_segments for one in pipeline.compare(found, plan(2, 10)).candidates] == [2, 3]


def _until_fitting(step: str, _done: int, _total: int) -> None:
    assert "Fitting" not in step


@pytest.mark.parametrize(("rows", "segments", "needed"), [(5, 3, 6), (4, 5, 10), (12, 7, 14)])
def test_b064_fewer_customers_than_two_a_segment_are_refused_with_numbers(rows: int, segments: int, needed: int) -> None:
    """n < k and n < 2k alike; a range that begins low enough is tried as far as it can be."""
    with pytest.raises(TooFewRows) as told:
        pipeline.compare(crowd(rows), plan(segments), report=_until_fitting)
    assert (told.value.usable, told.value.needed, told.value.most) == (rows, needed, rows // 2)
    assert f"needs at least {needed} customers; {rows} can be used" in str(told.value)
    assert within_reach(plan(2, 10), rows).segments == (2, rows // 2)


def test_b064_a_crowd_larger_than_the_table_is_refused() -> None:
    """n < min_samples."""
    asked = plan(algorithms=("dbscan",), settings={"dbscan": {"min_samples": 50}})
    with pytest.raises(TooFewRows) as told:
        pipeline.compare(crowd(), asked, report=_until_fitting)
    assert (told.value.usable, told.value.needed) == (40, 50)
    require_enough(asked, 50, 50)


def test_b065_one_usable_column_runs_along_a_line() -> None:
    """One feature, one axis: no second dimension is made up."""
    found = table(spend=np.concatenate([np.arange(20), np.arange(20) + 500]) + 0.5, same=[1.5] * 40)
    comparison = pipeline.compare(found, plan())
    assert [one.name for one in comparison.features] == ["spend"]
    assert comparison.coordinates.shape == (40, 1) and comparison.explained == (1.0,)
    assert sorted(comparison.candidates[0].sizes.values()) == [20, 20]


def test_b066_all_noise_is_a_result_and_not_a_failure() -> None:
    """No customer is within reach of another: no segments, a reason, no silhouette, nothing recommended."""
    asked = plan(algorithms=("dbscan",), settings={"dbscan": {"eps": 1e-6, "min_samples": 5}})
    comparison = pipeline.compare(crowd(), asked)
    (candidate,) = comparison.candidates
    assert comparison.recommended is None and "found two segments or more" in comparison.because
    assert "No crowd" in candidate.problem and "eps" in candidate.problem and candidate.score("silhouette").value is None


def test_b066_a_single_cluster_has_no_silhouette_and_is_not_recommended() -> None:
    """One crowd of all customers is no segmentation."""
    asked = plan(algorithms=("dbscan",), settings={"dbscan": {"eps": 50.0, "min_samples": 5}})
    comparison = pipeline.compare(crowd(), asked)
    (candidate,) = comparison.candidates
    assert candidate.n_segments == 1 and comparison.recommended is None
    score = candidate.score("silhouette")
    assert score.value is None and score.because


def test_b067_one_customer_with_nearly_everything_is_told_with_what_to_choose() -> None:
    """99 % of spend: marked as an outlier, and robust scaling is offered until something tames it."""
    rng = np.random.default_rng(0)
    spend = np.append(rng.uniform(5, 15, 99), 99_000.0)
    found = table(spend=spend, visits=rng.uniform(1, 9, 100))
    told = effect(found, Recipe())
    (note,) = told.advice
    assert (note.code, note.column) == ("DOMINANT_VALUE", "spend") and "99%" in note.text and "robust" in note.hint
    assert prepare(found, Recipe()).outlier[99] and told.fitted == 100
    for tamed in (Recipe(scaling="robust"), Recipe(skew="log"), Recipe(outliers="iqr"), Recipe(roles={"spend": "profile"})):
        assert effect(found, tamed).advice == ()
