"""The order doctor: one pass over order lines, and everything needed to say what is wrong with them and what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from core.model.orders import MONEY_UNITS, Examination, Finding, OrderPlan, Totals, Treatment
from core.orders.ailments import AILMENTS, treatments
from core.orders.effect import BOUGHT_BIT, EARNED_BIT, touched, uploaded
from core.orders.treated import EPOCH, bought, earned, resolved

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import IntegerValue

    from core.orders.engine import Session

EXAMPLES = 5
SHOWN = ("line", "customer", "order", "date", "quantity", "price", "amount", "product")


def examine(session: Session, lines: ibis.Table, plan: OrderPlan, fingerprint: str) -> Examination:
    """What is wrong with canonical lines (see ``core.orders.lines``) under a plan; ``fingerprint`` is that of the file.

    Findings are in catalogue order, those that touch no line left out. Raises :class:`BadRequest` for a treatment that
    is no option of its ailment.
    """
    chosen = treatments(plan)
    plan = resolved(session, lines, plan)
    groups = session.held(_grouped(lines, plan))
    masks = groups.group_by("mask").agg(lines=groups.lines.sum().cast("int64"), revenue=groups.revenue.sum().cast("int64"))
    found = Examination(
        fingerprint,
        plan,
        uploaded=Totals(),
        findings=(),
        masks=session.frame(masks.order_by("mask")),
        orders=_signatures(session, groups, "order"),
        customers=_signatures(session, groups, "customer"),
        examples=pd.DataFrame(),
        currencies=_currencies(session, lines),
        **_span(session, lines, plan),
    )
    findings = tuple(
        Finding(name, totals, AILMENTS[name].proposed, done)
        for name, done in chosen.items()
        if (totals := touched(found, name)).lines
    )
    examples = _examples(session, lines, groups, tuple(finding.ailment for finding in findings))
    return replace(found, uploaded=uploaded(found), findings=findings, examples=examples)


def treatment(plan: OrderPlan, name: str) -> Treatment:
    """What the plan does about an ailment, else what is proposed; :class:`BadRequest` where that is no option."""
    return AILMENTS[name].treatment(plan)


def mask(lines: ibis.Table, plan: OrderPlan) -> IntegerValue:
    """The ailments of each line as int64: bit i for the i-th of the catalogue, and those of ``core.orders.effect``."""
    import ibis

    flags = [ailment.flag(lines, plan) for ailment in AILMENTS.values()]
    bits = list(enumerate(flags)) + [(BOUGHT_BIT, bought(lines)), (EARNED_BIT, earned(lines))]
    whole = ibis.literal(0, "int64")
    for bit, flag in bits:
        whole = whole + flag.ifelse(ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
    return whole


def _grouped(lines: ibis.Table, plan: OrderPlan) -> ibis.Table:
    """What the lines of one order with the same ailments add up to, and the first of them."""
    marked = lines.select("line", "customer", "order", "amount", mask=mask(lines, plan))
    return marked.group_by("customer", "order", "mask").agg(
        lines=marked.count(), revenue=marked.amount.sum().fill_null(0).cast("int64"), first=marked.line.min()
    )


def _signatures(session: Session, groups: ibis.Table, key: str) -> pd.DataFrame:
    """How many orders (or customers) have just these masks: columns masks, count.

    Engines join masks in any order, so that the same ones can come more than once; they are put together here.
    """
    pairs = groups.filter(groups[key].notnull()).select(key, "mask").distinct()
    joined = pairs.group_by(key).agg(masks=pairs["mask"].cast("string").group_concat(","))
    counts = session.frame(joined.group_by("masks").agg(count=joined.count()))
    rising = [",".join(sorted(text.split(","), key=int)) for text in counts["masks"]]
    told = pd.DataFrame({"masks": pd.Series(rising, dtype=object), "count": counts["count"]})
    return told.groupby("masks", as_index=False)["count"].sum()


def _examples(session: Session, lines: ibis.Table, groups: ibis.Table, ailments: tuple[str, ...]) -> pd.DataFrame:
    """The first line with each ailment of the first orders that have it, as text."""
    chosen = []
    for name in ailments:
        bit = 1 << list(AILMENTS).index(name)
        touched_first = groups.filter((groups["mask"] & bit) == bit).order_by("first").limit(EXAMPLES)
        chosen += [(name, int(line)) for line in session.frame(touched_first.select("first"))["first"]]
    wanted = pd.DataFrame(chosen, columns=["ailment", "line"]).astype({"ailment": object, "line": "int64"})
    shown = session.frame(lines.filter(lines.line.isin(sorted({line for _, line in chosen} or {0}))).select(*SHOWN))
    for name in ("quantity", "price", "amount"):
        shown[name] = [_number(value) for value in shown[name]]
    shown["date"] = ["" if pd.isna(date) else _date(date) for date in shown["date"]]
    for name in ("customer", "order", "product"):
        shown[name] = shown[name].astype(object).where(shown[name].notna(), "")
    return wanted.merge(shown, on="line", how="left")


def _number(value: object) -> str:
    """Ten-thousandths as the number a person wrote, "" where there is none: 25500 is 2.55."""
    if pd.isna(value):
        return ""
    whole, rest = divmod(abs(int(value)), MONEY_UNITS)
    text = f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def _date(date: pd.Timestamp) -> str:
    """ISO, with the time where there is one."""
    return date.date().isoformat() if date == date.normalize() else date.isoformat(sep=" ", timespec="seconds")


def _currencies(session: Session, lines: ibis.Table) -> dict[str, int]:
    """How many lines are in each currency, the commonest first."""
    import ibis

    counts = lines.select(currency=lines.currency.upper()).filter(lambda found: found.currency.notnull())
    counts = counts.group_by("currency").agg(times=lambda found: found.count())
    frame = session.frame(counts.order_by(ibis.desc("times"), "currency"))
    return {str(name): int(times) for name, times in zip(frame["currency"], frame["times"], strict=True)}


def _span(session: Session, lines: ibis.Table, plan: OrderPlan) -> dict[str, str]:
    """The first and last day of lines up to the reference date, "" where there is none."""
    if not plan.as_of:
        return {}
    dated = lines.filter(lines.day <= (dt.date.fromisoformat(plan.as_of) - EPOCH).days)
    days = session.frame(dated.aggregate(count=dated.count(), first=dated.day.min(), last=dated.day.max())).iloc[0]
    if not days["count"]:
        return {}
    return {name: (EPOCH + dt.timedelta(days=int(days[name]))).isoformat() for name in ("first", "last")}
