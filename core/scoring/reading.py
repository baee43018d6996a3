"""The columns of another file as a model needs them: found by name, typed by kind, and what was assumed on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from core.errors import BadRequest
from core.model import Kind, LearnedColumn, Model, Note, Table
from core.scoring.asking import mapped
from core.tables.cells import distinct_cells
from core.tables.kinds import Asked
from core.tables.recognise import recognise

KNOWN = 200
MOST_UNREAD = 0.5
_WORDS = {Kind.NUMBER: "numbers", Kind.FLAG: "yes or no", Kind.CATEGORY: "text"}


def typed(model: Model, table: Table, mapping: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows of ``table`` as the columns of the model, typed by its kinds; and what was assumed.

    ``mapping`` names the column of the file for a column of the model; the others are found by their names (see
    :func:`core.scoring.proposed_mapping`). Notes: TAKEN_FROM, NOT_LOOKED_AT, OTHER_UNIT, NOT_READ, SPELLED, UNSEEN_LEVELS. Raises
    :class:`BadRequest` where columns are missing, where the file has no rows, and where more than half of the filled cells
    of a column cannot be read as what the model needs.
    """
    found = mapped(model, [column.name for column in table.columns], mapping)
    if not len(table):
        raise BadRequest("This file has no customers.", "Bring a file with at least one row.")
    cells, notes = {}, [*_renamed(found), *_ignored(table, found)]
    for column in model.preparation.columns:
        cells[column.name], told = _cells(table, column, found[column.name])
        notes += told
    return pd.DataFrame(cells).reset_index(drop=True), tuple(notes)


def _renamed(found: Mapping[str, str]) -> Iterator[Note]:
    for column, name in found.items():
        if column != name:
            yield Note("TAKEN_FROM", f"{column} is taken from the column {name}.", column=column)


def _ignored(table: Table, found: Mapping[str, str]) -> Iterator[Note]:
    used = set(found.values())
    rest = [column.name for column in table.columns if column.name not in used]
    if rest:
        more = f" and {len(rest) - 5} more" if len(rest) > 5 else ""
        what = "1 column is" if len(rest) == 1 else f"{len(rest)} columns are"
        yield Note("NOT_LOOKED_AT", f"{what} not looked at, as the model does not know {'it' if len(rest) == 1 else 'them'}: "
                   f"{', '.join(rest[:5])}{more}.", count=len(rest), examples=tuple(rest[:3]))  # fmt: skip


def _cells(table: Table, column: LearnedColumn, name: str) -> tuple[pd.Series, list[Note]]:
    """The cells (n,) of one column of the model, read from the column ``name`` of the file."""
    there, notes = table.column(name), []
    values = table.frame[name]
    if there.kind is not column.kind and not (column.kind is Kind.CATEGORY and there.kind in (Kind.TEXT, Kind.KEY)):
        values = recognise(distinct_cells(table.raw[name]), Asked(name, {f"kind:{name}": str(column.kind)})).values
        notes += _unread(table.raw[name], values, column)
    values = values.reset_index(drop=True).astype(object if column.kind is Kind.CATEGORY else "float64")
    if column.kind is Kind.NUMBER and there.unit and column.unit and there.unit != column.unit:
        notes.append(Note("OTHER_UNIT", f"{name} is in {there.unit} here, and {column.name} was in {column.unit} when the segments "
                          "were made; the numbers are taken as they are.", column=column.name))  # fmt: skip
    if column.kind is Kind.CATEGORY:
        values, told = as_known(column, values)
        notes += [*told, *unseen(column, values)]
    return values, notes


def as_known(column: LearnedColumn, cells: pd.Series) -> tuple[pd.Series, tuple[Note, ...]]:
    """The cells (n,) with levels that differ from a known one in letter case, spaces or ".0" alone taken as that; and SPELLED."""
    if len(column.known) >= KNOWN:
        return cells, ()  # not all that there were are known
    known = _levels(column)
    by_sound: dict[str, list[str]] = {}
    for level in known:
        by_sound.setdefault(_spoken(level), []).append(level)
    strange = [level for level in cells.dropna().unique() if level not in known]
    meant = {level: by_sound[_spoken(level)][0] for level in strange if len(by_sound.get(_spoken(level), ())) == 1}
    if not meant:
        return cells, ()
    count = int(cells.isin(list(meant)).sum())
    note = Note("SPELLED", f"{column.name} is spelled differently for {count:,} of {len(cells):,} customers; such levels are taken as "
                "the known ones.", column=column.name, count=count, examples=tuple(meant)[:3])  # fmt: skip
    return cells.map(lambda level: meant.get(level, level)).astype(object), (note,)


def _levels(column: LearnedColumn) -> set[str]:
    """The levels that customers had, without the name that stands for the rest."""
    return {*column.known, *column.order, *column.levels} - {column.rest}


def _spoken(level: str) -> str:
    words = " ".join(level.split()).casefold()
    return words[:-2] if words.endswith(".0") and words[:-2].lstrip("-").isdigit() else words


def _unread(raw: pd.Series, values: pd.Series, column: LearnedColumn) -> Iterator[Note]:
    """NOT_READ: filled cells that are not what the model needs; they become gaps."""
    texts = raw.astype(str).str.strip()
    filled = raw.notna().to_numpy() & (texts != "").to_numpy()
    lost = filled & values.isna().to_numpy()
    if not lost.any():
        return
    examples = tuple(dict.fromkeys(texts[lost]))[:3]
    if lost.sum() > MOST_UNREAD * filled.sum():
        raise BadRequest(f"{column.name} must be {_WORDS[column.kind]}; {int(lost.sum()):,} of {int(filled.sum()):,} filled cells are "
                         f"something else, such as {examples[0]!r}.", "Choose another column of the file for it.")  # fmt: skip
    yield Note("NOT_READ", f"{int(lost.sum()):,} of {int(filled.sum()):,} filled cells of {column.name} cannot be read as "
               f"{_WORDS[column.kind]} and count as gaps.", column=column.name, count=int(lost.sum()), examples=examples)  # fmt: skip


def unseen(column: LearnedColumn, cells: pd.Series) -> Iterator[Note]:
    """UNSEEN_LEVELS: levels that nobody had when the segments were made, and what becomes of them."""
    if len(column.known) >= KNOWN:
        return  # not all that there were are known
    strange = cells.notna().to_numpy() & ~cells.isin(list(_levels(column))).to_numpy()
    if not strange.any():
        return
    counts = cells[strange].value_counts()
    if column.order:
        what = "have no place in the order and count as gaps"
    else:
        what = f"count as {column.rest}" if column.rest else "count as none of the known ones"
    levels = "1 level" if len(counts) == 1 else f"{len(counts):,} levels"
    yield Note("UNSEEN_LEVELS", f"{column.name} has {levels} that nobody had when the segments were made ({int(strange.sum()):,} of "
               f"{len(cells):,} customers); {'it' if len(counts) == 1 else 'they'} {what if len(counts) > 1 else _singular(what)}.",
               column=column.name, count=int(strange.sum()), examples=tuple(str(level) for level in counts.index[:3]))  # fmt: skip


def _singular(what: str) -> str:
    return what.replace("have ", "has ", 1).replace("count as", "counts as", 1)
