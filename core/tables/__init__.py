"""Cells to a table: kinds, proposed roles, units, gaps and distributions, each with its evidence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
import pandas as pd

from core.fences import beyond, fences
from core.model import Column, Kind, Note, Question, Role, Source, Table
from core.tables.bars import bars
from core.tables.cells import different, distinct_cells, exact_texts
from core.tables.direct import direct
from core.tables.hints import Hints
from core.tables.kinds import Asked, Recognised
from core.tables.recognise import recognise
from core.tables.remarked import remarks
from core.tables.repeats import repeated_rows
from core.tables.roles import propose
from core.tables.units import guess_unit

SIDE_BY_SIDE = 2  # columns are looked at by themselves, so that the number of threads changes nothing


class Read(Protocol):
    """What :func:`understand` needs of a reading."""

    raw: pd.DataFrame
    source: Source
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]
    quarantine: pd.DataFrame
    repairs: pd.DataFrame
    digest: str


def understand(reading: Read, answers: Mapping[str, str], *, today: dt.date | None = None) -> Table:
    """The table of a reading.

    ``answers`` by question key: ``kind:NAME`` text|number|date|category|flag|key, ``comma:NAME`` and ``dot:NAME``
    thousands|decimal, ``date:NAME`` day|month, ``currency:NAME`` same|apart, ``missing:NAME`` missing|text,
    ``spelling:NAME`` keep|merge, and those of the reading itself. The table's ``questions`` are those still open;
    proposals hold meanwhile. Dates after ``today`` (of the machine where not given) are noted.
    """
    raw, frame, columns = reading.raw, {}, []
    notes, questions = list(reading.notes), list(reading.questions)
    cells = {name: raw[name] for name in raw.columns}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        recognised = _recognised(cells, Hints.of_delimiter(reading.source.delimiter), answers, pool)

        def look(name: str) -> tuple[Column, pd.Series]:
            return _column(cells[name], name, recognised[name], settled=f"kind:{name}" in answers)

        looked = list(pool.map(look, cells))
    for (name, found), (column, frame[name]) in zip(recognised.items(), looked, strict=True):
        columns.append(column)
        notes += (*found.notes, *remarks(column, found.kind, frame[name], today or dt.date.today()))
        questions += found.questions
    duplicates = repeated_rows(raw, frame)
    if duplicates:
        notes.append(Note("DUPLICATES", f"{duplicates:,} rows repeat an earlier row in every cell.", count=duplicates))
    return Table(raw=raw, frame=pd.DataFrame(frame, index=raw.index), columns=tuple(columns), source=reading.source,
                 fingerprint=_fingerprint(reading, answers), notes=tuple(notes), questions=tuple(questions),
                 quarantine=reading.quarantine, repairs=reading.repairs, duplicates=duplicates)


def _recognised(
    cells: Mapping[str, pd.Series], hints: Hints, answers: Mapping[str, str], pool: ThreadPoolExecutor
) -> dict[str, Recognised]:
    """Each column by itself; then those that left something open once more, as the proven ones suggest."""
    read = pool.map(lambda name: _recognise(cells[name], Asked(name, answers, hints)), cells)
    found = dict(zip(cells, read, strict=True))
    better = hints.with_proofs(one.proof for one in found.values())
    for name, one in found.items():
        if better != hints and (one.questions or any(note.code == "DOTS" for note in one.notes)):
            found[name] = _recognise(cells[name], Asked(name, answers, better))
    return found


def _recognise(raw: pd.Series, asked: Asked) -> Recognised:
    return direct(raw, asked) or recognise(distinct_cells(raw), asked)


def _column(raw: pd.Series, name: str, found: Recognised, *, settled: bool) -> tuple[Column, pd.Series]:
    distinct = _distinct(found.values) if found.distinct is None else found.distinct
    kind, role, why = propose(name, found.kind, values=found.values, distinct=distinct, settled=settled)
    if found.left_out:
        role, why = Role.IGNORE, found.left_out
    values = found.values
    if found.padded:
        values = exact_texts(raw, values.notna().to_numpy())
        distinct = _distinct(values)
    if kind is Kind.KEY and found.kind is not Kind.KEY:
        cells = distinct_cells(raw)
        texts = cells.spread(cells.texts.to_numpy(dtype=object))
        values = pd.Series(np.where(found.values.isna(), None, texts), dtype=object)
        distinct = _distinct(values)
    return Column(
        name=name, kind=kind, role=role, left_out=why, gaps=int(values.isna().sum()), distinct=distinct,
        unit=guess_unit(name, found.unit, found.percent) if kind is Kind.NUMBER else "",
        outliers=_outliers(values) if kind is Kind.NUMBER else 0, bars=bars(kind, values),
    ), values


def _distinct(values: pd.Series) -> int:
    """How many different values there are; gaps are none."""
    if values.dtype == np.float64:
        return different(values.to_numpy())
    return int(values.nunique())


def _outliers(values: pd.Series) -> int:
    numbers = values.to_numpy()
    return int(beyond(numbers, fences(numbers)).sum())


def _fingerprint(reading: Read, answers: Mapping[str, str]) -> str:
    """SHA-256 over the file's bytes (or, without a file, its cells) and the answers: 64 hex digits."""
    digest = hashlib.sha256(reading.digest.encode() if reading.digest else _content(reading.raw))
    digest.update(json.dumps(dict(answers), sort_keys=True).encode())
    return digest.hexdigest()


def _content(raw: pd.DataFrame) -> bytes:
    return raw.to_csv(index=False, lineterminator="\n").encode("utf-8", "surrogatepass")


__all__ = ["understand"]
