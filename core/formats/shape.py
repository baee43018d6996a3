"""Records to a rectangle: one width for all rows, nothing shifted, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from core.errors import UnreadableFile
from core.formats.columns import learn
from core.formats.dialect import width_of
from core.formats.layout import Layout, lay_out
from core.formats.mending import Mended, mend_header
from core.formats.reading import Reading, no_rows, refuse_too_wide
from core.formats.repair import Repair, repair
from core.formats.rows import Dialect, Record, pieces, records
from core.model import Choice, Note, Source, no_lines

MOST_REPAIRS = 10_000
LEARNT = 2_400
_FIRST = 2_000
NEVER_CLOSED = "a quote is opened and never closed"


@dataclass
class Sorted:
    """Rows by fate: cells of those kept with their line, records set aside with the reason, and what was put right."""

    kept: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    aside: list[tuple[Record, str]] = field(default_factory=list)
    repaired: list[tuple[Record, Repair]] = field(default_factory=list)
    trimmed: int = 0
    stray: list[Record] = field(default_factory=list)


def shape(lines: Sequence[str], dialect: Dialect, *, source: Source, answers: Mapping[str, str], notes: tuple[Note, ...],
          digest: str, unreadable: frozenset[int] = frozenset()) -> Reading:
    """The reading of delimited text; ``lines`` keep their line ends, those ``unreadable`` (from 1) are set aside.

    Law: ``source.rows_in_file`` = rows + quarantined + skipped; the header is none of them.
    """
    found = list(records(lines, dialect, width_of(lines[:_FIRST], dialect)))
    if unreadable:
        found = [_marked(record, unreadable, source.encoding) for record in found]
    damaged = [(record, record.problem) for record in found if record.problem]
    header = mend_header([record for record in found if not record.problem], lines, dialect, answers)
    mended = header.records
    layout = lay_out_records(header, answers)
    refuse_too_wide(len(layout.names))
    if not layout.names:
        raise _no_names(damaged)
    body = [mended[at] for at in layout.rows]
    fates = sort_out(body, lines, dialect, len(layout.names), answers.get("repairs") == "no")
    fates.aside += damaged + [(mended[at], reason) for at, reason in layout.aside.items()]
    if not fates.kept:
        raise _nothing_left(layout.names, fates)
    raw = pd.DataFrame(fates.kept, columns=layout.names, dtype="str")
    return assembled(raw, fates, layout, lines, source=source, notes=notes, digest=digest)


def _no_names(damaged: Sequence[tuple[Record, str]]) -> UnreadableFile:
    if not damaged:
        return UnreadableFile("EMPTY_FILE", "The file is empty.", "Export it again and upload it.")
    first, reason = damaged[0]
    return UnreadableFile("NO_ROWS_FIT", f"No line of the file can be read as a row ({reason}).",
                          "Look at this line, and export the file again.", first.line)


def _marked(record: Record, unreadable: frozenset[int], encoding: str) -> Record:
    """The record, with a problem where one of its lines cannot be read."""
    if unreadable.isdisjoint(range(record.line, record.end)):
        return record
    return record._replace(problem=f"bytes that are not {encoding} text")


def lay_out_records(header: Mended, answers: Mapping[str, str]) -> Layout:
    """The layout of records whose header was mended."""
    layout = lay_out([record.cells for record in header.records], answers, lines=[record.line for record in header.records])
    return replace(layout, notes=(*header.notes, *layout.notes), questions=(*header.questions, *layout.questions))


def sort_out(body: Sequence[Record], lines: Sequence[str], dialect: Dialect, width: int, refused: bool) -> Sorted:
    """What becomes of each row: kept as it is, put right, or set aside. ``refused`` sets aside what would be put right."""
    fates, doubtful = Sorted(), []
    places: list[int] = []
    for record in body:
        cells = record.cells
        if len(cells) == width and not record.odd:
            fates.kept.append(cells)
            fates.lines.append(record.line)
        else:
            doubtful.append(record)
            places.append(len(fates.kept))
    columns = learn(fates.kept[:LEARNT], width) if doubtful and len(fates.kept) >= 2 else []
    put: list[tuple[int, list[str], int]] = []
    for turn, (record, place) in enumerate(zip(doubtful, places, strict=True)):
        text = _text(record, lines)
        better = repair(text, dialect, columns) if columns and turn < MOST_REPAIRS and not dialect.blanks else None
        cells = _settled(record, text, better, dialect, width)
        if cells is not None:
            put.append((place, cells, record.line))
            fates.stray += [record] if len(cells) == len(record.cells) else []
            fates.trimmed += len(cells) != len(record.cells)
        elif better is not None and better.reason and not refused:
            put.append((place, better.cells, record.line))
            fates.repaired.append((record, better))
        else:
            fates.aside.append((record, _why(record, text, dialect, width)))
    fates.kept = _merged(fates.kept, [(place, cells) for place, cells, _ in put])
    fates.lines = _merged(fates.lines, [(place, line) for place, _, line in put])
    return fates


def _settled(record: Record, text: str, better: Repair | None, dialect: Dialect, width: int) -> list[str] | None:
    """The cells of a row that needs no repair: quotes within its texts, or nothing but separators at its end."""
    cells = record.cells
    if len(cells) == width and not _opens(text, dialect):
        as_it_stands = better is not None and not better.reason
        return cells if as_it_stands or (better is None and not _torn(text, dialect)) else None
    if len(cells) > width and not record.odd and not any(cell.strip() for cell in cells[width:]) and len(cells) > width + 1:
        return cells[:width]
    return None


def _opens(text: str, dialect: Dialect) -> bool:
    return any(piece.odd for piece in pieces(text, dialect))


def _torn(text: str, dialect: Dialect) -> bool:
    """Did a separator within quotes part a text? One cell has a quote too many, and a later one ends with one."""
    found = [text[piece.start: piece.end] for piece in pieces(text, dialect) if not piece.quoted]
    uneven = [cell.count(dialect.quote) % 2 == 1 for cell in found] if dialect.quote else []
    return any(one and cell.rstrip().endswith(dialect.quote) and any(uneven[:at])
               for at, (cell, one) in enumerate(zip(found, uneven, strict=False)))


def _why(record: Record, text: str, dialect: Dialect, width: int) -> str:
    if record.odd and _opens(text, dialect):
        return NEVER_CLOSED
    if len(record.cells) == width:
        return "quotes do not pair up"
    return f"{len(record.cells)} cells where {width} are expected"


def _merged(kept: list, put: Sequence[tuple[int, Any]]) -> list:
    """What is put in at its places among what was kept."""
    if not put:
        return kept
    out: list = []
    start = 0
    for place, cells in put:
        out += kept[start:place]
        out.append(cells)
        start = place
    return out + kept[start:]


def _text(record: Record, lines: Sequence[str]) -> str:
    return "".join(lines[record.line - 1: record.end - 1]).rstrip("\r\n")


def _nothing_left(names: list[str], fates: Sorted) -> UnreadableFile:
    if not fates.aside:
        return no_rows(names)
    what = f"None of the {len(fates.aside):,} rows has the {len(names)} cells of the header."
    hint = "Check the first line and the separator, then export the file again."
    return UnreadableFile("NO_ROWS_FIT", what, hint)


def assembled(raw: pd.DataFrame, fates: Sorted, layout: Layout, lines: Sequence[str], *, source: Source,
              notes: tuple[Note, ...], digest: str) -> Reading:
    """Everything found out in one reading."""
    raw, dropped = _without_blank_columns(raw, layout)
    quarantine = _quarantine(fates, lines)
    source = replace(source, skips=layout.skips, header_rows=layout.header_rows,
                     rows_in_file=len(raw) + len(quarantine) + sum(layout.skips.values()))
    kept_names = tuple(note for note in layout.notes if not note.column or note.column in raw.columns)
    all_notes = (*notes, *kept_names, *dropped, *_counted(fates, lines))
    return Reading(raw, source, all_notes, layout.questions, quarantine, _repairs(fates, lines), digest=digest)


def _without_blank_columns(raw: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, list[Note]]:
    """Drop columns at the end that have neither a name nor a cell (a trailing separator on every line)."""
    ours = {note.column for note in layout.notes if note.code == "UNNAMED_COLUMN"}
    width = raw.shape[1]
    while width > 1 and raw.columns[width - 1] in ours and not raw.iloc[:, width - 1].str.strip().astype(bool).any():
        width -= 1
    dropped = raw.shape[1] - width
    note = [Note("EMPTY_COLUMNS", f"{dropped} empty columns without a name at the end were left away.", count=dropped)]
    return (raw.iloc[:, :width].copy(), note) if dropped else (raw, [])


def _counted(fates: Sorted, lines: Sequence[str]) -> list[Note]:
    """One note for every way in which rows were not simply taken."""
    def note(code: str, found: Sequence[Record], text: str, hint: str = "", choice: Choice | None = None) -> list[Note]:
        if not found:
            return []
        shown = tuple(_text(record, lines)[:80] for record in found[:3])
        return [Note(code, text.format(len(found)), count=len(found), examples=shown, line=found[0].line, hint=hint, choice=choice)]

    trimmed = [Note("EXTRA_SEPARATORS", f"{fates.trimmed:,} rows end with extra separators; nothing was in the extra cells.",
                    count=fates.trimmed)] if fates.trimmed else []
    return [
        *note("REPAIRED", [record for record, _ in fates.repaired], "{:,} rows did not fit the columns and were put right.",
              "Choose no to set them aside instead.", Choice("repairs", ("yes", "no"), "yes")),
        *note("STRAY_QUOTES", fates.stray, "{:,} rows have quotation marks within their texts; they were kept as they are."),
        *trimmed,
        *note("QUARANTINE", [record for record, _ in sorted(fates.aside, key=lambda one: one[0].line)],
              "{:,} lines do not fit the columns and are kept apart.", "They can be downloaded with the reason for each."),
    ]


def _quarantine(fates: Sorted, lines: Sequence[str]) -> pd.DataFrame:
    if not fates.aside:
        return no_lines("reason")
    aside = sorted(fates.aside, key=lambda one: one[0].line)
    return pd.DataFrame({
        "line": [record.line for record, _ in aside],
        "text": [_text(record, lines) for record, _ in aside],
        "reason": [reason for _, reason in aside],
    })


def _repairs(fates: Sorted, lines: Sequence[str]) -> pd.DataFrame:
    if not fates.repaired:
        return no_lines("cells", "reason")
    return pd.DataFrame({
        "line": [record.line for record, _ in fates.repaired],
        "text": [_text(record, lines) for record, _ in fates.repaired],
        "cells": [json.dumps(better.cells, ensure_ascii=False) for _, better in fates.repaired],
        "reason": [better.reason for _, better in fates.repaired],
    })
