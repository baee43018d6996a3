"""Order nouns made by hand, whose every figure can be checked in the head, and no engine to make them.

A hundred lines, 40 orders, 12 customers: 8 lines name no customer (400.00), 4 are cancelled (-200.00), 3 are returns
(-150.00), 4 are duplicates (40.00), one costs nothing; the other 80 are 9,900.00. Kept are 92 lines, 37 orders, all 12
customers and 9,590.00; set aside 8 lines, 3 orders and 400.00.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.model import (
    MONEY_UNITS,
    Column,
    Effect,
    Examination,
    FeatureFact,
    Finding,
    Kind,
    MadeOf,
    Ordered,
    OrderPlan,
    Part,
    Role,
    Source,
    Table,
    Totals,
    Treatment,
    ValueModel,
)

FINGERPRINT = "f" * 64
AILMENTS = (
    *("missing_customer", "missing_date", "missing_amount", "future_date", "cancelled", "returned", "negative_price"),
    *("zero_price", "zero_quantity", "duplicate", "other_currency", "unclear_date", "shipping", "test_account"),
    *("service_line", "extreme_order"),
)
BOUGHT = 1 << 61
ABOVE_ZERO = BOUGHT | 1 << 62
GROUPS = ("Champions",) * 3 + ("Loyal",) * 3 + ("At risk",) * 2 + ("New",) * 2 + ("Hibernating", "No purchase")
MONETARY = (2400.0, 1800.0, 1500.0, 900.0, 800.0, 700.0, 500.0, 400.0, 200.0, 150.0, 140.0, 100.0)
FREQUENCY = (8, 6, 5, 4, 3, 2, 1, 1, 1, 1, 1, 0)
RECENCY = (3.0, 10.0, 12.0, 30.0, 41.0, 44.0, 170.0, 190.0, 5.0, 8.0, 260.0, float("nan"))
_PARTS = {
    Part.CUSTOMER: "Customer ID", Part.ORDER: "Invoice", Part.DATE: "InvoiceDate", Part.QUANTITY: "Quantity",
    Part.PRICE: "Price", Part.PRODUCT: "StockCode", Part.DESCRIPTION: "Description", Part.COUNTRY: "Country",
}  # fmt: skip


def plan(**changes: Any) -> OrderPlan:
    """Online Retail's columns, resolved: the reference date is 2011-12-10."""
    mapping = {str(part): column for part, column in _PARTS.items()}
    return replace(OrderPlan(mapping=mapping, as_of="2011-12-10", today="2011-12-09"), **changes)


def totals(lines: int = 0, orders: int = 0, customers: int = 0, money: float = 0.0) -> Totals:
    """Totals with the money in currency units."""
    return Totals(lines, orders, customers, round(money * MONEY_UNITS))


def bit(ailment: str) -> int:
    """The bit of an ailment in a mask."""
    return 1 << AILMENTS.index(ailment)


UPLOADED = totals(100, 40, 12, 9990.0)
_TOUCHED = {
    "missing_customer": totals(8, 3, 0, 400.0),
    "cancelled": totals(4, 2, 1, -200.0),
    "returned": totals(3, 2, 2, -150.0),
    "zero_price": totals(1, 1, 1, 0.0),
    "duplicate": totals(4, 2, 1, 40.0),
}
_PROPOSED = {name: Treatment.ASIDE for name in (*AILMENTS[:4], "other_currency")} | {
    "cancelled": Treatment.NET, "returned": Treatment.NET,
}  # fmt: skip


def findings() -> tuple[Finding, ...]:
    """One for each ailment in the order of the catalogue; those that nothing has touch nothing."""
    proposed = {name: _PROPOSED.get(name, Treatment.KEEP) for name in AILMENTS}
    return tuple(Finding(name, _TOUCHED.get(name, Totals()), proposed[name], proposed[name]) for name in AILMENTS)


