"""Where in a JSON text the table is: records, rows, lines, columns, or something under a key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.errors import UnreadableFile
from core.formats.header import column_names
from core.formats.json_syntax import Document, Value
from core.formats.reading import not_a_table
from core.model import Choice, Note, Question

_FIRST = 3
_DEEPEST = 3


@dataclass(frozen=True)
class Shape:
    """The ``values`` that should become rows, each a record or a list, and what was assumed to find them."""

    values: Iterable[Value]
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class _Entry:
    """What stands under a key (``path``: keys with dots between) and the line where it begins."""

    path: str
    value: Any
    line: int


def find(document: Document, answers: Mapping[str, str]) -> Shape:
    """The table in ``document``.

    ``answers``: table ("1", "2" ...), orientation columns|rows. Raises :class:`UnreadableFile`: EMPTY_FILE, NOT_A_TABLE
    for a single value, and what reading finds wrong.
    """
    at = document.skip(0)
    if at == len(document.text):
        raise UnreadableFile("EMPTY_FILE", "The file is empty.", "Export it again and upload it.")
    if document.text[at] in "/#":
        raise document.wrong(at)
    if document.text[at] not in "[{":
        document.value(at)
        raise not_a_table("The JSON text is a single value, not a table.")
    if _is_lines(document.text, at):
        return Shape(_lines(document, at))
    if document.text[at] == "[":
        return Shape(_array(document, at))
    return _object(document, at, answers)


def _is_lines(text: str, at: int) -> bool:
    """One value a line: the first line is a record and others follow, or two of the first three are values."""
    end = text.find("\n", at)
    if end < 0 or not text[end:end + 4_096].strip() and not text[end:].strip():
        return False
    first = text[at:at + 10_000_000].split("\n", _FIRST)[:_FIRST]
    whole = [_whole(line) for line in first]
    return isinstance(whole[0], dict) or sum(isinstance(one, (dict, list)) for one in whole) >= 2


def _whole(line: str) -> Any:
    """The value of a line, None where it is not one whole value."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _lines(document: Document, at: int) -> Iterator[Value]:
    """Each line for itself: one that is wrong costs only itself. Blank lines are told apart by ``BLANK``."""
    text, line = document.text, document.line(at)
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield document.alone(text[at:end].strip(" \t\r"), line)
        at, line = end + 1, line + 1


def _array(document: Document, at: int) -> Iterator[Value]:
    yield from document.elements(at)
    rest = document.skip(document.end)
    if rest < len(document.text):
        raise document.wrong(rest, "something follows behind the end of the table")


def _several(document: Document, at: int) -> Iterator[Value]:
    """Records one after another without anything between them."""
    while at < len(document.text):
        line = document.line(at)
        value, at = document.value(at)
        yield Value(value, line)
        at = document.skip(at)


def _object(document: Document, at: int, answers: Mapping[str, str]) -> Shape:
    entries = [_Entry(key, value, line) for key, value, line in document.entries(at)]
    rest = document.skip(document.end)
    if rest < len(document.text):
        if document.text[rest] != "{":
            raise document.wrong(rest, "something follows behind the end of the table")
        return Shape(_several(document, at))
    values = [entry.value for entry in entries]
    line = document.line(at)
    for made in (_split, _lists):
        records = made(entries)
        if records is not None:
            return Shape(Value(record, line) for record in records)
    tables = list(_tables(entries))
    if tables:
        return _under_a_key(tables, len(entries), answers)
    if values and all(isinstance(value, dict) and value and not _has_nested(value.values()) for value in values):
        return _labelled(entries, line, answers)
    record = document.merged([(entry.path, entry.value) for entry in entries])
    return Shape([Value(record, line)] if record else [])


def _has_nested(values: Iterable[Any]) -> bool:
    return any(isinstance(value, (dict, list)) for value in values)


def _split(entries: Sequence[_Entry]) -> Iterator[dict[str, Any]] | None:
    """``{"columns": [...], "data": [[...], ...]}``."""
    found = {entry.path: entry.value for entry in entries}
    names, rows = found.get("columns"), found.get("data")
    if not isinstance(names, list) or not isinstance(rows, list) or _has_nested(names) or not names:
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    called, _ = column_names(names)
    return (dict(zip(called, row, strict=True)) for row in rows)


