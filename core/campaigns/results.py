"""A file of results read as one outcome per customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.campaigns.control import GROUPS
from core.errors import BadRequest
from core.model import Kind, Table
from core.neutral import as_text, restored

RATE, AMOUNT = "rate", "amount"
_YES = {"yes", "y", "true", "1", "ja", "oui", "si", "sí", "bought", "converted"}
_NO = {"no", "n", "false", "0", "nein", "non", "not bought", "not converted", ""}


@dataclass(frozen=True)
class Outcome:
    """``values`` by customer (as its key is written in the file), ``kind`` RATE (0 or 1) or AMOUNT, in ``unit``.

    ``groups`` by customer as the file tells them, empty where it does not. ``twice`` counts rows of customers told of
    before, ``empty`` rows without a key or an outcome.
    """

    values: Mapping[str, float]
    kind: str
    unit: str
    groups: Mapping[str, str]
    twice: int
    empty: int


def outcome(results: Table, key: str, column: str) -> Outcome:
    """The ``column`` of ``results`` by ``key``: yes or no as 1 or 0, else an amount; gaps are nobody's outcome.

    Of a customer with several rows one yes is enough, and amounts are added up. Where a column ``group`` holds nothing
    but treated and control, it says who was written to. Raises :class:`BadRequest` for columns that cannot be read so.
    """
    if key == column:
        raise BadRequest("The outcome is another column than the one that names customers.", "Choose two columns.")
    numbers, kind = _numbers(results, column)
    keys = [restored(cell).strip() for cell in as_text(results.raw[results.column(key).name])]
    told = _groups(results)
    values: dict[str, float] = {}
    groups: dict[str, str] = {}
    twice = empty = 0
    for row, (one, value) in enumerate(zip(keys, numbers, strict=True)):
        if not one or np.isnan(value):
            empty += 1
            continue
        if one in values:
            twice += 1
        values[one] = max(values.get(one, 0.0), value) if kind == RATE else values.get(one, 0.0) + value
        if told:
            groups[one] = told[row]
    return Outcome(values, kind, results.column(column).unit, groups, twice, empty)


def _numbers(results: Table, name: str) -> tuple[np.ndarray, str]:
    column = results.column(name)
    if column.kind in (Kind.NUMBER, Kind.FLAG):
        values = results.frame[name].to_numpy(dtype=np.float64)
        known = values[~np.isnan(values)]
        return values, RATE if bool(np.isin(known, (0.0, 1.0)).all()) else AMOUNT
    cells = [cell.strip().casefold() for cell in as_text(results.raw[name])]
    if not set(cells) <= _YES | _NO:
        raise BadRequest("This column is neither yes and no nor an amount.", "Choose the column that says what each customer did.")
    return np.array([np.nan if not cell else float(cell in _YES) for cell in cells]), RATE


def _groups(results: Table) -> list[str]:
    for column in results.columns:
        if column.name.strip().casefold() == "group":
            cells = [cell.strip().casefold() for cell in as_text(results.raw[column.name])]
            return cells if set(cells) <= set(GROUPS) else []
    return []
