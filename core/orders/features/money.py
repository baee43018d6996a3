"""How much and how often: recency, frequency, monetary and what money is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.model import Kind, Part
from core.orders.features.entry import Counts, Feature, ratio

if TYPE_CHECKING:
    import ibis

    from core.orders.features.stages import Stages


def customers(stages: Stages) -> ibis.Table:
    """Sums of everything that adds up over slots, for every customer with a kept line."""
    slots = stages.slots
    return slots.group_by("customer").agg(
        **{name: slots[name].sum() for name in (
            "net", "bought", "returned", "purchases", "items", "discounted", "profit", "profit_of")},
        last=slots.day.max(where=slots.purchases > 0),
    )


def orders(stages: Stages) -> ibis.Table:
    """How many different orders with a purchase, and how many of them began at a weekend."""
    began = stages.orders
    weekday = ((began.day + 3) % 7 + 7) % 7  # Monday is 0; remainders below zero exist before 1970
    return began.group_by("customer").agg(orders=began.count(), weekend=(weekday >= 5).sum())


def _lifetime(counts: Counts) -> np.ndarray:
    return counts.money("net" if counts.frame["profit"].isna().all() else "profit")


RECENCY = Feature(
    "recency", "Recency", "days", Kind.NUMBER,
    "Reference date minus the date of the last purchase, in whole days.",
    "How long ago the customer last bought.",
    customers, lambda counts: counts.as_of - counts.numbers("last"),
)
FREQUENCY = Feature(
    "frequency", "Frequency", "orders", Kind.NUMBER,
    "Number of different orders with at least one purchase.",
    "How often the customer has ordered.",
    orders, lambda counts: np.nan_to_num(counts.numbers("orders")),
)
MONETARY = Feature(
    "monetary", "Monetary", "money", Kind.NUMBER,
    "Sum of the amounts of all lines kept, net of returns.",
    "How much money the customer has brought in.",
    customers, lambda counts: counts.money("net"),
)
AVERAGE_ORDER_VALUE = Feature(
    "average_order_value", "Average order value", "money", Kind.NUMBER,
    "Money of purchases (before returns) divided by the number of orders.",
    "What a typical order is worth.",
    customers, lambda counts: ratio(counts.money("bought"), counts.numbers("orders")),
)
LIFETIME_VALUE = Feature(
    "lifetime_value", "Lifetime value", "money", Kind.NUMBER,
    "Margin to date where the file knows profit or cost, else money net of returns to date.",
    "What the customer has been worth so far.",
    customers, _lifetime,
)
MARGIN = Feature(
    "margin", "Margin", "money", Kind.NUMBER,
    "Sum of the profit of all lines kept (profit column, else amount minus cost).",
    "What is left of the customer's money.",
    customers, lambda counts: counts.money("profit"), (Part.PROFIT, Part.COST),
)
MARGIN_RATE = Feature(
    "margin_rate", "Margin rate", "share", Kind.NUMBER,
    "Margin divided by the money of the lines whose profit is known.",
    "What is left of every unit of money.",
    customers, lambda counts: ratio(counts.money("profit"), counts.money("profit_of")), (Part.PROFIT, Part.COST),
)
RETURN_RATE = Feature(
    "return_rate", "Return rate", "share", Kind.NUMBER,
    "Money returned or cancelled divided by money of purchases.",
    "How much of what was bought came back; above 1 where older purchases are not in the file.",
    customers, lambda counts: ratio(counts.money("returned"), counts.money("bought")),
)
WEEKEND_SHARE = Feature(
    "weekend_share", "Weekend share", "share", Kind.NUMBER,
    "Orders begun on a Saturday or Sunday divided by all orders.",
    "Whether the customer orders at weekends.",
    orders, lambda counts: ratio(counts.numbers("weekend"), counts.numbers("orders")),
)
