"""Laws of the form of a comparison: it stands for the plan it shows, and refuses in words what does not fit."""

from __future__ import annotations

import math
from dataclasses import replace

import dash_bootstrap_components as dbc
import pytest
from dash import html
from hypothesis import given, settings
from hypothesis import strategies as st

from core.algorithms import ALGORITHMS
from core.errors import BadRequest, SegmentationError
from core.model import Limits, Plan, Recipe
from core.params import Choice, Real, Whole
from core.pipeline.estimate import estimate
from dashboard.components.setup import BY_RANGE, estimate_lines, plan_from, setup_form, with_setting
from tests.dashboard import made

FIELDS = {"algorithms": "setup-algorithms", "low": "setup-low", "high": "setup-high", "most": "setup-most",
          "fewest": "setup-fewest", "share": "setup-share", "resamples": "setup-resamples"}  # fmt: skip
CONTROLS = (dbc.Input, dbc.Select, dbc.Checklist)
OWN = [(name, param) for name, one in ALGORITHMS.items() for param in one.params if param.name != BY_RANGE]


def form_of(plan: Plan, **changes) -> dict:
    """What a browser sends back when nobody touches the form, but for ``changes``."""
    shown = made.of(setup_form(plan, opened=True, action="Go"), CONTROLS)
    values = {str(one.id): one.value for one in shown if isinstance(one.id, str)}
    settings = [(one.id["index"], one.value) for one in shown if isinstance(one.id, dict)]
    return {name: values[id] for name, id in FIELDS.items()} | {"settings": settings} | changes


def other(param):
    """A value of the parameter that is not its default."""
    if isinstance(param, Choice):
        return next(value for value, _ in param.options if value != param.default)
    if isinstance(param, Whole):
        return param.low if param.default != param.low else param.low + 1
    return param.low if param.default != param.low else (param.low + param.high) / 2


