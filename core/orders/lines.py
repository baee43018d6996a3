"""A table of order lines to canonical Parquet: the same columns, names and types whatever the file called them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadRequest, MissingColumns
from core.model import MONEY_UNITS, Column, Kind, OrderPlan, Part, Table
from core.orders.clues import marked
from core.orders.fillers import NOBODY, no_date
from core.orders.gaps import ONCE_AN_ORDER, of_order

if TYPE_CHECKING:
    import pyarrow as pa

TYPES = {
    "line": "int64",
    "customer": "string",
    "order": "string",
    "date": "timestamp(6)",
    "quantity": "int64",
    "price": "int64",
    "amount": "int64",
    "profit": "int64",
    "discounted": "boolean",
    "product": "string",
    "description": "string",
    "category": "string",
    "country": "string",
    "currency": "string",
    "status": "string",
    "shipped": "timestamp(6)",
    "day": "int64",
    "hour": "int64",
    "shipping_days": "int64",
}
"""Canonical columns and their types as Ibis writes them.

``line`` is 1 for the first row of the table. ``quantity``, ``price``, ``amount`` and ``profit`` are whole
ten-thousandths. ``day`` is the days of ``date`` since 1970-01-01, ``hour`` 0..23 (null where no date of the file has a
time of day), ``shipping_days`` the days from ``date`` to ``shipped`` (below zero where shipped before ordered).
Every column exists; it is null where the file has none for that part.
"""
SCHEMA = tuple(TYPES)
LARGEST = 9e14
"""Numbers further from zero (90 thousand million currency units on one line) are taken as missing."""
NUMBERS = (Kind.NUMBER, Kind.FLAG)
FIT = {
    Part.DATE: (Kind.DATE,), Part.SHIPPED: (Kind.DATE,),
    Part.QUANTITY: NUMBERS, Part.PRICE: NUMBERS, Part.AMOUNT: NUMBERS, Part.COST: NUMBERS, Part.PROFIT: NUMBERS,
    Part.DISCOUNT: NUMBERS,
}
"""Kinds that a part needs; parts that are text take any."""
_WHOLE = re.compile(r"[0-9]+(?:\.0)?")
_YES = frozenset(("1", "x", "y", "yes", "t", "true", "on", "j", "ja", "wahr", "o", "oui",
                  "vrai", "s", "si", "sí", "sim", "verdadero", "tak", "да", "はい", "是", "✓", "✔", "☑", "✅"))  # fmt: skip
TEXTS = (Part.PRODUCT, Part.DESCRIPTION, Part.CATEGORY, Part.COUNTRY, Part.CURRENCY, Part.STATUS)


def write_lines(table: Table, plan: OrderPlan, path: Path) -> None:
    """Write the rows of ``table`` to ``path`` as Parquet with the columns of ``TYPES``, in the order of the table.

    ``amount`` is the mapped column, else quantity times price; ``profit`` the mapped column, else amount less cost.
    Numbers are rounded to the nearest ten-thousandth (halves to even; products: halves away from zero). Infinite ones
    and those beyond ``LARGEST`` become null. Without an order column every line is an order of its own, or every
    customer's day (``plan.orders_are``). Customers and dates that only fill a gap (guest, 1900-01-01; see
    :mod:`core.orders.fillers`) are null. Raises :class:`MissingColumns` where customer, date or money has no column,
    :class:`BadRequest` for columns that are unknown or of an unfit kind, or too much money to add up exactly.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_mapping(table, plan)
    columns = _columns(table, plan)
    nothing = {name: pa.nulls(len(table), arrow_type(kind)) for name, kind in TYPES.items() if name not in columns}
    columns |= nothing
    pq.write_table(pa.table({name: columns[name] for name in SCHEMA}), path, compression="zstd", compression_level=1)


def check_mapping(table: Table, plan: OrderPlan) -> None:
    """Raise what :func:`write_lines` would raise for the mapping of ``plan``, without writing."""
    for part, name in plan.mapping.items():
        if name and name not in table.frame.columns:
            raise BadRequest(
                f"There is no column named {name!r} to take as {part}.",
                f"Columns: {', '.join(column.name for column in table.columns)}.",
            )
        if name and (kind := table.column(name).kind) not in FIT.get(Part(part), tuple(Kind)):
            needed = "dates" if part in (Part.DATE, Part.SHIPPED) else "numbers"
            raise BadRequest(
                f"The column {name!r} cannot be the {part}: it holds {kind}, not {needed}.",
                f"Choose a column of {needed}, or answer on the Data page how {name!r} is read.",
            )
    money = plan.column(Part.AMOUNT) or (plan.column(Part.QUANTITY) and plan.column(Part.PRICE))
    has = {"customer": plan.column(Part.CUSTOMER), "date": plan.column(Part.DATE), "amount": money}
    if missing := tuple(part for part, column in has.items() if not column):
        raise MissingColumns(missing, tuple(column.name for column in table.columns))


