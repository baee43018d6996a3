"""Zips of a few named members: the same content gives the same bytes, and nothing is unpacked before its size is known."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from core.errors import BadRequest

MOST_BYTES = 128 << 20
"""Bytes that a bundle may have, packed or unpacked."""
MOST_MEMBERS = 200
MOST_RATIO = 100
SMALL = 1 << 20  # what unpacks to this much does no harm, however well it is packed
TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell: equal bundles are equal bytes
_LOCAL, _END, _END_SIZE = b"PK\x03\x04", b"PK\x05\x06", 22
_LOCAL_HEADER = 30
_LINK, _REGULAR, _TYPE = 0o120000, 0o100000, 0o170000
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
           IndexError, struct.error)  # fmt: skip


def refused(why: str) -> BadRequest:
    """The refusal of a bundle, with the reason."""
    return BadRequest(f"This file cannot be used: {why}.", "Use a file that Segment Atlas wrote, as it was written.")


def write_members(members: Mapping[str, bytes], stream: BinaryIO) -> None:
    """Write ``members`` by name, sorted, with a fixed time; raises :class:`BadRequest` beyond ``MOST_BYTES``."""
    if sum(map(len, members.values())) > MOST_BYTES or len(members) > MOST_MEMBERS:
        raise BadRequest(f"There is more to write than the {MOST_BYTES:,} bytes such a file may have.", "Use fewer columns.")
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (_REGULAR | 0o600) << 16
            info.create_system = 3
            archive.writestr(info, members[name])


def read_members(source: BinaryIO | Path, allowed: re.Pattern[str]) -> dict[str, bytes]:
    """All members of the zip by name; each name matches ``allowed`` as a whole.

    Raises :class:`BadRequest` for anything but a whole, plain zip of few, small, regular members of different names.
    """
    content = _whole(source)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = archive.infolist()
            _refuse_directory(found, allowed)
            _refuse_gaps(found, len(content))
            return {info.filename: archive.read(info) for info in found}
    except _DAMAGE as problem:
        raise refused("it is damaged or incomplete") from problem


def _whole(source: BinaryIO | Path) -> bytes:
    """The bytes of the file, if it is one zip from its first byte to its last."""
    if isinstance(source, Path):
        try:
            with source.open("rb") as stream:
                return _whole(stream)
        except OSError as problem:
            raise BadRequest("The file cannot be read.", "Check the path.") from problem
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise refused(f"it is larger than {MOST_BYTES:,} bytes")
    if not content.startswith(_LOCAL):
        raise refused("it is no zip of JSON and plain arrays")
    if content[-_END_SIZE:-_END_SIZE + 4] != _END or content[-2:] != b"\0\0":
        raise refused("it is incomplete, or something has been appended to it")
    return content


def _refuse_directory(found: list[zipfile.ZipInfo], allowed: re.Pattern[str]) -> None:
    """Refuse by what the directory of the archive says, before anything is unpacked."""
    if len(found) > MOST_MEMBERS:
        raise refused(f"it holds {len(found):,} files; {MOST_MEMBERS} are allowed")
    seen: set[str] = set()
    for info in found:
        if info.filename != info.orig_filename or not allowed.fullmatch(info.filename):
            raise refused(f"it holds a file of another name than those of such a bundle: {info.orig_filename[:80]!r}")
        if info.filename in seen:
            raise refused(f"it holds {info.filename} twice")
        seen.add(info.filename)
        if (info.external_attr >> 16) & _TYPE not in (0, _REGULAR):
            raise refused(f"{info.filename} is a link or a device")
        if info.flag_bits & 1:
            raise refused("it is protected by a password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(f"{info.filename} is packed in an unusual way")
        if info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise refused(f"{info.filename} says that it unpacks to {info.file_size:,} bytes, over {MOST_RATIO} times its size")
    if sum(info.file_size for info in found) > MOST_BYTES:
        raise refused(f"it says that it unpacks to more than {MOST_BYTES:,} bytes")


def _refuse_gaps(found: list[zipfile.ZipInfo], size: int) -> None:
    """Members that share bytes unpack to far more than is there (Fifield 2019, "A better zip bomb")."""
    end = 0
    for info in sorted(found, key=lambda info: info.header_offset):
        if info.header_offset < end or (end == 0 and info.header_offset != 0):
            raise refused("its members overlap, or something stands before them")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > size:
        raise refused("it is damaged or incomplete")
