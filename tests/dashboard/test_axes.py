"""Laws of the axes of a map: each key has a name, a title and values; gaps stay gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.model import Feature, Kind, Plan, Recipe, Role
from dashboard.figures.axes import NONE, axis_options, axis_title, axis_values, default_axes
from tests.dashboard import made


def test_options_are_components_then_numbers_and_flags_then_none():
    """Categories, dates, ids and text have no place on an axis; the key counts columns as the file does."""
    assert axis_options(made.table(), made.comparison()) == {
        "p0": "Principal component 1 (60%)",
        "p1": "Principal component 2 (30%)",
        "c1": "age",
        "c2": "income",
        "c3": "member",
        NONE: "None",
    }


def test_every_option_has_a_title_and_values():
    """Nothing can be picked that cannot be drawn."""
    table, comparison = made.table(), made.comparison()
    keys = [key for key in axis_options(table, comparison) if key != NONE]
    assert axis_values(table, comparison, keys).shape == (12, len(keys))
    assert all(axis_title(table, comparison, key) for key in keys)


def features(*names):
    return tuple(Feature(name, name) for name in names)


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (("age", "income"), ("c1", "c2", NONE)),
        (("income",), ("c2", "c1", NONE)),
        (("age", "region"), ("p0", "p1", NONE)),
        (("age", "member"), ("p0", "p1", NONE)),
        (("age", "income", "region", "joined"), ("p0", "p1", NONE)),
    ],
)
def test_default_axes_are_the_columns_where_at_most_three_numbers_shape_the_segments(used, expected):
    """Other numbers follow; as soon as a category or flag shapes them too, components are honest and columns are not."""
    assert default_axes(made.table(), made.comparison(features=features(*used))) == expected


def test_default_axes_never_follow_with_a_column_that_is_ignored_or_an_outcome():
    """Only columns that shape or describe may stand on a map nobody asked for."""
    columns = [replace(column, role=Role.IGNORE) if column.name == "age" else column for column in made.table().columns]
    table = made.table(columns=tuple(columns))
    assert default_axes(table, made.comparison(features=features("income"))) == ("c2", NONE, NONE)
    columns[1] = replace(columns[1], role=Role.OUTCOME)
    assert default_axes(made.table(columns=tuple(columns)), made.comparison(features=features("income")))[1] == NONE


def test_three_levels_of_one_category_are_one_column():
    """A one-hot column counts once: what shapes the segments is the column."""
    levels = tuple(Feature(f"region: {x}", "region", x) for x in "abcd")
    assert default_axes(made.table(), made.comparison(features=(*levels, *features("age")))) == ("p0", "p1", NONE)


def test_the_unit_stands_in_the_title_once():
    """The unit a person gave wins over the proposed one; a name that says its unit is left alone."""
    table, comparison = made.table(), made.comparison()
    assert axis_title(table, comparison, "p1") == "Component 2 (30%)"
    assert axis_title(table, comparison, "c1") == "age [years]"
    assert axis_title(table, comparison, "c3") == "member"
    given = made.comparison(plan=Plan(recipe=Recipe(units={"age": "months", "income": ""})))
    assert axis_title(table, given, "c1") == "age [months]"
    assert axis_title(table, given, "c2") == "income"
    columns = (replace(table.columns[1], name="age in years"),)
    assert axis_title(made.table(columns=columns), comparison, "c0") == "age in years"


def test_hostile_names_and_units_are_taken_apart():
    """Control and bidirectional characters never reach a menu or a title."""
    column = replace(made.COLUMNS[1], name=made.HOSTILE, unit="\u202eEUR\x00")
    table, comparison = made.table(columns=(column,)), made.comparison()
    for text in (axis_options(table, comparison)["c0"], axis_title(table, comparison, "c0")):
        assert "\u202e" not in text and "\x00" not in text


def test_values_are_the_columns_in_their_own_unit_and_gaps_stay():
    """Row by row what the file says, as float32; NaN is not turned into a number."""
    table = made.table()
    frame = table.frame.copy()
    frame.loc[0, "age"] = np.nan
    found = axis_values(replace(table, frame=frame), made.comparison(), ["c2", "p0", "c1"])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[:, 0], [1000] * 6 + [4000] * 4 + [1000] * 2)
    np.testing.assert_array_equal(found[:, 1], made.comparison().coordinates[:, 0])
    np.testing.assert_array_equal(found[:, 2], [np.nan] + [30] * 5 + [50] * 4 + [80] * 2)


def test_only_numbers_and_flags_are_kinds_of_axes():
    """The law of the options, over every kind there is."""
    columns = tuple(replace(made.COLUMNS[1], name=str(kind), kind=kind) for kind in Kind)
    keys = set(axis_options(made.table(columns=columns), made.comparison())) - {"p0", "p1", NONE}
    assert {columns[int(key[1:])].kind for key in keys} == {Kind.NUMBER, Kind.FLAG}


@pytest.mark.parametrize(("count", "expected"), [(3, ("c0", "c1", "c2")), (4, ("p0", "p1", NONE))])
def test_more_than_three_numbers_are_drawn_as_components(count, expected):
    """Three axes show three columns whole; of four, one would be hidden."""
    columns = tuple(replace(made.COLUMNS[1], name=f"n{n}") for n in range(4))
    used = features(*(column.name for column in columns[:count]))
    assert default_axes(made.table(columns=columns), made.comparison(features=used)) == expected
