"""What is looked at before anything is unpacked: the directory of an archive, and the head of its XML parts."""

from __future__ import annotations

import errno
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.errors import UnreadableFile
from core.formats.reading import MAX_UNPACKED, truncated

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MAX_ENTRIES = 2_000
MAX_RATIO = 100
SMALL = 16 << 20  # what unpacks to this much does no harm, however well it is packed
_LOCAL_HEADER = 30
_LONGEST_PROLOG = 1 << 20
_ROOT = re.compile(rb"<[A-Za-z_]")
_DTD = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError,
           RuntimeError, IndexError, struct.error)


@contextmanager
def damage_refused(what: str) -> Iterator[None]:
    """What unpacking says of damaged bytes becomes the refusal TRUNCATED; a full or failing disk stays what it is."""
    try:
        yield
    except _DAMAGE as problem:
        if of_the_machine(problem):
            raise
        raise truncated(what) from None


def of_the_machine(problem: BaseException) -> bool:
    """Is it the disk that fails, not the file? A place that cannot be (EINVAL) is what damaged bytes point to."""
    return getattr(problem, "errno", None) not in (None, errno.EINVAL)


def unsafe_archive(what: str) -> UnreadableFile:
    return UnreadableFile("UNSAFE_ARCHIVE", what, "Unpack the archive and upload the table itself.")


def too_large(name: str, unpacked: int) -> UnreadableFile:
    """The refusal of what would unpack to ``unpacked`` bytes."""
    what = f"{name} says that it unpacks to {unpacked:,} bytes; {MAX_UNPACKED:,} can be read, and no more than " \
           f"{MAX_RATIO} times the size of the upload."
    return UnreadableFile("UNPACKED_TOO_LARGE", what, "Save the table as CSV, or upload a smaller part of it.")


def encrypted(what: str = "The file is protected by a password.") -> UnreadableFile:
    hint = "Open it in the program that made it, remove the password (Excel: File > Info), save and upload again."
    return UnreadableFile("ENCRYPTED", what, hint)


def members(path: Path) -> list[zipfile.ZipInfo]:
    """The members of the zip archive at ``path``, folders left out.

    Raises :class:`UnreadableFile`: TRUNCATED, ENCRYPTED, UNPACKED_TOO_LARGE, or UNSAFE_ARCHIVE for names that lead
    outside, links, overlapping members and more than ``MAX_ENTRIES`` of them. Nothing is unpacked for it.
    """
    what = "The file begins like a zip archive or a workbook but is damaged or incomplete."
    with damage_refused(what), zipfile.ZipFile(path) as archive:
        found = archive.infolist()
    if len(found) > MAX_ENTRIES:
        raise unsafe_archive(f"The archive has {len(found):,} members; {MAX_ENTRIES:,} are allowed.")
    for info in found:
        _refuse_name(info)
    if any(info.flag_bits & 1 for info in found):
        raise encrypted("The archive is protected by a password.")
    _refuse_overlap(found)
    _refuse_sizes(found)
    return [info for info in found if not info.is_dir()]


def _refuse_name(info: zipfile.ZipInfo) -> None:
    """Names that lead out of a folder, and links, have no place in an archive of tables."""
    original = info.orig_filename.replace("\\", "/")
    if original.startswith("/") or ".." in original.split("/") or "\0" in original or re.match(r"[A-Za-z]:", original):
        raise unsafe_archive("The archive holds a name that leads outside of it.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise unsafe_archive("The archive holds a link instead of a file.")


def _refuse_overlap(found: Sequence[zipfile.ZipInfo]) -> None:
    """Members that share bytes unpack to far more than is there (Fifield 2019, "A better zip bomb")."""
    ordered = sorted(found, key=lambda info: info.header_offset)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.header_offset + _LOCAL_HEADER + before.compress_size > after.header_offset:
            raise unsafe_archive("Members of the archive overlap.")


def _refuse_sizes(found: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in found)
    if total > MAX_UNPACKED:
        raise too_large("The file", total)
    for info in found:
        if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise too_large("A part of the file", info.file_size)


def refuse_entities(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Refuse an XML part that declares a document type: entities can grow without end, or read other files.

    A declaration stands before the first element, so that no more than that is read.
    """
    seen = b""
    with archive.open(info) as stream:
        while chunk := stream.read(65_536):
            seen += chunk.replace(b"\0", b"")
            root = _ROOT.search(seen)
            if _DTD.search(seen, 0, root.start() if root else len(seen)) or len(seen) > _LONGEST_PROLOG:
                raise UnreadableFile("UNSAFE_XML", "The workbook declares entities, which spreadsheets never do.",
                                     "Open it in Excel, save it again as .xlsx and upload that.")
            if root:
                return
