"""Lines that stand in the file more than once."""

from __future__ import annotations

from functools import reduce
from operator import xor
from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Part, Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

NO_PARTS = ("line", "day", "hour", "shipping_days")
"""Columns that number the lines, or follow from others."""
_TELLING = ("customer", "date", "amount", "product")


def _repeated(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    """Lines equal to an earlier one in every part of the file.

    The few lines that could have a twin are found first, by one number for each line; only those are compared in
    full. An order number that we made up (no column for it) is not compared.
    """
    import ibis

    parts = [name for name in lines.columns if name not in NO_PARTS and (name != "order" or plan.column(Part.ORDER))]
    marked = lines.mutate(sign=reduce(xor, (lines[name].hash() for name in _TELLING)))
    shared = marked.group_by("sign").agg(times=marked.count()).filter(lambda signs: signs.times > 1)
    likely = marked.filter(marked.sign.isin(shared.sign))
    ranked = likely.mutate(place=ibis.row_number().over(group_by=parts, order_by="line"))
    return lines.line.isin(ranked.filter(ranked.place > 0).line)


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
