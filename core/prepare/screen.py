"""Which columns and which rows take part: decided by counting alone, nothing is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import NoFeatures, NoVariation, TooFewRows
from core.fences import beyond, fences
from core.model import Column, Dropped, Kind, Recipe, Role, Table

_BLOCK = 2**17  # rows hashed at a time
_USABLE = (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)
_UNUSABLE = {Kind.TEXT: "free text cannot be compared", Kind.KEY: "an id or code cannot be compared",
             Kind.DATE: "a date cannot be compared as it is"}


@dataclass(frozen=True)
class Screen:
    """``columns`` used, ``dropped`` with reasons, ``rows`` to fit in content order, ``aside`` reason by row, ``outlier`` mask (n,)."""

    columns: tuple[Column, ...]
    dropped: tuple[Dropped, ...]
    rows: np.ndarray
    aside: dict[int, str]
    outlier: np.ndarray


def content_order(frame: pd.DataFrame, names: list[str], rows: np.ndarray) -> np.ndarray:
    """``rows`` (n,) of ``frame`` in an order that depends on their cells in ``names`` alone; equal rows as they stand.

    Rows are ordered by a hash of their cells, so that sums, samples and random
    draws come out the same in whatever order the file lists its customers. Hashed
    in blocks: a large table is never copied.
    """
    parts = (frame.iloc[at : at + _BLOCK][names] for at in range(0, len(frame), _BLOCK))
    hashes = [pd.util.hash_pandas_object(part, index=False).to_numpy() for part in parts]
    return rows[_stable_order(np.concatenate(hashes)[rows])]


def _stable_order(keys: np.ndarray) -> np.ndarray:
    """What a stable argsort gives, several times faster where most ``keys`` (n,) differ."""
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return order
    tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
    order[tied] = order[tied][np.lexsort((order[tied], ordered[tied]))]
    return order


def roles(table: Table, recipe: Recipe) -> dict[str, Role]:
    """Every column's role: as proposed unless the recipe says otherwise; an unknown column raises ``BadRequest``."""
    for name in recipe.roles:
        table.column(name)
    return {column.name: Role(recipe.roles.get(column.name, column.role)) for column in table.columns}


def screen(table: Table, recipe: Recipe) -> Screen:
    """Columns and rows under ``recipe``. Raises NoFeatures, TooFewRows or NoVariation."""
    chosen = roles(table, recipe)
    columns, dropped = _split(table, recipe, chosen)
    if not columns:
        raise NoFeatures({d.name: d.reason for d in dropped} | _left_out(table, chosen))
    aside = _gap_rows(table, columns) if recipe.gaps == "drop" else {}
    far = _far(table, columns, aside)
    outlier = np.zeros(len(table), dtype=bool)
    for mask in far.values():
        outlier |= mask
    if recipe.outliers == "iqr":
        _add(aside, far, "{} beyond the IQR fences")
    keep = np.ones(len(table), dtype=bool)
    keep[list(aside)] = False
    rows = content_order(table.frame, [column.name for column in columns], np.flatnonzero(keep))
    if len(rows) < 2:
        raise TooFewRows(len(rows), 2, "Building segments")
    columns, constant = _varying(table, columns, rows)
    if not columns:
        raise NoVariation(len(rows))
    return Screen(columns, (*dropped, *constant), rows, aside, outlier)


def _split(table: Table, recipe: Recipe, chosen: dict[str, Role]) -> tuple[tuple[Column, ...], list[Dropped]]:
    used, dropped = [], []
    for column in table.columns:
        if chosen[column.name] is not Role.FEATURE:
            continue
        if column.gaps >= len(table):
            dropped.append(Dropped(column.name, "every cell is empty"))
        elif column.kind not in _USABLE:
            dropped.append(Dropped(column.name, _UNUSABLE[column.kind]))
        elif column.kind is Kind.CATEGORY and recipe.encoding == "none":
            dropped.append(Dropped(column.name, "categories are not encoded under this choice"))
        else:
            used.append(column)
    return tuple(used), dropped


def _left_out(table: Table, chosen: dict[str, Role]) -> dict[str, str]:
    return {c.name: c.left_out or f"its role is {chosen[c.name].value}" for c in table.columns
            if chosen[c.name] is not Role.FEATURE}


def _gap_rows(table: Table, columns: tuple[Column, ...]) -> dict[int, str]:
    aside: dict[int, str] = {}
    _add(aside, {c.name: table.frame[c.name].isna().to_numpy() for c in columns}, "gap in {}")
    return aside


def _far(table: Table, columns: tuple[Column, ...], aside: dict[int, str]) -> dict[str, np.ndarray]:
    """Rows beyond the fences of each number, the fences taken from rows that are not set aside for gaps."""
    keep = np.ones(len(table), dtype=bool)
    keep[list(aside)] = False
    far = {}
    for column in columns:
        if column.kind is Kind.NUMBER:
            values = table.frame[column.name].to_numpy(dtype=float)
            far[column.name] = beyond(values, fences(values[keep]))
    return far


def _add(aside: dict[int, str], masks: dict[str, np.ndarray], wording: str) -> None:
    """Give every row under a mask its reason; a row that has one already keeps it, further columns are joined."""
    if not masks:
        return
    rows = np.flatnonzero(np.logical_or.reduce(list(masks.values())))
    under = np.stack([mask[rows] for mask in masks.values()], axis=1)
    order = np.argsort(under.argmax(axis=1), kind="stable")
    kinds, kind_of = np.unique(np.packbits(under[order], axis=1), axis=0, return_inverse=True)
    which = np.unpackbits(kinds, axis=1, count=len(masks)).astype(bool)
    texts = [wording.format(", ".join(np.array(list(masks), dtype=object)[columns])) for columns in which]
    for row, kind in zip(rows[order].tolist(), kind_of.ravel().tolist(), strict=True):
        aside.setdefault(row, texts[kind])


def _varying(table: Table, columns: tuple[Column, ...], rows: np.ndarray) -> tuple[tuple[Column, ...], list[Dropped]]:
    """Columns with two different values, gaps apart, in the rows to fit."""
    used, dropped = [], []
    for column in columns:
        cells = table.frame[column.name]
        filled = cells.notna().to_numpy()[rows]
        known = cells.to_numpy()[rows if filled.all() else rows[filled]]
        if len(known) and (known != known[0]).any():
            used.append(column)
        else:
            dropped.append(Dropped(column.name, "the customers used do not differ in it" if len(known) else
                                   "every cell of the customers used is empty"))
    return tuple(used), dropped
