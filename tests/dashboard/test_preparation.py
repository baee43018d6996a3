"""Laws of the preparation: the form stands for one recipe and back, its effect is counted in rows, notes are kept."""

from __future__ import annotations

import json
from dataclasses import replace

import dash_bootstrap_components as dbc
import numpy as np
import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from core.algorithms import ALGORITHMS
from core.errors import BadRequest, NoFeatures
from core.model import Kind, Plan, Recipe, Role, SavedRecipe
from core.prepare import saved
from dashboard.components.preparation import RULES, effect_panel, plan_of, preparation_form, recalled, recipe_of
from dashboard.components.tuning import PLACED, form_states
from tests.dashboard import made

PICKED = ("gaps", "outliers", "scaling", "encoding", "duplicates", "gap_flags", "marks", "skew", "weights")
TABLE = made.table()
NAMES = [column.name for column in made.COLUMNS]


def form(recipe: Recipe | None = None, **changes):
    """What the page sends when it shows this recipe."""
    at = recipe or Recipe()
    body = {
        "roles": [str(at.roles.get(c.name, c.role)) for c in made.COLUMNS],
        "units": [at.units.get(c.name, c.unit) for c in made.COLUMNS],
        **{name: getattr(at, name) for name in (*PICKED, "neighbours")},
    }
    for name, said in zip(PLACED, (at.fills, at.skews, at.orders), strict=True):
        body[f"{name}s"] = [" < ".join(one) if name == "order" else one for one in said.values()]
        body[f"{name}_places"] = [{"type": name, "index": NAMES.index(column)} for column in said]
    return body | changes


def as_shown(recipe: Recipe | None):
    """What a browser holds of the form drawn for this recipe, by name."""
    shown = {made._written(one.id): one.value for one in made.walk(preparation_form(TABLE, recipe))
             if getattr(one, "id", None) is not None and hasattr(one, "value")}  # fmt: skip
    body = {}
    for name, state in form_states().items():
        at = state.component_id
        if state.component_property == "data":
            continue
        if not isinstance(at, dict):
            body[name] = shown[at]
            continue
        ids = [json.loads(one) for one in shown if one.startswith("{") and json.loads(one)["type"] == at["type"]]
        body[name] = ids if state.component_property == "id" else [shown[json.dumps(one, separators=(",", ":"), sort_keys=True)]
                                                                   for one in ids]  # fmt: skip
    cards = {"roles": [str((recipe or Recipe()).roles.get(c.name, c.role)) for c in made.COLUMNS],
             "units": [(recipe or Recipe()).units.get(c.name, c.unit) for c in made.COLUMNS]}  # fmt: skip
    return body | cards


def tiles(shown):
    """label -> (value, base) of each tile."""
    boxes = [div for div in made.of(shown, html.Div) if getattr(div, "className", "") == "sa-stat"]
    return {made.words(one.children[0]): tuple(made.words(part) for part in one.children[1:]) for one in boxes}


@pytest.mark.parametrize("rule", RULES)
def test_every_option_of_the_recipe_can_be_chosen_and_no_other(rule):
    """A new option of core appears here or this test fails."""
    assert set(RULES) == set(Recipe.OPTIONS)
    assert tuple(RULES[rule]) == Recipe.OPTIONS[rule]
    shown = preparation_form(TABLE, None)
    (control,) = [one for one in made.of(shown, dbc.RadioItems) if one.id == rule.replace("_", "-")]
    assert [one["value"] for one in control.options] == list(Recipe.OPTIONS[rule])


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(**{name: options[-1] for name, options in Recipe.OPTIONS.items()}, neighbours=9),
        Recipe(gaps="constant", fills={"income": "12.5"}, skew="log", skews={"age": "none"}, money="age"),
        Recipe(roles={"region": "feature"}, encoding="ordinal", orders={"region": ("South", "North")}, money=""),
    ],
)  # fmt: skip
def test_what_the_form_shows_is_what_it_stands_for(recipe):
    """Drawn for a recipe and sent back untouched, the controls stand for this very recipe."""
    assert recipe_of(TABLE, as_shown(recipe)) == recipe


def test_an_untouched_form_is_the_proposal():
    """Only differences are named, so that equal wishes are equal plans and are not computed twice."""
    assert recipe_of(TABLE, form()) == Recipe()