def _lists(entries: Sequence[_Entry]) -> Iterator[dict[str, Any]] | None:
    """``{"a": [1, 2], "b": [3, 4]}``: the record at a place has the names whose lists reach there."""
    if not entries or not all(isinstance(e.value, list) and not _has_nested(e.value) for e in entries):
        return None
    names, _ = column_names([entry.path for entry in entries])
    columns = [entry.value for entry in entries]
    longest = max(map(len, columns))
    return ({name: cells[i] for name, cells in zip(names, columns, strict=True) if i < len(cells)}
            for i in range(longest))


def _tables(entries: Iterable[_Entry], depth: int = 1) -> Iterator[_Entry]:
    """Lists of records or of lists under some key, not below another such list."""
    for entry in entries:
        value = entry.value
        if isinstance(value, list) and sum(isinstance(item, (dict, list)) for item in value) > len(value) / 2:
            yield entry
        elif isinstance(value, dict) and depth < _DEEPEST:
            yield from _tables([_Entry(f"{entry.path}.{key}", inner, entry.line) for key, inner in value.items()], depth + 1)


def _under_a_key(tables: Sequence[_Entry], entries: int, answers: Mapping[str, str]) -> Shape:
    """The table asked for, else the longest; what stands beside it is told."""
    numbers = tuple(str(i) for i in range(1, len(tables) + 1))
    longest = max(range(len(tables)), key=lambda i: len(tables[i].value))
    taken = answers.get("table", "")
    chosen = numbers.index(taken) if taken in numbers else longest
    table = tables[chosen]
    notes: list[Note] = []
    if entries > 1 or "." in table.path:
        text = f"The table stands under {table.path!r}; what stands beside it was left away."
        choice = Choice("table", numbers, numbers[chosen]) if len(tables) > 1 else None
        notes.append(Note("WRAPPED", text, count=entries - 1, line=table.line, choice=choice))
    questions: tuple[Question, ...] = ()
    if len(tables) > 1 and taken not in numbers:
        listed = tuple(f"{n}: {t.path} ({len(t.value):,} records)" for n, t in zip(numbers, tables, strict=True))
        questions = (Question("table", "SEVERAL_TABLES", f"The file holds {len(tables)} tables. Which one shall be read? "
                              f"({'; '.join(listed[:10])})", numbers, numbers[chosen], count=len(tables),
                              examples=listed[:3], line=table.line),)
    return Shape([Value(value, table.line) for value in table.value], tuple(notes), questions)


def _labelled(entries: Sequence[_Entry], line: int, answers: Mapping[str, str]) -> Shape:
    """``{"age": {"0": 31, "1": 42}}``: columns of labelled cells, or ``{"Ann": {"age": 31}}``: labelled records."""
    inner = list(dict.fromkeys(key for entry in entries for key in entry.value))
    counted = all(key.isdecimal() for key in inner)
    if len(entries) == 1 and not counted:
        return Shape([Value({entry.path: entry.value for entry in entries}, line)])
    outer = all(entry.path.isdecimal() for entry in entries)
    unclear = "columns" if len(inner) > len(entries) else "rows"
    guess = unclear if counted == outer else "columns" if counted else "rows"
    taken = answers.get("orientation", guess)
    text = f"The file is an object of objects; the outer names are read as {'columns' if taken == 'columns' else 'rows'}."
    note = Note("ORIENTATION", text, line=line, choice=Choice("orientation", ("columns", "rows"), taken))
    make: Callable[[Sequence[_Entry], list[str]], Iterator[dict[str, Any]]] = _by_column if taken == "columns" else _by_row
    return Shape((Value(record, line) for record in make(entries, inner)), (note,))


def _by_column(entries: Sequence[_Entry], labels: list[str]) -> Iterator[dict[str, Any]]:
    names, _ = column_names([entry.path for entry in entries])
    own = labels == [str(i) for i in range(len(labels))]
    for label in labels:
        record = {name: entry.value[label] for name, entry in zip(names, entries, strict=True) if label in entry.value}
        yield record if own else {"index": label, **record}


def _by_row(entries: Sequence[_Entry], labels: list[str]) -> Iterator[dict[str, Any]]:
    own = [entry.path for entry in entries] == [str(i) for i in range(len(entries))]
    for entry in entries:
        yield entry.value if own else {"index": entry.path, **entry.value}


def first_kind(values: Iterator[Value]) -> tuple[type, list[Value]]:
    """dict or list, whichever most of the first hundred readable values are, and those values. Raises NOT_A_TABLE."""
    head = list(islice(values, 100))
    kinds = [type(value.value) for value in head if not value.problem]
    records, rows = kinds.count(dict), kinds.count(list)
    if kinds and not records + rows:
        raise not_a_table("The JSON text is a list of single values, not of records.")
    return (list if rows > records else dict), head
