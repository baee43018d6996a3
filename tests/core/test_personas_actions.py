"""What to do with a segment, by stated rules; and the money that they go by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.model import NOISE, Kind, Plan, Recipe
from core.personas import check, money_of, persona, personas
from core.personas.actions import ACTIONS
from core.personas.reading import may_be_money
from tests.core.personified import ordered, segmentation_of, table_of


def test_actions_of_customers_made_of_orders() -> None:
    """Who spends much and bought lately is retained and thanked, who spent much and is gone is won back, by their numbers."""
    made = ordered()
    best, gone, small = personas(made)
    assert [word for word, _ in best.actions] == ["retain", "thank"]
    assert "20% of the customers bring 45.7% of all revenue" in best.actions[0][1].text
    assert gone.actions[0][0] == "win back"
    assert "302 days on average" in gone.actions[0][1].text or "301 days on average" in gone.actions[0][1].text
    assert {word for word, _ in small.actions} <= {"test", "grow"}
    assert "2.9% of all revenue" in " ".join(said.text for _, said in small.actions)
    assert all(check(one, made) == () for one in (best, gone, small))


def test_names_of_customers_made_of_orders_are_rfm_words() -> None:
    """Champions and the gone are called by what they do; a column that says the same is not told twice."""
    best, gone, small = personas(ordered())
    assert "frequent buyers" in best.name.lower() or "big spenders" in best.name.lower()
    assert "silent for long" in gone.name.lower() or "buying less than before" in gone.name.lower()
    assert "rare buyers" in small.name.lower() or "small spenders" in small.name.lower()


def test_nothing_is_won_back_that_brought_little() -> None:
    """The gone who brought two percent of revenue with thirty percent of customers get a cheap test, no campaign."""
    made = ordered()
    orders = made.orders.assign(revenue=[175000.0, 166000.0, 4000.0, 5000.0], revenue_share=[1.0, 166 / 175, 4 / 175, 5 / 175])
    words = dict(persona(replace(made, orders=orders), 2).actions)
    assert "win back" not in words
    assert "costs next to nothing" in words["test"].text


@pytest.mark.parametrize("marked", ["recency_score", "Recency rank", "recency_quintile"])
def test_a_high_mark_for_recency_is_no_silence(marked: str) -> None:
    """Who bought lately gets a high score for it: nobody is won back for that."""
    made = ordered()
    renamed = {
        name: getattr(made, name).replace({"column": {"recency": marked}})
        for name in ("contrasts", "profile")
        if "column" in getattr(made, name)
    }
    assert "win back" in dict(persona(made, 2).actions)
    assert "win back" not in dict(persona(replace(made, **renamed), 2).actions)


def test_more_is_expected_than_was_brought() -> None:
    """Expected value far beyond the share of revenue so far is a reason to grow: 8,000 of 30,000 against 2.9%."""
    made = ordered()
    orders = made.orders.assign(expected_value=[30000.0, 20000.0, 2000.0, 8000.0])
    told = persona(replace(made, orders=orders), 3)
    grow = dict(told.actions)["grow"].text
    assert grow.startswith("They brought 2.9% of all revenue so far, and 26.7% of all expected value is theirs")
    assert check(told, replace(made, orders=orders)) == ()


def test_every_rule_has_a_word_that_is_known() -> None:
    """The table of rules gives the five words, each at least once."""
    assert {word for word, _ in ACTIONS} == {"retain", "grow", "win back", "thank", "test"}


def test_income_is_no_money_unless_a_person_says_so() -> None:
    """What customers earn in EUR is not what they bring in; marked as money it is taken as such."""
    labels = np.array([1] * 30 + [2] * 30, dtype=np.int16)
    table = table_of(pd.DataFrame({"Income": np.arange(60.0)}), {"Income": Kind.NUMBER}, {"Income": "EUR"}, {})
    assert money_of(segmentation_of(table, labels)) is None
    marked = money_of(segmentation_of(table, labels, plan=Plan(recipe=Recipe(money="Income"))))
    assert marked is not None and marked.column == "Income" and marked.unit == "EUR"
    assert money_of(segmentation_of(table, labels, plan=Plan(recipe=Recipe(money="gone")))) is None


def test_money_of_a_column_adds_up() -> None:
    """Sums by segment are those of pandas, gaps left out, and shares add up to one."""
    labels = np.array([1, 1, 1, 2, 2, NOISE], dtype=np.int16)
    spent = pd.Series([10.0, 20.0, np.nan, 1.0, 4.0, 5.0])
    made = segmentation_of(table_of(pd.DataFrame({"spent": spent}), {"spent": Kind.NUMBER}, {}, {}), labels)
    money = money_of(made)
    expected = spent.groupby(labels).sum()
    for segment in (1, 2, NOISE):
        assert money.figure(segment, "revenue") == pytest.approx(expected[segment])
        assert money.figure(segment, "revenue_share") == pytest.approx(expected[segment] / 40)
    assert money.figure(1, "each") == pytest.approx(15)
    assert list(money.rows["segment"]) == [0, 1, 2, NOISE]


def test_there_is_no_share_of_what_is_not_above_zero() -> None:
    """Returns outweigh: no shares, and no sentence that speaks of one."""
    labels = np.array([1] * 5 + [2] * 5, dtype=np.int16)
    made = segmentation_of(table_of(pd.DataFrame({"spent": -np.arange(10.0)}), {"spent": Kind.NUMBER}, {}, {}), labels)
    assert money_of(made).rows["revenue_share"].isna().all()
    told = persona(made, 1)
    assert "of all spent" not in told.sentences[0].text
    assert check(told, made) == ()


def test_who_brings_their_share_and_bought_lately_is_thanked() -> None:
    """Weight of 1.1 is not "more than their share" (1.25), so nothing has to be retained, but there is a reason to thank."""
    made = ordered()
    orders = made.orders.assign(revenue=[175000.0, 38500.0, 90000.0, 46500.0],
                                revenue_share=[1.0, 0.22, 90 / 175, 46.5 / 175])  # fmt: skip
    assert "thank" in dict(persona(replace(made, orders=orders), 1).actions)
    assert "retain" not in dict(persona(replace(made, orders=orders), 1).actions)


def test_a_part_of_the_money_that_may_be_chance_decides_nothing() -> None:
    """Where the difference in money is not steady, no action goes by it."""
    made = ordered()
    shaky = made.contrasts.assign(steady=np.where(made.contrasts["column"] == "monetary", 0.5, made.contrasts["steady"]))
    words = dict(persona(replace(made, contrasts=shaky), 1).actions)
    assert "retain" not in words and "bring" not in " ".join(said.text for said in words.values())


def test_rich_customers_who_spend_little_are_room_to_grow() -> None:
    """High income and a low spending score: grow, with both numbers; with a low income, too: a test."""
    labels = np.repeat(np.array([1, 2, 3], dtype=np.int16), 40)
    place = np.arange(120) % 5
    frame = pd.DataFrame({"Income": np.repeat([90.0, 30.0, 60.0], 40) + place, "Spending Score": np.repeat([15.0, 14.0, 85.0], 40) + place})
    made = segmentation_of(table_of(frame, dict.fromkeys(frame, Kind.NUMBER), {}, {}), labels)
    rich, poor, keen = personas(made)
    assert [word for word, _ in rich.actions] == ["grow"]
    assert "92 on average" in rich.actions[0][1].text and "17 on average" in rich.actions[0][1].text
    assert [word for word, _ in poor.actions] == ["test"]
    assert [word for word, _ in keen.actions] == ["retain"]


@pytest.mark.parametrize(("column", "may"), [
    ("MntWines", True), ("Basket value", True), ("PURCHASES", True), ("Age", False), ("Spending Score (1-100)", False),
    ("Income", False), ("NumWebPurchases", False), ("PURCHASES_TRX", False), ("Year_Birth", False), ("Teenhome", False),
])  # fmt: skip
def test_which_numbers_are_proposed_as_money(column: str, may: bool) -> None:
    assert may_be_money(column) is may
