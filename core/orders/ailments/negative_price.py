"""Money below zero that is neither a return nor a cancellation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.cancelled import CANCELLED
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment
from core.orders.ailments.returned import came_back

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue


def _below_zero(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    below = (lines.price < 0).fill_null(False) | ((lines.amount < 0) & (lines.quantity >= 0)).fill_null(False)
    return below & ~came_back(lines) & ~CANCELLED.flag(lines, plan)


NEGATIVE_PRICE = Ailment(
    name="negative_price",
    label="Negative price",
    summary="These lines have a price or an amount below zero, but are neither returned nor cancelled.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=_below_zero,
    advice="They stay, reduce the customer's value and never count as purchases: most are discounts, credits or "
    "corrections. Set them aside if they are bookkeeping that has nothing to do with customers.",
)
