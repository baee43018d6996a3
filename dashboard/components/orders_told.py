"""What a segment bought and what is expected of it, in words, where customers were made of order lines."""

from __future__ import annotations

import pandas as pd

from core.model import Comparison, Table
from dashboard.components import numbers
from dashboard.security.labels import plain


def orders_told(comparison: Comparison, candidate: str, table: Table | None) -> dict[int, list[str]]:
    """Lines for the card of each segment of a candidate: its part of revenue and orders, and what it will bring.

    Empty where customers were not made of order lines, or the run was stored before this was counted.
    """
    orders = comparison.orders
    if orders.empty or table is None or table.made is None:
        return {}
    own = orders[orders["candidate"] == candidate].set_index("segment")
    unit, days = plain(table.made.currency), table.made.value.horizon_days
    return {int(segment): _lines(row, unit, days) for segment, row in own.iterrows()}


def _lines(row: pd.Series, unit: str, days: int) -> list[str]:
    """``31% of revenue (1.2 m EUR), 24% of orders`` and the expectation with its range."""
    money = numbers.number(row["revenue"], unit)
    bought = f"{numbers.share(row['revenue_share'])} of revenue ({money}), {numbers.share(row['orders_share'])} of orders"
    return [bought, *_expected(row, unit, days)]


def _expected(row: pd.Series, unit: str, days: int) -> list[str]:
    """Value where it is known, else purchases, else nothing."""
    for name, noun in (("value", unit), ("purchases", "purchases")):
        told, low, high = row[f"expected_{name}"], row[f"{name}_low"], row[f"{name}_high"]
        if pd.notna(told):
            span = f" (80% range {numbers.number(low)} to {numbers.number(high)})" if pd.notna(low) else ""
            return [f"Expected in the next {numbers.count(days, 'day')}: {numbers.number(told, noun)}{span}"]
    return []
