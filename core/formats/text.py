"""Delimited text: CSV, TSV, semicolon or pipe."""

from __future__ import annotations

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from core.errors import UnreadableFile
from core.formats.dialect import Wanted, dialect_of
from core.formats.encoding import decode
from core.formats.fast import SMALLEST, read_fast
from core.formats.letters import mojibake
from core.formats.lining import lining_note
from core.formats.reading import Format, Reading, without_collecting
from core.formats.rows import split_lines
from core.formats.shape import shape
from core.model import Note, Source

_NOTHING = "\ufeff \t\r\n\0,;|"
_CONTROLS = tuple(chr(code) for code in range(1, 32) if chr(code) not in "\t\n\r")
_NUL_CELL = re.compile(r"[^,;|\t\r\n]*\0[^,;|\t\r\n]*")
_SEP = re.compile(r"sep=([^\r\n]{1,2}?)[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(\{\s*\"|\[\s*[\[{])")


def sniff(path: Path, head: bytes) -> bool:
    """Anything that is text; binary files, web pages and JSON are not."""
    if head.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return False
    if _JSON.match(head):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = head[:8192]
    controls = sum(byte < 9 or 14 <= byte < 27 or 28 <= byte < 32 for byte in sample.replace(b"\0", b""))
    return controls <= 0.005 * len(sample) and (sample.count(0) <= max(3, 0.01 * len(sample)) or _utf16_like(sample))


def _utf16_like(sample: bytes) -> bool:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return max(even, odd) > 0.4 * (len(sample) / 2) > 10 * min(even, odd)


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """Rows of text cells, exactly as in the file; what fits no row is in the quarantine."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    decoded = decode(data, answers.get("encoding", ""))
    text, encoding = decoded.text, decoded.encoding
    if not text[:10_000].strip(_NOTHING) and not text.strip(_NOTHING):  # separators alone are no cells
        raise UnreadableFile("EMPTY_FILE", "The file is empty.", "Export it again and upload it.")
    text, removed = _without_nul(text)
    text, wrong = mojibake(text, answers.get("mojibake", ""))
    declared = _SEP.match(text)
    wanted = _wanted(answers, declared.group(1) if declared else None)
    dialect = dialect_of(text[declared.end():] if declared else text, wanted)
    source = Source(name=name, format="text", encoding=encoding, delimiter=dialect.delimiter, quote=dialect.quote,
                    escape=dialect.escape)
    notes = (*decoded.notes, *removed, *wrong, *_controls(text, dialect.delimiter), *lining_note(dialect))
    told: dict[str, Any] = {"source": source, "answers": answers, "notes": notes, "digest": digest}
    with without_collecting():
        if len(text) >= SMALLEST and not declared and not decoded.unreadable:
            as_it_is = encoding == "utf-8" and not removed and not wrong and not data.startswith(BOM_UTF8)
            data = data if as_it_is else text.encode("utf-8")
            del text
            reading = read_fast(data, dialect, **told)
            if reading is not None:
                return reading
            text = data.decode("utf-8")
        lines = split_lines(text)
        if declared:
            # Blanked, not removed: line numbers in the quarantine stay those of the file.
            lines[0] = "\n"
        return shape(lines, dialect, **told, unreadable=decoded.unreadable)


def _controls(text: str, delimiter: str) -> tuple[Note, ...]:
    """A note of invisible control characters, which stay in the cells."""
    found = [mark for mark in _CONTROLS if mark in text and mark != delimiter]
    count = sum(text.count(mark) for mark in found)
    if not count:
        return ()
    first = text.index(found[0])
    begin = max(text.rfind("\n", 0, first) + 1, first - 15)
    shown = text[begin: first + 15].split("\n")[0].translate({code: 0x2400 + code for code in range(32)})
    note = Note("CONTROL_CHARACTERS", f"{count:,} invisible control characters stand in the text; they were kept.", count=count,
                examples=(shown,), line=text.count("\n", 0, first) + 1, hint="They are shown as signs such as ␛.")
    return (note,)


def _wanted(answers: Mapping[str, str], declared: str | None) -> Wanted:
    """What answers and a ``sep=`` line say of the dialect. "none" as quote or escape means that there is none."""
    def answer(key: str) -> str | None:
        given = answers.get(key)
        return "" if given == "none" else given

    return Wanted(answer("delimiter") or declared, answer("quote"), answer("escape"))


def _without_nul(text: str) -> tuple[str, tuple[Note, ...]]:
    """The text without NUL characters, unless they escape quotes."""
    count = text.count("\0")
    if not count or text.count('\0"') + text.count("\0'") > 0.9 * count:
        return text, ()
    shown = tuple(found.replace("\0", "␀")[:40] for found in islice(_NUL_CELL.findall(text), 3))
    note = Note("NUL_REMOVED", f"{count:,} invisible NUL characters were removed.", count=count, examples=shown)
    return text.replace("\0", ""), (note,)


TEXT = Format("text", "Text table (CSV, TSV)", (".csv", ".tsv", ".txt", ".tab"), sniff, read)
