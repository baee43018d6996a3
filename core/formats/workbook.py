"""Workbooks (XLSX, XLSM, XLS, ODS): one sheet as native cells, and everything the sheet does not show at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import UnreadableFile
from core.formats.grid import Grid, shaped
from core.formats.reading import Format, Reading, not_a_table, truncated, without_collecting
from core.formats.safety import ZIP, damage_refused, encrypted, members, refuse_entities
from core.formats.sheet_facts import SheetFacts, longest_text, ods_facts, xlsx_facts, xlsx_parts
from core.formats.sheet_notes import about_book, about_columns, about_sheet
from core.model import Choice, Note, Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_SHEET_CELLS = 30_000_000
MAX_TEXT = 2_000_000_000
_DAMAGED = "The workbook is damaged and cannot be read."


def sniff(path: Path, head: bytes) -> bool:
    """A zip or OLE container; what is inside is judged on reading."""
    return head.startswith((ZIP, OLE))


@dataclass(frozen=True)
class _Sheet:
    """``rows`` of native cells; the first stands in row ``top`` and column ``left`` of the sheet, both from 0; ``xml`` holds no
    invisible characters."""

    name: str
    rows: list[list[object]]
    top: int
    left: int
    facts: SheetFacts
    xml: bool


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """Native cells (str, int, float, bool, datetime, None) of one sheet.

    ``answers``: sheet (the one with most filled cells is proposed), merged fill|leave, and those of
    :func:`core.formats.layout.lay_out`. Raises :class:`UnreadableFile`: ENCRYPTED, TRUNCATED, NOT_A_TABLE, EMPTY_FILE,
    NO_ROWS, SHEET_TOO_LARGE, TOO_MANY_COLUMNS, UNPACKED_TOO_LARGE, UNSAFE_ARCHIVE, UNSAFE_XML.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        ole = stream.read(8) == OLE
    facts, macros = ({}, _checked_ole(path)) if ole else _checked_zip(path)
    with without_collecting():
        return _read(path, answers, Source(name=name, format="excel"), (facts, macros, digest))


def _read(path: Path, answers: Mapping[str, str], source: Source, known: tuple[Mapping[str, SheetFacts], bool, str]) -> Reading:
    """The reading, where the facts of the sheets, whether there are macros and the digest are known."""
    facts, macros, digest = known
    sheet, notes = _sheet(path, facts, answers.get("sheet", ""))
    notes += about_book(macros=macros)
    notes += about_sheet(sheet.name, sheet.facts)
    grid, kept = _grid(sheet)
    reading = shaped(grid, replace(source, sheet=sheet.name), answers, digest)
    columns = {left + sheet.left: reading.raw.columns[at] for left, at in kept.items() if at < reading.raw.shape[1]}
    notes += about_columns(sheet.facts, columns, reading.raw)
    return Reading(reading.raw, reading.source, (*notes, *reading.notes), reading.questions, reading.quarantine,
                   digest=digest)


