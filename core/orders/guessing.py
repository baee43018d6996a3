"""Which column is which part of an order line, and whether a file holds order lines at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import BadRequest
from core.model import Kind, Table
from core.model.orders import Guess, OrderPlan, Part
from core.orders import evidence
from core.orders.clues import CLUES, ENOUGH, marked, named
from core.orders.gaps import ONCE_AN_ORDER, of_order
from core.orders.judging import GAPS_COST, MONEY, SEVERAL, Found, is_mixed, judged

_SEQUENCE = (Part.CUSTOMER, Part.DATE, Part.ORDER, Part.QUANTITY, Part.PRICE, Part.DISCOUNT, Part.AMOUNT, Part.SHIPPED, Part.PROFIT,
             Part.COST, Part.CATEGORY, Part.PRODUCT, Part.DESCRIPTION, Part.COUNTRY, Part.CURRENCY, Part.STATUS)  # fmt: skip
_BASKET = 1.2
"""Lines per customer and day from which lines of a day are said to be one order."""
_TOGETHER = 0.6
_LABELLED = (Kind.KEY, Kind.CATEGORY, Kind.TEXT)


def guess(table: Table, chosen: Mapping[str, str] = {}) -> Guess:
    """What ``table`` seems to be; ``chosen`` fixes the columns of parts by hand ("" = no column).

    Names count, and then what the cells say: who comes back, what belongs to one customer and day, which amount is
    quantity x price less the discount. Raises :class:`BadRequest` for a choice that the table does not have.
    """
    found = Found(table, table.frame.head(evidence.LOOKED_AT))
    for part, column in chosen.items():
        _require_choice(table, part, column)
        if column:
            found.take(Part(part), column, "Chosen by hand.")
    for part in _SEQUENCE:
        if part not in chosen:
            _look_for(found, part)
    if Part.ORDER not in {*chosen, *found.mapping}:
        _order_by_cells(found)
    if not {Part.QUANTITY, Part.AMOUNT} & {*chosen, *found.mapping} and Part.PRICE in found.mapping and Part.PRICE not in chosen:
        column = found.mapping.pop(Part.PRICE)
        del found.reasons[Part.PRICE]
        found.take(Part.AMOUNT, column, "It is the only price, and no column holds a quantity: taken as the amount of the line.")
    _once_an_order(found)
    if Part.QUANTITY not in {*chosen, *found.mapping}:
        _count_of_pieces(found)
    if {Part.QUANTITY, Part.PRICE} <= set(found.mapping) and Part.AMOUNT not in found.mapping:
        untouched = " The discount is not taken off." if Part.DISCOUNT in found.mapping else ""
        found.reasons[Part.AMOUNT] = f"No column holds it: quantity x price.{untouched}"
    return _concluded(found)


def plan_for(table: Table, guess: Guess, answers: Mapping[str, str] = {}, **changes: Any) -> OrderPlan:
    """The plan that a guess proposes, with any fields of :class:`OrderPlan` as ``changes``.

    ``answers`` are those the file was read with: ``unclear_dates`` holds where day and month of the date column were
    answered, or would have to be.
    """
    key = f"date:{guess.mapping.get(Part.DATE, '')}"
    unclear = key in answers or any(question.key == key for question in table.questions)
    proposed = {"mapping": dict(guess.mapping), "orders_are": guess.orders_are, "unclear_dates": unclear}
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
    if part in MONEY and is_mixed(table.column(column)):
        raise BadRequest(f"{column!r} is {table.column(column).left_out}.", f"Treat them as one currency: currency:{column}=same.")
    if kinds <= {Kind.NUMBER, Kind.FLAG} and kind not in kinds:
        raise BadRequest(f"{column!r} was not read as numbers, so it cannot be the {part}.", _as_kind(column, "number"))


def _as_kind(column: str, kind: str) -> str:
    return f"Choose another column, or read it so: kind:{column}={kind}."


def _look_for(found: Found, part: Part) -> None:
    """Take the best column for a part that is not taken by another, and keep the others as alternatives."""
    ranked = []
    for place, column in enumerate(found.table.columns):
        if column.name in found.mapping.values() or column.gaps == len(found.table):
            continue
        points, words = named(part, column)
        if points > 0:
            more, why = judged(found, part, column)
            by_name = f"Its name says {words}." if words else "It is a column of dates."
            ranked.append((-(points + more - GAPS_COST * column.gaps / len(found.table)), place, column.name, f"{by_name} {why}".strip()))
    ranked.sort()
    usable = [one for one in ranked if -one[0] >= ENOUGH]
    if usable:
        found.take(part, usable[0][2], usable[0][3])
    others = tuple(one[2] for one in ranked if -one[0] > 0 and one not in usable[:1])
    if others:
        found.alternatives[part] = others


def _order_by_cells(found: Found) -> None:
    """A column of numbers such as ``#1001`` that each belong to one customer and day, while customers have several."""
    customer = found.mapping.get(Part.CUSTOMER)
    if not customer or Part.DATE not in found.mapping:
        return
    for column in found.table.columns:
        cells = found.rows[column.name]
        free = column.kind in _LABELLED and column.name not in found.mapping.values()
        if not free or not evidence.numbered(cells) or not evidence.groups_lines(found.rows, column.name, found.mapping):
            continue
        if evidence.share_alike(found.rows[customer], cells) < evidence.NEARLY_ALL:
            lines = evidence.repeats(column, len(found.table))
            told = f"Numbers that each belong to one customer and day; {column.distinct:,} orders of {lines:,.1f} lines."
            found.take(Part.ORDER, column.name, told)
            return


def _count_of_pieces(found: Found) -> None:
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


def _once_an_order(found: Found) -> None:
    """Say of a status or currency that stands on one line of each order that it holds for the others, too."""
    for part in ONCE_AN_ORDER:
        name, order = found.mapping.get(part), found.mapping.get(Part.ORDER)
        if name and order and not marked(name):
            gaps = found.rows[name].isna().sum() - of_order(found.rows[order], found.rows[name]).isna().sum()
            if gaps:
                found.reasons[part] += " Lines without one take that of their order."


def _concluded(found: Found) -> Guess:
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
    several = bool(customer) and evidence.repeats(found.table.column(customer), len(found.table)) >= SEVERAL
    return Guess(mapping=dict(found.mapping), is_orders=not missing and several, missing=tuple(missing),
                 reasons=dict(found.reasons), alternatives=dict(found.alternatives), orders_are=orders_are)  # fmt: skip


def _orders_are(found: Found) -> tuple[str, str]:
    """``days`` where a customer's lines of a day look like one basket, else ``lines``; and why."""
    lines = evidence.same_day_lines(found.table, found.mapping[Part.CUSTOMER], found.mapping[Part.DATE])
    told = f"No column numbers the orders. {lines:,.2f} lines for each customer and day"
    goods = Part.PRODUCT in found.mapping or Part.DESCRIPTION in found.mapping
    if lines >= _BASKET or (goods and lines > SEVERAL):
        return "days", f"{told}: all lines of a customer on one day are one order."
    return "lines", f"{told}: every line is an order of its own."