def examination(**changes: Any) -> Examination:
    """What the doctor found in the hundred lines."""
    cancelled, returned, none = bit("cancelled"), bit("returned"), ABOVE_ZERO
    nobody, double = bit("missing_customer") | ABOVE_ZERO, bit("duplicate") | ABOVE_ZERO
    zero = bit("zero_price") | BOUGHT
    masks = [(cancelled, 4, -200.0), (returned, 3, -150.0), (zero, 1, 0.0), (none, 80, 9900.0), (nobody, 8, 400.0),
             (double, 4, 40.0)]  # fmt: skip
    frame = pd.DataFrame(masks, columns=["mask", "lines", "revenue"])
    frame["revenue"] = (frame["revenue"] * MONEY_UNITS).round().astype("int64")
    orders = {f"{none}": 30, f"{nobody}": 3, f"{cancelled}": 2, f"{returned}": 2, f"{none},{double}": 2,
              f"{zero},{none}": 1}  # fmt: skip
    customers = {f"{none}": 7, f"{cancelled},{none}": 1, f"{returned},{none}": 2, f"{none},{double}": 1,
                 f"{zero},{none}": 1}  # fmt: skip
    made = Examination(
        fingerprint=FINGERPRINT,
        plan=plan(),
        uploaded=UPLOADED,
        findings=findings(),
        masks=frame,
        orders=_counted(orders),
        customers=_counted(customers),
        examples=examples(),
        currencies={},
        first="2011-01-03",
        last="2011-12-09",
    )
    return replace(made, **changes)


