"""The tab money: shares that are those of the frames, and plain words where no money is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash import dcc, html

from core.model import NOISE, Kind, Plan, Recipe, Segmentation
from core.personas import money_of
from core.selection import CAUTION
from dashboard.components.atlas_money import finding, money_shares, tab
from tests.core.personified import ordered, segmentation_of, simple, table_of
from tests.dashboard.made import HOSTILE, of, words


def looked(segmentation: Segmentation) -> Any:
    """What the tab needs of :class:`dashboard.atlas.Looked`."""
    return SimpleNamespace(segmentation=segmentation, here=SimpleNamespace(dataset=SimpleNamespace(id="d" * 22)))


def numbered(values: list[float], labels: list[int], name: str = "spent", unit: str = "", **changes: Any) -> Segmentation:
    """One column of numbers under these labels."""
    frame = pd.DataFrame({name: values})
    return segmentation_of(table_of(frame, {name: Kind.NUMBER}, {name: unit}, {}), np.array(labels, dtype=np.int16), **changes)


def test_shares_of_orders_are_those_of_the_run() -> None:
    """Straight from the facts about orders, everyone left out."""
    made = ordered()
    assert money_shares(made) == pytest.approx({1: 80 / 175, 2: 90 / 175, 3: 5 / 175})


def test_shares_of_a_column_add_up() -> None:
    """3 + 7 of 20, 6 of 20, and 4 of customers not placed."""
    shares = money_shares(numbered([3.0, 7.0, 6.0, 4.0, np.nan], [1, 1, 2, NOISE, 2]))
    assert shares == pytest.approx({1: 0.5, 2: 0.3, NOISE: 0.2})
    assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("made", [
    numbered([1.0, 2.0], [1, 2], name="age"),
    numbered([0.0, 0.0], [1, 2]),
    numbered([-5.0, 1.0], [1, 2]),
    numbered([5.0, 1.0], [1, 2], plan=Plan(recipe=Recipe(money=""))),
], ids=["unknown", "nothing", "below zero", "not wanted"])  # fmt: skip
def test_there_are_no_shares_where_none_can_be(made: Segmentation) -> None:
    assert money_shares(made) == {}


def test_the_finding_has_both_shares() -> None:
    """A fifth of the customers, 45.7 % of revenue; the name of the column where money is one."""
    assert finding(money_of(ordered()), 1) == "20% of customers bring 45.7% of revenue"
    assert finding(money_of(simple()), 1) == "25% of customers bring 76.3% of Spent (EUR)"
    assert "no money above zero" in finding(money_of(numbered([-5.0, 1.0], [1, 2])), 1)


def test_orders_show_what_is_expected_with_its_range() -> None:
    """Revenue, per customer, orders, per order, expected value and the ends of its range, in the currency."""
    shown = words(tab(looked(ordered()), 1))
    for told in ("80,000", "2,000", "800", "100", "26,000", "20,000 to 31,000 (80% range)", "EUR", "875 EUR over all customers"):
        assert told in shown


def test_a_column_shows_no_orders() -> None:
    """What is not known is left out, not written as a dash or zero; the base says of whom it is known."""
    shown = words(tab(looked(numbered([3.0, 7.0, 6.0, np.nan], [1, 1, 2, 2], unit="EUR")), 1))
    assert "Orders" not in shown and "Expected" not in shown
    assert "known of 3 of 4 customers" in shown
    assert "as its name or unit suggests" in shown


def test_all_segments_are_listed_the_one_that_brings_most_first() -> None:
    """In order of revenue; the one in focus is marked, and only that."""
    drawn = tab(looked(ordered()), 3)
    rows = of(next(one for one in of(drawn, html.Ul) if one.className == "sa-money-all"), html.Li)
    assert ["51.4%" in words(rows[0]), "45.7%" in words(rows[1]), "2.9%" in words(rows[2])] == [True] * 3
    assert [getattr(row, "aria-current", None) for row in rows] == [None, None, "true"]


def test_bars_are_as_long_as_their_shares() -> None:
    """The two bars of the segment in focus are drawn on one scale, beside their numbers, in its chosen colour."""
    drawn = tab(looked(ordered(colours={1: 5})), 1)
    pair = next(one for one in of(drawn, html.Dl))
    bars = [bar for bar in of(pair, html.Span) if "sa-bar" in (getattr(bar, "className", "") or "")]
    assert [bar.children.style["width"] for bar in bars] == ["20.0%", "45.7%"]
    assert all("sa-seg-5" in bar.className for bar in bars)


def test_an_unstable_segment_carries_the_caution_everywhere() -> None:
    """Above its figures, in the list and in the table, and no stable one does."""
    shown = words(tab(looked(ordered(trust={1: 0.4, 2: 0.9, 3: 0.9})), 1))
    assert shown.count(CAUTION) == 3
    assert CAUTION not in words(tab(looked(ordered(trust={1: 0.9, 2: 0.9, 3: 0.9})), 1))


def test_unknown_money_says_what_it_could_be_and_where_to_say_so() -> None:
    """Numbers that are neither ages nor incomes are proposed, and the way to the Data page of this file stands below."""
    frame = pd.DataFrame({"Age": [1.0, 2.0], "Income": [1.0, 2.0], "Basket": [1.0, 2.0]})
    table = table_of(frame, dict.fromkeys(frame, Kind.NUMBER), {}, {})
    drawn = tab(looked(segmentation_of(table, np.array([1, 2], dtype=np.int16))), 1)
    shown = words(drawn)
    assert "one of these numbers: Basket." in shown
    assert "Income" not in shown
    link = of(drawn, dcc.Link)[0]
    assert link.href.startswith("/?") and "d" * 22 in link.href


def test_a_file_without_numbers_says_so() -> None:
    frame = pd.DataFrame({"city": ["Rome", "Oslo"]}, dtype=object)
    made = segmentation_of(table_of(frame, {"city": Kind.CATEGORY}, {}, {}), np.array([1, 2], dtype=np.int16))
    assert "None of the numbers" in words(tab(looked(made), 1))


def test_a_hostile_name_is_plain() -> None:
    """The column marked as money has a name that would be markup."""
    made = numbered([5.0, 1.0], [1, 2], name=HOSTILE, unit="\u202eEUR", plan=Plan(recipe=Recipe(money=HOSTILE)))
    shown = words(tab(looked(made), 1))
    assert "\u202e" not in shown and "\x00" not in shown
    assert "as chosen" in shown
