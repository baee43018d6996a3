"""A tidy table, and what the tests of bad text inputs ask of a reading of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import formats
from core.errors import UnreadableFile
from core.formats import Reading

BODY = "".join(f"C-{at:03},Name {at},{at * 1.5:.2f},2025-01-{at % 28 + 1:02}\n" for at in range(1, 31))
TABLE = "id,name,spend,joined\n" + BODY
NAMES = ["id", "name", "spend", "joined"]


def load(folder: Path, content: str | bytes, **answers: str) -> Reading:
    """The reading, with the conservation law checked."""
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    reading = formats.read(path, path.name, answers)
    source = reading.source
    assert source.rows_in_file == len(reading.raw) + len(reading.quarantine) + source.skipped
    return reading


def refused(folder: Path, content: str | bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as problem:
        load(folder, content)
    return problem.value


def noted(reading: Reading, code: str):  # noqa: ANN201  a note
    return next(note for note in reading.notes if note.code == code)


def asked(reading: Reading, key: str):  # noqa: ANN201  a question
    return next(question for question in reading.questions if question.key == key)


def cells(reading: Reading) -> list[list[str]]:
    return reading.raw.to_numpy().tolist()


def is_the_table(reading: Reading) -> bool:
    return list(reading.raw.columns) == NAMES and cells(reading) == [line.split(",") for line in BODY.splitlines()]
