"""Lines to records: quoted newlines are honoured, an unclosed quote never swallows the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

LONGEST_CELL = 1_000_000
_SPAN = 100_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
TOO_LONG = f"a cell is longer than {LONGEST_CELL:,} characters"


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends: LF, CR or CR LF."""
    return _LINE.findall(text)


@dataclass(frozen=True)
class Dialect:
    """How cells are written: ``delimiter`` of one or more characters ("" for a single column), ``quote`` and ``escape``.

    ``quote`` is "" where none is used; ``escape`` is "" where a quote within quotes is
    doubled, else the character put before it. ``blanks`` above 0 is for columns lined up
    with spaces: at least so many are one separator, and those around a line are none.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    blanks: int = 0

    @cached_property
    def quoted(self) -> re.Pattern[str]:
        """A cell in quotes, up to and without what follows the closing quote."""
        q, e = re.escape(self.quote or "\0"), re.escape(self.escape)
        inner = rf"(?:[^{q}{e}]|{e}.|{q}{q})*+" if e else rf"(?:[^{q}]++|{q}{q})*+"
        around = "" if self.delimiter == " " else " *"
        return re.compile(rf"{around}{q}({inner}){q}{around}", re.DOTALL)

    @cached_property
    def loosely(self) -> re.Pattern[str]:
        """A cell in quotes with single quotes inside, none of which can begin or end a cell."""
        q, d = re.escape(self.quote or "\0"), re.escape(self.delimiter)
        return re.compile(rf" *{q}((?:(?!{d} *{q})(?!{q} *(?:{d}|\Z)).)*+){q} *(?={d}|\Z)", re.DOTALL)

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """A cell without quotes, up to the delimiter."""
        d, e = re.escape(self.delimiter), re.escape(self.escape)
        if self.blanks > 1:
            return re.compile(r"(?:(?! {2}).)*+", re.DOTALL)
        if not self.delimiter:
            return re.compile(r".*", re.DOTALL)
        if len(self.delimiter) > 1:
            return re.compile(rf"(?:(?!{d}).)*+", re.DOTALL)
        return re.compile(rf"(?:[^{d}{e}]|{e}.|{e}$)*+" if e else rf"[^{d}]*+", re.DOTALL)

    @cached_property
    def run(self) -> re.Pattern[str]:
        """One separator of a table whose columns are lined up."""
        return re.compile(f" {{{max(self.blanks, 1)},}}")

    def split(self, line: str) -> list[str]:
        """The cells of a line without quotes and escapes."""
        if self.blanks:
            line = line.strip(" ")
            return self.run.split(line) if line else []
        return line.split(self.delimiter) if self.delimiter else [line]

    def unescaped(self, text: str, *, within: bool) -> str:
        """The value of a cell: doubled quotes are one, escaped characters themselves."""
        if self.escape and self.escape in text:
            marks = re.escape(self.quote + self.delimiter + self.escape)
            text = re.sub(rf"{re.escape(self.escape)}([{marks}])", r"\1", text)
        return text.replace(self.quote * 2, self.quote) if within and self.quote else text


class Record(NamedTuple):
    """``cells`` begin in line ``line`` (from 1) and end before ``end``.

    ``odd`` marks quotes that are neither around a cell nor doubled; ``problem`` says why
    the record cannot be read at all.
    """

    cells: list[str]
    line: int
    end: int
    odd: bool = False
    problem: str = ""


class Piece(NamedTuple):
    """One cell within a record's text: its value and where it stands.

    ``quoted`` is in quotes, ``loose`` with quotes inside that are not doubled; ``odd`` opens
    a quote that is not closed.
    """

    value: str
    start: int
    end: int
    quoted: bool = False
    odd: bool = False
    loose: bool = False


def pieces(text: str, dialect: Dialect, at: int = 0) -> Iterator[Piece]:
    """The cells of a record's text (without line end) from ``at`` on; a quote that is no pair stays in its cell."""
    if dialect.blanks:
        text = text.rstrip(" ")
        at = len(text) - len(text[at:].lstrip(" "))
    length = len(text)
    while True:
        piece = one_piece(text, dialect, at)
        yield piece
        if piece.end >= length:
            return
        found = dialect.run.match(text, piece.end) if dialect.blanks else None
        at = found.end() if found else piece.end + len(dialect.delimiter)


