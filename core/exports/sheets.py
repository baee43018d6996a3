"""Sheets of an Excel workbook whose cells are numbers, dates or texts, and never anything that runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from core.errors import BadRequest
from core.exports.entry import Stream

MAX_ROWS = 1_048_575
MAX_COLUMNS = 16_384
MOST_TEXT, MOST_NAME = 32_767, 31
NARROWEST, WIDEST, LOOKED_AT = 8, 48, 200
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNDRAWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OVERLAPPING = re.compile(r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_")
_IN_CODES = re.compile(r"(?<=_x[0-9a-fA-F]{2})(?=[0-9a-fA-F]{2}_)")
_UNIT = re.compile(r"[A-Za-zµ€£$¥%]{1,8}")
_MONEY = re.compile(r"[A-Z]{3}|k?[€£$¥]")
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a day that there never was, and before 1900 none."""


@dataclass(frozen=True)
class Shown:
    """One column of a sheet: its name, its cells, the number format of its numbers ("" for Excel's own)."""

    name: str
    cells: Sequence[Any]
    format: str = ""


class Book:
    """A workbook being written: sheet names that Excel takes, formats made once, cells typed."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._taken: set[str] = set()
        self._formats: dict[tuple, Any] = {}

    def sheet(self, name: str, *, streamed: bool = False) -> tuple[Any, str]:
        """A new sheet set up for print (A4 across, all columns on one page, the first row on each) and its final name.

        ``streamed``: rows are written to disk as they come, in their order, so that memory does not grow with them.
        """
        final = sheet_name(name, self._taken)
        self._taken.add(final.casefold())
        self.book.constant_memory = streamed
        made = self.book.add_worksheet(final)
        made.set_paper(9)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        made.set_footer("&CPage &P of &N")
        return made, final

    def format(self, **properties: Any) -> Any:
        """A cell format, the same again for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def table(self, sheet: Any, columns: Sequence[Shown], *, top: int = 0, freeze: bool = True) -> int:
        """Write ``columns`` from row ``top`` (from 0) on; their rows. Header in bold above its cells, widths by content; texts
        keep away from the numbers to their left.

        With ``freeze`` the header stays in sight, repeats on each printed page and filters the rows.
        """
        header = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#eef1f4"}
        for place, column in enumerate(columns):
            side = {"align": "right"} if _numeric(column.cells) else {"align": "left", "indent": 1}
            write_text(sheet, top, place, column.name, form=self.format(**header, **side))
        formats = [self._number_format(column) for column in columns]
        day = self.format(num_format="yyyy-mm-dd")
        moment, plain = self.format(num_format="yyyy-mm-dd hh:mm:ss"), self.format(indent=1)
        rows = len(columns[0].cells) if columns else 0
        for row, cells in enumerate(zip(*(column.cells for column in columns), strict=True), start=top + 1):
            for place, cell in enumerate(cells):
                _write(sheet, row, place, cell, form=formats[place], day=day, moment=moment, plain=plain)
        if freeze:
            self.widths(sheet, columns)
            sheet.freeze_panes(top + 1, 0)
            sheet.repeat_rows(top)
            if columns and rows:
                sheet.autofilter(top, 0, top + rows, len(columns) - 1)
        return rows

    def widths(self, sheet: Any, columns: Sequence[Shown]) -> None:
        """As wide as the longest of the name and of the first 200 cells, between 8 and 48 signs."""
        for place, column in enumerate(columns):
            longest = max((len(_as_shown(cell, column.format)) for cell in column.cells[:LOOKED_AT]), default=0)
            sheet.set_column(place, place, min(max(longest + 2, min(len(column.name) + 3, WIDEST), NARROWEST), WIDEST))

    def _number_format(self, column: Shown) -> Any:
        return self.format(num_format=column.format) if column.format else None


@contextmanager
def workbook(stream: Stream) -> Iterator[Book]:
    """A workbook that is written to ``stream`` when all went well. No text becomes a formula, a link or a number.

    Rows on their way are kept in a folder of our own, which is gone afterwards whatever happens.
    """
    import xlsxwriter

    with TemporaryDirectory(prefix="atlas-book-") as folder:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "tmpdir": folder}
        with xlsxwriter.Workbook(stream, options) as book:
            yield Book(book)


def require_room(rows: int, columns: int) -> None:
    """Raises :class:`BadRequest` where a sheet of Excel is too small."""
    if rows > MAX_ROWS:
        raise BadRequest(f"An Excel sheet holds {MAX_ROWS:,} rows; there are {rows:,} customers.",
                         "Export the customers as CSV instead.")  # fmt: skip
    if columns > MAX_COLUMNS:
        raise BadRequest(f"An Excel sheet holds {MAX_COLUMNS:,} columns; there are {columns:,}.",
                         "Export the customers as CSV instead.")  # fmt: skip


def sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """``name`` as Excel takes it: at most 31 signs, none of ``[]:*?/\\``, no apostrophe at an end, not "History", and
    none of ``taken`` (in lower case), told apart by a number."""
    plain = " ".join(_FORBIDDEN.sub(" ", name).split())
    plain = _short(plain, MOST_NAME).strip("' ") or "Sheet"
    plain = "History of" if plain.casefold() == "history" else plain
    used, final, turn = set(taken), plain, 1
    while final.casefold() in used:
        turn += 1
        ending = f" ({turn})"
        final = _short(plain, MOST_NAME - len(ending)).rstrip("' ") + ending
    return final


def number_format(unit: str, *, whole: bool = False) -> str:
    """How Excel shows numbers of a ``unit``: money with two decimals, per cent and others with the unit behind, ``whole`` ones
    without decimals; "" for Excel's own where there is no unit, or one that a format cannot hold."""
    if not _UNIT.fullmatch(unit):
        return ""
    if whole:
        return '0"%"' if unit == "%" else f'#,##0 "{unit}"'
    if _MONEY.fullmatch(unit):
        return f'#,##0.00 "{unit}"'
    return '0.0"%"' if unit == "%" else f'#,##0.0 "{unit}"'


def drawable(text: str) -> str:
    """``text`` at Excel's longest length, signs that XML cannot hold replaced."""
    return _UNDRAWABLE.sub("\ufffd", _short(text, MOST_TEXT))


def _short(text: str, most: int) -> str:
    """The first ``most`` signs as Excel counts them, where signs beyond the basic plane are two."""
    if len(text) * 2 <= most or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def _numeric(cells: Sequence[Any]) -> bool:
    """Whether the first cell that holds anything, of the first 200, is a number."""
    first = next((cell for cell in cells[:LOOKED_AT] if cell is not None and cell != ""), None)
    return isinstance(first, int | float | np.number) and not isinstance(first, bool)


def _write(sheet: Any, row: int, place: int, cell: Any, *, form: Any, day: Any, moment: Any, plain: Any) -> None:
    """One cell by its type; what is missing or no number is left blank."""
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        write_text(sheet, row, place, cell, form=plain)
    elif isinstance(cell, bool | np.bool_):
        sheet.write_string(row, place, "yes" if cell else "no")
    elif isinstance(cell, int | float | np.number):
        if np.isfinite(cell):
            sheet.write_number(row, place, float(cell), form)
    elif isinstance(cell, date):
        _write_moment(sheet, row, place, cell, day=day, moment=moment)
    else:
        write_text(sheet, row, place, str(cell), form=plain)


def write_text(sheet: Any, row: int, place: int, text: str, *, form: Any) -> None:
    """A cell typed as text, which reads back as it was.

    XlsxWriter takes what stands between ``<r>`` and ``</r>`` for XML of its own and writes it unescaped, whatever it
    holds; and of two codes that share an underscore (``_x005F_x0041_``) it escapes the first, so that the second reads back
    as a letter. In pieces, none of which is XML or a code, both are texts like any other; there a line ends in one sign.
    """
    told = drawable(text)
    xml = told.startswith("<r>") and told.endswith("</r>")
    if xml or "_x" in told and _OVERLAPPING.search(told):
        lines = re.sub("\r\n?", "\n", told)
        pieces = [lines[:1], *_IN_CODES.split(lines[1:])] if xml else _IN_CODES.split(lines)
        sheet.write_rich_string(row, place, *(part for piece in pieces for part in (form, piece)), form)
    else:
        sheet.write_string(row, place, told, form)


def _write_moment(sheet: Any, row: int, place: int, cell: date, *, day: Any, moment: Any) -> None:
    timed = isinstance(cell, datetime)
    plain = cell.astimezone(UTC).replace(tzinfo=None) if timed and cell.tzinfo else cell
    if (plain.date() if timed else plain) < _FIRST_DAY or timed and plain.microsecond % 1000:
        sheet.write_string(row, place, str(plain))
    else:
        sheet.write_datetime(row, place, plain, moment if timed else day)


def _as_shown(cell: Any, form: str) -> str:
    if isinstance(cell, float | np.floating):
        return f"{cell:,.2f}" + "0" * min(len(form), 6)
    return "" if cell is None else str(cell)
