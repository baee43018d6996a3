"""Lines that stand in the file more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Part, Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue, Value

NO_PARTS = ("line", "day", "hour", "shipping_days")
"""Columns that number the lines, or follow from others."""


def _repeated(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    """Lines equal to an earlier one in every part of the file.

    The few lines that could have a twin are found first, by one number for each line; only those are compared in
    full. An order number that we made up (no column for it) is not compared.
    """
    import ibis

    parts = [name for name in lines.columns if name not in NO_PARTS and (name != "order" or plan.column(Part.ORDER))]
    sign = _sign(lines.customer, lines.date, lines.amount, lines["product"])
    shared = lines.select(sign=sign).group_by("sign").agg(times=lambda signs: signs.count())
    likely = lines.filter(sign.isin(shared.filter(shared.times > 1).sign))
    ranked = likely.mutate(place=ibis.row_number().over(group_by=parts, order_by="line"))
    return lines.line.isin(ranked.filter(ranked.place > 0).line)


def _sign(customer: Value, date: Value, amount: Value, product: Value) -> Value:
    """One number for a line by the engine's own function; equal cells give equal numbers."""
    import ibis

    cells = (customer, date, amount, product)
    signature = (tuple(cell.type() for cell in cells), "int64")
    made = ibis.udf.scalar.builtin(lambda customer, date, amount, product: None, name="hash", signature=signature)
    return made(*cells)


DUPLICATE = Ailment(
    name="duplicate",
    label="Duplicate lines",
    summary="These lines are equal to an earlier line of the file in every part; the first one is not counted here.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=_repeated,
    advice="They stay: the same article can honestly be scanned twice in one order. Set them aside if the file was "
    "put together from overlapping exports.",
)
