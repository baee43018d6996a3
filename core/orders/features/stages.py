"""From lines to customers in stages that features share, each built on the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis

HOURS = 24


@dataclass(frozen=True)
class Stages:
    """The kept lines and what is counted of them, as Ibis tables; ``as_of`` in days since 1970-01-01.

    ``kept`` has the columns of ``core.orders.lines.TYPES`` and ``purchase`` (boolean). Counts are whole numbers. ``settle`` works out a table once for all that build on it.
    """

    kept: ibis.Table
    as_of: int
    settle: Callable[[ibis.Table], ibis.Table]

    @cached_property
    def slots(self) -> ibis.Table:
        """One row for each customer, order, day and country: the only pass over most columns of all lines."""
        lines, bought = self.kept, self.kept.purchase
        slots = lines.group_by("customer", "order", "day", "country").agg(
            lines=lines.count(),
            net=lines.amount.sum(),
            bought=lines.amount.sum(where=bought).coalesce(0),
            returned=(-lines.amount).sum(where=~bought & (lines.amount < 0)).coalesce(0),
            purchases=bought.sum(),
            items=lines.quantity.sum(where=bought),
            discounted=lines.discounted.fill_null(False).sum(where=bought).coalesce(0),
            profit=lines.profit.sum(),
            profit_of=lines.amount.sum(where=lines.profit.notnull()),
            hour=lines.hour.min(where=bought),
            shipping=lines.shipping_days.max(where=lines.shipping_days.between(0, 365)),
        )
        return self.settle(slots)

    @cached_property
    def orders(self) -> ibis.Table:
        """One row for each customer and order with a purchase; ``start`` is the hour (since 1970) it began."""
        slots = self.slots.filter(self.slots.purchases > 0)
        return slots.group_by("customer", "order").agg(
            day=slots.day.min(),
            start=(slots.day * HOURS + slots.hour).min(),
            shipping=slots.shipping.max(),
        )

    @cached_property
    def days(self) -> ibis.Table:
        """One row for each customer and day with a purchase: ``bought`` on it, ``first`` of all, ``gap`` since the last."""
        import ibis

        slots = self.slots.filter(self.slots.purchases > 0)
        days = slots.group_by("customer", "day").agg(bought=slots.bought.sum())
        rising = ibis.window(group_by="customer", order_by="day")
        return days.mutate(gap=days.day - days.day.lag().over(rising), first=days.day.first().over(rising))
