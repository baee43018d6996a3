"""Bytes to cells: the catalogue of file formats. Content decides, never the name of the file.

A new format is one file ending in a ``Format`` entry and one line below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from core.catalogue import Catalogue
from core.errors import UnreadableFile
from core.formats.excel import EXCEL
from core.formats.parquet import PARQUET
from core.formats.reading import Format, Reading, not_a_table
from core.formats.text import TEXT
from core.model import Note

FORMATS: Catalogue[Format] = Catalogue("file format", PARQUET, EXCEL, TEXT)

_KNOWN = {b"%PDF": "a PDF document", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
          b"MZ": "a program", b"\x7fELF": "a program", b"SQLite": "a database"}


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """The cells of the file at ``path``; ``name`` is only shown.

    ``answers`` to the reading's questions: header yes|no, delimiter, encoding,
    sheet. Raises :class:`UnreadableFile` with one of the codes EMPTY_FILE, NO_ROWS,
    NO_ROWS_FIT, NOT_A_TABLE, ENCRYPTED, TRUNCATED, ENCODING, TOO_MANY_COLUMNS,
    SHEET_TOO_LARGE, UNPACKED_TOO_LARGE.
    """
    with path.open("rb") as stream:
        head = stream.read(65_536)
    if not head:
        raise UnreadableFile("EMPTY_FILE", "The file is empty (0 bytes).", "Export it again and upload it.")
    known = next((what for magic, what in _KNOWN.items() if head.startswith(magic)), None)
    chosen = next((entry for entry in FORMATS.values() if entry.sniff(path, head)), None)
    if chosen is None or known:
        raise not_a_table(f"The file is {known}, not a table." if known else "The file is not a table.")
    reading = chosen.read(path, name, answers)
    return _told_of_extension(reading, chosen, name)


def _told_of_extension(reading: Reading, chosen: Format, name: str) -> Reading:
    """A note where the name promises another format than the content holds."""
    promised = next((f for f in FORMATS.values() if name.lower().endswith(f.extensions)), chosen)
    if promised is chosen:
        return reading
    text = f"The name says {promised.label}, the content is {chosen.label}; the content was read."
    return replace(reading, notes=(Note("EXTENSION", text, count=1), *reading.notes))


__all__ = ["FORMATS", "Format", "Reading", "read"]
