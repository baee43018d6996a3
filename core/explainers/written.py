"""How the cells of a column stand in ``customers.csv``, and the SQL that reads them: text, as in the file.

SQL must find there exactly what was read. An expression is made from the texts of a column and tried on every one of
them; a column whose texts no expression reads takes part in no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.explainers.conditions import AT_LEAST, BELOW, BETWEEN, EMPTY, FLAG_LEVELS, IN, Condition, day
from core.model import Column, Kind, Table
from core.neutral import as_text, neutral

MOST_TEXTS = 60
MOST_GAPS = 12
MOST_REPLACED = 6
_PLAIN = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_SIGNS = " '’_\u00a0\u2009\u202f"
_BODY = rf"([^0-9.,]*)([0-9.,][0-9.,{_SIGNS}]*(?:[eE][+-]?[0-9]+)?)([^0-9]*)"
NUMBER = "DOUBLE PRECISION"  # REAL is half as long in DuckDB; this is the same in SQLite, DuckDB and PostgreSQL


@dataclass(frozen=True)
class Writing:
    """``value``: the SQL expression of a number, or of a day as text; NULL for a gap. Levels of other columns have the
    ``texts`` with which they stand there; ``gaps`` are the texts of empty cells."""

    identifier: str
    value: str = ""
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()


def written(table: Table, name: str, rows: np.ndarray | slice = slice(None)) -> Writing | None:
    """How the column stands in the export, judged by these rows; None where SQL cannot read it."""
    column = table.column(name)
    if "\x00" in name or _ambiguous(table, name):
        return None
    if column.kind is Kind.NUMBER and _native(table.raw[name], table.frame[name]):
        gaps = ("",) if table.frame[name].isna().any() else ()
        return Writing(identifier(name), _unless_gap(name, f"CAST({identifier(name)} AS {NUMBER})", gaps), gaps=gaps)
    texts, typed = _distinct(table.raw[name].iloc[rows], table.frame[name].iloc[rows])
    if texts is None:
        return None
    if column.kind is Kind.NUMBER:
        return _number(name, texts, typed.to_numpy(dtype=np.float64))
    if column.kind is Kind.DATE:
        return _dates(name, texts, typed)
    return _levels(name, column, texts, typed)


def condition_sql(condition: Condition, writing: Writing, column: Column) -> str:
    """The condition as SQL; a gap makes it NULL, unless it asks for one."""
    if condition.op == EMPTY:
        empty = f"{writing.value or writing.identifier} IS NULL"
        return empty if writing.value else f"({empty} OR {_among(writing.identifier, ('', *writing.gaps))})"
    if not writing.value:
        texts = tuple(text for level in condition.values for text in writing.texts.get(level, ()))
        if condition.op == IN:
            return _among(writing.identifier, texts)
        return _among(writing.identifier, tuple(dict.fromkeys((*texts, "", *writing.gaps))), "NOT IN")
    dated = column.kind is Kind.DATE
    bounds = [quoted(day(value)) if dated else _literal(value) for value in condition.values]
    signs = {AT_LEAST: (">=",), BELOW: ("<",), BETWEEN: (">=", "<")}[condition.op]
    return " AND ".join(f"{writing.value} {sign} {bound}" for sign, bound in zip(signs, bounds, strict=True))


def identifier(name: str) -> str:
    """A column of ``customers.csv`` in double quotes."""
    return '"' + neutral(name).replace('"', '""') + '"'


def quoted(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def _literal(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _among(expression: str, texts: tuple[str, ...], sign: str = "IN") -> str:
    return f"{expression} {sign} ({', '.join(map(quoted, texts))})"


def _ambiguous(table: Table, name: str) -> bool:
    """Databases take no account of case: two such names cannot stand in one table."""
    same = neutral(name).casefold()
    return sum(neutral(one.name).casefold() == same for one in table.columns) > 1


def _native(raw: pd.Series, frame: pd.Series) -> bool:
    """Numbers of one type, which are their own plain text, and plain texts beside empty ones: told without looking at

    each text apart.
    """
    if raw.dtype.kind in "iuf":
        return bool((raw.isna() == frame.isna()).all())
    if not isinstance(raw.dtype, pd.StringDtype):
        return False
    known = frame.notna()
    empty = raw[~known]
    return bool((empty.isna() | (empty == "")).all()) and _reads(raw[known], frame[known].to_numpy(), [], divided=False)


def _distinct(raw: pd.Series, frame: pd.Series) -> tuple[pd.Series | None, pd.Series]:
    """Every text of the column once and what was read from it; no texts where they cannot stand in SQL.

    Equal cells of several types can be different texts.
    """
    keep = ~(as_text(raw) if raw.dtype == object else raw).duplicated().to_numpy()
    typed = frame[keep]
    try:
        kept = raw[keep].fillna("") if isinstance(raw.dtype, pd.StringDtype) else as_text(raw[keep]).astype("str")
        strange = bool(kept.str.contains("\x00", regex=False).any())
    except (UnicodeEncodeError, ValueError):  # half a character cannot be written in SQL
        return None, typed
    return (None if strange else kept.reset_index(drop=True)), typed.reset_index(drop=True)


def _with_apostrophes(texts: pd.Series) -> pd.Series:
    """The texts as they stand in an export whose cells were made harmless."""
    return pd.Series([text if text[:1].isalnum() else neutral(text) for text in texts], dtype="str")


def _number(name: str, texts: pd.Series, values: np.ndarray) -> Writing | None:
    known = ~np.isnan(values)
    gaps = tuple(texts[~known])
    if len(gaps) > MOST_GAPS or not known.any():
        return None
    gaps = tuple(dict.fromkeys(("", *gaps, *map(neutral, gaps)))) if gaps else ()
    read = _reading(texts[known].reset_index(drop=True), values[known])
    if read is None:
        return None
    replaced, divided = read
    text = f"CAST({identifier(name)} AS VARCHAR)"
    for old, new in replaced:
        text = f"REPLACE({text}, {quoted(old)}, {quoted(new)})"
    value = f"CAST({text if replaced else identifier(name)} AS {NUMBER})"
    value = f"{value} / 100" if divided else value
    return Writing(identifier(name), _unless_gap(name, value, gaps), gaps=gaps)


def _unless_gap(name: str, value: str, gaps: tuple[str, ...]) -> str:
    if not gaps:
        return value
    return f"CASE WHEN {_among(f'CAST({identifier(name)} AS VARCHAR)', gaps)} THEN NULL ELSE {value} END"


def _reading(texts: pd.Series, values: np.ndarray) -> tuple[list[tuple[str, str]], bool] | None:
    """Which parts of the texts to replace by what, and whether to divide by 100, to read the values; None if nothing does."""
    if _reads(texts, values, [], divided=False):
        return [], False
    both = pd.concat([texts, _with_apostrophes(texts)], ignore_index=True)
    values = np.tile(values, 2)
    parts = both.str.extract(rf"^{_BODY}\Z")
    if parts.isna().any(axis=None):
        return None
    around = pd.concat([parts[0].str.replace(r"[+-]", "", regex=True), parts[2]]).str.strip().unique()
    inner = sorted({sign for sign in _SIGNS if both.str.contains(sign, regex=False).any()})
    away = [(part, "") for part in sorted((a for a in around if a), key=len, reverse=True)] + [(sign, "") for sign in inner]
    if len(away) > MOST_REPLACED:
        return None
    divided = bool(both.str.contains("%", regex=False).all())
    commas_apart, commas_decimal = [(",", "")], [(".", ""), (",", ".")]
    tried = ([*away, *marks] for marks in ([], commas_apart, commas_decimal))
    return next(((one, divided) for one in tried if _reads(both, values, one, divided=divided)), None)


def _reads(texts: pd.Series, values: np.ndarray, replaced: list[tuple[str, str]], *, divided: bool) -> bool:
    """Whether each text, so changed, is a plain number of the value that was read."""
    for old, new in replaced:
        texts = texts.str.replace(old, new, regex=False)
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(texts, pa.large_string())
    if not pc.all(pc.match_substring_regex(column, f"^(?:{_PLAIN})$")).as_py():
        return not len(column)
    found = column.cast(pa.float64()).to_numpy(zero_copy_only=False) / (100 if divided else 1)
    return bool(np.isclose(found, values, rtol=1e-12, atol=0).all())


def _dates(name: str, texts: pd.Series, typed: pd.Series) -> Writing | None:
    """Days that stand first in the text, as in ISO 8601, can be compared as text."""
    moments = typed.to_numpy().astype("datetime64[D]")
    known = ~np.isnat(moments)
    gaps = tuple(texts[~known])
    if len(gaps) > MOST_GAPS or not known.any() or not (texts[known].str[:10] == moments[known].astype(str)).all():
        return None
    gaps = tuple(dict.fromkeys(("", *gaps, *map(neutral, gaps)))) if gaps else ()
    value = f"SUBSTR(CAST({identifier(name)} AS VARCHAR), 1, 10)"
    return Writing(identifier(name), _unless_gap(name, value, gaps), gaps=gaps)


def _levels(name: str, column: Column, texts: pd.Series, typed: pd.Series) -> Writing | None:
    """Which texts stand for which level; None where they are too many, or one stands for two."""
    if len(texts) > 20 * MOST_TEXTS:
        return None
    found: dict[str, list[str]] = {}
    for text, cell in zip(texts, typed, strict=True):
        found.setdefault(_level(cell, column), []).extend(dict.fromkeys((text, neutral(text))))
    _add_truth(found)
    every = [text for same in found.values() for text in same]
    if len(set(every)) < len(every):
        return None
    gaps = tuple(found.pop("", ()))
    return None if len(gaps) > MOST_GAPS else Writing(identifier(name), texts={k: tuple(v) for k, v in found.items()}, gaps=gaps)


def _add_truth(found: dict[str, list[str]]) -> None:
    """Readers of CSV that guess types turn true and false into 1 and 0."""
    if {text.casefold() for level in FLAG_LEVELS for text in found.get(level, ())} == {"true", "false"}:
        found["no"].append("0")
        found["yes"].append("1")


def _level(cell: object, column: Column) -> str:
    """The level of a cell; "" for a gap."""
    if cell is None or cell != cell:
        return ""
    return FLAG_LEVELS[int(float(cell) > 0)] if column.kind is Kind.FLAG else str(cell)
