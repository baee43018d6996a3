"""Which column is which part of an order line, and whether a file holds order lines at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.errors import BadRequest
from core.model import Column, Kind, Table
from core.model.orders import Guess, OrderPlan, Part
from core.orders import evidence
from core.orders.clues import CLUES, ENOUGH, named

_SEQUENCE = (Part.CUSTOMER, Part.DATE, Part.ORDER, Part.QUANTITY, Part.PRICE, Part.DISCOUNT, Part.AMOUNT, Part.SHIPPED, Part.PROFIT,
             Part.COST, Part.CATEGORY, Part.PRODUCT, Part.DESCRIPTION, Part.COUNTRY, Part.CURRENCY, Part.STATUS)  # fmt: skip
_MONEY = (Part.AMOUNT, Part.PRICE, Part.COST, Part.PROFIT)
_SEVERAL = 1.05
"""Lines per customer from which customers are said to come back."""
_BASKET = 1.2
"""Lines per customer and day from which lines of a day are said to be one order."""
_FEW_CUSTOMERS, _MANY_LINES = 5, 50
_TOGETHER = 0.6
_NEVER = -20.0


@dataclass
class _Found:
    """What has been decided so far: ``rows`` are those on which columns are compared."""

    table: Table
    rows: pd.DataFrame
    mapping: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    alternatives: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take(self, part: Part, column: str, reason: str) -> None:
        self.mapping[part], self.reasons[part] = column, reason


def guess(table: Table, chosen: Mapping[str, str] = {}) -> Guess:
    """What ``table`` seems to be; ``chosen`` fixes the columns of parts by hand ("" = no column).

    Names count, and then what the cells say: who comes back, what belongs to one customer and day, which amount is
    quantity x price less the discount. Raises :class:`BadRequest` for a choice that the table does not have.
    """
    found = _Found(table, table.frame.head(evidence.LOOKED_AT))
    for part, column in chosen.items():
        _require_choice(table, part, column)
        if column:
            found.take(Part(part), column, "Chosen by hand.")
    for part in _SEQUENCE:
        if part not in chosen:
            _look_for(found, part)
    if not {Part.QUANTITY, Part.AMOUNT} & {*chosen, *found.mapping} and Part.PRICE in found.mapping and Part.PRICE not in chosen:
        column = found.mapping.pop(Part.PRICE)
        del found.reasons[Part.PRICE]
        found.take(Part.AMOUNT, column, "It is the only price, and no column holds a quantity: taken as the amount of the line.")
    if Part.QUANTITY not in {*chosen, *found.mapping}:
        _count_of_pieces(found)
    if {Part.QUANTITY, Part.PRICE} <= set(found.mapping) and Part.AMOUNT not in found.mapping:
        untouched = " The discount is not taken off." if Part.DISCOUNT in found.mapping else ""
        found.reasons[Part.AMOUNT] = f"No column holds it: quantity x price.{untouched}"
    return _judged(found)


def plan_for(table: Table, guess: Guess, answers: Mapping[str, str] = {}, **changes: Any) -> OrderPlan:
    """The plan that a guess proposes, with any fields of :class:`OrderPlan` as ``changes``.

    ``answers`` are those the file was read with: ``unclear_dates`` holds where day and month of the date column were
    answered, or would have to be.
    """
    key = f"date:{guess.mapping.get(Part.DATE, '')}"
    unclear = key in answers or any(question.key == key for question in table.questions)
    proposed = {"mapping": {part: name for part, name in guess.mapping.items() if name}, "orders_are": guess.orders_are,
                "unclear_dates": unclear}  # fmt: skip
    return OrderPlan(**proposed | changes)


def _require_choice(table: Table, part: str, column: str) -> None:
    """A part that there is, and a column of it that the table has and that is of a kind for it."""
    if part not in tuple(Part):
        raise BadRequest(f"{part!r} is no part of an order line.", f"Parts: {', '.join(Part)}.")
    if not column:
        return
    kind, kinds = table.column(column).kind, CLUES[Part(part)].kinds
    if kinds <= {Kind.DATE} and kind is not Kind.DATE:
        raise BadRequest(f"{column!r} was not read as dates, so it cannot be the {part}.", _as_kind(column, "date"))
    if part in _MONEY and _mixed(table.column(column)):
        raise BadRequest(f"{column!r} is {table.column(column).left_out}.", f"Treat them as one currency: currency:{column}=same.")
    if kinds <= {Kind.NUMBER, Kind.FLAG} and kind not in kinds:
        raise BadRequest(f"{column!r} was not read as numbers, so it cannot be the {part}.", _as_kind(column, "number"))


def _mixed(column: Column) -> bool:
    """True where the cells are amounts in several currencies, which must not be added up."""
    return column.left_out.startswith("left out: amounts in ")


def _as_kind(column: str, kind: str) -> str:
    return f"Choose another column, or read it so: kind:{column}={kind}."


def _look_for(found: _Found, part: Part) -> None:
    """Take the best column for a part that is not taken by another, and keep the others as alternatives."""
    judged = []
    for place, column in enumerate(found.table.columns):
        if column.name in found.mapping.values() or column.gaps == len(found.table):
            continue
        points, words = named(part, column)
        if points > 0:
            more, why = _evidence(found, part, column)
            by_name = f"Its name says {words}." if words else "It is a column of dates."
            judged.append((-(points + more - 3 * column.gaps / len(found.table)), place, column.name, f"{by_name} {why}".strip()))
    judged.sort()
    usable = [one for one in judged if -one[0] >= ENOUGH]
    if usable:
        found.take(part, usable[0][2], usable[0][3])
    others = tuple(one[2] for one in judged if -one[0] > 0 and one not in usable[:1])
    if others:
        found.alternatives[part] = others


def _evidence(found: _Found, part: Part, column: Column) -> tuple[float, str]:
    """Points that the cells add to or take from a name, and what they say."""
    if part in _MONEY and _mixed(column):
        found.reasons.setdefault(part, f"{column.name} is {column.left_out}.")
        return _NEVER, ""
    judge = {Part.CUSTOMER: _as_customer, Part.ORDER: _as_order, Part.AMOUNT: _as_amount, Part.COST: _as_cost,
             Part.SHIPPED: _as_shipped, Part.PRODUCT: _as_product}.get(part)  # fmt: skip
    return judge(found, column) if judge else (0.0, "")


def _as_customer(found: _Found, column: Column) -> tuple[float, str]:
    lines = evidence.repeats(column, len(found.table))
    told = f"{column.distinct:,} different customers, {lines:,.1f} lines each."
    if not evidence.whole(found.rows[column.name]):
        return _NEVER, ""
    if lines < _SEVERAL:
        return -3.0, told
    return (-8.0 if column.distinct < _FEW_CUSTOMERS and len(found.table) > _MANY_LINES * column.distinct else 1.0), told


def _as_order(found: _Found, column: Column) -> tuple[float, str]:
    if not evidence.whole(found.rows[column.name]) or not evidence.groups_lines(found.rows, column.name, found.mapping):
        return _NEVER, ""
    lines = evidence.repeats(column, len(found.table))
    return 0.0, f"Each belongs to one customer and day; {column.distinct:,} orders of {lines:,.1f} lines."


def _as_amount(found: _Found, column: Column) -> tuple[float, str]:
    name, rows = column.name, found.rows
    product = evidence.times(rows, found.mapping)
    if evidence.order_totals(rows, name, found.mapping.get(Part.ORDER)):
        told = "It repeats on every line of an order, so it seems to be the order's total."
        return (_NEVER if product is not None else -2.0), told
    numbers = [c.name for c in found.table.columns if c.kind is Kind.NUMBER and named(Part.AMOUNT, c)[0] > 0]
    gross = evidence.net_of_discount(rows, name, numbers, found.mapping)
    if gross:
        return 3.0, f"It is {gross} less the discount."
    if product is None:
        return 0.0, ""
    share = evidence.equal_share(rows[name], product)
    if share >= 0.9:
        return 1.0, f"It is quantity x price in {share:.0%} of lines."
    return 0.0, f"It is taken as it stands: quantity x price is the same in {share:.0%} of lines only."


def _as_cost(found: _Found, column: Column) -> tuple[float, str]:
    if evidence.per_unit(found.rows, column.name, found.mapping):
        return _NEVER, ""
    return 0.0, "Cost of the whole line."


def _as_shipped(found: _Found, column: Column) -> tuple[float, str]:
    date = found.mapping.get(Part.DATE)
    if not date:
        return 0.0, ""
    both = found.rows[[date, column.name]].dropna()
    after = float((both[column.name].dt.normalize() >= both[date].dt.normalize()).mean()) if len(both) else 0.0
    return (0.0 if after >= 0.5 else _NEVER), f"On or after the order's date in {after:.0%} of lines."


def _as_product(found: _Found, column: Column) -> tuple[float, str]:
    """A number is a product only where its name says that it is a number of one."""
    told = f"{column.distinct:,} different products."
    return (_NEVER if column.kind is Kind.NUMBER and "id" not in named(Part.PRODUCT, column)[1] else 0.0), told


def _count_of_pieces(found: _Found) -> None:
    """Whole numbers named like the goods sold (``cds``) that rise with the amount are how many were bought."""
    amount = found.mapping.get(Part.AMOUNT)
    if not amount:
        return
    for column in found.table.columns:
        free = column.kind is Kind.NUMBER and column.name not in found.mapping.values()
        if free and named(Part.PRODUCT, column)[0] > 0 and evidence.whole(found.rows[column.name]):
            together = evidence.goes_with(found.rows[column.name], found.rows[amount])
            if together >= _TOGETHER:
                found.take(Part.QUANTITY, column.name, f"Whole numbers that rise with the amount (rank correlation {together:.2f}).")
                return


def _judged(found: _Found) -> Guess:
    """Whether these are order lines, and what an order is where no column says so."""
    missing = []
    if Part.CUSTOMER not in found.mapping:
        missing.append(str(Part.CUSTOMER))
    if Part.DATE not in found.mapping:
        missing.append(str(Part.DATE))
    if Part.AMOUNT not in found.mapping and not {Part.QUANTITY, Part.PRICE} <= set(found.mapping):
        missing.append(str(Part.AMOUNT))
    orders_are = "lines"
    if not missing and Part.ORDER not in found.mapping:
        orders_are, found.reasons[Part.ORDER] = _orders_are(found)
    customer = found.mapping.get(Part.CUSTOMER)
    several = bool(customer) and evidence.repeats(found.table.column(customer), len(found.table)) >= _SEVERAL
    return Guess(mapping=dict(found.mapping), is_orders=not missing and several, missing=tuple(missing),
                 reasons=dict(found.reasons), alternatives=dict(found.alternatives), orders_are=orders_are)  # fmt: skip


def _orders_are(found: _Found) -> tuple[str, str]:
    """``days`` where a customer's lines of a day look like one basket, else ``lines``; and why."""
    lines = evidence.same_day_lines(found.table, found.mapping[Part.CUSTOMER], found.mapping[Part.DATE])
    told = f"No column numbers the orders. {lines:,.2f} lines for each customer and day"
    goods = Part.PRODUCT in found.mapping or Part.DESCRIPTION in found.mapping
    if lines >= _BASKET or (goods and lines > _SEVERAL):
        return "days", f"{told}: all lines of a customer on one day are one order."
    return "lines", f"{told}: every line is an order of its own."