def one_piece(text: str, dialect: Dialect, at: int) -> Piece:
    """The cell that begins at ``at``."""
    if dialect.quote:
        found = dialect.quoted.match(text, at)
        if found and (found.end() == len(text) or (dialect.delimiter and text.startswith(dialect.delimiter, found.end()))):
            return Piece(dialect.unescaped(found.group(1), within=True), at, found.end(), quoted=True)
        if found and dialect.delimiter.startswith(" ") and text.startswith(dialect.delimiter, found.end() - 1):
            return Piece(dialect.unescaped(found.group(1), within=True), at, found.end() - 1, quoted=True)
        loose = dialect.loosely.match(text, at) if found and dialect.delimiter else None
        if loose:
            value = dialect.unescaped(loose.group(1), within=True)
            return Piece(value, at, loose.end(), quoted=True, loose=True)
    found = dialect.bare.match(text, at)
    end = found.end() if found else len(text)
    raw = text[at:end]
    odd = bool(dialect.quote) and raw.lstrip(" ").startswith(dialect.quote)
    return Piece(dialect.unescaped(raw, within=False), at, end, odd=odd)


def records(lines: Sequence[str], dialect: Dialect, width: int = 0) -> Iterator[Record]:
    """Every record of ``lines`` (with their line ends); blank lines come as records without cells.

    ``width`` is the number of cells to be expected (0 unknown): a quote that would
    swallow complete rows of that width is taken as never closed.
    """
    at, count, quote, escape = 0, len(lines), dialect.quote, dialect.escape
    while at < count:
        line = lines[at]
        if (not quote or quote not in line) and (not escape or escape not in line) and len(line) <= LONGEST_CELL:
            bare = line.rstrip("\r\n")
            yield Record(dialect.split(bare) if bare else [], at + 1, at + 2)
            at += 1
        else:
            record = _quoted_record(lines, at, dialect, width)
            yield record
            at = record.end - 1


def _quoted_record(lines: Sequence[str], at: int, dialect: Dialect, width: int) -> Record:
    """The record that begins in line ``at`` (from 0), over as many lines as its quotes need."""
    text = lines[at].rstrip("\r\n")
    found = list(pieces(text, dialect))
    end = at + 1
    if any(piece.odd for piece in found):
        longer, reached = _over_lines(lines, at, dialect, next(piece.start for piece in found if piece.odd))
        if reached and not (width >= 3 and _swallows(lines[at:reached], dialect, width)):
            text, end = longer, reached
            found = list(pieces(text, dialect))
    if any(piece.end - piece.start > LONGEST_CELL for piece in found):
        return Record([], at + 1, end + 1, problem=TOO_LONG)
    if not text:
        return Record([], at + 1, end + 1)
    return Record([piece.value for piece in found], at + 1, end + 1, any(map(_is_odd(text, dialect), found)))


def _is_odd(text: str, dialect: Dialect):  # noqa: ANN202  a predicate of pieces
    quote = dialect.quote
    return lambda piece: piece.odd or piece.loose or (bool(quote) and not piece.quoted and quote in text[piece.start: piece.end])


def _over_lines(lines: Sequence[str], at: int, dialect: Dialect, start: int) -> tuple[str, int]:
    """The text of the record with further lines, so that the quote opened at ``start`` is closed; ("", 0) if it never is."""
    text = lines[at]
    until = min(len(lines), at + _SPAN)
    reached = at + 1
    while True:
        bare = text.rstrip("\r\n")
        found = dialect.quoted.match(bare, start)
        if found:
            piece = one_piece(bare, dialect, start)
            if not piece.quoted or reached == at + 1:
                return "", 0
            further = next((other.start for other in pieces(bare, dialect, start) if other.odd), -1)
            if further <= start:
                return bare, reached
            start = further
        added = reached
        while added < until and dialect.quote not in lines[added]:
            added += 1
        if added >= until or sum(map(len, lines[reached: added + 1])) > LONGEST_CELL + len(text):
            return "", 0
        text += "".join(lines[reached: added + 1])
        reached = added + 1


def _swallows(lines: Sequence[str], dialect: Dialect, width: int) -> bool:
    """Would one record over these lines swallow complete rows?"""
    def is_row(line: str) -> bool:
        return sum(1 for _ in pieces(line.rstrip("\r\n"), dialect)) == width

    return any(map(is_row, lines[1:-1])) or (is_row(lines[0]) and is_row(lines[-1]))
