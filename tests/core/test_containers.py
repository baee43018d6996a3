"""Packed files: what is in them, within limits, and nothing left behind."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import tempfile
from pathlib import Path

import pytest

from core.errors import UnreadableFile
from core.formats.containers import unpacked
from tests.core import crafted
from tests.core.formatted import load, rows_of

BODY = b"id,city\n1,Ulm\n2,Bonn\n3,Kiel\n"
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zip": lambda body: crafted.zipped({"t.csv": body})}


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_table_is_the_table(tmp_path: Path, ending: str) -> None:
    """The same cells, named after the upload, with an identity of its own."""
    plain, packed = load(tmp_path, BODY, "t.csv"), load(tmp_path, PACKERS[ending](BODY), f"t.csv{ending}")
    assert rows_of(packed) == rows_of(plain)
    assert (packed.source.name, packed.source.packed) == (f"t.csv{ending}", "t.csv")
    assert packed.digest != plain.digest
    assert packed.notes == plain.notes


@pytest.mark.parametrize("content", [crafted.xlsx(), b'[{"id": 1, "spend": 10}, {"id": 2, "spend": 20}]'])
@pytest.mark.parametrize("ending", PACKERS)
def test_any_format_may_be_packed(tmp_path: Path, ending: str, content: bytes) -> None:
    """A workbook is a zip archive, and yet may be packed once."""
    assert rows_of(load(tmp_path, PACKERS[ending](content), f"t{ending}")) == [[1, 10], [2, 20]]


def test_several_gzip_parts_are_one_file(tmp_path: Path) -> None:
    """As programs write that append to a log."""
    assert len(load(tmp_path, gzip.compress(BODY) + gzip.compress(b"4,Trier\n"), "t.csv.gz").raw) == 4


@pytest.mark.parametrize("ending", PACKERS)
def test_a_flipped_bit_is_read_or_refused(tmp_path: Path, ending: str) -> None:
    """Checksums of the packing find it; nothing else ever comes out."""
    packed = PACKERS[ending](BODY * 40)
    for at in range(len(packed)):
        damaged = bytearray(packed)
        damaged[at] ^= 16
        try:
            load(tmp_path, bytes(damaged))
        except UnreadableFile as refusal:
            assert refusal.hint


def test_what_a_directory_says_too_little_of_does_not_come_out(tmp_path: Path) -> None:
    """A member that is longer than declared is damaged, and no more than the limit is ever written."""
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, crafted.lying_zip("a.csv", b"a,b\n" + b"1,2\n" * 2_000_000, 100))
    assert caught.value.code in ("TRUNCATED", "UNPACKED_TOO_LARGE")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither after reading nor after a refusal."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    load(tmp_path, gzip.compress(BODY))
    for content in (crafted.gzip_of_zeros(40), gzip.compress(BODY)[:-9], crafted.twice_gzipped(BODY)):
        with pytest.raises(UnreadableFile):
            load(tmp_path, content)
    assert list(scratch.iterdir()) == []


def test_a_full_disk_is_not_called_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the disk must know that it is the disk."""
    path = tmp_path / "t.gz"
    path.write_bytes(gzip.compress(BODY))
    real = Path.open

    def full(self: Path, mode: str = "r", **more: object) -> object:
        if mode == "wb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, mode, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space left"), unpacked(path, "t.gz", {}):
        pass
