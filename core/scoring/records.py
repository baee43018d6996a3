"""Customers as a form or a machine sends them: one record each, values as text or numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.errors import BadRequest
from core.model import Kind, LearnedColumn, Model, Note
from core.scoring.asking import proposed_mapping
from core.scoring.reading import as_known, unseen

_YES = {"yes", "y", "true", "t", "1", "1.0", "ja", "oui", "si", "sí", "on"}
_NO = {"no", "n", "false", "f", "0", "0.0", "nein", "non", "off"}
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})*|\d+),\d*")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
MOST_TEXT, LARGEST = 1_000, 10**300


def typed_records(model: Model, records: Sequence[Mapping[str, Any]]) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Records (n) with a value for each column of the model as a frame that :func:`score` takes; and what was assumed.

    A value is a number, yes or no (also true and false), or text; None and "" are gaps; numbers may have a decimal comma,
    and one between groups of three digits ("1,234", as in a file that proves nothing else) parts thousands. Every record
    needs a field for every column, which may be a gap; other fields are not looked at. Raises :class:`BadRequest` that names
    the field and the record, counted from 1.
    """
    if not records:
        raise BadRequest("There is no customer to place.", "Send at least one record.")
    cells: dict[str, list] = {column: [] for column in model.columns}
    extra: dict[str, None] = {}
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping) or not all(isinstance(name, str) for name in record):
            raise BadRequest(f"Record {number:,} is not an object of fields.", "Send one object per customer.")
        found = _mapping(model, record, number)
        for column in model.preparation.columns:
            cells[column.name].append(_value(column, record[found[column.name]], number))
        extra |= dict.fromkeys(name for name in record if name not in found.values())
    kinds = {column.name: "object" if column.kind is Kind.CATEGORY else "float64" for column in model.preparation.columns}
    frame = pd.DataFrame({name: pd.Series(values, dtype=kinds[name]) for name, values in cells.items()})
    notes: list[Note] = []
    for column in model.preparation.columns:
        if column.kind is Kind.CATEGORY:
            frame[column.name], spelled = as_known(column, frame[column.name])
            notes += [*spelled, *unseen(column, frame[column.name])]
    if extra:
        told = ", ".join(list(extra)[:5])
        notes.append(Note("NOT_LOOKED_AT", f"Fields that the model does not know are not looked at: {told}.", count=len(extra)))
    return frame, tuple(notes)


def _mapping(model: Model, record: Mapping[str, Any], number: int) -> Mapping[str, str]:
    if all(column in record for column in model.columns):
        return {column: column for column in model.columns}
    found = proposed_mapping(model, list(record))
    missing = [column for column in model.columns if column not in found]
    if missing:
        raise BadRequest(f"Record {number:,} has no field {', '.join(missing[:20])}.", "Send every field; null where nothing is known.")
    return found


def _value(column: LearnedColumn, given: Any, number: int) -> float | str | None:
    """One value, typed by the kind of its column."""
    gap = None if column.kind is Kind.CATEGORY else math.nan
    if given is None or isinstance(given, float) and math.isnan(given):
        return gap
    if isinstance(given, bool):
        given = "yes" if given else "no"
    if not isinstance(given, (str, int, float)) or isinstance(given, int) and abs(given) >= LARGEST:
        raise _refused(column, type(given).__name__, number)
    text = str(given).strip()
    if text == "":
        return gap
    if len(text) > MOST_TEXT or not _writable(text):
        raise _refused(column, text[:40], number)
    if column.kind is Kind.CATEGORY:
        return text
    value = _flag(text) if column.kind is Kind.FLAG else _number(text)
    if value is None:
        raise _refused(column, given, number)
    return value


def _writable(text: str) -> bool:
    """Whether this can be written to a file: halves of characters can be read from JSON, but never written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flag(text: str) -> float | None:
    word = text.casefold()
    return 1.0 if word in _YES else 0.0 if word in _NO else None


def _number(text: str) -> float | None:
    bare = _SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _COMMA.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    if not _PLAIN.fullmatch(bare):
        return None
    value = float(bare)
    return value if math.isfinite(value) else None


def _refused(column: LearnedColumn, given: Any, number: int) -> BadRequest:
    what = {Kind.NUMBER: "a number", Kind.FLAG: "yes or no", Kind.CATEGORY: "a text"}[column.kind]
    shown = repr(given)
    shown = shown if len(shown) <= 40 else shown[:37] + "..."
    return BadRequest(f"{column.name} in record {number:,} must be {what}, not {shown}.", "Correct this field.")
