"""One condition of a rule, in original units: what it says, which cells meet it, how it reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.model import Column, Kind, Table

AT_LEAST, BELOW, BETWEEN, IN, NOT_IN, EMPTY = ">=", "<", "between", "in", "not in", "is null"
FLAG_LEVELS = ("no", "yes")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Condition:
    """``op`` on ``column``. ``values``: one threshold for ``>=`` and ``<``; for ``between`` the first that counts and the
    first that no longer does; levels for ``in`` and ``not in``; none for ``is null``. Thresholds of dates are days since
    1970. A gap meets ``is null`` alone."""

    column: str
    op: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Cells:
    """One column as rules see it: ``found`` (n,) float64 with NaN gaps, or codes of ``levels`` with -1 gaps."""

    column: Column
    found: np.ndarray
    levels: tuple[str, ...] | None = None

    def at(self, rows: np.ndarray) -> Cells:
        """The same column of some rows."""
        return Cells(self.column, self.found[rows], self.levels)

    @property
    def gaps(self) -> np.ndarray:
        return np.isnan(self.found) if self.levels is None else self.found < 0


def cells(table: Table, name: str) -> Cells:
    """The cells of a number, date, flag or category; dates count whole days."""
    column, series = table.column(name), table.frame[name]
    if column.kind is Kind.NUMBER:
        return Cells(column, series.to_numpy(dtype=np.float64))
    if column.kind is Kind.DATE:
        moments = series.to_numpy().astype("datetime64[D]")
        days = (moments - np.datetime64(0, "D")) / _DAY
        return Cells(column, np.where(np.isnat(moments), np.nan, days))
    if column.kind is Kind.FLAG:
        flags = series.to_numpy(dtype=np.float64)
        return Cells(column, np.where(np.isnan(flags), -1, flags > 0).astype(np.int64), FLAG_LEVELS)
    codes, levels = pd.factorize(series)
    return Cells(column, codes, tuple(str(level) for level in levels))


def met(condition: Condition, of: Cells) -> np.ndarray:
    """(n,) bool: the cells that meet the condition."""
    if condition.op == EMPTY:
        return of.gaps
    if of.levels is not None:
        chosen = np.isin(of.levels, condition.values)
        return np.append(chosen if condition.op == IN else ~chosen, False)[of.found]
    low = condition.values[0] if condition.op in (AT_LEAST, BETWEEN) else -np.inf
    high = condition.values[-1] if condition.op in (BELOW, BETWEEN) else np.inf
    return (of.found >= low) & (of.found < high)


def to_json(conditions: Sequence[Condition], table: Table) -> str:
    """A list of objects with column, op and values; dates in ISO 8601."""
    told = [{"column": one.column, "op": one.op, "values": _plain(one, table)} for one in conditions]
    return json.dumps(told, ensure_ascii=False)


def from_json(text: str, table: Table) -> tuple[Condition, ...]:
    """What :func:`to_json` wrote about the same columns."""
    return tuple(Condition(one["column"], one["op"], _read(one, table)) for one in json.loads(text))


def _plain(one: Condition, table: Table) -> list:
    dated = table.column(one.column).kind is Kind.DATE
    return [day(value) if dated else value for value in one.values]


def _read(one: dict, table: Table) -> tuple:
    if table.column(one["column"]).kind is not Kind.DATE:
        return tuple(one["values"])
    return tuple(float(np.datetime64(value, "D").astype(np.int64)) for value in one["values"])


def day(days: float) -> str:
    """Days since 1970 as an ISO date."""
    return str(np.datetime64(int(days), "D"))


def words(condition: Condition, column: Column) -> str:
    """The condition in plain words: "income is at least 4,200 EUR"."""
    name, values = condition.column, condition.values
    if condition.op == EMPTY:
        return f"{name} is empty"
    if condition.op in (IN, NOT_IN):
        return f"{name} is {'' if condition.op == IN else 'known and not '}{either(values)}"
    if column.kind is Kind.DATE:
        said = {AT_LEAST: "is {} or later", BELOW: "is before {}", BETWEEN: "is from {} to before {}"}
        return f"{name} {said[condition.op].format(*map(day, values))}"
    shown = [amount(value) for value in values]
    said = {AT_LEAST: "is at least {}", BELOW: "is below {}", BETWEEN: "is from {} to below {}"}
    return f"{name} {said[condition.op].format(*shown)}{f' {column.unit}' if column.unit else ''}"


def either(values: Sequence[str]) -> str:
    """Levels as a choice: A, B or C."""
    return " or ".join([", ".join(values[:-1]), values[-1]]) if len(values) > 1 else str(values[0])


def amount(value: float) -> str:
    """A threshold with all its digits, its thousands parted."""
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{int(value):,}" if whole else f"{float(value):,}"
