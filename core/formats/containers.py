"""Packed files: gzip, bzip2, xz, and zip with one table in it. Unpacked to disk within limits, then read as what it is."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.errors import UnreadableFile
from core.formats.reading import MAX_UNPACKED
from core.formats.safety import EMPTY_ZIP, MAX_RATIO, SMALL, ZIP, damage_refused, members, too_large, unsafe_archive
from core.model import Choice, Note, Question

_CHUNK = 1 << 20
_STREAMS: dict[bytes, tuple[str, Callable[[Path], IO[bytes]]]] = {
    b"\x1f\x8b": (".gz", gzip.open), b"BZh": (".bz2", bz2.open), b"\xfd7zXZ\x00": (".xz", lzma.open),
}
_WORKBOOKS = ("workbook.xml", "workbook.bin", "content.xml")
_OFFICE = ("[Content_Types].xml", "mimetype", "word/document.xml")
_NOISE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_TEXT = (".txt", ".dat")
_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".pq", ".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Unpacked:
    """``path`` holds the content, ``name`` is what it is called, ``member`` what of the archive it is, "" if unpacked."""

    path: Path
    name: str
    member: str = ""
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()


@contextmanager
def unpacked(path: Path, name: str, answers: Mapping[str, str]) -> Iterator[Unpacked]:
    """The table in the file at ``path``: the file itself, or a temporary file with what is packed in it.

    ``answers["member"]`` names a member of a zip archive with several. Raises :class:`UnreadableFile`: TRUNCATED,
    ENCRYPTED, UNPACKED_TOO_LARGE, UNSAFE_ARCHIVE, EMPTY_FILE.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "content"
        suffix, opened = next((found for magic, found in _STREAMS.items() if head.startswith(magic)), ("", None))
        if opened is not None:
            _unpack_stream(path, opened, target)
            inner = name[: -len(suffix)] if name.lower().endswith(suffix) else name
            yield _checked(Unpacked(target, inner, inner))
        elif head.startswith((ZIP, EMPTY_ZIP)):
            yield _from_zip(path, name, answers, target)
        else:
            yield Unpacked(path, name)


def _unpack_stream(path: Path, opened: Callable[[Path], IO[bytes]], target: Path) -> None:
    with damage_refused("The packed file is damaged or incomplete."), opened(path) as stream:
        _copy(stream, target, path.stat().st_size, "The packed file", _declared(path))


def _declared(path: Path) -> int:
    """The size a gzip file says it unpacks to: its last four bytes, modulo 2**32; worth only to be told."""
    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            return 0
        stream.seek(max(0, path.stat().st_size - 4))
        return int.from_bytes(stream.read(4), "little")


def _copy(stream: IO[bytes], target: Path, packed: int, what: str, declared: int) -> None:
    """Write what comes out, and stop as soon as it is too much, whatever was declared."""
    limit = min(MAX_UNPACKED, max(SMALL, MAX_RATIO * packed))
    written = 0
    with target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > limit:
                raise too_large(what, max(written, declared))
            out.write(chunk)


def _from_zip(path: Path, name: str, answers: Mapping[str, str], target: Path) -> Unpacked:
    """One member of the archive; a workbook is an archive, too, and stays as it is."""
    found = members(path)
    if any(info.filename.endswith(_WORKBOOKS) or info.filename in _OFFICE for info in found):
        return Unpacked(path, name)
    files = [info for info in found if not any(noise in info.filename for noise in _NOISE)]
    if not files:
        raise UnreadableFile("EMPTY_FILE", "The archive holds no file.", "Pack it again and upload it.")
    chosen = _chosen(files, answers.get("member", ""))
    damaged = damage_refused("The archive is damaged or incomplete.")
    with damaged, zipfile.ZipFile(path) as archive, archive.open(chosen) as stream:
        _copy(stream, target, chosen.compress_size, "The archive", chosen.file_size)
    notes, questions = _several(files, chosen, "member" in answers)
    return _checked(Unpacked(target, chosen.filename, chosen.filename, notes, questions))


def _chosen(files: Sequence[zipfile.ZipInfo], wanted: str) -> zipfile.ZipInfo:
    """The member asked for, else the largest that is called like a table, else the largest."""
    for info in files:
        if info.filename == wanted:
            return info
    def rank(info: zipfile.ZipInfo) -> tuple[bool, bool, int]:
        name = info.filename.lower()
        return name.endswith(_TABLES), name.endswith(_TEXT), info.file_size

    return max(files, key=rank)


def _several(
    files: Sequence[zipfile.ZipInfo], chosen: zipfile.ZipInfo, answered: bool
) -> tuple[tuple[Note, ...], tuple[Question, ...]]:
    if len(files) == 1:
        return (), ()
    names = tuple(info.filename for info in files)
    others = tuple(f"{info.filename} ({info.file_size:,} bytes)" for info in files if info is not chosen)
    text = f"The archive holds {len(files):,} files; {chosen.filename!r} is read."
    if answered:
        choice = Choice("member", names, chosen.filename)
        return (Note("MEMBER", text, count=len(others), examples=others[:3], choice=choice),), ()
    return (), (Question("member", "SEVERAL_MEMBERS", f"{text} Is that the table?", names, chosen.filename,
                         count=len(others), examples=others[:3]),)


def _checked(found: Unpacked) -> Unpacked:
    """Packed once is enough: what is packed again, other than a workbook, is refused."""
    with found.path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise UnreadableFile("EMPTY_FILE", "The packed file is empty (0 bytes).", "Export it again and upload it.")
    nested = head.startswith(tuple(_STREAMS)) or (
        head.startswith((ZIP, EMPTY_ZIP)) and not any(i.filename.endswith(_WORKBOOKS) for i in members(found.path)))
    if nested:
        raise unsafe_archive("The archive holds another archive.")
    return found