def money_unit(table: Table, plan: OrderPlan, currencies: Iterable[str]) -> str:
    """The unit of the column of money, else the commonest of ``currencies`` (that first), "" where neither is known."""
    columns = (plan.column(part) for part in (Part.AMOUNT, Part.PRICE))
    units = (table.column(name).unit for name in columns if name)
    return next((unit for unit in units if unit), next(iter(currencies), ""))


def arrow_type(name: str) -> pa.DataType | None:
    """The Arrow type of an Ibis type by name ("int64", "string", "timestamp(6)" ...); None for types not used here."""
    import pyarrow as pa

    simple = {"int64": pa.int64(), "int32": pa.int32(), "string": pa.string(), "boolean": pa.bool_(),
              "float64": pa.float64(), "date": pa.date32()}
    return pa.timestamp("us") if name.startswith("timestamp") else simple.get(name)


def _columns(table: Table, plan: OrderPlan) -> dict[str, pa.Array]:
    """The canonical columns that the file has something for."""
    import pyarrow as pa

    lines = np.arange(1, len(table) + 1)
    found: dict[str, pa.Array] = {"line": pa.array(lines)}
    for part in (Part.CUSTOMER, *TEXTS):
        if name := plan.column(part):
            found[str(part)] = _texts(table.column(name), _cells(table, plan, part), yes=marked(name) if part is Part.STATUS else "",
                                      nobody=part is Part.CUSTOMER)  # fmt: skip
    found |= _moneys(table, plan) | _days(table, plan)
    found["order"] = _orders(table, plan, found, lines)
    if name := plan.column(Part.DISCOUNT):
        rates = table.frame[name].to_numpy(float)
        found["discounted"] = pa.array(rates > 0, mask=np.isnan(rates))
    return found


def _cells(table: Table, plan: OrderPlan, part: Part) -> pd.Series:
    """The cells of a part; a status or currency that stands once for each order holds for all lines of it."""
    cells, order = table.frame[plan.column(part)], plan.column(Part.ORDER)
    once = part in ONCE_AN_ORDER and order and not marked(plan.column(part))
    return of_order(table.frame[order], cells) if once else cells


def _texts(column: Column, values: pd.Series, yes: str = "", *, nobody: bool = False) -> pa.DictionaryArray:
    """The cells as text: trimmed, whole numbers without ".0", null where empty or, if asked, nobody in particular.

    ``yes``, if given, stands for those that say yes.
    """
    import pyarrow as pa

    if column.kind == Kind.DATE:
        values = values.dt.strftime("%Y-%m-%d")
    codes, different = pd.factorize(values, use_na_sentinel=True)
    texts = _undecimal([_text(value) for value in different])
    if nobody:
        texts = ["" if text.casefold() in NOBODY else text for text in texts]
    if yes:
        texts = [yes if text.casefold() in _YES else text for text in texts]
    kept, same = np.unique(np.array(texts, dtype=object), return_inverse=True) if texts else (np.array([]), codes)
    codes = np.append(same, -1)[codes]
    if len(kept) and kept[0] == "":
        codes, kept = codes - 1, kept[1:]
    codes = np.where(codes < 0, -1, codes)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32(), mask=codes < 0), pa.array(list(kept), pa.string())
    )


