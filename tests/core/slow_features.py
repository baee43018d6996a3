"""Customer features worked out line by line in plain Python, exactly: the oracle of the fast ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from fractions import Fraction
from statistics import median, quantiles

import numpy as np
import pandas as pd

from core.model import Column, Kind, Role, Source, Table

MAPPING = {
    "customer": "who", "order": "no", "date": "when", "quantity": "many", "price": "each", "profit": "won",
    "discount": "off", "product": "what", "category": "sort", "country": "where", "shipped": "sent",
}
KINDS = {"many": Kind.NUMBER, "each": Kind.NUMBER, "won": Kind.NUMBER, "off": Kind.NUMBER, "when": Kind.DATE,
         "sent": Kind.DATE}


def dirty_table(seed: int, lines: int = 120, customers: int = 9, timed: bool = True) -> Table:
    """Random order lines with gaps, returns, ties, impossible shipping and orders that span days."""
    rng = np.random.default_rng(seed)

    def text(prefix: str, different: int, gaps: float = 0.05) -> np.ndarray:
        names = np.array([f"{prefix}{i}" for i in range(different)], dtype=object)
        return np.where(rng.random(lines) < gaps, None, names[rng.integers(0, different, lines)])

    first = dt.datetime(1969, 11, 1) if seed % 5 == 0 else dt.datetime(2023, 11, 20)
    minutes = rng.integers(0, 90, lines) * 1440 + (rng.integers(0, 1440, lines) if timed else 0)
    when = pd.Series(pd.Timestamp(first) + pd.to_timedelta(minutes, "min")).astype("datetime64[us]")
    sent = when.dt.floor("D") + pd.to_timedelta(rng.integers(-3, 12, lines) * rng.choice([1, 1, 1, 90], lines), "D")
    frame = pd.DataFrame({
        "who": text("k", customers), "no": text("o", 30), "when": when,
        "many": rng.integers(-2, 6, lines).astype(float), "each": rng.integers(0, 400, lines) / 4,
        "won": np.where(rng.random(lines) < 0.2, np.nan, rng.integers(-900, 2000, lines) / 100),
        "off": rng.choice([0.0, 0.1, np.nan], lines), "what": text("p", 12), "sort": text("c", 4, 0.2),
        "where": text("l", 3, 0.2), "sent": sent.where(rng.random(lines) > 0.2),
    })
    frame.loc[rng.random(lines) < 0.05, "when"] = pd.NaT
    columns = tuple(Column(name, KINDS.get(name, Kind.TEXT), Role.FEATURE) for name in frame)
    return Table(raw=frame, frame=frame, columns=columns, source=Source("lines.csv", "csv"), fingerprint="f")


def slow_features(table: Table, as_of: dt.date) -> dict[str, dict[str, object]]:
    """Every feature by customer; None where unknown."""
    by_customer = defaultdict(list)
    for row in table.frame.to_dict("records"):
        row = {key: None if pd.isna(value) else value for key, value in row.items()}
        if row["who"] is not None and row["when"] is not None:
            row["amount"] = Fraction(row["many"]) * Fraction(row["each"])
            by_customer[row["who"]].append(row)
    timed = any(row["when"].time() != dt.time() for rows in by_customer.values() for row in rows)
    return {who: _features(rows, as_of, timed) for who, rows in by_customer.items()}


def _features(rows: list[dict], as_of: dt.date, timed: bool) -> dict[str, object]:
    bought = [row for row in rows if row["amount"] >= 0 and row["many"] >= 0]
    known = [row for row in rows if row["won"] is not None]
    net, paid = sum(row["amount"] for row in rows), sum(row["amount"] for row in bought)
    back = -sum(row["amount"] for row in rows if row not in bought and row["amount"] < 0)
    margin = sum(_cents(row["won"]) for row in known) if known else None
    orders = defaultdict(list)
    for row in bought:
        orders[row["no"]].append(row)
    found = {
        "frequency": len(orders), "monetary": net, "margin": margin, "lifetime_value": margin,
        "margin_rate": _ratio(margin, sum(row["amount"] for row in known)), "return_rate": _ratio(back, paid),
        "average_order_value": _ratio(paid, len(orders)),
        "basket_size": _ratio(sum(Fraction(row["many"]) for row in bought), len(orders)),
        "discount_share": _ratio(sum(row["off"] is not None and row["off"] > 0 for row in bought), len(bought)),
        "country": _commonest(Counter(row["where"] for row in rows if row["where"] is not None)),
    }
    return found | _varied(bought) | _begun(orders, timed) | _rhythm(bought, len(orders), as_of)


def _varied(bought: list[dict]) -> dict[str, object]:
    money = Counter()
    for row in bought:
        if row["sort"] is not None:
            money[row["sort"]] += row["amount"]
    best = _commonest(money)
    return {
        "products": len({row["what"] for row in bought} - {None}) or None,
        "categories": len(money) or None, "favourite_category": best,
        "favourite_category_share": _ratio(money[best], sum(money.values())) if best else None,
    }


def _begun(orders: dict, timed: bool) -> dict[str, object]:
    starts = [min(row["when"] for row in rows) for rows in orders.values()]
    waits = []
    for rows in orders.values():
        days = [(row["sent"].date() - row["when"].date()).days for row in rows if row["sent"] is not None]
        if good := [day for day in days if 0 <= day <= 365]:
            waits.append(max(good))
    found = {
        "weekend_share": _ratio(sum(start.strftime("%a") in ("Sat", "Sun") for start in starts), len(starts)),
        "shipping_days": median(waits) if waits else None,
    }
    if timed:
        for name, hours in {"night": range(6), "morning": range(6, 12), "afternoon": range(12, 18),
                            "evening": range(18, 24)}.items():
            found[f"{name}_share"] = _ratio(sum(start.hour in hours for start in starts), len(starts))
    return found


def _rhythm(bought: list[dict], orders: int, as_of: dt.date) -> dict[str, object]:
    by_day = defaultdict(Fraction)
    for row in bought:
        by_day[row["when"].date()] += row["amount"]
    if not by_day:
        names = ("recency", "tenure", "trend", "first_purchase", "last_purchase", "repeat_purchases", "repeat_value",
                 "days_between", "days_between_spread", "purchase_frequency")
        return dict.fromkeys(names)
    days = sorted(by_day)
    gaps = [(later - day).days for day, later in zip(days, days[1:], strict=False)]
    tenure = (as_of - days[0]).days
    late = sum(by_day[day] for day in days if (day - days[0]) >= (as_of - day))
    early = sum(by_day.values()) - late
    quarters = quantiles(gaps, n=4, method="inclusive") if len(gaps) > 1 else None
    return {
        "recency": (as_of - days[-1]).days, "tenure": tenure, "first_purchase": days[0], "last_purchase": days[-1],
        "trend": _ratio(late - early, late + early) if gaps else None, "repeat_purchases": len(gaps),
        "repeat_value": _ratio(sum(by_day[day] for day in days[1:]), len(gaps)),
        "days_between": median(gaps) if gaps else None,
        "days_between_spread": quarters[2] - quarters[0] if quarters else None,
        "purchase_frequency": _ratio(orders * 30, tenure),
    }


def _cents(value: float) -> Fraction:
    return Fraction(round(value * 100), 100)


def _ratio(above, below):
    return Fraction(above) / Fraction(below) if above is not None and below > 0 else None


def _commonest(weights: Counter):
    return min(weights, key=lambda name: (-weights[name], name)) if weights else None
