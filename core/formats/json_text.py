"""JSON: an array of objects or of arrays, one object a line, columns, or a table under a key."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import pandas as pd

from core.errors import UnreadableFile
from core.formats.grid import Grid, shaped
from core.formats.json_records import Records, plain
from core.formats.json_shape import find, first_kind
from core.formats.json_syntax import BLANK, Document, Value
from core.formats.reading import Format, Reading, no_rows, refuse_too_large, refuse_too_wide, without_collecting
from core.model import Choice, Note, Source, no_lines

_BEGIN = re.compile(r"""(?:(?://.*|/\*[\s\S]*?\*/)\s*)*(?:\{\s*(?:["'}]|//|/\*|[A-Za-z_]\w*\s*:)|\[\s*(?:[\[{]|//|/\*|\n))""")
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CODEPAGES = ("cp1252", "latin-1", "mac-roman", "cp1251", "shift_jis", "gb18030")
_LONGEST_LINE = 60_000


def sniff(path: Path, head: bytes) -> bool:
    """Text that begins like an array or an object; other text in brackets only where its first line is JSON."""
    text = head.decode(json.detect_encoding(head), "ignore").lstrip("\ufeff \t\r\n")
    if _BEGIN.match(text):
        return not text.startswith("[[") or _is_value(text)
    return text.startswith("[") and _is_value(text)


def _is_value(text: str) -> bool:
    """The first line is JSON, or the beginning of JSON that goes on in the next."""
    first = text.split("\n", 1)[0].strip()
    if len(first) > _LONGEST_LINE:
        return True
    closing = "]" * (first.count("[") - first.count("]"))
    try:
        json.loads(first.rstrip(",") + closing)
    except (ValueError, RecursionError):
        return first.count("[") > 100
    return True


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """Native cells (str, int, float, bool, None); records in records are taken apart by one level.

    ``answers``: encoding, table (of several), nested flatten|text, orientation columns|rows, and for arrays those of
    :func:`core.formats.layout.lay_out`. Raises :class:`UnreadableFile`: TOO_DEEP, JSON_SYNTAX with its line, TRUNCATED,
    ENCODING, EMPTY_FILE, NOT_A_TABLE, NO_ROWS, TOO_MANY_COLUMNS, SHEET_TOO_LARGE.
    """
    with without_collecting():
        return _read(path.read_bytes(), Source(name=name, format="json"), answers)


def _read(data: bytes, source: Source, answers: Mapping[str, str]) -> Reading:
    digest = hashlib.sha256(data).hexdigest()
    text, encoding, notes = _decoded(data, answers.get("encoding", ""))
    del data
    document = Document(text)
    shape = find(document, answers)
    values = iter(shape.values)
    kind, head = first_kind(values)
    sorted_out = _Sorted(chain(head, values), kind)
    source = replace(source, encoding=encoding, header_rows=0)
    rows = _records(sorted_out, source, answers, digest) if kind is dict else _rows(sorted_out, source, answers, digest)
    quarantine = pd.concat([sorted_out.quarantine(), rows.quarantine], ignore_index=True)
    source = replace(rows.source, rows_in_file=rows.source.rows_in_file + len(sorted_out.aside))
    noticed = (*notes, *shape.notes, *_noticed(document), *rows.notes, *sorted_out.notes())
    return replace(rows, source=source, quarantine=quarantine, notes=noticed, questions=(*shape.questions, *rows.questions))


@dataclass
class _Sorted:
    """Values of one ``kind``, handed out one by one; ``aside`` keeps what is none, ``blank`` counts empty lines."""

    values: Iterator[Value]
    kind: type
    blank: int = 0
    aside: list[Value] = field(default_factory=list)

    def wanted(self) -> Iterator[Value]:
        """Those of the kind. Raises JSON_SYNTAX afterwards where most lines could not be read."""
        good = 0
        for value in self.values:
            if not value.problem and isinstance(value.value, self.kind):
                good += 1
                yield value
            elif value.problem == BLANK:
                self.blank += 1
            else:
                self.aside.append(value)
        wrong = [value for value in self.aside if value.problem]
        if len(wrong) > good:
            what = f"{len(wrong):,} lines are no JSON; the first is line {wrong[0].line:,}: {wrong[0].problem}."
            raise UnreadableFile("JSON_SYNTAX", what, "Export the file again from the program that wrote it.", wrong[0].line)

    def quarantine(self) -> pd.DataFrame:
        """What became no row: line, text, reason."""
        if not self.aside:
            return no_lines("reason")
        other = "no record" if self.kind is dict else "no list"
        return pd.DataFrame({
            "line": [value.line for value in self.aside],
            "text": [value.text or json.dumps(plain(value.value), ensure_ascii=False) for value in self.aside],
            "reason": [value.problem or other for value in self.aside],
        })

    def notes(self) -> tuple[Note, ...]:
        """One for each way in which something became no row."""
        found = []
        if self.blank:
            found.append(Note("BLANK_LINES", f"{self.blank:,} blank lines were skipped.", count=self.blank))
        if self.aside:
            text = f"{len(self.aside):,} entries are no records of the table and are kept apart."
            found.append(Note("QUARANTINE", text, count=len(self.aside), line=self.aside[0].line))
        return tuple(found)

    def skips(self) -> dict[str, int]:
        """Lines that are declared to be no row, by note code."""
        return {"BLANK_LINES": self.blank} if self.blank else {}


def _records(found: _Sorted, source: Source, answers: Mapping[str, str], digest: str) -> Reading:
    records = Records(answers.get("nested") != "text")
    for value in found.wanted():
        records.add(value.value)
    raw, notes = records.frame()
    if not len(raw):
        raise no_rows(list(raw.columns))
    skips = found.skips()
    source = replace(source, header_rows=0, skips=skips, rows_in_file=len(raw) + sum(skips.values()))
    return Reading(raw, source, tuple(notes), digest=digest)


def _rows(found: _Sorted, source: Source, answers: Mapping[str, str], digest: str) -> Reading:
    rows, lines = [], []
    for value in found.wanted():
        rows.append([plain(cell) for cell in value.value])
        lines.append(value.line)
    width = max(map(len, rows), default=0)
    refuse_too_wide(width)
    refuse_too_large(width * len(rows), "The file")
    for row in rows:
        row.extend([None] * (width - len(row)))
    return shaped(Grid(rows, lines, skips=found.skips()), source, answers, digest)


def _decoded(data: bytes, wanted: str) -> tuple[str, str, tuple[Note, ...]]:
    """Text, the name of its encoding, and a note where that is a guess; JSON is Unicode by its standard (RFC 8259)."""
    guess = json.detect_encoding(data)
    own = next((bom for bom in _BOMS if data.startswith(bom)), b"")
    try:
        if wanted:
            return data.decode(wanted).lstrip("\ufeff"), wanted, ()
        return data.decode(guess).lstrip("\ufeff"), "utf-8" if own in (b"", _BOMS[0]) and guess[:5] == "utf-8" else guess, ()
    except (UnicodeDecodeError, LookupError) as problem:
        if wanted or guess[:5] != "utf-8":
            raise UnreadableFile("ENCODING", f"The file cannot be read as {wanted or guess}.",
                                 "Choose another encoding, or export the file again as UTF-8.") from None
        at = data.count(b"\n", 0, getattr(problem, "start", 0)) + 1
    text = data.decode("cp1252", "backslashreplace")
    shown = tuple(dict.fromkeys(re.findall(r"\w*[^\x00-\x7f]\w*", text)))[:3]
    note = Note("ENCODING", "The file is not UTF-8, as JSON should be; it was read as cp1252 (Western European).",
                count=len(re.findall(r"[^\x00-\x7f]", text)), examples=shown, line=at,
                choice=Choice("encoding", _CODEPAGES, "cp1252"))
    return text, "cp1252", (note,)


def _noticed(document: Document) -> Iterator[Note]:
    """What reading met in the text itself."""
    if document.repeated:
        names = tuple(f"{key} ({count:,})" for key, count in document.repeated.most_common(3))
        yield Note("REPEATED_KEYS", "Some records hold the same name more than once; the second is called 'name (2)'.",
                   count=document.repeated.total(), examples=names)
    if document.constants:
        yield Note("NOT_FINITE", "NaN and Infinity are no JSON and no amounts; they count as missing.",
                   count=document.constants.total(), examples=tuple(document.constants)[:3])
    if document.long:
        yield Note("LONG_NUMBERS", "Some numbers have more digits than can be computed with; they are kept as text.",
                   count=len(document.long), examples=tuple(document.long[:3]))
    if document.halves:
        yield Note("HALF_CHARACTERS", "Some escapes stand for half a character; they are kept as they are written.",
                   count=document.halves)


JSON = Format("json", "JSON", (".json", ".jsonl", ".ndjson"), sniff, read)