def _text(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
    return str(value).strip().encode("utf-8", "replace").decode()


def _undecimal(texts: list[str]) -> list[str]:
    """Numbers that were written as ``17850.0`` without the decimals, where every text is a whole number; else as they are."""
    known = [text for text in texts if text]
    if not any(text.endswith(".0") for text in known) or not all(map(_WHOLE.fullmatch, known)):
        return texts
    return [text.removesuffix(".0") for text in texts]


def _moneys(table: Table, plan: OrderPlan) -> dict[str, pa.Array]:
    """Quantity, price, amount and profit in whole ten-thousandths."""
    import pyarrow as pa

    parts = (Part.QUANTITY, Part.PRICE, Part.AMOUNT, Part.COST, Part.PROFIT)
    given = {p: table.frame[plan.column(p)].to_numpy(float) for p in parts if plan.column(p)}
    found = {part: _whole(values) for part, values in given.items()}
    if Part.AMOUNT not in found:
        exact = _product(found[Part.QUANTITY], found[Part.PRICE])
        found[Part.AMOUNT] = _finer(exact, given[Part.QUANTITY], given[Part.PRICE])
    if Part.COST in found:
        (amount, no_amount), (cost, no_cost) = found[Part.AMOUNT], found.pop(Part.COST)
        found.setdefault(Part.PROFIT, (amount - cost, no_amount | no_cost))
    for part, (numbers, _) in found.items():
        if np.abs(numbers.astype(float)).sum() > 2**62:
            raise BadRequest(
                f"The column {plan.column(part) or part!r} adds up to more than can be counted exactly.",
                "Give the money in thousands or millions.",
            )
    return {str(part): pa.array(numbers, mask=gaps) for part, (numbers, gaps) in found.items()}


def _whole(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values (n,) as whole ten-thousandths (int64, 0 where there is none), and where there is none."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * MONEY_UNITS
        gaps = ~(np.abs(scaled) <= LARGEST)
    return np.rint(np.where(gaps, 0.0, scaled)).astype(np.int64), gaps


def _product(quantity: tuple[np.ndarray, np.ndarray], price: tuple[np.ndarray, np.ndarray]):
    """Quantity times price, exactly, in whole ten-thousandths (halves away from zero), and where there is none."""
    (many, no_many), (each, no_each) = quantity, price
    far = np.abs(many.astype(float)) * np.abs(each) > LARGEST * MONEY_UNITS
    gaps = no_many | no_each | far
    whole, rest = np.divmod(np.where(gaps, 0, np.abs(many)), MONEY_UNITS)
    size = np.where(gaps, 0, np.abs(each))
    amount = whole * size + (rest * size + MONEY_UNITS // 2) // MONEY_UNITS
    return np.sign(many) * np.sign(each) * amount, gaps


def _finer(exact: tuple[np.ndarray, np.ndarray], quantity: np.ndarray, price: np.ndarray):
    """``exact``, but the rounded product as it stands where quantity or price has more decimals than ten-thousandths."""
    amount, gaps = exact
    with np.errstate(all="ignore"):
        fine = ~(_in_units(quantity) & _in_units(price)) & ~gaps
        return np.where(fine, _whole(np.where(fine, quantity * price, 0.0))[0], amount), gaps


def _in_units(values: np.ndarray) -> np.ndarray:
    """Where values (n,) are whole ten-thousandths, as near as their own digits can tell."""
    scaled = values * MONEY_UNITS
    return np.abs(scaled - np.rint(scaled)) <= 1e-9 + np.abs(scaled) * 1e-15


def _days(table: Table, plan: OrderPlan) -> dict[str, pa.Array]:
    """Dates and what is counted of them: day, hour where there are hours, and days until shipped."""
    import pyarrow as pa

    date = table.frame[plan.column(Part.DATE)].to_numpy("datetime64[us]")
    date = np.where(no_date(date.astype("datetime64[D]")), np.datetime64("NaT", "us"), date)
    gaps = np.isnat(date)
    day = date.astype("datetime64[D]").astype(np.int64)
    hour = (date.astype(np.int64) // 3_600_000_000) % 24
    found = {"date": pa.array(date), "day": pa.array(day, mask=gaps)}
    if np.any((date != date.astype("datetime64[D]"))[~gaps]):
        found["hour"] = pa.array(hour, mask=gaps)
    if name := plan.column(Part.SHIPPED):
        shipped = table.frame[name].to_numpy("datetime64[us]")
        later = shipped.astype("datetime64[D]").astype(np.int64)
        open_ = gaps | np.isnat(shipped)
        found["shipped"] = pa.array(shipped)
        found["shipping_days"] = pa.array(np.where(open_, 0, later) - np.where(open_, 0, day), mask=open_)
    return found


def _orders(table: Table, plan: OrderPlan, found: dict[str, pa.Array], lines: np.ndarray) -> pa.Array:
    """The order numbers of the file, else a key for every line or every day of a customer."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name := plan.column(Part.ORDER):
        return _texts(table.column(name), table.frame[name])
    if plan.orders_are == "lines":
        return pc.cast(pa.array(lines), pa.string())
    return pc.binary_join_element_wise(
        pc.cast(found["customer"], pa.string()), pc.strftime(found["date"], "%Y-%m-%d"), " "
    )
