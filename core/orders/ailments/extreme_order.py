"""Single orders far above all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

LEAST_TIMES_MEDIAN = 10


def _far_above(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    """Orders above zero beyond Tukey's far-out fence of the logarithms, Q3 + 3 (Q3 - Q1), and 10 times the median.

    On the scale of money that fence is q3 (q3 / q1)^3. Quartiles are totals of real orders (the lower one of two),
    so that they are whole numbers and the same on every engine.
    """
    import ibis

    totals = lines.filter(lines.order.notnull()).group_by("order").agg(total=lines.amount.sum().cast("int64"))
    totals = totals.filter(totals.total > 0)
    ranked = totals.select(
        total=totals.total.cast("float64"), place=ibis.row_number().over(order_by="total"), last=totals.count().over() - 1
    )
    low, middle, high = (ranked.total.max(where=ranked.place == (ranked.last * k) // 4) for k in (1, 2, 3))
    fences = ranked.aggregate(low=low, middle=middle, high=high)
    judged = totals.cross_join(fences)
    ratio = judged.high / judged.low
    above = judged.total.cast("float64") > judged.high * ratio * ratio * ratio
    extreme = judged.filter(above & (judged.total >= judged.middle * LEAST_TIMES_MEDIAN))
    return lines.order.isin(extreme.order)


EXTREME_ORDER = Ailment(
    name="extreme_order",
    label="Extreme orders",
    summary="Each of these orders is far above all others: beyond the usual range on a logarithmic scale, and at least "
    "ten times the middle order.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=_far_above,
    advice="They stay: the biggest customers are often real. Look at the examples, and set them aside if they are "
    "mistyped quantities.",
)
