"""Around the purchase: the time of day, the way to the customer, the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Kind, Part
from core.orders.features.entry import Feature, ratio
from core.orders.features.ranks import commonest, middle
from core.orders.features.stages import HOURS

if TYPE_CHECKING:
    import ibis

    from core.orders.features.stages import Stages

PARTS_OF_DAY = {"night": (0, 5), "morning": (6, 11), "afternoon": (12, 17), "evening": (18, 23)}
"""First and last hour of each part of the day."""


def clock(stages: Stages) -> ibis.Table:
    """How many orders began in each part of the day; ``timed`` of any."""
    orders = stages.orders
    hour = (orders.start % HOURS + HOURS) % HOURS  # remainders below zero exist before 1970
    parts = {name: hour.between(*hours).sum() for name, hours in PARTS_OF_DAY.items()}
    return orders.group_by("customer").agg(timed=orders.start.count(), **parts)


def shipping(stages: Stages) -> ibis.Table:
    """Quartiles of the days until an order was shipped, in quarters of a day."""
    orders = stages.orders
    return middle(orders.filter(orders.shipping.notnull()), "shipping", "shipping")


def countries(stages: Stages) -> ibis.Table:
    """The country on most of every customer's lines."""
    known = stages.slots.filter(stages.slots.country.notnull())
    weighed = known.group_by("customer", "country").agg(weight=known.lines.sum())
    return commonest(weighed, "country")


def _part(name: str) -> Feature:
    first, last = PARTS_OF_DAY[name]
    return Feature(
        f"{name}_share", f"{name.capitalize()} share", "share", Kind.NUMBER,
        f"Orders begun from {first}:00 to {last}:59 divided by all orders with a time of day.",
        f"Whether the customer orders {'at night' if name == 'night' else 'in the ' + name}.",
        clock, lambda counts: ratio(counts.numbers(name), counts.numbers("timed")), hours=True,
    )


MORNING_SHARE, AFTERNOON_SHARE, EVENING_SHARE, NIGHT_SHARE = map(_part, ("morning", "afternoon", "evening", "night"))
SHIPPING_DAYS = Feature(
    "shipping_days", "Shipping days", "days", Kind.NUMBER,
    "Median over orders of the days until the last parcel was shipped; durations below 0 or above 365 are left out.",
    "How long the customer waits for goods.",
    shipping, lambda counts: counts.numbers("shipping_half") / 4, (Part.SHIPPED,),
)
COUNTRY = Feature(
    "country", "Country", "", Kind.CATEGORY,
    "Country on most of the lines kept; among equals the first in the alphabet.",
    "Where the customer is.",
    countries, lambda counts: counts.frame["country"].to_numpy(object), (Part.COUNTRY,),
)
