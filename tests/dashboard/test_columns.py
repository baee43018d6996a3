"""Laws of the column cards: one for each column in the file's order, with a role, a unit, and the truth about its cells."""

from __future__ import annotations

from dataclasses import replace

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html

from core.model import Kind, Recipe, Role
from dashboard.components.columns import KIND_LABELS, ROLE_LABELS, column_cards, column_list
from tests.dashboard import made


def cards(table=None, recipe=None):
    return made.of(made.of(column_cards(made.table() if table is None else table, recipe), html.Ul)[0], html.Li)


def test_every_role_and_kind_has_words():
    """A new role or kind cannot be shown as its bare name."""
    assert set(ROLE_LABELS) == set(Role) and set(KIND_LABELS) == set(Kind)
    assert all(ROLE_LABELS.values()) and all(KIND_LABELS.values())


def test_cards_stand_in_the_order_of_the_file_with_their_place_as_id():
    """The form is read back by place, so places are counted without a gap, hidden units included."""
    found = cards()
    assert [made.of(one, html.H3)[0].children for one in found] == [column.name for column in made.COLUMNS]
    for kind, control, nth in (("kind", dbc.Select, 0), ("role", dbc.Select, 1), ("unit", dcc.Input, 0)):
        assert [made.of(one, control)[nth].id for one in found] == [{"type": kind, "index": n} for n in range(6)]


def test_the_proposal_is_picked_until_a_recipe_says_otherwise():
    """Role and unit of the recipe win; what it does not name stays as proposed."""
    recipe = Recipe(roles={"age": "ignore"}, units={"income": "kEUR"})
    for given, role, unit in ((None, "feature", "EUR"), (recipe, "ignore", "kEUR")):
        found = cards(recipe=given)
        assert made.of(found[1], dbc.Select)[1].value == role
        assert made.of(found[2], dcc.Input)[0].value == unit
        assert made.of(found[4], dbc.Select)[1].value == "profile"
    assert made.of(cards(recipe=Recipe(units={"income": ""}))[2], dcc.Input)[0].value == ""


def test_every_role_can_be_picked():
    """The options are the roles by their stored name."""
    _, select = made.of(cards()[0], dbc.Select)
    assert [one["value"] for one in select.options] == [str(role) for role in ROLE_LABELS]


def test_only_numbers_have_a_unit_to_set():
    """The unit field of other kinds is hidden, yet there."""
    hidden = [any(getattr(div, "hidden", False) for div in made.of(one, html.Div)) for one in cards()]
    assert hidden == [column.kind != Kind.NUMBER for column in made.COLUMNS]


def test_controls_have_names_for_screen_readers():
    """Each visible control stands in a label that names its column."""
    for column, one in zip(made.COLUMNS, cards(), strict=True):
        labels = [made.words(label) for label in made.of(one, html.Label)]
        expected = [f"Kind of {column.name}", f"Use of {column.name}"] + [f"Unit of {column.name}"] * (column.kind == Kind.NUMBER)
        assert labels == expected


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Complete"),
        ({"gaps": 3}, "3 gaps (25% of rows)"),
        ({"outliers": 2}, "2 extreme values"),
        ({"left_out": "it is constant"}, "It is constant"),
        (
            {"left_out": "it is constant", "gaps": 12, "outliers": 1},
            "It is constant; 12 gaps (100% of rows); 1 extreme value",
        ),
    ],
)
def test_the_facts_are_counted_over_the_rows(changes, told):
    """Twelve rows: three gaps are a quarter of them."""
    column = replace(made.COLUMNS[1], **changes)
    assert told in made.words(cards(made.table(columns=(column,)))[0])


def test_no_rows_divide_by_nothing():
    """An empty table has cards, too."""
    table = made.table()
    column = replace(made.COLUMNS[1], gaps=0, bars=())
    assert "No values" in made.words(cards(replace(table, frame=table.frame.head(0), columns=(column,)))[0])


def test_a_text_that_is_full_never_says_that_it_holds_no_values():
    """It has no bars, either, and is counted like ids are."""
    column = replace(made.COLUMNS[1], kind=Kind.TEXT, distinct=12, bars=())
    told = made.words(cards(made.table(columns=(column,)))[0])
    assert "12 different values" in told and "No values" not in told


def test_an_id_shows_how_many_values_it_has_and_no_bars():
    """A bar for each of thousands of ids would show nothing."""
    assert "12 different values" in made.words(cards()[0])


def test_hostile_column_names_are_harmless():
    """Names, units and reasons in texts, labels and titles."""
    column = replace(made.COLUMNS[1], name=made.HOSTILE, left_out=made.HOSTILE, bars=((made.HOSTILE, 1),))
    (shown,) = cards(made.table(columns=(column,)))
    told = made.words(shown) + "".join(str(getattr(item, "title", "")) for item in made.walk(shown))
    assert "\u202e" not in told and "\x00" not in told


def wide(columns: int):
    """A table of many columns, named c0, c1 ..."""
    one = replace(made.COLUMNS[1], role=Role.FEATURE)
    return made.table(columns=tuple(replace(one, name=f"c{n}") for n in range(columns)))


def shown(drawn) -> list[int]:
    return [one.id["index"] for one in made.of(drawn, dbc.Select) if isinstance(one.id, dict) and one.id["type"] == "role"]


@pytest.mark.parametrize(
    ("page", "find", "places"),
    [("", "", range(60)), ("60", "", range(60, 120)), ("120", "", range(120, 130)), ("60", "c12", [12, *range(120, 130)]),
     ("", "C128 ", [128]), ("x", "", range(60)), ("9999", "", []), ("", "nothing", [])],
)  # fmt: skip
def test_many_columns_are_shown_sixty_at_a_time_or_by_name(page, find, places):
    """By place; letter case does not matter; a page that there is not shows none."""
    table = wide(130)
    found = column_list(table, ["feature"] * 130, [""] * 130, page=page, find=find)
    assert shown(found) == list(places)
    assert ("No column" in made.words(found)) == (not list(places))


def test_choices_of_columns_that_are_not_shown_are_held_beside_the_cards():
    """A wide table keeps its roles although their cards are elsewhere."""
    drawn = column_cards(wide(130), Recipe(roles={"c128": "ignore"}))
    held = {one.id: one.data for one in made.of(drawn, dcc.Store)}
    assert len(held["roles"]) == len(held["units"]) == 130
    assert held["roles"][128] == "ignore" and held["roles"][127] == "feature"
    assert [one.hidden for one in made.of(drawn, html.Div) if getattr(one, "className", "") == "sa-finder"] == [False]
