"""Customers by the period of their first purchase: how many come back, and what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.model import MONEY_UNITS, OrderPlan

if TYPE_CHECKING:
    import ibis

MOST_COHORTS = 24
PERIODS = (("month", 12), ("quarter", 4), ("year", 1))
"""From short to long, with how many make a year."""
COLUMNS = ("cohort", "age", "customers", "active", "revenue")


def cohorts(session: Any, kept: ibis.Table, plan: OrderPlan) -> tuple[pd.DataFrame, str]:
    """First-purchase cohorts by age, and the period they are cut by: month, quarter or year.

    ``kept`` are the lines that count, with ``purchase`` (:func:`core.orders.treated.treated`); ``session`` runs the
    expression; the plan's choices are in ``kept`` already. The shortest period that gives at most ``MOST_COHORTS``
    between the first purchase and the last line is taken. A row per cohort and age, both rising, without holes up to
    the last period of the file: ``cohort`` text (2011-03, 2011 Q1, 2011), ``age`` periods since the first purchase,
    ``customers`` in the cohort, ``active`` those with a purchase at that age, ``revenue`` the money of all their kept
    lines of that age in currency units. Returns before a first purchase (of what was bought before the file begins)
    count at age 0. Customers without a purchase are in no cohort, so the revenue adds up to that of all the others.
    Empty, cut by month, where nobody bought anything.
    """
    ends = session.frame(_ends(kept)).iloc[0]
    if pd.isna(ends["first"]):
        return _empty(), PERIODS[0][0]
    period, per_year = _period(pd.Timestamp(ends["first"]), pd.Timestamp(ends["last"]))
    counted = session.frame(_counted(kept, period, per_year))
    last = _place(pd.Timestamp(ends["last"]), per_year)
    return _whole(counted.astype("int64"), last, per_year), period


def _ends(kept: ibis.Table) -> ibis.Table:
    """First purchase and last line of anyone."""
    return kept.aggregate(first=kept["date"].min(where=kept["purchase"]), last=kept["date"].max())


def _counted(kept: ibis.Table, period: str, per_year: int) -> ibis.Table:
    """By cohort and age: active customers and money in whole units; periods are counted from the year 0."""
    import ibis

    date = kept["date"]
    place = date.year().cast("int64") * per_year
    if period != "year":
        place = place + (date.month() if period == "month" else date.quarter()).cast("int64") - 1
    lines = kept.select(customer=kept["customer"], place=place, amount=kept["amount"], bought=kept["purchase"].cast("int64"))
    periods = lines.group_by("customer", "place").aggregate(amount=lines["amount"].sum(), bought=lines["bought"].max())
    first = periods.filter(periods["bought"] == 1).group_by("customer").aggregate(cohort=periods["place"].min())
    joined = periods.inner_join(first, "customer")
    aged = joined.select("cohort", "amount", "bought", age=ibis.greatest(joined["place"] - joined["cohort"], 0))
    found = aged.group_by("cohort", "age").aggregate(active=aged["bought"].sum(), revenue=aged["amount"].sum())
    return found.order_by("cohort", "age")


def _period(first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, int]:
    for name, per_year in PERIODS:
        if _place(last, per_year) - _place(first, per_year) < MOST_COHORTS:
            return name, per_year
    return PERIODS[-1]


def _place(day: pd.Timestamp, per_year: int) -> int:
    return day.year * per_year + (day.month - 1) * per_year // 12


def _whole(counted: pd.DataFrame, last: int, per_year: int) -> pd.DataFrame:
    """Every age of every cohort up to the last period, with the size of the cohort, in currency units."""
    sizes = counted[counted["age"] == 0].set_index("cohort")["active"]
    keys = [(cohort, age) for cohort in sizes.index for age in range(last - cohort + 1)]
    index = pd.MultiIndex.from_tuples(keys, names=["cohort", "age"])
    out = counted.set_index(["cohort", "age"]).reindex(index, fill_value=0).reset_index()
    out["customers"] = out["cohort"].map(sizes)
    out["revenue"] = out["revenue"] / MONEY_UNITS
    out["cohort"] = [_named(place, per_year) for place in out["cohort"]]
    return out[list(COLUMNS)]


def _named(place: int, per_year: int) -> str:
    year, part = divmod(place, per_year)
    return {12: f"{year}-{part + 1:02d}", 4: f"{year} Q{part + 1}", 1: f"{year}"}[per_year]


def _empty() -> pd.DataFrame:
    texts, numbers = {"cohort": pd.Series(dtype=object)}, {name: pd.Series(dtype="int64") for name in COLUMNS[1:4]}
    return pd.DataFrame({**texts, **numbers, "revenue": pd.Series(dtype=float)})
