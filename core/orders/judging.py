"""Points that the cells of a column add to its name, or take from it, for every part of an order line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from core.model import Column, Kind, Table
from core.model.orders import Part
from core.orders import evidence
from core.orders.clues import marked, named

NEVER = -20.0
GAPS_COST = 3.0
"""Points that a column without any cell would lose; the share of its gaps loses as much of them."""
MONEY = (Part.AMOUNT, Part.PRICE, Part.COST, Part.PROFIT)
SEVERAL = 1.05
"""Lines per customer from which customers are said to come back."""
_FEW_CUSTOMERS, _MANY_LINES = 5, 50
_LONGEST_ORDER = 100
"""Lines that no order has on the average: such a column counts orders, or something else."""
_MORE_GAPS = 0.05


@dataclass
class Found:
    """What has been decided so far: ``rows`` are those on which columns are compared."""

    table: Table
    rows: pd.DataFrame
    mapping: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    alternatives: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take(self, part: Part, column: str, reason: str) -> None:
        """Let ``column`` be ``part``."""
        self.mapping[part], self.reasons[part] = column, reason


def judged(found: Found, part: Part, column: Column) -> tuple[float, str]:
    """Points for ``column`` being ``part``, and what its cells say in plain words; :data:`NEVER` rules it out."""
    if part in MONEY and is_mixed(column):
        found.reasons.setdefault(part, f"{column.name} is {column.left_out}; currency:{column.name}=same takes them as one.")
        return NEVER, ""
    judge = _JUDGES.get(part)
    return judge(found, column) if judge else (0.0, "")


def is_mixed(column: Column) -> bool:
    """True where the cells are amounts in several currencies, which must not be added up."""
    return column.left_out.startswith("left out: amounts in ")


def _customer(found: Found, column: Column) -> tuple[float, str]:
    lines = evidence.repeats(column, len(found.table))
    told = f"{column.distinct:,} different customers, {lines:,.1f} lines each."
    if not evidence.whole(found.rows[column.name]):
        return NEVER, ""
    if lines < SEVERAL:
        return -3.0, told
    return (-8.0 if column.distinct < _FEW_CUSTOMERS and len(found.table) > _MANY_LINES * column.distinct else 1.0), told


def _order(found: Found, column: Column) -> tuple[float, str]:
    lines = evidence.repeats(column, len(found.table))
    fit = lines <= _LONGEST_ORDER and evidence.whole(found.rows[column.name])
    if not fit or not evidence.groups_lines(found.rows, column.name, found.mapping):
        return NEVER, ""
    return 0.0, f"Each belongs to one customer and day; {column.distinct:,} orders of {lines:,.1f} lines."


def _amount(found: Found, column: Column) -> tuple[float, str]:
    name, rows = column.name, found.rows
    product = evidence.times(rows, found.mapping)
    if evidence.order_totals(rows, name, found.mapping.get(Part.ORDER)):
        told = "It repeats on every line of an order, so it seems to be the order's total."
        return (NEVER if product is not None else -2.0), told
    if product is not None and rows[name].isna().mean() > product.isna().mean() + _MORE_GAPS:
        return NEVER, ""
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


def _cost(found: Found, column: Column) -> tuple[float, str]:
    """The cost of a piece is not that of a line, unless every line is one piece."""
    quantity = found.mapping.get(Part.QUANTITY)
    single = not quantity or bool((found.rows[quantity].dropna() == 1).all())
    by_name = "unit" in named(Part.COST, column)[1].split()
    if not single and (by_name or evidence.per_unit(found.rows, column.name, found.mapping)):
        return NEVER, ""
    return 0.0, "Cost of the whole line."


def _shipped(found: Found, column: Column) -> tuple[float, str]:
    date = found.mapping.get(Part.DATE)
    if not date:
        return 0.0, ""
    both = found.rows[[date, column.name]].dropna()
    after = float((both[column.name].dt.normalize() >= both[date].dt.normalize()).mean()) if len(both) else 0.0
    return (0.0 if after >= 0.5 else NEVER), f"On or after the order's date in {after:.0%} of lines."


def _product(found: Found, column: Column) -> tuple[float, str]:
    """A number is a product only where its name says that it is a number of one."""
    told = f"{column.distinct:,} different products."
    return (NEVER if column.kind is Kind.NUMBER and "id" not in named(Part.PRODUCT, column)[1].split() else 0.0), told


def _status(found: Found, column: Column) -> tuple[float, str]:
    """A column of yes and no is a status only where its name says what yes means."""
    mark = marked(column.name)
    if column.kind is Kind.FLAG and not mark:
        return NEVER, ""
    if not mark:
        return 0.0, ""
    return GAPS_COST * column.gaps / len(found.table), f"Yes means {mark}."  # no cell may well mean no


_JUDGES: dict[Part, Callable[[Found, Column], tuple[float, str]]] = {
    Part.CUSTOMER: _customer,
    Part.ORDER: _order,
    Part.AMOUNT: _amount,
    Part.COST: _cost,
    Part.SHIPPED: _shipped,
    Part.PRODUCT: _product,
    Part.STATUS: _status,
}
