"""Dates whose day could be the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue


def _either_way(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    import ibis

    if not plan.unclear_dates:
        return ibis.literal(False)
    return (lines.date.day() <= 12) & (lines.date.day() != lines.date.month())


UNCLEAR_DATE = Ailment(
    name="unclear_date",
    label="Unclear date",
    summary="The day and the month of these dates could be swapped, and no other date of the file decides it.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=_either_way,
    advice="They stay, read as answered when the file was loaded. Compare the examples with your shop; if they are the "
    "wrong way round, change that answer.",
)
