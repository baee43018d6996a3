"""Laws of the sentences: both figures with their unit, the ratio where it says more, the size in Cohen's words."""

from __future__ import annotations

from collections import namedtuple

import pytest

from dashboard.components.contrast_words import amount, caption, finding, size_of, told, told_between

Row = namedtuple("Row", "column level caption kind unit own rest everyone effect steady")
MINUS, NAN = "\N{MINUS SIGN}", float("nan")


def row(**changes):
    base = {"column": "spend", "level": "", "caption": "spend", "kind": "number", "unit": "EUR", "own": 412.0, "rest": 150.0,
            "everyone": 178.0, "effect": 1.4, "steady": 0.98}  # fmt: skip
    return Row(**(base | changes))


def test_the_sentence_of_a_number():
    assert told(row()) == "2.3 x the average: 412 against 178 EUR; a large difference (d = 1.40) in 98% of resamples."


@pytest.mark.parametrize(("effect", "word"), [(0.19, ""), (0.2, "small"), (0.49, "small"), (0.5, "medium"), (0.79, "medium"),
                                              (0.8, "large"), (-3.0, "large"), (-0.3, "small"), (0.0, ""), (NAN, "")])  # fmt: skip
def test_sizes_are_cohens(effect, word):
    """Small from 0.2, medium from 0.5, large from 0.8, in either direction."""
    assert size_of(effect) == word


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"own": 45.2, "everyone": 44.0, "unit": "years"}, "1.2 years above the average: 45.2 against 44 years"),
        ({"own": -5.0, "everyone": 10.0}, f"15 EUR below the average: {MINUS}5 against 10 EUR"),
        ({"own": 5.0, "everyone": 0.0}, "5 EUR above the average: 5 against 0 EUR"),
        ({"own": 10.0, "everyone": 10.0}, "like the average: 10 EUR"),
        ({"own": 50_000.0, "everyone": 10.0}, "49,990 EUR above the average"),
        ({"own": 89.0}, "0.5 x the average: 89 against 178 EUR"),
        ({"unit": "spend"}, "2.3 x the average: 412 against 178;"),
        ({"column": "Year_Birth", "unit": "", "own": 1970.3, "everyone": 1969.0}, "1.3 above the average: 1970 against 1969"),
        ({"own": NAN}, "no figures"),
    ],
)
def test_a_ratio_is_told_only_where_it_says_more(changes, begins):
    """Not of nearly equal, negative or vanishing averages; a unit in the name is not said again; years have no mark."""
    assert told(row(**changes)).startswith(begins)


def test_shares_are_told_in_per_cent():
    flag = row(column="member", kind="flag", unit="", own=0.5, everyone=0.25)
    assert told(flag).startswith("50% say yes, 25% of everyone (2 x);")
    level = row(column="region", level="South", kind="category", unit="", own=0.0, everyone=0.25, effect=-1.2)
    assert told(level) == f"0% are South, 25% of everyone; a large difference (d = {MINUS}1.20) in 98% of resamples."


def test_what_is_not_known_is_not_said():
    assert told(row(steady=NAN)).endswith("a large difference (d = 1.40).")
    assert told(row(effect=0.1)).endswith("hardly any difference (d = 0.10).")
    assert told(row(effect=NAN)).endswith("how large that is cannot be told.")
    assert told(row(effect=0.198)).endswith("hardly any difference (d = 0.198).")
    assert told(row(effect=0.799, steady=NAN)).endswith("a medium difference (d = 0.799).")


def test_a_pair_is_told_against_the_other_segment():
    """Its figure, not everyone's."""
    assert told_between(row(steady=NAN), "segment 3") == "2.7 x the average of segment 3: 412 against 150 EUR; a large difference (d = 1.40)."
    flag = row(column="member", kind="flag", unit="", own=0.5, rest=0.25, steady=NAN)
    assert told_between(flag, "segment 3").startswith("50% say yes, 25% in segment 3 (2 x)")


def test_captions_carry_the_unit_once():
    assert caption(row()) == "spend [EUR]" and caption(row(column="spend EUR")) == "spend EUR"
    assert caption(row(column="region", level="South", unit="")) == "region: South"
    assert amount(0.405, row(kind="flag")) == "40.5%" and amount(NAN, row()) == "–"


def test_the_finding_names_what_differs_and_stops_where_nothing_does():
    rows = [row(), row(column="region", level="South", kind="category", effect=-0.9), row(column="member", kind="flag", effect=0.6),
            row(column="age", effect=0.5)]  # fmt: skip
    assert finding(rows) == "higher spend, less often South (region), more often member"
    assert finding([row(effect=-0.5), row(effect=0.1), row()]) == "lower spend"
    assert finding([row(effect=0.1)]) == "" and finding([]) == "" and finding([row(effect=NAN)]) == ""


def test_names_from_data_are_harmless():
    hostile = "a\u202eb\x00c" + "x" * 200
    shown = told(row(column=hostile, level=hostile, kind="category", own=0.5, everyone=0.2))
    assert "\u202e" not in shown and "\x00" not in shown and len(shown) < 200
    assert "\u202e" not in caption(row(column=hostile, level=hostile)) and "\u202e" not in finding([row(column=hostile)])


def test_codes_are_told_with_their_column_and_words_alone():
    code = row(column="Channel", level="1", kind="category", unit="", own=0.974, everyone=0.677, effect=6.82)
    assert told(code).startswith("97.4% have Channel 1, 67.7% of everyone")
    assert finding([code]) == "more often Channel 1"
    assert told(code._replace(column="city", level="Paris")).startswith("97.4% are Paris,")


def test_an_effect_beyond_five_is_told_as_that():
    assert "(d beyond 5)" in told(row(effect=20.0)) and f"(d beyond {MINUS}5)" in told(row(effect=-6.8))
    assert "(d = 5.00)" in told(row(effect=5.0))
