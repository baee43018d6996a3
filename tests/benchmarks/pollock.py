"""The Pollock files and their score: how much of a polluted file comes out as it stands in its clean version.

Vitagliano, Hameed, Jiang, Reisener, Wu, Naumann: "Pollock: A Data Loading Benchmark", PVLDB 16(8), 2023. The score
of a file is 1 if it loads, and precision, recall and F1 of header cells, of records and of
cells, each compared as a multiset: 10 at most.
"""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "messy" / "pollock_half"


@dataclass(frozen=True)
class Polluted:
    """One file: its bytes, and the ``header`` ([] where it has none) and ``rows`` of its clean version."""

    name: str
    data: bytes
    header: list[str]
    rows: list[list[str]]


def files(folder: Path = FOLDER) -> Iterator[Polluted]:
    """Every polluted file of the archive with its clean version."""
    with tarfile.open(folder / "pollock_half.tar.xz") as archive:
        members = {member.name.removeprefix("./"): archive.extractfile(member).read() for member in archive if member.isfile()}
    for path in sorted(one for one in members if one.startswith("csv/")):
        name = path.removeprefix("csv/")
        told = json.loads(members[f"parameters/{name}_parameters.json"])
        clean = list(csv.reader(io.StringIO(members[f"clean/{name}"].decode("utf-8"), newline="")))
        headed = bool(clean) and told["header_lines"] > 0
        yield Polluted(name, members[path], clean[0] if headed else [], clean[1:] if headed else clean)


def weights(folder: Path = FOLDER) -> dict[str, float]:
    """How often each pollution was found in files of the wild, as published."""
    return json.loads((folder / "pollock_weights.json").read_text(encoding="utf-8"))


def score(file: Polluted, loaded: bool, header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """0..10 for what a loader made of a file; ``header`` is [] where the names are not from the file."""
    if not loaded:
        return 0.0
    pairs = ((header, file.header), (map(tuple, rows), map(tuple, file.rows)),
             ((cell for row in rows for cell in row), (cell for row in file.rows for cell in row)))
    return 1.0 + sum(sum(_agreement(Counter(found), Counter(wanted))) for found, wanted in pairs)


def _agreement(found: Counter, wanted: Counter) -> tuple[float, float, float]:
    """Precision, recall and F1 of a multiset; two empty ones agree."""
    if not found and not wanted:
        return 1.0, 1.0, 1.0
    common = (found & wanted).total()
    precision = common / found.total() if found else 0.0
    recall = common / wanted.total() if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0