recipes = st.builds(
    Recipe,
    roles=st.dictionaries(st.sampled_from(NAMES), st.sampled_from([str(r) for r in Role])),
    units=st.dictionaries(st.sampled_from(["age", "income"]), st.text("aé%$ ", max_size=12)),
    neighbours=st.integers(1, 50),
    fills=st.dictionaries(st.sampled_from(NAMES), st.text("a1.-", min_size=1)),
    orders=st.dictionaries(st.just("region"), st.sampled_from([("South", "North"), ("a", "b", "c")])),
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
        {"gaps": "ffill"}, {"neighbours": None}, {"neighbours": 51}, {"skews": ["cube"], "skew_places": [{"index": 1}]},
        {"fills": ["1"], "fill_places": []}, {"fills": "1"}, {"fills": ["1"], "fill_places": [{"index": 99}]},
        {"fills": ["1"], "fill_places": ["x"]}, {"money": "nobody"}, {"money": 7}, {"scaling": None}, {"outliers": ["iqr"]}, {"encoding": ""},
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


def steps(shown):
    """step -> (text, what it touches) of the list under the tiles."""
    found = [one for one in made.of(shown, html.Ol) if one.className == "sa-effect-steps"]
    return {made.words(one.children[0]): (made.words(one.children[1]), made.words(one.children[2]))
            for one in (found[0].children if found else [])}  # fmt: skip


def test_each_step_tells_rows_and_money_in_their_order():
    """Three of twelve customers have no income; with the others they make 24,000 EUR in all, of which ten per cent are theirs."""
    frame = TABLE.frame.copy()
    frame.loc[[0, 1], "age"] = np.nan
    told = steps(effect_panel(made.table(frame=frame), Recipe(gaps="drop", scaling="none", outliers="mad")))
    assert list(told) == ["Gaps", "Extreme values"]
    assert told["Gaps"] == ("Rows with a gap are set aside, then placed", "2 rows, 2,000 EUR = 8.3% of 24,000 EUR")
    assert steps(effect_panel(TABLE, Recipe(money="")))["Scaling"][1] == "all rows"


def test_b065_one_usable_column_runs_along_a_line_and_says_so():
    """Nobody takes ranges of one number for a map of customers."""
    shown = effect_panel(TABLE, Recipe(roles={"income": "profile"}))
    assert "Only age can be used: segments will be ranges of it, along one line." in made.words(shown)
    assert "along one line" not in made.words(effect_panel(TABLE, Recipe()))


def test_b069_repeated_customers_are_a_choice_with_counts():
    """Two rows of one id are counted beside the choice; where nothing repeats, nothing is asked."""
    columns = (replace(made.COLUMNS[0], distinct=10), *made.COLUMNS[1:])
    shown = preparation_form(made.table(columns=columns, duplicates=1), None)
    assert "1 row equal an earlier row in every cell. 2 rows have the customer of an earlier row." in made.words(shown)
    hidden = [one for one in made.of(preparation_form(TABLE, None), html.Div) if getattr(one, "hidden", None)]
    assert "Repeated customers" in made.words(hidden)


def test_a_loaded_recipe_says_what_of_it_no_longer_fits():
    """A file of another owner, no recipe, or none loaded: the page stays; else the form shows it with its misfits."""
    kept = saved(TABLE, Recipe(gaps="drop", units={"age": "a"}))
    loaded = {"dataset": "d", "text": kept.to_json()}
    assert recalled(TABLE, loaded, "d") == (kept.recipe, ())
    assert "all of it fits" in made.words(preparation_form(TABLE, *recalled(TABLE, loaded, "d")))
    assert recalled(TABLE, loaded, "e") is recalled(TABLE, None, "d") is recalled(TABLE, ["x"], "d") is None
    with pytest.raises(BadRequest):
        recalled(TABLE, {"dataset": "d", "text": "{}"}, "d")
    gone = SavedRecipe(kept.recipe, kept.kinds | {"loyalty": "number"}, kept.roles | {"loyalty": "feature"})
    recipe, notes = recalled(TABLE, {"dataset": "d", "text": gone.to_json()}, "d")
    assert recipe == kept.recipe and [one.code for one in notes] == ["COLUMN_GONE"]
    assert "There is no column loyalty any more." in made.words(preparation_form(TABLE, recipe, notes))
