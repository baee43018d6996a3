"""Files of every format with bytes changed: a table that adds up, or a refusal that says what to do. Never anything else."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from core.errors import SegmentationError, UnreadableFile
from core.fenced import Limits, fenced
from core.formats import read
from tests.core import crafted
from tests.core.formatted import FRAME, book, merged, parquet, three_sheets

QUICK, MANY = 60, 2_000
CODES = {"EMPTY_FILE", "NO_ROWS", "NO_ROWS_FIT", "NOT_A_TABLE", "ENCRYPTED", "TRUNCATED", "ENCODING", "TOO_MANY_COLUMNS",
         "SHEET_TOO_LARGE", "UNPACKED_TOO_LARGE", "UNSAFE_ARCHIVE", "UNSAFE_XML", "JSON_SYNTAX", "TOO_DEEP",
         "TOO_LARGE_TO_READ", "TOO_SLOW", "DAMAGED"}
TALL = pd.concat([FRAME] * 30, ignore_index=True)
TEXT = TALL.to_csv(index=False).encode()
FORMATS: dict[str, Callable[[], bytes]] = {
    "text": lambda: b'id;note\n' + b'1;"a ""quoted"" cell"\n2;plain\n3;"two\nlines"\n' * 20,
    "json": lambda: TALL.assign(nested=[{"a": [1]}] * len(TALL)).to_json(orient="records").encode(),
    "lines": lambda: TALL.to_json(orient="records", lines=True).encode(),
    "xlsx": lambda: book(three_sheets), "merged": lambda: book(merged), "stored xlsx": lambda: _stored(book(three_sheets)),
    "ods": lambda: crafted.ods("".join(f"<table:table-row>{crafted.ods_cell('a')}{crafted.ods_cell(str(i), 2)}</table:table-row>"
                                       for i in range(30))),
    "parquet": lambda: parquet(pa.Table.from_pandas(TALL), compression="none"),
    "packed parquet": lambda: parquet(pa.Table.from_pandas(TALL)),
    "gzip": lambda: gzip.compress(TEXT, mtime=0), "zip": lambda: crafted.zipped({"a.csv": TEXT}),
}

INSIDE = ("xlsx", "merged", "ods")


def _stored(content: bytes) -> bytes:
    """The same members without packing, so that changed bytes reach the XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return crafted.zipped({name: archive.read(name) for name in archive.namelist()}, packed=False)


def _mutated(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, left out, doubled, or the end cut off."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at, kind = rng.randrange(max(len(data), 1)), rng.random()
        if kind < 0.55:
            data[at:at + 1] = bytes([rng.randrange(256)])
        elif kind < 0.7:
            data[at:at + rng.randint(1, 40)] = b""
        elif kind < 0.85:
            data[at:at] = data[at:at + rng.randint(1, 40)]
        elif kind < 0.95:
            data[at:at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b'""""', b"\n\r\n\r"])
        else:
            del data[at:]
    return bytes(data)


def _mutated_inside(content: bytes, rng: random.Random) -> bytes:
    """One member of the archive changed before it is packed, so that no checksum tells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice([name for name in members if name.endswith((".xml", ".rels"))])
    return crafted.zipped({**members, name: _mutated(members[name], rng)})


def _outcomes(path: Path, content: bytes, change: Callable[[bytes, random.Random], bytes], seeds: range) -> list[str]:
    """What becomes of each mutation: "read" where the rows add up, a code where it is refused, else what is wrong."""
    found = []
    for seed in seeds:
        path.write_bytes(change(content, random.Random(seed)))
        try:
            reading = read(path, "file", {})
        except UnreadableFile as refusal:
            found.append(refusal.code if refusal.hint else f"no hint: {refusal}")
        except SegmentationError as problem:
            found.append(problem.code)
        except Exception as problem:  # noqa: BLE001  named in the failure of the test
            found.append(f"seed {seed}: {type(problem).__name__}: {problem}")
        else:
            rows = len(reading.raw) + len(reading.quarantine) + sum(reading.source.skips.values())
            found.append("read" if rows == reading.source.rows_in_file else f"seed {seed}: {rows} of {reading.source.rows_in_file} rows")
    return found


def _check(path: Path, content: bytes, count: int, change: Callable[[bytes, random.Random], bytes] = _mutated) -> None:
    """In the fence, as jobs do; a batch in which a parser aborts is gone through again one by one."""
    wrong: list[str] = []
    for start in range(0, count, 60):
        seeds = range(start, min(start + 60, count))
        try:
            outcomes = _fenced(path, content, change, seeds)
        except UnreadableFile:
            outcomes = [_alone(path, content, change, seed) for seed in seeds]
        wrong += [outcome for outcome in outcomes if outcome != "read" and outcome not in CODES]
    assert wrong == []


def _fenced(path: Path, content: bytes, change: Callable[[bytes, random.Random], bytes], seeds: range) -> list[str]:
    return fenced(lambda step: _outcomes(path, content, change, seeds), Limits(seconds=240, cpu=120))


def _alone(path: Path, content: bytes, change: Callable[[bytes, random.Random], bytes], seed: int) -> str:
    try:
        return _fenced(path, content, change, range(seed, seed + 1))[0]
    except UnreadableFile as refusal:
        return refusal.code


@pytest.mark.parametrize("kind", FORMATS)
def test_a_mutated_file_is_read_whole_or_refused(tmp_path: Path, kind: str) -> None:
    """Rows add up or a code of ours says why; the parsers run where they can be lost."""
    _check(tmp_path / "file", FORMATS[kind](), QUICK)


@pytest.mark.parametrize("kind", INSIDE)
def test_a_workbook_mutated_inside_is_read_whole_or_refused(tmp_path: Path, kind: str) -> None:
    """The same law where the checksums of the archive do not tell."""
    _check(tmp_path / "file", FORMATS[kind](), QUICK, _mutated_inside)


@pytest.mark.long
@pytest.mark.parametrize("kind", FORMATS)
def test_two_thousand_mutated_files_are_read_whole_or_refused(tmp_path: Path, kind: str) -> None:
    """The same law, two thousand times for each format."""
    _check(tmp_path / "file", FORMATS[kind](), MANY)


@pytest.mark.long
@pytest.mark.parametrize("kind", INSIDE)
def test_two_thousand_workbooks_mutated_inside_are_read_whole_or_refused(tmp_path: Path, kind: str) -> None:
    """Two thousand times, too."""
    _check(tmp_path / "file", FORMATS[kind](), MANY, _mutated_inside)


@pytest.mark.long
def test_two_thousand_mutated_old_workbooks_are_read_whole_or_refused(tmp_path: Path, shared_data: Path) -> None:
    """XLS has no checksums at all."""
    folder = shared_data / "messy" / "readxl" / "tests" / "testthat" / "sheets"
    for name in ("iris-excel-xls.xls", "types.xls", "biff5-label-records.xls", "vietnamese-utf8.xls"):
        _check(tmp_path / "file", (folder / name).read_bytes(), MANY // 4)
