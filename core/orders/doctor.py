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
    marked = lines.select("line", "customer", "order", "amount", mask=mask(lines, plan))
    grouped = marked.group_by("customer", "order", "mask").agg(
        lines=marked.count(), revenue=marked.amount.sum().fill_null(0).cast("int64"), first=marked.line.min()
    )
    groups = session.frame(grouped.order_by("first"))
    found = Examination(
        fingerprint,
        plan,
        uploaded=Totals(),
        findings=(),
        masks=groups.groupby("mask", as_index=False)[["lines", "revenue"]].sum(),
        orders=_signatures(groups, "order"),
        customers=_signatures(groups, "customer"),
        examples=_examples(session, lines, groups),
        currencies=_currencies(session, lines),
        **_span(session, lines, plan),
    )
    return _with_findings(found, chosen)


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


def _signatures(groups: pd.DataFrame, key: str) -> pd.DataFrame:
    """How many orders (or customers) have just these masks: columns masks, count."""
    pairs = groups[[key, "mask"]].dropna().drop_duplicates().sort_values([key, "mask"], kind="stable")
    joined = pairs["mask"].astype(str).groupby(pairs[key], sort=False).agg(",".join)
    counts = joined.value_counts(sort=False).sort_index()
    return pd.DataFrame({"masks": counts.index.astype(object), "count": counts.to_numpy("int64")})


def _examples(session: Session, lines: ibis.Table, groups: pd.DataFrame) -> pd.DataFrame:
    """The first line with each ailment of the first orders that have it, as text."""
    chosen = [
        (name, line)
        for bit, name in enumerate(AILMENTS)
        for line in groups.loc[(groups["mask"].to_numpy() >> bit) & 1 == 1, "first"].sort_values().head(EXAMPLES)
    ]
    wanted = pd.DataFrame(chosen, columns=["ailment", "line"]).astype({"ailment": object, "line": "int64"})
    shown = session.frame(lines.filter(lines.line.isin([int(line) for line in wanted["line"].unique()])).select(*SHOWN))
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


def _with_findings(found: Examination, chosen: dict[str, Treatment]) -> Examination:
    findings = [
        Finding(name, touched(found, name), AILMENTS[name].proposed, treatment) for name, treatment in chosen.items()
    ]
    present = tuple(finding for finding in findings if finding.touched.lines)
    return replace(found, uploaded=uploaded(found), findings=present)
