"""What segments bought, on their cards: shares with their base, a range with every expectation, and nothing made up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.model import MadeOf, ValueModel
from core.pipeline.order_facts import COLUMNS
from dashboard.components.orders_told import orders_told
from tests.dashboard import made

ROWS = [
    ("kmeans-2", 0, 12, 100, 1.0, 4_000_000.0, 1.0, 90.0, 80.0, 100.0, 900_000.0, 800_000.0, 1_000_000.0),
    ("kmeans-2", 1, 8, 24, 0.24, 1_240_000.0, 0.31, 30.0, 25.0, 36.0, 412_000.0, 380_000.0, 450_000.0),
    ("kmeans-2", 2, 4, 76, 0.76, 2_760_000.0, 0.69, 60.0, 50.0, 70.0, np.nan, np.nan, np.nan),
    ("ward-2", 1, 12, 100, 1.0, 4_000_000.0, 1.0, *[np.nan] * 6),
]
MADE = MadeOf(500, 100, "EUR", "2025-12-31", ValueModel("bgnbd", "", 365))


def facts() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=list(COLUMNS))


def told(candidate: str = "kmeans-2", **changes) -> dict[int, list[str]]:
    return orders_told(made.comparison(orders=facts()), candidate, made.table(made=MADE, **changes))


def test_shares_stand_beside_their_base_and_expectations_beside_their_range():
    assert told()[1] == [
        "31% of revenue (1.24 m EUR), 24% of orders",
        "Expected in the next 365 days: 412,000 EUR (80% range 380,000 to 450,000)",
    ]


def test_purchases_are_told_where_no_value_is_expected_and_nothing_where_nothing_is():
    assert told()[2][1] == "Expected in the next 365 days: 60 purchases (80% range 50 to 70)"
    assert told("ward-2") == {1: ["100% of revenue (4 m EUR), 100% of orders"]}


def test_markup_in_a_currency_stays_text():
    found = orders_told(
        made.comparison(orders=facts()), "kmeans-2", made.table(made=replace(MADE, currency="<b>\u202eEUR</b>"))
    )
    assert "\u202e" not in found[1][0]


@pytest.mark.parametrize("table", [None, made.table()])
def test_nothing_is_told_of_other_tables(table):
    assert orders_told(made.comparison(orders=facts()), "kmeans-2", table) == {}
    assert orders_told(made.comparison(), "kmeans-2", made.table(made=MADE)) == {}