def _checked_ole(path: Path) -> bool:
    """Refuse what is no workbook or is encrypted; True where there are macros."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise not_a_table("The file is an office document, but not a workbook.")
    return "_VBA_PROJECT".encode("utf-16-le") in data


def _checked_zip(path: Path) -> tuple[dict[str, SheetFacts], bool]:
    """Facts of the sheets, and whether there are macros; refuses before anything is parsed what must not be parsed."""
    found = members(path)
    names = [info.filename for info in found]
    if any(one.endswith("workbook.bin") for one in names):
        raise not_a_table("The file is a binary workbook (.xlsb), which cannot be read.",
                          "Open it in Excel and save it as .xlsx. Read are: .xlsx, .xlsm, .xls, .ods, CSV, Parquet and JSON.")
    if not any(one.endswith(("workbook.xml", "content.xml")) for one in names):
        raise not_a_table("The file is a zip archive, but not a workbook.")
    with damage_refused(_DAMAGED), zipfile.ZipFile(path) as archive:
        for info in found:
            if info.filename.endswith((".xml", ".rels")):
                refuse_entities(archive, info)
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise encrypted()
        if "content.xml" in names:
            if not _is_spreadsheet(archive, names):
                raise not_a_table("The file is an office document, but not a workbook.")
            facts = ods_facts(archive)
        else:
            facts = {sheet: xlsx_facts(archive, part, MAX_SHEET_CELLS) for sheet, part in xlsx_parts(archive).items()}
            others = [one for one in names if "worksheets/" in one and one.endswith(".xml")] if not facts else []
            facts |= {one: xlsx_facts(archive, one, MAX_SHEET_CELLS) for one in others}
            _refuse_texts(archive, facts)
    for sheet, fact in facts.items():
        _refuse_area(sheet, fact.area)
    return facts, any(one.endswith("vbaProject.bin") for one in names)


def _is_spreadsheet(archive: zipfile.ZipFile, names: Sequence[str]) -> bool:
    return "mimetype" not in names or b"spreadsheet" in archive.read("mimetype")[:200]


def _refuse_area(sheet: str, cells: int) -> None:
    if cells > MAX_SHEET_CELLS:
        what = f"The sheet {sheet!r} spans {cells:,} cells from its first to its last filled one; {MAX_SHEET_CELLS:,} can be read."
        raise UnreadableFile("SHEET_TOO_LARGE", what, "Delete the cells far from the table, or save the table as CSV.", 0, sheet)


def _refuse_texts(archive: zipfile.ZipFile, facts: Mapping[str, SheetFacts]) -> None:
    """A long text is there once and can be pointed to a million times."""
    most = max((fact.texts for fact in facts.values()), default=0)
    if most * 32_767 > MAX_TEXT and most * longest_text(archive) > MAX_TEXT:
        longest = longest_text(archive)
        what = f"{most:,} cells hold texts of up to {longest:,} bytes, more than {MAX_TEXT:,} bytes in all."
        raise UnreadableFile("UNPACKED_TOO_LARGE", what, "Leave long texts away, or upload a smaller part.")


def _sheet(path: Path, facts: Mapping[str, SheetFacts], wanted: str) -> tuple[_Sheet, list[Note]]:
    """The sheet asked for, else the one with most filled cells; a note where there was a choice."""
    import python_calamine as calamine

    try:
        with path.open("rb") as stream, calamine.CalamineWorkbook.from_filelike(stream) as book:
            visible = {one.name: str(one.visible).endswith(".Visible") for one in book.sheets_metadata
                       if str(one.typ).endswith("WorkSheet")}
            sizes = _sizes(book, list(visible), facts)
            if not sizes:
                raise UnreadableFile("EMPTY_FILE", "The workbook has no filled sheet.", "Export it again and upload it.")
            chosen = wanted if wanted in sizes else max(sizes, key=lambda one: sizes[one][0])
            grid = book.get_sheet_by_name(chosen)
            fact = facts.get(chosen) or SheetFacts()
            fact.merged = [(a, b, c, d) for (a, b), (c, d) in grid.merged_cell_ranges or ()] or fact.merged
            top, left = grid.start or (0, 0)
            _refuse_area(chosen, grid.height * grid.width)
            sheet = _Sheet(chosen, grid.to_python(), top, left, fact, bool(facts))
    except calamine.PasswordError:
        raise encrypted() from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError):
        raise truncated(_DAMAGED) from None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        raise truncated(_DAMAGED) from None
    return sheet, _choice(chosen, sizes, visible)


def _sizes(book: Any, names: Sequence[str], facts: Mapping[str, SheetFacts]) -> dict[str, tuple[int, int]]:
    """Filled cells (or cells in the area) and rows of each sheet that holds any."""
    found = {}
    for name in names:
        fact = facts.get(name)
        if fact is not None and fact.cells:
            found[name] = fact.cells, fact.bottom
        elif fact is None:
            grid = book.get_sheet_by_name(name)
            if grid.start is not None and grid.height * grid.width:
                found[name] = grid.height * grid.width, grid.height
    return found


def _choice(chosen: str, sizes: Mapping[str, tuple[int, int]], visible: Mapping[str, bool]) -> list[Note]:
    notes = []
    others = [name for name in sizes if name != chosen]
    if others:
        shown = tuple(f"{name} ({sizes[name][1]:,} rows, {sizes[name][0]:,} cells)" for name in others[:3])
        text = f"The workbook has {len(sizes)} sheets with cells; {chosen!r}, the largest, was read."
        if sizes[chosen][0] < max(size[0] for size in sizes.values()):
            text = f"The workbook has {len(sizes)} sheets with cells; {chosen!r} was read, as chosen."
        notes.append(Note("SHEET", text, count=len(others), examples=shown, hint="Choose another sheet if that is not the table.",
                          choice=Choice("sheet", tuple(sizes), chosen)))
    hidden = [name for name in sizes if not visible.get(name, True)]
    if hidden:
        which = f"The sheet that was read, {chosen!r}, is hidden." if chosen in hidden else f"{len(hidden)} sheets are hidden."
        notes.append(Note("HIDDEN_SHEET", f"{which} Look whether it should be shared.", count=len(hidden),
                          examples=tuple(hidden[:3])))
    return notes


def _grid(sheet: _Sheet) -> tuple[Grid, dict[int, int]]:
    """Rows without columns in which nothing stands; where each column that is left has gone."""
    columns = [[_native(cell) for cell in column] for column in zip(*sheet.rows, strict=True)]
    spans = {(left - sheet.left, min(right - sheet.left, len(columns) - 1)) for _, left, _, right in sheet.facts.merged}
    covered = {at for left, right in spans for at in range(left, right + 1)}
    filled = [at for at, column in enumerate(columns) if at in covered or any(cell is not None for cell in column)]
    if not any(cell is not None for column in columns for cell in column):
        raise UnreadableFile("EMPTY_FILE", "The workbook has no filled sheet.", "Export it again and upload it.")
    rows = list(zip(*(columns[at] for at in filled), strict=True))
    empty = len(columns) - len(filled)
    notes = [Note("EMPTY_COLUMNS", f"{empty} columns in which nothing stands were left away.", count=empty)] if empty else []
    invisible = 0 if sheet.xml else sum(cell.count("\0") for row in sheet.rows for cell in row if type(cell) is str)
    if invisible:
        notes.append(Note("NUL_REMOVED", f"{invisible:,} invisible NUL characters were removed.", count=invisible))
    lines = range(sheet.top + 1, sheet.top + 1 + len(rows))
    kept = {old: new for new, old in enumerate(filled)}
    merged = [(top - sheet.top, kept.get(left - sheet.left, -1), bottom - sheet.top,
               kept.get(left - sheet.left, -1) + sum(left - sheet.left < at <= right - sheet.left for at in filled))
              for top, left, bottom, right in sheet.facts.merged]
    return Grid(rows, lines, tuple(notes), merged=[one for one in merged if one[0] >= 0 and one[1] >= 0]), kept


def _native(cell: object) -> object:
    """A cell as the table keeps it: None for an empty one, whole numbers as int, days as datetime, times as text."""
    kind = type(cell)
    if kind is str:
        return (cell.replace("\0", "") if "\0" in cell else cell) or None
    if kind is float:
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if kind is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    if kind is dt.time or kind is dt.timedelta:
        return str(cell)
    return cell


EXCEL = Format("excel", "Excel workbook", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), sniff, read)
