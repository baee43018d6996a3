"""A generator of dirty order lines: every ailment is planted on lines that are known, alone and in combination.

What a line has is settled while it is made, and never worked out from the cells by the rules under test. Amounts are
counted in whole numbers of their own. Clean lines are full of traps: honest articles with names like those of services
and tests, states that only sound like a cancellation, and lines that differ in nothing but the second.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from core.model import Column, Kind, OrderPlan, Role, Source, Table, Totals, Treatment
from core.orders.lines import TYPES, arrow_type

TODAY = dt.date(2026, 6, 28)
HONEST = (
    "POSTAGE STAMP ALBUM", "Test tube rack", "Manual coffee grinder", "Carriage clock", "Delivery bag", "Sampler quilt",
    "Discount bin label", "Gift voucher holder box", "Demo drum kit", "Freight train set", "Void fill paper", "Bank note",
)  # fmt: skip
SERVICES = (
    ("POST", "POSTAGE"), ("D", "Discount"), ("M", "Manual"), ("DOT", "DOTCOM POSTAGE"), ("C2", "CARRIAGE"),
    ("BANK CHARGES", "Bank Charges"), ("CRUK", "CRUK Commission"), ("PADS", "PADS TO MATCH ALL CUSHIONS"),
    ("S", "SAMPLES"), ("AMAZONFEE", "AMAZON FEE"), ("B", "Adjust bad debt"), ("77001", "Versandkosten 4,90 €"),
    ("gift_0001_20", "Dotcomgiftshop Gift Voucher £20.00"), ("77002", "Frais de port"), ("77003", "Gastos de envío"),
    ("77004", "Shipping & handling"), ("77005", "Delivery charge"), ("M", None), ("POST", None), ("gift_0001_30", None),
)  # fmt: skip
TESTERS = ("test", "TEST-001", "Test User", "testkunde7", "demo", "jane@example.com", "customer_test", "Dummy account 3")
FINE = ("Shipped", "Complete", "Cancellation declined", "Not cancelled", "partially refunded", "Canceled_Reversal", None)
CALLED_OFF = ("Cancelled", "CANCELED", "canceled by customer", "Storniert", "annulé", "void", "Anulado", "Order cancelled")
SENT_BACK = ("Returned", "REFUNDED", "Retourniert", "remboursé")
DATES = ("date", "shipped")
MONEY_CLASSES = ("cancelled", "returned", "returned_status", "negative_price", "zero_price", "zero_quantity", "free_cancel")


@dataclass
class Line:
    """One line: its cells, its amount in ten-thousandths (None where unknown), and what was planted on it."""

    customer: str | None
    order: str
    date: dt.datetime | None
    quantity: int
    cents: int | None
    product: str
    description: str | None
    currency: str | None
    status: str | None
    shipped: dt.datetime | None
    has: set[str] = field(default_factory=set)

    @property
    def amount(self) -> int | None:
        return None if self.cents is None else self.quantity * self.cents * 100


@dataclass(frozen=True)
class Dirty:
    """A table of dirty lines, how it is to be read, and its lines as planted (the first is line 1)."""

    table: Table
    plan: OrderPlan
    lines: tuple[Line, ...]

    def planted(self, ailment: str) -> set[int]:
        """The numbers of the lines with this ailment."""
        return {number for number, line in enumerate(self.lines, start=1) if ailment in line.has}


def dirty(seed: int, orders: int = 120) -> Dirty:
    """Some three lines for each of ``orders`` orders; every third seed knows amounts only, no quantities or prices."""
    random = np.random.default_rng(seed)
    unclear, only_amounts = bool(seed % 2), seed % 3 == 2
    by_order = [_order(random, number) for number in range(orders)]
    for place in random.choice(orders, max(1, orders // 40), replace=False):
        _make_extreme(random, by_order[place])
    for place, lines in enumerate(by_order):
        if place % 11 == 3 and "extreme_order" not in lines[0].has:
            _cancel(random, lines)
    for number, line in enumerate(line for lines in by_order for line in lines):
        _plant_money(random, line, MONEY_CLASSES[number % len(MONEY_CLASSES)] if random.random() < 0.2 else "")
        _plant_rest(random, line, number, unclear)
    lines = _repeated(random, [line for lines in by_order for line in lines])
    if only_amounts:
        for line in lines:
            _told_by_amount(line)
    return Dirty(_table(lines, only_amounts), _plan(seed, unclear, only_amounts), tuple(lines))


def _order(random: np.random.Generator, number: int) -> list[Line]:
    customer = f"{12_000 + random.integers(0, 40)}"
    return [
        Line(
            customer, f"{536_000 + number}",
            dt.datetime(2025, int(random.integers(1, 13)), int(random.integers(13, 29)), 8, number % 60, place),
            int(random.integers(1, 6)), int(random.integers(500, 1_000)), f"{20_000 + number * 5 + place}",
            str(random.choice(HONEST)), str(random.choice(["GBP", "GBP", "gbp"])), str(random.choice(FINE[:-1])), None,
        )
        for place in range(int(random.integers(1, 5)))
    ]  # fmt: skip


def _make_extreme(random: np.random.Generator, lines: list[Line]) -> None:
    lines[0].cents = int(random.integers(10**9, 2 * 10**9))
    for line in lines:
        line.has.add("extreme_order")


def _cancel(random: np.random.Generator, lines: list[Line]) -> None:
    """A cancellation note: a number with C, most quantities below zero."""
    for line in lines:
        line.order = f"C{line.order}"
        line.quantity *= int(random.choice([-1, -1, -1, 1]))
        line.has.add("cancelled")


def _plant_money(random: np.random.Generator, line: Line, kind: str) -> None:
    """At most one thing that is wrong with the money, and sometimes no price at all."""
    if not line.has:
        if kind in ("cancelled", "free_cancel"):
            line.status = str(random.choice(CALLED_OFF))
            line.has.add("cancelled")
            line.quantity *= int(random.choice([-1, 1])) if kind == "cancelled" else 1
        elif kind == "returned":
            line.quantity *= -1
            line.has.add("returned")
        elif kind == "returned_status":
            line.status = str(random.choice(SENT_BACK))
            line.has.add("returned")
        elif kind == "zero_quantity":
            line.quantity = 0
        elif kind == "negative_price":
            line.cents = -line.cents
        if kind in ("zero_price", "free_cancel"):
            line.cents = 0
            line.has.add("zero_price")
        if kind in ("zero_quantity", "negative_price"):
            line.has.add(kind)
    if line.has <= {"cancelled", "returned"} and random.random() < 0.04:
        line.cents = None
        line.has.add("missing_amount")


def _plant_rest(random: np.random.Generator, line: Line, number: int, unclear: bool) -> None:
    """Everything that has nothing to do with money, each of it on its own; every kind at least once."""

    def chance(often: float, at: int) -> bool:
        return bool(random.random() < often) or number == at

    if chance(0.05, 1):
        line.has.add("service_line")
        line.product, line.description = SERVICES[int(random.integers(len(SERVICES)))]
    if chance(0.05, 2):
        line.currency = str(random.choice(["EUR", "usd"]))
        line.has.add("other_currency")
    elif chance(0.05, 3):
        line.currency = None
    if chance(0.05, 4):
        line.customer = None
        line.has.add("missing_customer")
    elif chance(0.05, 5):
        line.customer = str(random.choice(TESTERS))
        line.has.add("test_account")
    _plant_dates(random, line, chance, unclear)


def _plant_dates(random: np.random.Generator, line: Line, chance, unclear: bool) -> None:
    date = line.date
    if chance(0.04, 6) and line.description is not None:
        line.date = None
        line.has.add("missing_date")
    elif chance(0.04, 7):
        line.date = date = date.replace(year=2026 + int(random.integers(1, 4)))
        line.has.add("future_date")
    elif chance(0.06, 8):
        line.date = date = date.replace(day=int(random.choice([day for day in range(1, 13) if day != date.month])))
        line.has |= {"unclear_date"} if unclear else set()
    if chance(0.05, 9) and line.date is not None:
        line.shipped = date + dt.timedelta(days=int(random.choice([-40, -1, 366, 4_000])))
        line.has.add("shipping")
    elif chance(0.8, 10):
        line.shipped = date.replace(hour=0) + dt.timedelta(days=int(random.choice([0, 1, 6, 365])))


def _repeated(random: np.random.Generator, lines: list[Line]) -> list[Line]:
    """The lines with a few of them again somewhere further down, some of them twice."""
    placed = [(float(place), line) for place, line in enumerate(lines)]
    for place in random.choice(len(lines), max(2, len(lines) // 30)):
        copy = replace(lines[place], has=lines[place].has | {"duplicate"})
        placed.append((float(random.uniform(place, len(lines))), copy))
    return [line for _, line in sorted(placed, key=lambda one: one[0])]


def _told_by_amount(line: Line) -> None:
    """What stays of the ailments where neither quantity nor price is known: money below zero is a return."""
    if "negative_price" in line.has:
        line.has = line.has - {"negative_price"} | {"returned"}
    if "zero_quantity" in line.has:
        line.has = line.has - {"zero_quantity"} | {"zero_price"}
    if line.amount is None and line.has & {"returned"} and line.status not in SENT_BACK:
        line.has = line.has - {"returned"}


def _table(lines: list[Line], only_amounts: bool) -> Table:
    numbers = {
        "Quantity": [float(line.quantity) for line in lines],
        "Price": [np.nan if line.cents is None else line.cents / 100 for line in lines],
    }
    if only_amounts:
        numbers = {"Amount": [np.nan if line.amount is None else line.amount / 10_000 for line in lines]}
    texts = ("customer", "order", "product", "description", "currency", "status")
    frame = pd.DataFrame(
        {name.title(): pd.Series([getattr(line, name) for line in lines], dtype=object) for name in texts}
        | {name: pd.Series(values, dtype="float64") for name, values in numbers.items()}
        | {name.title(): pd.Series([getattr(line, name) for line in lines], dtype="datetime64[us]") for name in DATES}
    )
    kinds = dict.fromkeys(frame.columns, Kind.CATEGORY) | dict.fromkeys(numbers, Kind.NUMBER)
    kinds |= {name.title(): Kind.DATE for name in DATES}
    columns = tuple(Column(name, kind, Role.IGNORE) for name, kind in kinds.items())
    return Table(frame, frame, columns, Source("dirty.csv", "csv", rows_in_file=len(frame)), "f")


def _plan(seed: int, unclear: bool, only_amounts: bool) -> OrderPlan:
    parts = ["customer", "order", "date", "product", "description", "currency", "status", "shipped"]
    parts += ["amount"] if only_amounts else ["quantity", "price"]
    days = {"as_of": TODAY.isoformat()} if seed % 5 else {"today": TODAY.isoformat()}
    return OrderPlan(mapping={part: part.title() for part in parts}, unclear_dates=unclear, **days)


def write_rows(rows: list[dict[str, object]], path: Path) -> None:
    """Canonical lines that hold just these cells, numbered from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, arrow_type(kind)) for name, kind in TYPES.items()])
    pq.write_table(pa.Table.from_pylist([row | {"line": at} for at, row in enumerate(rows, start=1)], schema), path)


def totals(lines: list[Line]) -> Totals:
    """Lines, different orders and customers, and the money of these lines, counted one by one."""
    return Totals(
        len(lines),
        len({line.order for line in lines}),
        len({line.customer for line in lines} - {None}),
        sum(line.amount or 0 for line in lines),
    )


def sorted_out(lines: tuple[Line, ...], treatments: dict[str, Treatment]) -> tuple[dict[str, list[Line]], list[Line]]:
    """The lines set aside by reason, and those kept, where ``treatments`` names every ailment in order."""
    aside: dict[str, list[Line]] = defaultdict(list)
    kept = []
    for line in lines:
        reasons = [
            name
            for name, treatment in treatments.items()
            if name in line.has
            and (treatment == "aside" or (treatment == "net" and line.amount is not None and line.amount > 0))
        ]
        (aside[reasons[0]] if reasons else kept).append(line)
    return dict(aside), kept


def is_purchase(line: Line, treatments: dict[str, Treatment], only_amounts: bool) -> bool:
    """Whether a kept line counts as a purchase."""
    forward = line.amount is not None and line.amount >= 0 and (only_amounts or line.quantity >= 0)
    return forward and not any(treatments[name] == "net" for name in line.has)
