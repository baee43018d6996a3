"""What a careful reader would say about a column once its values are known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.model import Column, Kind, Note
from core.tables.as_date import date_remarks
from core.tables.cells import native_text
from core.tables.remarks import counted, kind_choice
from core.tables.roles import MAX_LEVELS

_MONEY = re.compile(r"spend|amount|revenue|price|total|sales|turnover|monetary|umsatz|betrag|preis|summe|montant|importe|valor",
                    re.I)
_QUANTITY = re.compile(r"quantit|\bqty\b|menge|anzahl|stück|pieces|units", re.I)
_CURRENCY = re.compile(r"[A-Z]{3}|kr|k?[$€£]")
_DOMINANT = 0.5  # of the total in one row
_FEWEST = 10  # filled, non-zero rows: below, one row naturally holds much
_BACK = "Give the column another role on this page if it shall count."


def remarks(column: Column, read_as: Kind, values: pd.Series, today: dt.date) -> tuple[Note, ...]:
    """Notes about ``values`` (n,) of a column that was ``read_as`` a kind before its role was proposed."""
    notes = list(_left_out(column, read_as, values))
    if column.kind is Kind.NUMBER:
        notes += _amounts(column, values.to_numpy(dtype=np.float64))
    if column.kind is Kind.DATE:
        notes += date_remarks(column.name, values, today)
    return tuple(notes)


def _left_out(column: Column, read_as: Kind, values: pd.Series) -> Iterator[Note]:
    """Why a column does not shape the segments, where that is not plain from its kind."""
    rows = len(values)
    if column.gaps == rows:
        yield counted(column.name, "ALL_MISSING", "cells are all empty; the column is left out", count=rows, examples=())
    elif column.distinct == 1:
        filled = rows - column.gaps
        same = "cell is filled" if filled == 1 else "filled cells all say the same"
        yield counted(column.name, "CONSTANT", f"{same}; the column is left out", count=filled,
                      examples=_shown(values), hint=_BACK)
    elif column.role == "id" or (column.kind is Kind.KEY and read_as is Kind.NUMBER):
        choice = kind_choice(column.name, Kind.KEY, read_as) if read_as is Kind.NUMBER else None
        yield counted(column.name, "ID_LIKE", "different values look like an id; they do not shape the segments",
                      count=column.distinct, examples=_shown(values), hint=_BACK, choice=choice)
    elif column.kind in (Kind.TEXT, Kind.CATEGORY, Kind.KEY) and column.distinct > MAX_LEVELS:
        yield counted(column.name, "MANY_VALUES", "different values are too many groups to compare; they do not shape the "
                      "segments", count=column.distinct, examples=_shown(values), hint=_BACK)


def _shown(values: pd.Series) -> tuple[str, ...]:
    first = values.iloc[:1_000].dropna()
    return tuple(native_text(value) for value in (first if len(first) else values.dropna()).drop_duplicates()[:3])


def _amounts(column: Column, values: np.ndarray) -> Iterator[Note]:
    """One row that outweighs all others; amounts below zero and quantities of nothing."""
    present = values[~np.isnan(values)]
    sizes = np.abs(present)
    total = sizes.sum()
    if np.count_nonzero(sizes) >= _FEWEST and sizes.max() > _DOMINANT * total:
        largest = present[sizes.argmax()]
        yield Note("DOMINANT", f"{column.name}: one row holds {sizes.max() / total:.0%} of the total.", column.name, 1,
                   (native_text(float(largest)),), hint="Scale robustly or set outliers aside when preparing.")
    money = _MONEY.search(column.name) is not None or _CURRENCY.fullmatch(column.unit) is not None
    for code, text, which in (("NEGATIVE_AMOUNTS", "amounts are below zero (returns or corrections?)", present < 0),
                              ("ZERO_AMOUNTS", "amounts are zero (free or cancelled?)", present == 0)):
        wanted = money or _QUANTITY.search(column.name) is not None
        if wanted and which.any() and not which.all():
            yield counted(column.name, code, text, count=int(which.sum()),
                          examples=tuple(native_text(float(value)) for value in pd.unique(present[which])[:3]),
                          hint="They are kept as they stand.")
