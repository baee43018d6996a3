"""Plans that no program wrote: refused in words before anything is computed."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core import pipeline
from core.algorithms import ALGORITHMS
from core.errors import BadRequest
from core.model import Plan
from core.params import check_given

NOT_VALUES = [None, "x", [], {}, True, -1, 0.5, 1e-320, 10**30, float("inf"), float("nan")]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    pd.DataFrame({"spend": range(40), "visits": [at * at % 7 for at in range(40)]}).to_csv(path, index=False)
    return pipeline.load(path, path.name, {})


def changed(**parts: object) -> str:
    return json.dumps(json.loads(Plan(algorithms=("kmeans",), resamples=0).to_json()) | parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "[" * 100_000,
        '{"a":' * 100_000,
        changed(segments=[2, float("inf")]),
        changed(segments=[2, float("nan")]),
        changed(resamples=10**9),
        changed(recipe={"answers": {"\ud800": "\ud800"}}),
        changed(settings={"kmeans": {"n_segments": "\ud800"}}),
        changed(settings={"ward": {"n_segments": 3}}),
    ],
)
def test_what_is_no_plan_is_refused(text):
    """Text of any kind gives a plan or a refusal."""
    with pytest.raises(BadRequest):
        Plan.from_json(text)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_settings_out_of_range_are_refused_before_anything_is_shared(table, name):
    """Each parameter's declaration decides, whichever part of a fit would have met the value first."""
    for param in ALGORITHMS[name].params:
        for value in NOT_VALUES:
            settings = {name: {param.name: value}}
            try:
                check_given(ALGORITHMS[name].params, settings[name])
            except BadRequest:
                with pytest.raises(BadRequest):
                    pipeline.compare(table, Plan(algorithms=(name,), settings=settings))
    with pytest.raises(BadRequest):
        pipeline.compare(table, Plan(algorithms=(name,), settings={name: {"no_such": 1}}))


def test_a_whole_number_may_be_written_with_a_point(table):
    """JSON of other programs writes 3 as 3.0."""
    plan = Plan.from_json(changed(settings={"kmeans": {"n_segments": 3.0}}))
    assert [one.n_segments for one in pipeline.compare(table, plan).candidates] == [3]
