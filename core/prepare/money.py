"""The column in which the effect of a preparation is told in money."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.model import Column, Kind, Recipe, Role, Table

_CURRENCIES = frozenset(
    ["EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "BRL", "SEK", "NOK", "DKK", "PLN", "CZK", "AUD", "CAD", "RUB",
     "€", "$", "£", "¥", "₹", "R$", "kr", "zł"]
)  # fmt: skip
_NAMES = re.compile(
    r"(?:^|[^a-z])(?:spend(?:ing)?|spent|revenue|sales|amount|turnover|monetary|expenditure|purchases?|umsatz|"
    r"betrag|ausgaben|ca|montant|importe|ventas)(?:[^a-z]|$)"
)
_NOT_MONEY = re.compile(r"score|count|num(?:ber)?(?![a-z])|^n[ _]|rate|share|days?|visits?|frequency|\bno\b")


def money_column(table: Table, recipe: Recipe) -> Column | None:
    """The number marked in ``recipe``, else the proposed one; None where there is none or none is wanted.

    Proposed is the first number in a currency, else the first whose name speaks of spending.
    Raises :class:`BadRequest` for a marked column that is unknown.
    """
    if recipe.money is not None:
        found = table.column(recipe.money) if recipe.money else None
        return found if found is not None and found.kind is Kind.NUMBER else None
    return proposed_money(table, recipe)


def proposed_money(table: Table, recipe: Recipe) -> Column | None:
    """The first number in a currency, else the first whose name speaks of spending."""
    return proposed_among(table.columns, recipe)


def proposed_among(columns: Sequence[Column], recipe: Recipe) -> Column | None:
    """The same where only the columns are at hand, not the table."""
    numbers = [c for c in columns if c.kind is Kind.NUMBER and _role(c, recipe) not in (Role.ID, Role.IGNORE)]
    by_unit = (c for c in numbers if recipe.units.get(c.name, c.unit) in _CURRENCIES)
    by_name = (c for c in numbers if _speaks(c.name))
    return next(by_unit, None) or next(by_name, None)


def _speaks(name: str) -> bool:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return bool(_NAMES.search(words)) and not _NOT_MONEY.search(words)


def _role(column: Column, recipe: Recipe) -> str:
    return recipe.roles.get(column.name, column.role)


def total(values: np.ndarray) -> float | None:
    """The sum of ``values`` (n,), gaps counted as nothing; None where it would overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = float(np.nansum(values))
    return found if np.isfinite(found) else None
