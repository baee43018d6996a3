"""Records to a rectangle: one width for all rows, nothing shifted, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.errors import UnreadableFile
from core.formats.header import column_names, has_header
from core.formats.reading import Reading, no_rows, refuse_too_wide
from core.formats.rows import Record
from core.model import Note, Question, Source, no_lines

HEADER = Question("header", "NO_HEADER", "The first line looks like a customer, not like column names. Is it a header?",
                  ("no", "yes"), "no")


@dataclass(frozen=True)
class _Sorted:
    """Rows by fate: kept cells, refused (record, reason), counts of repeated headers and of rows cut at empty cells."""

    kept: list[list[str]]
    refused: list[tuple[Record, str]]
    repeated: int
    trimmed: int


def shape(records: Sequence[Record], lines: Sequence[str], *, source: Source, answers: Mapping[str, str],
          notes: tuple[Note, ...], digest: str) -> Reading:
    """The reading of delimited text; ``lines`` are those the records' line numbers count.

    Law: ``source.rows_in_file`` = rows + quarantined + skipped; the header is none of them.
    """
    filled = [r for r in records if r.problem or any(cell.strip() for cell in r.cells)]
    blank = len(records) - len(filled)
    preamble, body = _split_preamble(filled)
    header, body, questions, told = _header(body, answers)
    names, named = column_names(header)
    refuse_too_wide(len(names))
    found = _sort_out(body, names, header)
    if not found.kept:
        raise _nothing_left(names, found)
    raw, dropped = _without_blank_columns(pd.DataFrame(found.kept, columns=names, dtype="str"), header)
    counts = {"BLANK_LINES": blank, "PREAMBLE": preamble, "REPEATED_HEADER": found.repeated}
    skips = {code: count for code, count in counts.items() if count}
    source = replace(source, skips=skips, rows_in_file=len(raw) + len(found.refused) + sum(counts.values()))
    kept_names = [note for note in named if note.column in raw.columns]
    all_notes = (*notes, *told, *kept_names, *dropped, *_counted(blank, preamble, found))
    return Reading(raw, source, all_notes, questions, _quarantine(found.refused, lines), digest=digest)


def _common_width(records: Sequence[Record]) -> int:
    widths = Counter(len(record.cells) for record in records if not record.problem)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def _split_preamble(records: list[Record]) -> tuple[int, list[Record]]:
    """Leading records with at most one filled cell are a title above the table."""
    width = _common_width(records)
    start = 0
    while start < len(records) - 1 and _is_title(records[start].cells, width):
        start += 1
    return start, records[start:]


def _is_title(cells: list[str], width: int) -> bool:
    """One filled cell over a wide table, or a line without any separator over a table of two columns."""
    return (width >= 3 and sum(bool(cell.strip()) for cell in cells) <= 1) or (width == 2 and len(cells) == 1)


def _header(
    body: list[Record], answers: Mapping[str, str]
) -> tuple[list[str], list[Record], tuple[Question, ...], list[Note]]:
    """Header cells, the records below, an open question, and what was assumed."""
    width = _common_width(body)
    guess = has_header(body[0].cells, [record.cells for record in body[1:202]])
    answer = answers.get("header", "yes" if guess else "no")
    questions = () if guess or "header" in answers else (HEADER,)
    if answer == "no":
        return [f"column_{i}" for i in range(1, width + 1)], body, questions, []
    header = list(body[0].cells)
    if _has_row_names(header, body[1:]):
        note = Note("ROW_NAMES", "The header is one name short; the first column is taken as row names.", "column_1", 1)
        return ["", *header], body[1:], questions, [note]
    return header, body[1:], questions, []


def _has_row_names(header: list[str], body: list[Record]) -> bool:
    """Nine of ten rows are one cell longer than the header, and their first cells all differ."""
    longer = [record.cells for record in body if len(record.cells) == len(header) + 1]
    if len(longer) < max(5, 0.9 * len(body)) or not header[-1].strip():
        return False
    return len({cells[0] for cells in longer}) == len(longer) and any(cells[-1].strip() for cells in longer)


def _sort_out(body: list[Record], names: list[str], header: list[str]) -> _Sorted:
    width, kept, refused, repeated, trimmed = len(names), [], [], 0, 0
    for record in body:
        cells = record.cells
        if record.problem:
            refused.append((record, record.problem))
        elif len(cells) == width:
            if cells == header:
                repeated += 1
            else:
                kept.append(cells)
        elif len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            kept.append(cells[:width])
            trimmed += 1
        else:
            refused.append((record, f"{len(cells)} cells where {width} are expected"))
    return _Sorted(kept, refused, repeated, trimmed)


def _nothing_left(names: list[str], found: _Sorted) -> UnreadableFile:
    if not found.refused:
        return no_rows(names)
    what = f"None of the {len(found.refused):,} rows has the {len(names)} cells of the header."
    hint = "Check the first line and the separator, then export the file again."
    return UnreadableFile("NO_ROWS_FIT", what, hint)


def _without_blank_columns(raw: pd.DataFrame, header: list[str]) -> tuple[pd.DataFrame, list[Note]]:
    """Drop columns at the end that have neither a name nor a cell (a trailing separator on every line)."""
    width = raw.shape[1]
    while width > 1 and not header[width - 1].strip() and not raw.iloc[:, width - 1].str.strip().astype(bool).any():
        width -= 1
    dropped = raw.shape[1] - width
    note = [Note("EMPTY_COLUMNS", f"{dropped} empty columns without a name at the end were left away.", count=dropped)]
    return (raw.iloc[:, :width].copy(), note) if dropped else (raw, [])


def _counted(blank: int, preamble: int, found: _Sorted) -> list[Note]:
    """One note for every way in which a line did not become a row."""
    counts = (
        ("BLANK_LINES", blank, "{:,} blank lines were skipped."),
        ("PREAMBLE", preamble, "{:,} lines above the table were skipped."),
        ("REPEATED_HEADER", found.repeated, "{:,} repeated header lines were skipped."),
        ("EXTRA_SEPARATORS", found.trimmed, "{:,} rows end with extra separators; nothing was in the extra cells."),
        ("QUARANTINE", len(found.refused), "{:,} lines do not fit the columns and are kept apart."),
    )
    return [Note(code, text.format(count), count=count) for code, count, text in counts if count]


def _quarantine(refused: list[tuple[Record, str]], lines: Sequence[str]) -> pd.DataFrame:
    if not refused:
        return no_lines("reason")
    return pd.DataFrame({
        "line": [record.line for record, _ in refused],
        "text": ["".join(lines[record.line - 1: record.end - 1]).rstrip("\r\n") for record, _ in refused],
        "reason": [reason for _, reason in refused],
    })
