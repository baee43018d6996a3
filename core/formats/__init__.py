"""Bytes to cells: the catalogue of file formats. Content decides, never the name of the file.

A new format is one file ending in a ``Format`` entry and one line below.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from core.catalogue import Catalogue
from core.errors import UnreadableFile
from core.formats.containers import unpacked
from core.formats.json_text import JSON
from core.formats.parquet import PARQUET
from core.formats.reading import Format, Reading, not_a_table
from core.formats.text import TEXT
from core.formats.workbook import EXCEL
from core.model import Note

FORMATS: Catalogue[Format] = Catalogue("file format", PARQUET, EXCEL, JSON, TEXT)

_HEAD = 65_536
_PACKED = (".gz", ".bz2", ".xz", ".zip")
_FOREIGN = {
    b"%PDF-": "a PDF document", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"\x7fELF": "a program",
    b"\xca\xfe\xba\xbe": "a program", b"SQLite format 3\0": "a database", b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\7": "a RAR archive", b"\x28\xb5\x2f\xfd": "packed by Zstandard (.zst)", b"\x04\x22\x4d\x18": "packed by LZ4",
    b"{\\rtf": "a text document", b"\x89HDF": "an HDF5 file", b"<stata_dta>": "a Stata file", b"Obj\x01": "an Avro file",
}
_FOREIGN_IF_BINARY = {
    b"MZ": "a program", b"GIF8": "an image", b"RIFF": "a sound or a film", b"ARROW1": "an Arrow file", b"ORC": "an ORC file",
    b"$FL2": "an SPSS file", b"BM": "an image", b"II*": "an image", b"ID3": "a sound",
}
_ARCHIVES = ("archive", "packed")
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|\?xml|[a-z]+:workbook|script|div)\b", re.IGNORECASE)
_SINGLE = re.compile(rb'\s*(?:null|true|false|-?\d+(?:\.\d+)?|"[^"\n]*")?\s*')


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """The cells of the file at ``path``; ``name`` is only shown.

    ``answers`` to the reading's questions: those of the format, and ``member`` of an archive. Raises
    :class:`UnreadableFile` with one of the codes EMPTY_FILE, NO_ROWS, NO_ROWS_FIT, NOT_A_TABLE, ENCRYPTED, TRUNCATED,
    ENCODING, TOO_MANY_COLUMNS, SHEET_TOO_LARGE, UNPACKED_TOO_LARGE, UNSAFE_ARCHIVE, UNSAFE_XML, JSON_SYNTAX, TOO_DEEP.
    """
    if not path.stat().st_size:
        raise UnreadableFile("EMPTY_FILE", "The file is empty (0 bytes).", "Export it again and upload it.")
    with unpacked(path, name, answers) as content:
        with content.path.open("rb") as stream:
            head = stream.read(_HEAD)
        chosen = _format(content.path, head, content.name)
        reading = chosen.read(content.path, content.name, answers)
    source = replace(reading.source, name=name, packed=content.member)
    if content.member:
        reading = replace(reading, digest=_digest(path))
    notes = (*_extension(chosen, content.name, content.member), *content.notes, *reading.notes)
    return replace(reading, source=source, notes=notes, questions=(*content.questions, *reading.questions))


def _format(path: Path, head: bytes, name: str) -> Format:
    """Who reads this content; the refusal says what it is, where that can be seen."""
    known = {**_FOREIGN, **(_FOREIGN_IF_BINARY if b"\0" in head[:512] else {})}
    foreign = next((what for magic, what in known.items() if head.startswith(magic)), "")
    if foreign:
        hint = "Unpack it and upload the table itself." if any(w in foreign for w in _ARCHIVES) else ""
        raise not_a_table(f"The file is {foreign}, not a table.", hint)
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise not_a_table("The file is a web page or an XML document, not a table, whatever its name says.",
                          "Open it in Excel, save it as .xlsx or CSV, and upload that.")
    if name.lower().endswith(JSON.extensions) and _SINGLE.fullmatch(head.removeprefix(b"\xef\xbb\xbf")):
        raise not_a_table("The JSON text is a single value, not a table.")
    chosen = next((entry for entry in FORMATS.values() if entry.sniff(path, head)), None)
    if chosen is None:
        raise not_a_table("The file is not a table.")
    return chosen


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _extension(chosen: Format, name: str, member: str) -> tuple[Note, ...]:
    """A note where the name promises another format than the content holds."""
    promised = next((f for f in FORMATS.values() if name.lower().endswith(f.extensions)), None)
    if name.lower().endswith(_PACKED) and not member and promised is not chosen:
        text = f"The name says that the file is packed; the content is {chosen.label}, and was read."
    elif promised not in (None, chosen):
        text = f"The name says {promised.label}, the content is {chosen.label}; the content was read."
    else:
        return ()
    return (Note("EXTENSION", text, count=1, hint="Nothing needs to be done; the next export should be named rightly."),)


__all__ = ["FORMATS", "Format", "Reading", "read"]