def _counted(kinds: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame({"masks": pd.Series(list(kinds), dtype=object), "count": list(kinds.values())})


def examples() -> pd.DataFrame:
    """One line for each ailment that something has."""
    rows = [
        ("missing_customer", 7, "", "536414", "2011-01-03 11:52", "56", "0.00", "0.00", "22139"),
        ("cancelled", 15, "14527", "C536379", "2011-01-03 09:41", "-1", "27.50", "-27.50", "D"),
        ("returned", 21, "17548", "536391", "2011-01-03 10:24", "-24", "0.29", "-6.96", "21980"),
        ("zero_price", 33, "12647", "537197", "2011-01-05 14:02", "1", "0.00", "0.00", "22841"),
        ("duplicate", 52, "17908", "536409", "2011-01-03 11:45", "1", "2.10", "2.10", "22866"),
    ]
    names = ["ailment", "line", "customer", "order", "date", "quantity", "price", "amount", "product"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({name: object for name in names if name != "line"})


def effect(**changes: Any) -> Effect:
    """What the proposed treatments do to the hundred lines."""
    made = Effect(
        uploaded=UPLOADED,
        kept=totals(92, 37, 12, 9590.0),
        aside=totals(8, 3, 0, 400.0),
        reasons={"missing_customer": totals(8, 3, 0, 400.0)},
        purchases=totals(85, 33, 11, 9940.0),
        returns=totals(7, 4, 3, -350.0),
    )
    return replace(made, **changes)


def value(**changes: Any) -> ValueModel:
    """BG/NBD and Gamma-Gamma with the published figures of CDNOW."""
    made = ValueModel(
        "bgnbd", "", 365, spend="gamma",
        purchase=(0.243, 4.414, 0.793, 2.426), purchase_covariance=np.eye(4) * 0.01, purchase_likelihood=-9582.43,
        spending=(6.25, 3.74, 15.44), spending_covariance=np.eye(3) * 0.01, spending_likelihood=-4055.92,
        rate=0.03, spend_mean=36.0,
    )  # fmt: skip
    return replace(made, **changes)


def features() -> tuple[FeatureFact, ...]:
    """Four are ticked; every other says why it is not."""
    rows = (
        ("recency", "Recency", "days", "days from the last purchase to the reference date", True, "it says who is still here"),
        ("frequency", "Frequency", "orders", "different orders with a purchase", True, "it says how often"),
        ("monetary", "Monetary", "money", "sum of the amounts of all kept lines, net of returns", True, "it says how much"),
        ("average_order_value", "Average order value", "money", "money of purchases divided by orders", False,
         "goes along with monetary (0.92)"),
        ("return_rate", "Return rate", "share", "returned money divided by purchased money", True, "it varies by itself"),
        ("country", "Country", "", "the commonest country of the customer's lines", False, "categories only describe"),
        ("first_purchase", "First purchase", "", "day of the first purchase", False, "tenure says the same as a number"),
        ("recency_score", "Recency score", "", "1 to 5, 5 for the latest", False, "it is made of recency"),
        ("rfm_group", "RFM group", "", "the group of the three scores", False, "it is made of the three scores"),
        ("expected_purchases", "Expected purchases", "orders", "purchases expected within the horizon", False,
         "it is expected, not observed"),
        ("expected_value", "Expected value", "money", "expected purchases times expected money of one", False,
         "it is expected, not observed"),
        ("probability_alive", "Probability alive", "share", "how likely the customer still buys", False,
         "it is expected, not observed"),
        ("silent_since", "Silent since", "", "day of the last purchase where the silence is long", False,
         "a mark for the reader"),
    )  # fmt: skip
    return tuple(FeatureFact(*row) for row in rows)


def frame() -> pd.DataFrame:
    """The twelve customers; the last has only returns, and the seventh and eighth have been silent for long."""
    recency = np.array(RECENCY)
    silent = [None] * 6 + ["silent since 2011-06-23", "silent since 2011-06-03"] + [None] * 4
    score = [5, 4, 4, 3, 3, 3, 2, 2, 5, 5, 1, 1]
    made = {
        "customer_id": [f"c{i:02d}" for i in range(12)],
        "recency": recency,
        "frequency": np.array(FREQUENCY, dtype=float),
        "monetary": np.array(MONETARY),
        "average_order_value": np.array([m / f if f else np.nan for m, f in zip(MONETARY, FREQUENCY, strict=True)]),
        "return_rate": np.array([0.0, 0.1, 0.0, 0.0, 0.2, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, np.nan]),
        "country": ["United Kingdom"] * 9 + ["France"] * 3,
        "first_purchase": pd.Series(pd.date_range("2011-01-03", periods=11, freq="14D")).reindex(range(12)),
        "recency_score": np.array(score, dtype=float),
        "rfm_group": list(GROUPS),
        "expected_purchases": np.round(np.array(FREQUENCY) * 0.8, 2),
        "expected_value": np.round(np.array(MONETARY) * 0.7, 2),
        "probability_alive": np.array([0.99, 0.97, 0.95, 0.9, 0.85, 0.8, 0.12, 0.3, 1.0, 1.0, 0.4, np.nan]),
        "silent_since": silent,
    }
    return pd.DataFrame(
        {name: pd.Series(one, dtype=object) if isinstance(one, list) else one for name, one in made.items()}
    )


def columns() -> tuple[Column, ...]:
    """The columns of :func:`frame` with their roles: the id, ticked features, and what only describes."""
    facts = {fact.name: fact for fact in features()}
    shown = frame()
    made = []
    for name in shown.columns:
        if name == "customer_id":
            made.append(Column(name, Kind.KEY, Role.ID, distinct=12, left_out="it names customers"))
            continue
        fact, cells = facts[name], shown[name]
        number = cells.dtype.kind == "f"
        kind = Kind.NUMBER if number else Kind.DATE if name == "first_purchase" else Kind.CATEGORY
        bars = (("low", 8), ("middle", 3), ("high", 1)) if number else ()
        role = Role.FEATURE if fact.ticked else Role.PROFILE
        unit = "" if fact.unit in ("money", "share") else fact.unit
        made.append(Column(name, kind, role, unit, int(cells.isna().sum()), cells.nunique(), 0,
                           "" if fact.ticked else fact.why, bars))  # fmt: skip
    return tuple(made)


def customers(**changes: Any) -> Table:
    """The twelve customers as the table that Compare and Atlas get."""
    shown = frame()
    source = Source("orders.csv", "csv", "utf-8", ",", rows_in_file=100)
    made = MadeOf(92, 37, "GBP", "2011-12-10", value())
    return replace(Table(shown.astype(str), shown, columns(), source, FINGERPRINT, made=made), **changes)


def lines(**changes: Any) -> Table:
    """A table of order lines as uploaded: six of them, with the columns of :func:`plan`."""
    cells = {
        "Invoice": ["536365", "536365", "536366", "C536379", "536391", "536409"],
        "StockCode": ["85123A", "71053", "22633", "D", "21980", "22866"],
        "Description": ["HOLDER", "LANTERN", "WARMER", "Discount", "TISSUES", "WARMER"],
        "Quantity": [6.0, 6.0, 6.0, -1.0, -24.0, 1.0],
        "InvoiceDate": pd.to_datetime(["2011-01-03"] * 3 + ["2011-02-03"] * 2 + ["2011-12-09"]),
        "Price": [2.55, 3.39, 1.85, 27.5, 0.29, 2.1],
        "Customer ID": ["c00", "c00", "c01", "c02", "c02", None],
        "Country": ["United Kingdom"] * 6,
    }
    shown = pd.DataFrame({k: pd.Series(v, dtype=object) if isinstance(v[0], str) else v for k, v in cells.items()})
    kinds = {"Quantity": Kind.NUMBER, "Price": Kind.NUMBER, "InvoiceDate": Kind.DATE, "Customer ID": Kind.KEY}
    known = tuple(
        Column(name, kinds.get(name, Kind.CATEGORY), Role.FEATURE, distinct=int(shown[name].nunique()))
        for name in shown.columns
    )
    source = Source("orders.csv", "csv", "utf-8", ",", rows_in_file=6)
    return replace(Table(shown.astype(str), shown, known, source, FINGERPRINT), **changes)


def groups() -> pd.DataFrame:
    """Six groups and everyone."""
    rows = []
    shown = frame()
    shown["group"] = GROUPS
    for name, part in [*shown.groupby("group", sort=False), ("Everyone", shown)]:
        purchases, money = float(part["expected_purchases"].sum()), float(part["expected_value"].sum())
        low, high = (max(0.0, purchases - 2), purchases + 3), (max(0.0, money * 0.8), money * 1.3)
        rows.append((name, len(part), int(part["frequency"].sum()), float(part["monetary"].sum()), purchases, *low,
                     money, *high))  # fmt: skip
    names = ["group", "customers", "orders", "revenue", "expected_purchases", "purchases_low", "purchases_high",
             "expected_value", "value_low", "value_high"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def cohorts(months: int = 6) -> pd.DataFrame:
    """Monthly cohorts of 100, 90, 80 ...: half of each comes back a month later, then a tenth less each month."""
    rows = []
    for place in range(months):
        start, size = f"2011-{place + 1:02d}", 100 - 10 * place
        for age in range(months - place):
            active = size if age == 0 else round(size * 0.5 * 0.9 ** (age - 1))
            rows.append((start, age, size, active, active * 20.0))
    return pd.DataFrame(rows, columns=["cohort", "age", "customers", "active", "revenue"])


def backtest(weeks: int = 20) -> pd.DataFrame:
    """Ten purchases expected a week, nine made; the second half was held out."""
    week = np.arange(1, weeks + 1)
    held = (week > weeks // 2).astype("int64")
    past = np.maximum(0, week - weeks // 2)
    return pd.DataFrame({
        "week": week, "actual": 10.0 * week - past, "expected": 10.0 * week,
        "low": 10.0 * week - 4.0 * np.sqrt(past), "high": 10.0 * week + 4.0 * np.sqrt(past), "held_out": held,
    })  # fmt: skip


def grid(most: int = 6, weeks: int = 40, step: int = 4) -> pd.DataFrame:
    """The more purchases and the shorter the silence, the more is expected."""
    rows = [
        (x, silent, (x + 0.2) * 2.0 ** (-silent / (40 / (x + 1))), 2.0 ** (-x * silent / 40))
        for x in range(most + 1)
        for silent in range(0, weeks + 1, step)
    ]
    return pd.DataFrame(rows, columns=["purchases", "silent_weeks", "expected", "alive"])


def ordered(**changes: Any) -> Ordered:
    """Everything told about the twelve customers."""
    made = Ordered(
        fingerprint=FINGERPRINT,
        plan=plan(),
        effect=effect(),
        findings=findings(),
        aside=pd.DataFrame({"line": range(7, 15), "reason": pd.Series(["missing_customer"] * 8, dtype=object)}),
        features=features(),
        rfm_cuts={"recency": (5.0, 12.0, 44.0, 190.0), "frequency": (1.0, 2.0, 3.0, 6.0),
                  "monetary": (150.0, 400.0, 800.0, 1500.0)},
        groups=groups(),
        cohorts=cohorts(),
        period="month",
        value=value(),
        backtest=backtest(),
        backtest_because="",
        grid=grid(),
        warnings=("5 of 12 customers (41.7%) share the frequency 1, so some scores are missing.",),
        currency="GBP",
        without_purchase=1,
    )  # fmt: skip
    return replace(made, **changes)


def without_value(because: str = "Only 3 customers bought twice; at least 50 are needed.") -> Ordered:
    """The same where nothing can be expected: no ranges, no back-test, no grid."""
    shown = groups()
    shown.iloc[:, 4:] = np.nan
    return ordered(value=ValueModel("none", because, 365), groups=shown, backtest=backtest(0), backtest_because=because,
                   grid=grid().iloc[:0])  # fmt: skip
