"""Files of every format made for tests, and how they are loaded there."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from core.errors import UnreadableFile
from core.formats import read
from core.formats.reading import Reading

FRAME = pd.DataFrame({"id": [1, 2, 3], "city": ["Ulm", "Bonn", "Kiel"], "spend": [1.5, 2.5, 3.5]})
SECONDS = 5.0


def load(folder: Path, content: bytes | str, name: str = "file", **answers: str) -> Reading:
    """The reading of these bytes, with the conservation law checked."""
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reading = read(path, name, answers)
    source = reading.source
    assert source.rows_in_file == len(reading.raw) + len(reading.quarantine) + sum(source.skips.values())
    return reading


def refused(folder: Path, content: bytes | str, name: str = "file") -> UnreadableFile:
    """The refusal of these bytes; the processor time it takes is bounded, whatever else the machine does."""
    begun = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        load(folder, content, name)
    assert time.process_time() - begun < SECONDS
    assert caught.value.hint
    return caught.value


def codes(reading: Reading) -> set[str]:
    return {note.code for note in reading.notes}


def book(fill: object) -> bytes:
    """A workbook whose sheets ``fill(workbook)`` writes (xlsxwriter is the independent side)."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        fill(made)
    return buffer.getvalue()


def parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def rows_of(reading: Reading) -> list[list[object]]:
    return reading.raw.to_numpy(dtype=object).tolist()


def three_sheets(made: xlsxwriter.Workbook) -> None:
    """Small, Large and Middle with 2, 9 and 4 rows."""
    for name, rows in (("Small", 2), ("Large", 9), ("Middle", 4)):
        sheet = made.add_worksheet(name)
        sheet.write_row(0, 0, ["id", "spend"])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"{name} {row}", row * 1.5])


def merged(made: xlsxwriter.Workbook) -> None:
    """A name over two columns, and regions over three rows each."""
    sheet = made.add_worksheet()
    sheet.write(0, 0, "id")
    sheet.merge_range(0, 1, 0, 2, "Spend")
    sheet.write(0, 3, "region")
    for row in range(1, 7):
        sheet.write_row(row, 0, [f"c{row}", row * 1.5, row * 2.5])
    sheet.merge_range(1, 3, 3, 3, "North")
    sheet.merge_range(4, 3, 6, 3, "South")