PLANS = {
    "as proposed": Plan(),
    "one algorithm": Plan(algorithms=("ward",), segments=(3, 3)),
    "limits": Plan(limits=Limits(max_segments=6, min_customers=50, min_share=0.035), resamples=0),
    "uncommon resamples": Plan(resamples=7, segments=(2, 30)),
    "own recipe and seed": Plan(recipe=Recipe(gaps="drop", answers={"header": "yes"}), seed=7, resamples=100),
    "all settings": Plan(
        algorithms=tuple(ALGORITHMS),
        settings={
            name: {p.name: p.check(other(p)) for owner, p in OWN if owner == name}
            for name in dict.fromkeys(owner for owner, _ in OWN)
        },
    ),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_the_form_stands_for_the_plan_it_was_drawn_from(plan):
    """Sent back untouched it gives the same plan: nothing is lost, nothing is added."""
    assert plan_from(plan, form_of(plan)) == plan


@pytest.mark.parametrize(("name", "param"), OWN, ids=lambda one: getattr(one, "name", one))
def test_every_setting_of_every_algorithm_has_a_control_that_sets_it(name, param):
    """A value away from the default stands in the plan; the default again takes it out."""
    plan = Plan(algorithms=(name,))
    index, value = f"{name}.{param.name}", other(param)
    assert index in dict(form_of(plan)["settings"])
    asked = plan_from(plan, form_of(plan, settings=[(index, value)]))
    assert asked.settings == {name: {param.name: param.check(value)}}
    assert plan_from(asked, form_of(asked, settings=[(index, param.default)])).settings == {}
    assert plan_from(asked, form_of(asked, settings=[(index, None)])).settings == {}


@pytest.mark.parametrize(("name", "param"), OWN, ids=lambda one: getattr(one, "name", one))
def test_controls_carry_the_bounds_of_their_parameter(name, param):
    """The browser refuses what the plan would refuse; a decimal is possible where one is meant."""
    shown = made.of(setup_form(Plan(), opened=True, action="Go"), CONTROLS)
    (control,) = [one for one in shown if isinstance(one.id, dict) and one.id["index"] == f"{name}.{param.name}"]
    if isinstance(param, Choice):
        assert [one["value"] for one in control.options] == [value for value, _ in param.options]
    else:
        assert (control.min, control.max) == (param.low, param.high)
        assert control.step == ("any" if isinstance(param, Real) else 1)


def test_settings_of_an_algorithm_that_is_not_ticked_are_left_out():
    """A plan with settings for what it does not run is no plan."""
    name, param = OWN[0]
    rest = [one for one in ALGORITHMS if one != name][:1]
    form = form_of(Plan(), algorithms=rest, settings=[(f"{name}.{param.name}", other(param))])
    assert plan_from(Plan(), form).settings == {}


def test_algorithms_run_in_the_order_of_the_catalogue():
    """The order of clicks is no choice: equal ticks are the equal plan."""
    backwards = list(ALGORITHMS)[::-1]
    assert plan_from(Plan(), form_of(Plan(), algorithms=backwards)).algorithms == tuple(ALGORITHMS)


REFUSED = {
    "no algorithm": ({"algorithms": []}, "Tick at least one"),
    "nothing sent": ({"algorithms": None}, "Tick at least one"),
    "an unknown algorithm alone": ({"algorithms": ["nobody"]}, "Tick at least one"),
    "text for algorithms": ({"algorithms": "kmeans"}, "Tick at least one"),
    "a number for algorithms": ({"algorithms": 7}, "Tick at least one"),
    "half a segment": ({"low": "2.5"}, "not a whole number"),
    "a word": ({"high": "many"}, "is not a number"),
    "a list": ({"most": [3]}, "is not a number"),
    "a dict": ({"fewest": {"a": 1}}, "is not a number"),
    "not a number": ({"low": math.nan}, "is not a number"),
    "without end": ({"high": math.inf}, "is not a number"),
    "beyond floats": ({"fewest": 10**400}, "is not a number"),
    "turned round": ({"low": 9, "high": 3}, "between 2 and 30"),
    "one segment": ({"low": 1}, "between 2 and 30"),
    "too many": ({"high": 31}, "between 2 and 30"),
    "at most one": ({"most": 1}, "leaves nothing to compare"),
    "fewer than none": ({"fewest": -1}, "from 0"),
    "80 per cent": ({"share": 80}, "between 0 and 0.5"),
    "a negative share": ({"share": -1}, "between 0 and 0.5"),
    "a share in words": ({"share": "half"}, "is not a number"),
    "no share at all": ({"share": math.nan}, "is not a number"),
    "too many resamples": ({"resamples": "1000"}, "between 0 and 100"),
    "an unknown setting": ({"settings": [("kmeans.nothing", 1)]}, "has no setting 'nothing'"),
    "the range as a setting": ({"settings": [("kmeans.n_segments", 3)]}, "has no setting"),
    "a setting of nobody": ({"settings": [("nobody.x", 1)]}, "Unknown algorithm"),
    "no name": ({"settings": [("", 1)]}, "Unknown algorithm"),
}


@pytest.mark.parametrize(("changes", "told"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_in_words(changes, told):
    """A BadRequest that names the problem; never a plan, never another error."""
    with pytest.raises(BadRequest) as refused:
        plan_from(Plan(), form_of(Plan(), **changes))
    assert told in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(("name", "param"), OWN, ids=lambda one: getattr(one, "name", one))
@pytest.mark.parametrize("value", ["x", [1], {"a": 1}, math.nan, math.inf, -(10**400), 10**400, 1e300])
def test_hostile_settings_are_refused(name, param, value):
    """Each parameter checks for itself, and what is no number has no bound to lie in."""
    with pytest.raises(BadRequest):
        plan_from(Plan(algorithms=(name,)), form_of(Plan(algorithms=(name,)), settings=[(f"{name}.{param.name}", value)]))


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([[], [1], {}, {"a": 1}])


@settings(max_examples=150, deadline=None)
@given(form=st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, anything)), name=st.sampled_from(OWN), value=anything)
def test_any_form_gives_a_plan_or_words(form, name, value):
    """Whatever a browser could send."""
    owner, param = name
    sent = {"algorithms": [owner], **form, "settings": [(f"{owner}.{param.name}", value)]}
    try:
        assert isinstance(plan_from(Plan(), sent), Plan)
    except SegmentationError as refused:
        assert str(refused)


def test_empty_fields_stand_for_no_limit_and_for_what_was_there():
    """Limits are gone when emptied; a range that was emptied stays as it was."""
    plan = PLANS["limits"]
    for empty in (None, ""):
        asked = plan_from(plan, form_of(plan, most=empty, fewest=empty, share=empty, low=empty, high=empty, resamples=empty))
        assert asked == replace(plan, limits=Limits())


def test_a_reach_is_set_beside_the_other_settings():
    """One parameter changes, the others and the other algorithms' stay; an empty value takes it away again."""
    plan = Plan(algorithms=("gmm", "dbscan"), settings={"gmm": {"covariance": "full"}, "dbscan": {"min_samples": 9}})
    asked = with_setting(plan, "dbscan", "eps", 0.5)
    assert asked == replace(plan, settings={"gmm": {"covariance": "full"}, "dbscan": {"min_samples": 9, "eps": 0.5}})
    assert with_setting(asked, "dbscan", "eps", None) == plan
    assert with_setting(with_setting(Plan(), "dbscan", "eps", 0.5), "dbscan", "eps", "") == Plan()


def test_a_reach_brings_its_algorithm_along():
    """Whoever runs DBSCAN with a reach wants DBSCAN, whatever is ticked."""
    assert with_setting(Plan(algorithms=("ward",)), "dbscan", "eps", 0.5).algorithms == tuple(
        name for name in ALGORITHMS if name in ("ward", "dbscan")
    )


@pytest.mark.parametrize("value", [-1, "x", [1], {}, math.nan, math.inf, 1e30])
def test_an_impossible_reach_is_refused_in_words(value):
    with pytest.raises(BadRequest):
        with_setting(Plan(), "dbscan", "eps", value)


def test_the_form_explains_every_algorithm_and_has_one_button():
    """What it assumes, what it is good and bad at; folded away after a result, open before it."""
    for opened in (True, False):
        shown = setup_form(Plan(), opened=opened, action="Compare segmentations")
        told = made.words(shown)
        assert all(part in told for one in ALGORITHMS.values() for part in (one.label, one.assumes, one.good_at, one.bad_at))
        assert [made.words(one) for one in made.of(shown, html.Button)] == ["Compare segmentations"]
        assert "compare-now" in made.known(shown)
        assert bool(made.of(shown, html.H2)) is opened


def test_the_estimate_says_time_memory_and_what_looks_at_a_sample():
    """One line for each step; with many customers some steps name their method."""
    few, many = estimate(500, 4, Plan()), estimate(2_000_000, 4, Plan())
    shown = estimate_lines(few)
    assert "All steps are exact" in made.words(shown)
    assert len(made.of(made.of(shown, html.Tbody), html.Tr)) == len(few)
    assert "will look at a sample" in made.words(estimate_lines(many))
    refused = replace(many[0], refused="K-means needs more memory.")
    assert "K-means needs more memory." in made.words(estimate_lines((refused, many[-1])))
