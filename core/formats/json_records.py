"""Records to columns: names as they come, records in records taken apart by one level, gaps where a name is missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.formats.header import column_names
from core.formats.json_syntax import is_deep, too_deep
from core.formats.reading import refuse_too_large, refuse_too_wide
from core.model import Choice, Note

_OFTEN = 1_000  # records between two looks at the size


class Records:
    """Columns that grow record by record. ``flatten``: ``{"address": {"city": ...}}`` becomes ``address.city``."""

    def __init__(self, flatten: bool) -> None:
        self.rows = 0
        self.flatten = flatten
        self.taken_apart: Counter[str] = Counter()
        self.as_text: Counter[str] = Counter()
        self._cells: dict[str | tuple[str, str], list[Any]] = {}
        self._missing: Counter[str | tuple[str, str]] = Counter()

    def add(self, record: Mapping[str, Any]) -> None:
        """One more row; raises :class:`core.errors.UnreadableFile` where the table becomes too wide or too large."""
        for key, value in record.items():
            if isinstance(value, dict) and value and self.flatten:
                self.taken_apart[key] += 1
                for inner, cell in value.items():
                    self._put((key, inner), cell)
            else:
                self._put(key, value)
        self.rows += 1
        if self.rows % _OFTEN == 0:
            self._refuse_size()

    def _put(self, key: str | tuple[str, str], value: Any) -> None:
        if isinstance(value, (dict, list)):
            self.as_text[_name(key)] += 1
            value = plain(value)
        column = self._cells.get(key)
        if column is None:
            column = self._cells[key] = []
            if len(self._cells) % 100 == 0:
                self._refuse_size()
        if len(column) < self.rows:
            self._pad(key, column)
        column.append(value)

    def _pad(self, key: str | tuple[str, str], column: list[Any]) -> None:
        gaps = self.rows - len(column)
        self._missing[key] += gaps
        column.extend([None] * gaps)

    def _refuse_size(self) -> None:
        refuse_too_wide(len(self._cells))
        refuse_too_large(self.rows * len(self._cells), "The file")

    def frame(self) -> tuple[pd.DataFrame, list[Note]]:
        """Object cells (str, int, float, bool, None) and what was noticed about their columns."""
        self._refuse_size()
        for key, column in self._cells.items():
            if len(column) < self.rows:
                self._pad(key, column)
        names, notes = column_names([_name(key) for key in self._cells])
        columns = {name: pd.Series(cells, dtype=object) for name, cells in zip(names, self._cells.values(), strict=True)}
        return pd.DataFrame(columns), [*notes, *self._told()]

    def _told(self) -> list[Note]:
        notes = []
        if self.taken_apart:
            text = "Records inside records were taken apart by one level: their columns are called outer.inner."
            notes.append(_note("NESTED_FLATTENED", text, self.taken_apart,
                               choice=Choice("nested", ("flatten", "text"), "flatten")))
        if self.as_text:
            text = "Lists and records inside cells are kept as their JSON text."
            choice = None if self.flatten else Choice("nested", ("flatten", "text"), "text")
            notes.append(_note("NESTED_AS_TEXT", text, self.as_text, choice=choice))
        missing = Counter({_name(key): count for key, count in self._missing.items() if count})
        if missing:
            notes.append(_note("RAGGED", f"{missing.total():,} cells are missing, as not every record has every name.",
                               missing))
        return notes


def _note(code: str, text: str, counted: Counter[str], *, choice: Choice | None = None) -> Note:
    """A note about some columns, the most concerned first."""
    shown = tuple(f"{name} ({count:,})" for name, count in counted.most_common(3))
    return Note(code, text, column=next(iter(counted)) if len(counted) == 1 else "", count=counted.total(),
                examples=shown, choice=choice)


def _name(key: str | tuple[str, str]) -> str:
    return key if isinstance(key, str) else ".".join(key)


def plain(value: Any) -> Any:
    """A cell that a table can hold: lists and records as compact JSON text. Raises TOO_DEEP."""
    if not isinstance(value, (dict, list)):
        return value
    if is_deep(value):
        raise too_deep()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
