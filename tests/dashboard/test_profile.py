"""Laws of the profile: figures as the file gives them, beside those for everyone; differences that are some."""

from __future__ import annotations

import pytest
from dash import html

from core.model import NOISE
from dashboard.components.profile import STATISTICS, contrasts, profile_table
from tests.dashboard import made

KEY = "dbscan-1"
NAMES = {1: "Young", 2: "Rich"}


def frame(table=None, **more):
    """The profile of six, four and two customers that are not placed."""
    (one,) = [c for c in made.comparison().candidates if c.key == KEY]
    return made.profile((one,), table, **more).drop(columns="candidate")


def rows(profile, statistic="mean", names=NAMES):
    shown = profile_table(profile, names, statistic)
    body = made.of(made.of(shown, html.Tbody), html.Tr)
    return {
        (row.children[0].children, row.children[1].children): [td.children for td in row.children[2:]] for row in body
    }


def test_the_two_strongest_differences_in_original_units():
    """Income differs by a third of its range, age by 15 of 50 years; for the rich by two thirds and 5 of 50."""
    assert contrasts(frame(), 1) == [
        "income 1,000 EUR on average; everyone 2,000 EUR (0.5 x)",
        "age 30 years on average; everyone 45 years (0.67 x)",
    ]
    assert contrasts(frame(), 2) == [
        "income 4,000 EUR on average; everyone 2,000 EUR (2 x)",
        "age 50 years on average; everyone 45 years (1.1 x)",
    ]


def shifted(by):
    """Age moved so that everyone's mean is 100 and the second segment's mean lies ``by`` above it."""
    table = made.table()
    values = table.frame.copy()
    values["age"] = [100.0] * 6 + [100.0 + by] * 4 + [100.0 - 2 * by] * 2
    return made.table(frame=values)


def test_what_shapes_the_segments_is_told_and_nothing_else_where_it_is_a_number():
    whole = contrasts(frame(), 1)
    assert len(whole) > 1 and contrasts(frame(), 1, shaping=["age"]) == [one for one in whole if one.startswith("age")]
    assert contrasts(frame(), 1, shaping=["no number"]) == whole


@pytest.mark.parametrize(("by", "told"), [(9.0, False), (10.0, False), (11.0, True)])
def test_a_mean_within_a_tenth_of_everyones_is_no_difference(by, told):
    """A tenth itself is within."""
    assert any(line.startswith("age") for line in contrasts(frame(shifted(by)), 2)) is told


def test_a_segment_like_everyone_says_so():
    """No difference is invented; a column that is 0 for all is none either."""
    table = made.table()
    values = table.frame.copy()
    values["age"], values["income"] = 7.0, [0.0] * 10 + [-5.0, 5.0]
    assert contrasts(frame(made.table(frame=values)), 1) == ["Close to everyone in every number"]


def test_negative_and_zero_means_have_no_ratio():
    """ "-2 x" would be nonsense; a gap gives no figure at all."""
    table = made.table()
    values = table.frame.copy()
    values["age"] = [-10.0] * 6 + [20.0] * 4 + [-10.0] * 2
    values["income"] = float("nan")
    assert contrasts(frame(made.table(frame=values)), 2) == ["age 20 years on average; everyone 0 years"]
    assert contrasts(frame(made.table(frame=values)), 1) == ["age \N{MINUS SIGN}10 years on average; everyone 0 years"]


def test_a_unit_that_stands_in_the_name_is_not_said_again():
    """The name "income EUR" says it already."""
    one = frame().replace({"column": {"income": "income EUR"}})
    assert contrasts(one, 2)[0] == "income EUR 4,000 on average; everyone 2,000 (2 x)"


def test_the_head_names_everyone_first_then_segments_then_those_not_placed():
    """Columns of the table are in the order of segments, whatever the order of the frame."""
    shuffled = frame().sample(frac=1, random_state=0)
    for one in (frame(), shuffled):
        head = made.of(made.of(profile_table(one, NAMES, "mean"), html.Thead), html.Th)
        assert [made.words(cell) for cell in head] == [
            "Column",
            "Figure",
            "Everyone",
            "1 Young",
            "2 Rich",
            "Not placed",
        ]


def test_figures_are_the_means_of_the_file():
    """Computed by hand; a flag is the share of yes."""
    found = rows(frame())
    assert found["age [years]", "Mean"] == ["45", "30", "50", "80"]
    assert found["income [EUR]", "Mean"] == ["2,000", "1,000", "4,000", "1,000"]
    assert found["member", "Mean"] == ["25%", "50%", "0%", "0%"]


@pytest.mark.parametrize(("statistic", "shown"), [("median", "Median"), ("minimum", "Minimum"), ("maximum", "Maximum")])
def test_one_statistic_is_one_row_for_each_number(statistic, shown):
    """Of ages 30, 50 and 80: the middle of twelve is (30 + 50) / 2."""
    expected = {"median": "40", "minimum": "30", "maximum": "80"}[statistic]
    found = rows(frame(), statistic)
    assert found["age [years]", shown][0] == expected
    assert {figure for _, figure in found} & set(STATISTICS.values()) == {shown}


@pytest.mark.parametrize("statistic", ["all", "", "x", None, "segment"])
def test_anything_but_one_statistic_means_all_four(statistic):
    """A made-up value shows everything rather than nothing."""
    found = rows(frame(), statistic)
    assert [figure for name, figure in found if name == "age [years]"] == list(STATISTICS.values())


def test_categories_show_their_commonest_value_with_its_share():
    """Nine of twelve live in the North; three of the four rich in the South."""
    assert rows(frame())["region", "Most common"] == ["North (75%)", "North (100%)", "South (75%)", "North (100%)"]


def test_dates_show_their_span_and_no_share():
    """From the first day to the last one, without empty brackets."""
    assert rows(frame())["joined", "Earliest to latest"][:2] == ["2024-01-01 to 2024-01-12", "2024-01-01 to 2024-01-06"]


def test_a_segment_without_any_value_shows_a_dash():
    """Gaps are not called a commonest value, and not nought."""
    table = made.table()
    values = table.frame.copy()
    values.loc[6:9, "region"] = None
    values.loc[6:9, "age"] = float("nan")
    found = rows(frame(made.table(frame=values)))
    assert found["region", "Most common"][2] == found["age [years]", "Mean"][2] == "–"


def test_without_anybody_left_over_there_is_no_column_for_them():
    """Noise appears where it is."""
    one = frame()
    shown = profile_table(one[one["segment"] != NOISE], NAMES, "mean")
    assert "Not placed" not in made.words(shown)


def test_the_id_of_customers_is_no_figure():
    """Ids and ignored columns are not described."""
    assert not any(name.startswith("customer") for name, _ in rows(frame()))


def test_hostile_names_are_harmless():
    """Columns, units, values and names of segments."""
    table = made.table()
    values = table.frame.copy()
    values["region"] = made.HOSTILE
    one = frame(made.table(frame=values), units={"age": made.HOSTILE}).replace({"column": {"age": made.HOSTILE}})
    told = made.words(profile_table(one, {1: made.HOSTILE}, "all")) + " ".join(contrasts(one, 2))
    assert "\u202e" not in told and "\x00" not in told
