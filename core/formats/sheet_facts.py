"""What a sheet of an XLSX or ODS file says of itself, read from its XML as it streams by: extent, errors, what is hidden."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

import numpy as np

from core.formats.safety import damage_refused

_CHUNK = 1 << 20
_LONGEST_ROW = 32 << 20
_LARGEST_PART = 64 << 20
_CELL = re.compile(rb"""<(?:\w+:)?c [^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^/>])?>(?!</)""")
_BARE = re.compile(rb"""<(?:\w+:)?c(?=[ >])(?![^>]*\br=["'])(?:[^>]*[^/>])?>(?!</)""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b(?:[^>]*?\br=["'](\d{1,7}))?""")
_ERROR = re.compile(rb"""<(?:\w+:)?c ([^>]*\bt=["']e["'][^>]*)>(?:(?:(?!</?(?:\w+:)?c[ />]).)*?<(?:\w+:)?v>([^<]*)<)?""", re.DOTALL)
_UNKNOWN = re.compile(rb"""<(?:\w+:)?c ([^>]*)><(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
                      rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})\d""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row [^>]*\bhidden=["'](?:1|true)""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col ([^>]*\bhidden=["'](?:1|true)[^>]*)>""")
_SPAN = re.compile(rb"""\b(min|max)=["'](\d+)""")
_ODS = re.compile(rb"""<(/?)table:(table-row|table-cell|covered-table-cell|table-column|table)(?=[ />])([^>]*)>""")
_TIMES = re.compile(rb"""number-(columns|rows)-(repeated|spanned)=["'](\d{1,9})["']""")
_NAME = re.compile(rb"""table:name=["']([^"']*)["']""")


@dataclass
class SheetFacts:
    """``right`` columns by ``bottom`` rows enclose all filled cells, of which there are ``cells``.

    ``errors`` and ``unknown`` (formulas that were never calculated) count cells by column, from 0; ``merged`` are
    (first row, first column, last row, last column), from 0; ``texts`` counts cells that point to shared texts.
    """

    right: int = 0
    bottom: int = 0
    cells: int = 0
    texts: int = 0
    errors: Counter[int] = field(default_factory=Counter)
    error_words: Counter[str] = field(default_factory=Counter)
    unknown: Counter[int] = field(default_factory=Counter)
    hidden_rows: int = 0
    hidden_columns: int = 0
    filtered: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def area(self) -> int:
        return self.right * self.bottom


def xlsx_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts of the archive that hold the sheets, by the name of the sheet; what cannot be followed is left away."""
    names = set(archive.namelist())
    book = next((name for name in archive.namelist() if name.endswith("workbook.xml")), "")
    folder, file = posixpath.split(book)
    links = f"{folder}/_rels/{file}.rels".lstrip("/")
    targets = {one.get("Id"): one.get("Target", "") for one in _elements(archive, links, "Relationship")}
    found = {}
    for sheet in _elements(archive, book, "sheet"):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if part in names:
            found[sheet.get("name", "")] = part
    return found


def _elements(archive: zipfile.ZipFile, part: str, tag: str) -> Iterator[ElementTree.Element]:
    """Elements of a small part; its entities were refused before."""
    if part not in archive.namelist() or archive.getinfo(part).file_size > _LARGEST_PART:
        return
    with damage_refused("The workbook is damaged and cannot be read."):
        try:
            root = ElementTree.fromstring(archive.read(part))
        except (ElementTree.ParseError, LookupError) as problem:
            raise ValueError(part) from problem
    yield from (element for element in root.iter() if element.tag.rpartition("}")[2] == tag)


def longest_text(archive: zipfile.ZipFile) -> int:
    """No shared text of the workbook is longer than this many bytes."""
    part = next((name for name in archive.namelist() if name.endswith("sharedStrings.xml")), None)
    if part is None:
        return 0
    longest, begun = 0, 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            first, *others = re.split(rb"<(?:\w+:)?si[ />]", chunk)
            begun += len(first)
            longest = max(longest, begun)
            if others:
                longest = max(longest, *map(len, others))
                begun = len(others[-1])
    return longest


def xlsx_facts(archive: zipfile.ZipFile, part: str, most: int) -> SheetFacts:
    """Facts of one sheet, whatever its declared dimension says.

    Cells in which nothing stands belong to the extent unless it has more than ``most`` cells by that.
    """
    facts = SheetFacts()
    with damage_refused("The workbook is damaged and cannot be read."):
        with archive.open(part) as stream:
            for piece in _whole_rows(stream):
                _look(piece, facts)
        if facts.area > most:
            facts.right = facts.bottom = 0
            with archive.open(part) as stream:
                for piece in _whole_rows(stream):
                    _measure(piece, facts)
    return facts


def _whole_rows(stream: IO[bytes]) -> Iterator[bytes]:
    """The XML in pieces that end behind a row."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        rest += chunk
        cut = max(rest.rfind(b"</row>"), rest.rfind(b":row>"))
        if cut < 0 and len(rest) < _LONGEST_ROW:
            continue
        cut = cut + 6 if cut >= 0 else rest.rfind(b"<")
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _measure(piece: bytes, facts: SheetFacts) -> None:
    """Widen the extent by every cell in which something stands."""
    found = _CELL.findall(piece)
    if found:
        columns, rows = zip(*found, strict=True)
        facts.right = max(facts.right, *map(_column, set(columns)))
        facts.bottom = max(facts.bottom, max(map(int, set(rows))))
    elif _BARE.search(piece):
        rows = _ROW.findall(piece)
        facts.bottom = max(facts.bottom + len(rows), *(int(number or 0) for number in rows), 0)
        facts.right = max(facts.right, *(len(_BARE.findall(row)) for row in piece.split(b"row>")))


def _bound(piece: bytes, facts: SheetFacts) -> int:
    """Widen the extent by every reference like B7, whether something stands in the cell or not; how many there are."""
    text = np.frombuffer(piece + b" " * 16, dtype=np.uint8)
    quote = text[3:-12]
    at = np.flatnonzero((text[1:-14] == ord("r")) & (text[:-15] == ord(" ")) & (text[2:-13] == ord("="))
                        & ((quote == ord('"')) | (quote == ord("'")))) + 4
    columns, rows = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    for _ in range(3):
        letter = text[at] - np.uint8(ord("A") - 1)
        found = letter - np.uint8(1) < 26
        columns = np.where(found, columns * 26 + letter, columns)
        at += found
    for _ in range(7):
        digit = text[at] - np.uint8(ord("0"))
        found = digit < 10
        rows = np.where(found, rows * 10 + digit, rows)
        at += found
    facts.right = max(facts.right, int(columns.max(initial=0)))
    facts.bottom = max(facts.bottom, int(rows.max(initial=0)))
    return int(np.count_nonzero(columns))


def _look(piece: bytes, facts: SheetFacts) -> None:
    filled = piece.count(b"</c>") + piece.count(b":c>") // 2
    facts.cells += filled
    facts.texts += piece.count(b't="s"') + piece.count(b"t='s'")
    if _bound(piece, facts) < filled:
        _measure(piece, facts)
    if b'"e"' in piece or b"'e'" in piece:
        for attributes, word in _ERROR.findall(piece):
            facts.errors[_place(attributes)] += 1
            facts.error_words[word.decode("ascii", "replace")] += 1
    if b"f>" in piece or b"<f" in piece:
        facts.unknown.update(_place(attributes) for attributes in _UNKNOWN.findall(piece))
    if b"hidden=" in piece:
        facts.hidden_rows += len(_HIDDEN_ROW.findall(piece))
        for attributes in _HIDDEN_COLUMN.findall(piece):
            span = {key: int(value) for key, value in _SPAN.findall(attributes)}
            facts.hidden_columns += max(0, min(span.get(b"max", 0), max(facts.right, span.get(b"min", 0)) + 50) - span.get(b"min", 0) + 1)
    facts.filtered = facts.filtered or b"autoFilter" in piece


def _place(attributes: bytes) -> int:
    """The column (from 0) of a cell with these attributes, -1 where it does not say."""
    found = _REFERENCE.search(b" " + attributes)
    return _column(found.group(1)) - 1 if found else -1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def ods_facts(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """Facts of every sheet of an OpenDocument file, by its name; repeated cells count as often as they are repeated."""
    found: dict[str, SheetFacts] = {}
    with damage_refused("The workbook is damaged and cannot be read."), archive.open("content.xml") as stream:
        sheet, rest = _OdsSheet(SheetFacts()), b""
        while chunk := stream.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"<")
            for closing, tag, attributes in _ODS.findall(rest, 0, cut):
                if tag == b"table" and not closing:
                    name = _NAME.search(attributes)
                    sheet = _OdsSheet(SheetFacts())
                    found[_unescaped(name.group(1)) if name else ""] = sheet.facts
                elif tag != b"table":
                    sheet.saw(tag, attributes, closing=bool(closing))
            rest = rest[cut:] if cut >= 0 else b""
    return found


def _unescaped(name: bytes) -> str:
    from xml.sax.saxutils import unescape

    return unescape(name.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})


class _OdsSheet:
    """The place in a sheet while its tags go by."""

    def __init__(self, facts: SheetFacts) -> None:
        self.facts, self.row, self.column, self.times, self.widest = facts, 0, 0, 1, 0

    def saw(self, tag: bytes, attributes: bytes, *, closing: bool) -> None:
        if tag == b"table-row":
            self._row(attributes, closing=closing)
        elif tag == b"table-column":
            self.facts.hidden_columns += not closing and b'visibility="' in attributes
        elif not closing:
            self._cell(attributes)

    def _row(self, attributes: bytes, *, closing: bool) -> None:
        if not closing:
            self.column = self.widest = 0
            self.times = _times(attributes).get((b"rows", b"repeated"), 1)
            self.facts.hidden_rows += b'visibility="' in attributes
            self.facts.filtered = self.facts.filtered or b'visibility="filter"' in attributes
        if closing or attributes.endswith(b"/"):
            self.row += self.times
            if self.widest:
                self.facts.bottom, self.facts.right = self.row, max(self.facts.right, self.widest)

    def _cell(self, attributes: bytes) -> None:
        times = _times(attributes)
        repeated = times.get((b"columns", b"repeated"), 1)
        wide, high = times.get((b"columns", b"spanned"), 1), times.get((b"rows", b"spanned"), 1)
        if wide > 1 or high > 1:
            self.facts.merged.append((self.row, self.column, self.row + high - 1, self.column + wide - 1))
        self.column += repeated
        if not attributes.endswith(b"/") or b"value" in attributes:
            self.widest = self.column
            self.facts.cells += repeated * self.times
        if b'value-type="error"' in attributes:
            self.facts.errors[self.column - 1] += 1
        elif b"table:formula" in attributes and b"value-type" not in attributes:
            self.facts.unknown[self.column - 1] += 1


def _times(attributes: bytes) -> dict[tuple[bytes, bytes], int]:
    return {(what, how): int(number) for what, how, number in _TIMES.findall(attributes)} if b"number-" in attributes else {}
