"""Order lines as the treatments leave them, written once as Ibis expressions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments import AILMENTS, treatments

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

    from core.orders.engine import Session

EPOCH = dt.date(1970, 1, 1)


def treated(lines: ibis.Table, plan: OrderPlan) -> ibis.Table:
    """The lines that are kept, with all their columns and ``purchase`` (boolean, never null).

    A purchase brings an amount of zero or more, has no negative quantity, and no ailment that is taken off the
    customer's value. ``plan`` is resolved (see :func:`resolved`); only ailments that it does not keep are looked for.
    """
    reasons, netted = _decided(lines, plan)
    marked = lines.mutate(aside=_any(reasons.values()), purchase=bought(lines) & ~_any(netted))
    return marked.filter(~marked.aside).drop("aside")


def aside(lines: ibis.Table, plan: OrderPlan) -> ibis.Table:
    """The lines that are set aside: ``line``, and ``reason``, the first ailment of the catalogue that does it."""
    import ibis

    reasons, _ = _decided(lines, plan)
    reason = ibis.cases(*((flag, name) for name, flag in reasons.items()), else_=ibis.null("string"))
    return lines.select("line", reason=reason).filter(lambda told: told.reason.notnull())


def resolved(session: Session, lines: ibis.Table, plan: OrderPlan) -> OrderPlan:
    """The plan with ``as_of`` filled in: the day after the latest line that is not later than ``plan.today``.

    Where no line has such a date it is ``plan.today`` itself, "" where that is unknown, too.
    """
    if plan.as_of:
        return plan
    if plan.today:
        lines = lines.filter(lines.day <= (dt.date.fromisoformat(plan.today) - EPOCH).days)
    found = session.frame(lines.aggregate(day=lines.day.max().fill_null(-1), known=lines.day.count()))
    if not int(found.known.iloc[0]):
        return replace(plan, as_of=plan.today)
    last = min(int(found.day.iloc[0]) + 1, (dt.date.max - EPOCH).days)
    return replace(plan, as_of=(EPOCH + dt.timedelta(days=last)).isoformat())


def bought(lines: ibis.Table) -> BooleanValue:
    """Lines that look like a purchase: an amount of zero or more, and no negative quantity; never null."""
    return (lines.amount >= 0).fill_null(False) & ~(lines.quantity < 0).fill_null(False)


def earned(lines: ibis.Table) -> BooleanValue:
    """Lines with an amount above zero; never null."""
    return (lines.amount > 0).fill_null(False)


def _decided(lines: ibis.Table, plan: OrderPlan) -> tuple[dict[str, BooleanValue], list[BooleanValue]]:
    """By ailment the lines that it sets aside, and the lines of each ailment that is netted.

    A netted line with money above zero is set aside: its money never became revenue, or did not stay.
    """
    reasons, netted = {}, []
    for name, treatment in treatments(plan).items():
        if treatment is Treatment.KEEP:
            continue
        flag = AILMENTS[name].flag(lines, plan)
        if treatment is Treatment.NET:
            netted.append(flag)
            flag = flag & earned(lines)
        reasons[name] = flag
    return reasons, netted


def _any(flags) -> BooleanValue:
    import ibis

    return reduce(or_, flags, ibis.literal(False))
