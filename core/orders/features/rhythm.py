"""When a customer buys: first and last, how regularly, more or less than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.model import Kind
from core.orders.features.entry import Counts, Feature, ratio
from core.orders.features.ranks import middle

if TYPE_CHECKING:
    import ibis

    from core.orders.features.stages import Stages


def rhythm(stages: Stages) -> ibis.Table:
    """Purchase days of every customer and the money on them, by halves of the time since the first."""
    days = stages.days
    late = days.day * 2 >= days.first + stages.as_of
    return days.group_by("customer").agg(
        first=days.day.min(),
        days=days.count(),
        on_days=days.bought.sum(),
        late=days.bought.sum(where=late).coalesce(0),
        repeat=days.bought.sum(where=days.gap.notnull()),
    )


def gaps(stages: Stages) -> ibis.Table:
    """Quartiles of the days between purchase days, in quarters of a day."""
    days = stages.days
    return middle(days.filter(days.gap.notnull()), "gap", "gap")


def _tenure(counts: Counts) -> np.ndarray:
    return counts.as_of - counts.numbers("first")


def _trend(counts: Counts) -> np.ndarray:
    late, whole = counts.money("late"), counts.money("on_days")
    told = (_tenure(counts) > 0) & (counts.numbers("days") > 1)
    return np.where(told, ratio(late - (whole - late), whole), np.nan)


def _spread(counts: Counts) -> np.ndarray:
    wide = (counts.numbers("gap_high") - counts.numbers("gap_low")) / 4
    return np.where(counts.numbers("days") > 2, wide, np.nan)


PURCHASE_FREQUENCY = Feature(
    "purchase_frequency", "Purchase frequency", "per 30 days", Kind.NUMBER,
    "Number of orders divided by tenure, times 30 days.",
    "Orders per 30 days since the first purchase.",
    rhythm, lambda counts: ratio(counts.numbers("orders") * 30, _tenure(counts)),
)
DAYS_BETWEEN = Feature(
    "days_between", "Days between purchases", "days", Kind.NUMBER,
    "Median of the days from one purchase day to the next; unknown with a single purchase day.",
    "How long the customer usually waits.",
    gaps, lambda counts: counts.numbers("gap_half") / 4,
)
DAYS_BETWEEN_SPREAD = Feature(
    "days_between_spread", "Spread of days between purchases", "days", Kind.NUMBER,
    "Upper minus lower quartile of the days between purchase days; unknown with fewer than three purchase days.",
    "How irregularly the customer buys.",
    gaps, _spread,
)
TENURE = Feature(
    "tenure", "Tenure", "days", Kind.NUMBER,
    "Reference date minus the date of the first purchase, in whole days.",
    "How long the customer has been known.",
    rhythm, _tenure,
)
TREND = Feature(
    "trend", "Trend", "", Kind.NUMBER,
    "Money of purchases in the second half of tenure minus that in the first half, divided by both: from -1 to 1;"
    " unknown with a single purchase day.",
    "Whether the customer buys more (above 0) or less (below 0) than before.",
    rhythm, _trend,
)
FIRST_PURCHASE = Feature(
    "first_purchase", "First purchase", "", Kind.DATE,
    "Date of the first purchase.",
    "When the customer was won.",
    rhythm, lambda counts: counts.dates("first"),
)
LAST_PURCHASE = Feature(
    "last_purchase", "Last purchase", "", Kind.DATE,
    "Date of the last purchase.",
    "When the customer bought last.",
    rhythm, lambda counts: counts.dates("last"),
)
REPEAT_PURCHASES = Feature(
    "repeat_purchases", "Repeat purchases", "", Kind.NUMBER,
    "Number of different purchase days minus one.",
    "How often the customer has come back.",
    rhythm, lambda counts: counts.numbers("days") - 1,
)
REPEAT_VALUE = Feature(
    "repeat_value", "Repeat value", "money", Kind.NUMBER,
    "Money of purchases on the days after the first purchase day, divided by the number of those days.",
    "What a return is worth.",
    rhythm, lambda counts: ratio(counts.money("repeat"), counts.numbers("days") - 1),
)
