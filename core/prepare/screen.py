"""Which columns and which rows take part: decided by counting alone, nothing is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import BadRequest, NoFeatures, NoVariation, TooFewRows
from core.model import Column, Dropped, Kind, Recipe, Role, Table
from core.prepare import outliers
from core.prepare.ordered import cells_of
from core.prepare.repeats import repeated

LEAST = 4  # two segments of two customers
ENOUGH = 64  # more different rows than any number of segments
PREVIEW_ROWS = 2_000
_BLOCK = 2**17  # rows hashed at a time
_USABLE = (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)
_UNUSABLE = {Kind.TEXT: "free text cannot be compared", Kind.KEY: "an id or code cannot be compared",
             Kind.DATE: "a date cannot be compared as it is"}


@dataclass(frozen=True)
class Screen:
    """``columns`` used, ``dropped`` with reasons, ``rows`` to fit, ``aside`` reason by row, ``outlier`` mask (n,).

    ``repeats``, ``gappy`` and ``far`` are masks (n,) of rows that repeat an earlier one, have a
    gap under ``drop``, or lie far out among the others. ``sampled`` holds the positions that a preview looked at in
    place of all, None where all were: ``outlier`` and ``far`` then tell of these alone, and
    nobody is set aside for it. ``distinct`` counts different rows among ``rows``, up to 64.
    """

    columns: tuple[Column, ...]
    dropped: tuple[Dropped, ...]
    rows: np.ndarray
    aside: dict[int, str]
    outlier: np.ndarray
    repeats: np.ndarray
    gappy: np.ndarray
    far: np.ndarray
    sampled: np.ndarray | None = None
    distinct: int = 0


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


def screen(table: Table, recipe: Recipe, *, preview: bool = False) -> Screen:
    """Columns and rows under ``recipe``. Raises NoFeatures, TooFewRows, NoVariation, BadRequest.

    ``rows`` are in content order; under ``preview`` they stay as in the file, and an
    isolation forest looks at a sample where the table is large.
    """
    chosen = roles(table, recipe)
    _known(table, recipe)
    if len(table) < LEAST:
        raise TooFewRows(len(table), LEAST, "Building segments")
    columns, dropped = _split(table, recipe, chosen)
    if not columns:
        raise _nothing_left(table, chosen, dropped)
    repeats, why = repeated(table, recipe)
    aside = dict.fromkeys(np.flatnonzero(repeats).tolist(), why)
    gaps = _gaps(table, columns, recipe) if recipe.gaps == "drop" else {}
    gappy = _any(gaps, len(table)) & ~repeats
    _add(aside, gaps, "gap in {}")
    kept = np.flatnonzero(~(repeats | gappy))
    order = kept if preview else content_order(table.frame, [column.name for column in columns], kept)
    sampled = _sampled(order, recipe) if preview else None
    far = _far(table, columns, order if sampled is None else sampled, recipe)
    outlier = _any(far, len(table))
    if recipe.outliers != "keep" and sampled is None:
        _add(aside, far, outliers.WORDS[recipe.outliers])
        order = order[~outlier[order]]
    if len(order) < 2:
        raise TooFewRows(len(order), LEAST, "Building segments")
    columns, constant = _varying(table, columns, order, recipe)
    if not columns:
        raise NoVariation(len(order))
    return Screen(
        columns, (*dropped, *constant), rows=order, aside=aside, outlier=outlier, repeats=repeats, gappy=gappy,
        far=outlier & ~(repeats | gappy), sampled=sampled, distinct=_distinct(table, columns, order),
    )  # fmt: skip


def _known(table: Table, recipe: Recipe) -> None:
    """Every column that a rule names is there and of the kind the rule is for."""
    for name in recipe.fills:
        table.column(name)
    for name in recipe.skews:
        if table.column(name).kind is not Kind.NUMBER:
            raise BadRequest(f"{name} is not a number, so no rule against skew is for it.", "Leave it away.")
    for name in recipe.orders:
        if table.column(name).kind is not Kind.CATEGORY:
            raise BadRequest(f"{name} is not a category, so its levels have no order to give.", "Leave it away.")


def _nothing_left(table: Table, chosen: dict[str, Role], dropped: list[Dropped]) -> NoFeatures | NoVariation:
    """That customers do not differ where no column but their id varies, else why each column is left out."""
    told = [column for column in table.columns if chosen[column.name] is not Role.ID]
    if any(column.distinct == 1 for column in told) and all(column.distinct <= 1 for column in told):
        return NoVariation(len(table))
    return NoFeatures({d.name: d.reason for d in dropped} | _left_out(table, chosen))


def _sampled(rows: np.ndarray, recipe: Recipe) -> np.ndarray | None:
    """The rows a preview grows its forest on: every n-th of many; None where no forest is asked for or rows are few."""
    rule = recipe.marks if recipe.outliers == "keep" else recipe.outliers
    if rule != "forest" or len(rows) <= PREVIEW_ROWS:
        return None
    return rows[np.linspace(0, len(rows) - 1, PREVIEW_ROWS).astype(np.intp)]


def _distinct(table: Table, columns: tuple[Column, ...], rows: np.ndarray) -> int:
    """Different rows, counted until there are enough for any number of segments."""
    found: set[tuple] = set()
    names, start, step = [column.name for column in columns], 0, 2_048
    while start < len(rows) and len(found) < ENOUGH:
        part = table.frame[names].iloc[rows[start : start + step]].drop_duplicates()
        found.update(map(tuple, part.astype(object).where(part.notna(), None).to_numpy()))
        start, step = start + step, step * 4
    return min(len(found), ENOUGH)


def _any(masks: dict[str, np.ndarray], n: int) -> np.ndarray:
    return np.logical_or.reduce(list(masks.values())) if masks else np.zeros(n, dtype=bool)


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


def _gaps(table: Table, columns: tuple[Column, ...], recipe: Recipe) -> dict[str, np.ndarray]:
    return {c.name: cells_of(table, c, recipe).isna().to_numpy() for c in columns}


def _far(table: Table, columns: tuple[Column, ...], rows: np.ndarray, recipe: Recipe) -> dict[str, np.ndarray]:
    """Masks (n,) of values far out by column, judged by ``rows`` alone: those not set aside before, or a sample of them."""
    rule = recipe.marks if recipe.outliers == "keep" else recipe.outliers
    numbers = {c.name: table.frame[c.name].to_numpy(dtype=float) for c in columns if c.kind is Kind.NUMBER}
    if rule != "forest":
        keep = np.zeros(len(table), dtype=bool)
        keep[rows] = True
        return {name: outliers.far_values(values, keep, rule) for name, values in numbers.items()}
    if not numbers:
        return {}
    mask = np.zeros(len(table), dtype=bool)
    mask[rows] = outliers.forest([values[rows] for values in numbers.values()], np.arange(len(rows)))
    return {"": mask}


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


def _varying(
    table: Table, columns: tuple[Column, ...], rows: np.ndarray, recipe: Recipe
) -> tuple[tuple[Column, ...], list[Dropped]]:
    """Columns with two different values, gaps apart, in the rows to fit."""
    used, dropped = [], []
    for column in columns:
        cells = cells_of(table, column, recipe)
        filled = cells.notna().to_numpy()[rows]
        known = cells.to_numpy()[rows if filled.all() else rows[filled]]
        if len(known) and (known != known[0]).any():
            used.append(column)
        else:
            dropped.append(Dropped(column.name, "the customers used do not differ in it" if len(known) else
                                   "every cell of the customers used is empty"))
    return tuple(used), dropped
