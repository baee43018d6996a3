"""Excel workbooks (and OpenDocument sheets): the largest sheet as native cells."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from core.errors import UnreadableFile
from core.formats.header import column_names, has_header
from core.formats.reading import (
    MAX_UNPACKED,
    Format,
    Reading,
    no_rows,
    not_a_table,
    refuse_too_large,
    refuse_too_wide,
    truncated,
)
from core.formats.shape import HEADER
from core.model import Note, Question, Source

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')
_CHUNK = 1 << 20


def sniff(path: Path, head: bytes) -> bool:
    """A zip or OLE container; what is inside is judged on reading."""
    return head.startswith((_ZIP, _OLE))


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """Native cells of one sheet: the answer to ``sheet``, or the one with most cells."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    _refuse_unsafe(path)
    sheet, rows, notes = _sheet(path, answers.get("sheet", ""))
    filled = [row for row in rows if any(cell not in ("", None) for cell in row)]
    if not filled:
        raise UnreadableFile("EMPTY_FILE", "The workbook has no filled sheet.", "Export it again and upload it.")
    filled, title = _without_title(filled)
    header, body, questions = _header(filled, answers)
    names, named = column_names([_text(cell) for cell in header])
    refuse_too_wide(len(names))
    if not body:
        raise no_rows(names)
    raw = _frame(body, names)
    skipped = len(rows) - len(filled)
    if skipped > title:
        notes.append(Note("BLANK_LINES", f"{skipped - title:,} blank rows were skipped.", count=skipped - title))
    if title:
        notes.append(Note("PREAMBLE", f"{title:,} rows above the table were skipped.", count=title))
    skips = {code: count for code, count in (("BLANK_LINES", skipped - title), ("PREAMBLE", title)) if count}
    source = Source(name=name, format="excel", sheet=sheet, rows_in_file=len(raw) + skipped, skips=skips)
    return Reading(raw, source, (*notes, *named), questions, digest=digest)


def _refuse_unsafe(path: Path) -> None:
    """Refuse containers that are encrypted, damaged, bombs, or something else than a workbook."""
    with path.open("rb") as stream:
        if stream.read(8) == _OLE:
            stream.seek(0)
            return _refuse_unsafe_ole(stream.read())
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_unsafe_zip(archive)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise truncated("The file begins like an Excel workbook but is damaged or incomplete.") from None


def _encrypted() -> UnreadableFile:
    return UnreadableFile("ENCRYPTED", "The file is protected by a password.",
                          "Open it in Excel, remove the password under File > Info, save and upload again.")


def _refuse_unsafe_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _encrypted()
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise not_a_table("The file is an office document, but not a workbook.")


def _refuse_unsafe_zip(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise _encrypted()
    if not any(name.endswith(("workbook.xml", "workbook.bin", "content.xml")) for name in names):
        raise not_a_table("The file is a zip archive, but not a workbook.")
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > MAX_UNPACKED:
        what = f"The workbook unpacks to {unpacked:,} bytes; {MAX_UNPACKED:,} can be read."
        raise UnreadableFile("UNPACKED_TOO_LARGE", what, "Save the table as CSV and upload that.")
    for name in names:
        if re.search(r"worksheets/[^/]*\.xml$", name):
            refuse_too_large(_area(archive, name), "A sheet")


def _area(archive: zipfile.ZipFile, name: str) -> int:
    """Cells in the rectangle around all filled cells, from the sheet's own text: its declared size may lie."""
    right = bottom = 0
    with archive.open(name) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            columns, numbers = set(), [0]
            for column, number in _CELL.findall(rest + chunk):
                columns.add(column)
                numbers.append(int(number))
            right = max([right, *map(_column_number, columns)])
            bottom = max(bottom, *numbers)
            rest = chunk[-100:]
    return right * bottom


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet(path: Path, wanted: str) -> tuple[str, list[list[object]], list[Note]]:
    """Name and rows of the sheet to read, with a note where there was a choice."""
    import python_calamine as calamine

    try:
        with path.open("rb") as stream:
            book = calamine.CalamineWorkbook.from_filelike(stream)
            sheets = {name: book.get_sheet_by_name(name).to_python() for name in _grids(book)}
    except calamine.PasswordError:
        raise _encrypted() from None
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError):
        raise truncated("The workbook is damaged and cannot be read.") from None
    if not sheets:
        raise UnreadableFile("EMPTY_FILE", "The workbook has no sheet with cells.", "Export it again and upload it.")
    sizes = {name: len(rows) * (len(rows[0]) if rows else 0) for name, rows in sheets.items()}
    chosen = wanted if wanted in sheets else max(sizes, key=sizes.__getitem__)
    others = [name for name in sheets if name != chosen and sizes[name]]
    notes = [Note("SHEET", f"The sheet {chosen!r} was read; the others were not.", count=len(others),
                  examples=tuple(f"{name} ({len(sheets[name]):,} rows)" for name in others[:3]))] if others else []
    return chosen, sheets[chosen], notes


def _grids(book: Any) -> list[str]:
    """Names of the sheets with cells; charts and macros have none."""
    return [sheet.name for sheet in book.sheets_metadata if str(sheet.typ).endswith("WorkSheet")]


def _without_title(rows: list[list[object]]) -> tuple[list[list[object]], int]:
    """Leading rows with one filled cell above a table of three columns or more are a title."""
    widths = [sum(cell not in ("", None) for cell in row) for row in rows]
    start = 0
    if Counter(widths).most_common(1)[0][0] >= 3:
        while start < len(rows) - 1 and widths[start] <= 1:
            start += 1
    return rows[start:], start


def _header(rows: list[list[object]], answers: Mapping[str, str]) -> tuple[list, list[list], tuple[Question, ...]]:
    guess = has_header(rows[0], rows[1:202])
    if answers.get("header", "yes" if guess else "no") == "yes":
        return rows[0], rows[1:], ()
    names = [f"column_{i}" for i in range(1, len(rows[0]) + 1)]
    return names, rows, () if "header" in answers else (HEADER,)


def _frame(rows: list[list[object]], names: list[str]) -> pd.DataFrame:
    """Object cells: None for an empty one, whole numbers as int."""
    cells = {name: [_native(row[i]) for row in rows] for i, name in enumerate(names)}
    return pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in cells.items()})


def _native(cell: object) -> object:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, (dt.time, dt.timedelta)):
        return str(cell)
    return cell


def _text(cell: object) -> str:
    native = _native(cell)
    return "" if native is None else str(native)


EXCEL = Format("excel", "Excel workbook", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), sniff, read)
