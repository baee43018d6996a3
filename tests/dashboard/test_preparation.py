"""Laws of the preparation: the form stands for one recipe and back, its effect is counted in rows, notes are kept."""

from __future__ import annotations

from dataclasses import replace

import dash_bootstrap_components as dbc
import numpy as np
import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from core.algorithms import ALGORITHMS
from core.errors import BadRequest, NoFeatures
from core.model import Kind, Plan, Recipe, Role
from dashboard.components.preparation import (
    ENCODING,
    GAPS,
    OUTLIERS,
    SCALING,
    effect_panel,
    plan_of,
    preparation_form,
    recipe_of,
)
from tests.dashboard import made

RULES = {"gaps": GAPS, "outliers": OUTLIERS, "scaling": SCALING, "encoding": ENCODING}
TABLE = made.table()


def form(recipe: Recipe | None = None, **changes):
    """What the page sends when it shows this recipe."""
    at = recipe or Recipe()
    body = {
        "roles": [str(at.roles.get(c.name, c.role)) for c in made.COLUMNS],
        "units": [at.units.get(c.name, c.unit) for c in made.COLUMNS],
        "gaps": at.gaps, "outliers": at.outliers, "scaling": at.scaling, "encoding": at.encoding,
    }  # fmt: skip
    return body | changes


def tiles(shown):
    """label -> (value, base) of each tile."""
    boxes = [div for div in made.of(shown, html.Div) if getattr(div, "className", "") == "sa-stat"]
    return {made.words(one.children[0]): tuple(made.words(part) for part in one.children[1:]) for one in boxes}


@pytest.mark.parametrize("rule", RULES)
def test_every_option_of_the_recipe_can_be_chosen_and_no_other(rule):
    """A new option of core appears here or this test fails."""
    assert tuple(RULES[rule]) == Recipe.OPTIONS[rule]
    shown = preparation_form(TABLE, None)
    (control,) = [one for one in made.of(shown, dbc.RadioItems) if one.id == rule]
    assert [one["value"] for one in control.options] == list(Recipe.OPTIONS[rule])


def test_the_form_shows_the_recipe_or_the_proposal():
    """What was run last is what is picked."""
    picked = {"gaps": "drop", "outliers": "iqr", "scaling": "robust", "encoding": "none"}
    for recipe, expected in ((Recipe(**picked), picked), (None, {name: getattr(Recipe(), name) for name in RULES})):
        shown = preparation_form(TABLE, recipe)
        assert {one.id: one.value for one in made.of(shown, dbc.RadioItems)} == expected


def test_an_untouched_form_is_the_proposal():
    """Only differences are named, so that equal wishes are equal plans and are not computed twice."""
    assert recipe_of(TABLE, form()) == Recipe()


recipes = st.builds(
    Recipe,
    roles=st.dictionaries(st.sampled_from([c.name for c in made.COLUMNS]), st.sampled_from([str(r) for r in Role])),
    units=st.dictionaries(st.sampled_from(["age", "income"]), st.text("aé%$ ", max_size=12)),
    **{name: st.sampled_from(options) for name, options in Recipe.OPTIONS.items()},
)


@given(recipes)
def test_the_form_and_back_is_the_same_recipe(recipe):
    """What a page shows of a recipe stands for the same recipe, less what it says of the proposal itself."""
    proposed = {c.name: c for c in made.COLUMNS}
    told = replace(
        recipe,
        roles={name: role for name, role in recipe.roles.items() if role != proposed[name].role},
        units={name: unit for name, unit in recipe.units.items() if unit != proposed[name].unit},
    )
    assert recipe_of(TABLE, form(recipe)) == told


def test_answers_come_along():
    """A recipe belongs to one reading of the file."""
    assert recipe_of(TABLE, form(), {"date:joined": "month"}).answers == {"date:joined": "month"}


def test_a_unit_is_twelve_characters_of_a_number_column():
    """Longer ones are cut; units of other kinds are not taken; an emptied unit is said as empty."""
    found = recipe_of(TABLE, form(units=["x", "a" * 50, None, "y", "z", "w"]))
    assert found.units == {"age": "a" * 12, "income": ""}


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": []}, {"units": ["x"]}, {"roles": None}, {"units": None}, {"roles": "abcdef"}, {"roles": 7},
        {"units": {"a": 1}}, {"roles": ["king"] * 6}, {"roles": [None] * 6}, {"roles": [["id"]] * 6},
        {"gaps": "knn"}, {"scaling": None}, {"outliers": ["iqr"]}, {"encoding": ""},
    ],
)  # fmt: skip
def test_a_form_that_does_not_fit_is_refused_in_words(changes):
    """Whatever a browser sends instead of the form."""
    with pytest.raises(BadRequest):
        recipe_of(TABLE, form(**changes))


def test_an_empty_form_is_refused():
    """A page without its controls is no recipe."""
    with pytest.raises(BadRequest, match="no longer fits"):
        recipe_of(TABLE, {})


def test_the_plan_runs_what_is_proposed_over_the_usual_numbers():
    """An algorithm that says it is in the default is compared without a word here, any other is not."""
    named = tuple(name for name, algorithm in ALGORITHMS.items() if algorithm.in_default)
    assert plan_of(Recipe(gaps="drop")) == Plan(recipe=Recipe(gaps="drop"), algorithms=named)


def gappy():
    frame = TABLE.frame.copy()
    frame.loc[[0, 1, 6], "income"] = np.nan
    return made.table(frame=frame)


def test_the_effect_is_counted_in_rows_and_cells():
    """Three gaps are filled with the middle value, or their three customers are set aside."""
    shown = tiles(effect_panel(gappy(), Recipe()))
    assert shown["Customers compared"] == ("12", "of 12 rows")
    assert shown["Gaps filled"] == ("3", "in 1 column")
    assert shown["Set aside, then placed"] == ("0", "none")
    assert shown["Columns used"] == ("2", "age, income")
    dropped = tiles(effect_panel(gappy(), Recipe(gaps="drop")))
    assert dropped["Customers compared"] == ("9", "of 12 rows")
    assert dropped["Set aside, then placed"] == ("3", "gap in income: 3")
    assert dropped["Gaps filled"] == ("0", "none")


def test_a_category_is_one_column_however_many_levels_it_has():
    """Columns are counted, not features; more than three are cut with dots."""
    recipe = Recipe(roles={"region": "feature", "member": "feature"})
    assert tiles(effect_panel(TABLE, recipe))["Columns used"] == ("4", "age, income, member ...")


def test_what_is_left_out_is_named_with_its_reason():
    """A column that a person asked for and that cannot be used is not dropped in silence."""
    shown = made.words(effect_panel(TABLE, Recipe(roles={"region": "feature"}, encoding="none")))
    assert "1 column left out" in shown and "region: categories are not encoded" in shown
    assert "left out" not in made.words(effect_panel(TABLE, Recipe()))


def test_no_column_left_is_a_problem_for_the_page_to_word():
    """Raised, so that the button to compare is switched off."""
    with pytest.raises(NoFeatures):
        effect_panel(TABLE, Recipe(roles={"age": "ignore", "income": "ignore"}))


def test_kinds_without_units_never_get_one():
    """The law of units over every kind there is."""
    columns = tuple(replace(made.COLUMNS[1], name=str(kind), kind=kind) for kind in Kind)
    body = form(roles=["feature"] * len(columns), units=["EUR"] * len(columns))
    assert recipe_of(made.table(columns=columns), body).units == {"number": "EUR"}
