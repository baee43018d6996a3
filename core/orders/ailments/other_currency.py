"""Lines in another currency than most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.entry import Ailment

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue


def _elsewhere(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    import ibis

    currency = lines.currency.upper()
    counts = lines.select(currency=currency).group_by("currency").agg(times=lambda found: found.count())
    counts = counts.filter(counts.currency.notnull())
    commonest = counts.order_by(ibis.desc("times"), "currency").limit(1).select("currency").as_scalar()
    return currency != commonest


OTHER_CURRENCY = Ailment(
    name="other_currency",
    label="Other currency",
    summary="These lines are in another currency than most lines of the file.",
    proposed=Treatment.ASIDE,
    options=(Treatment.ASIDE, Treatment.KEEP),
    test=_elsewhere,
    advice="Choose: they are set aside, because euros and pounds cannot be added. Keep them only if the amounts are "
    "already in one currency; otherwise convert the file, or load the currencies one by one.",
    asks=True,
)
