"""Lines to records: quoted newlines are honoured, an unclosed quote never swallows the file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

_SPAN = 1_000
_PATIENCE = 200
_LONGEST = 10_000_000


class Record(NamedTuple):
    """``cells`` begin in line ``line`` (from 1) and end before ``end``; ``problem`` says why they are no row."""

    cells: list[str]
    line: int
    end: int
    problem: str = ""


class _Window:
    """Feeds lines to the csv reader and stops a record that runs on for too long."""

    def __init__(self, lines: list[str], at: int, span: int) -> None:
        self.lines, self.at, self.start, self.span = lines, at, at, span

    def __iter__(self) -> _Window:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines) or self.at - self.start >= self.span:
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def records(lines: list[str], delimiter: str) -> Iterator[Record]:
    """Every record of ``lines`` (with their line ends); blank lines come as records without cells."""
    csv.field_size_limit(_LONGEST)
    csv.reader((), delimiter=delimiter)  # refuses what is no delimiter
    at, problems = 0, 0
    while at < len(lines):
        if _is_plain(lines[at]):
            yield Record(_split(lines[at], delimiter), at + 1, at + 2)
            at += 1
            continue
        window = _Window(lines, at, _SPAN if problems < _PATIENCE else 1)
        reader = csv.reader(window, delimiter=delimiter, strict=True)
        try:
            while at < len(lines) and not _is_plain(lines[at]):
                window.start = at
                cells = next(reader)
                yield Record(cells, at + 1, window.at + 1)
                at = window.at
        except (csv.Error, StopIteration):
            problems += 1
            yield _lenient(lines[at], at, delimiter)
            at += 1


def _is_plain(line: str) -> bool:
    """Without quotes a line is a record and separators are just separators."""
    return '"' not in line and len(line) <= _LONGEST


def _split(line: str, delimiter: str) -> list[str]:
    bare = line.rstrip("\r\n")
    return bare.split(delimiter) if bare else []


def _lenient(line: str, at: int, delimiter: str) -> Record:
    """One line read alone: a stray quote is kept as text, an unclosed one is a problem."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=False))
    except (csv.Error, StopIteration):
        return Record([], at + 1, at + 2, "a cell is too long or damaged")
    if line.count('"') % 2:
        return Record(cells, at + 1, at + 2, "a quote is opened and never closed")
    return Record(cells, at + 1, at + 2)
