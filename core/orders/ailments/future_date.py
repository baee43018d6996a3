"""Lines dated after the reference date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.entry import Ailment

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

EPOCH = dt.date(1970, 1, 1)


def _after(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    import ibis

    if not plan.as_of:
        return ibis.literal(False)
    return lines.day > (dt.date.fromisoformat(plan.as_of) - EPOCH).days


FUTURE_DATE = Ailment(
    name="future_date",
    label="After the reference date",
    summary="These lines are dated after the reference date: on that day they had not happened yet.",
    proposed=Treatment.ASIDE,
    options=(Treatment.ASIDE,),
    test=_after,
    advice="They are set aside. Planned orders and mistyped years end up here; if the orders are real, choose a later "
    "reference date.",
)
