"""At most three conditions in original units that tell a segment from the others, in plain words and as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.explainers import conditions as said
from core.explainers.conditions import Cells, Condition
from core.explainers.searching import Sample, search
from core.explainers.written import Writing, condition_sql, written
from core.model import Kind, Role, Table

RULES = ("segment", "words", "sql", "conditions", "covered", "coverage", "precision", "held_out")
ROWS = 20_000
LEAST = 200
HELD_OUT = 0.3
POOR = 0.6
"""F1 on held-out customers below which a rule does not describe its segment."""
NO_RULE = "No column tells this segment from the others."
_KINDS = (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY, Kind.DATE)
_MANY_LEVELS = 200


@dataclass(frozen=True)
class _Drawn:
    """Rows drawn from the table for learning and judging, and how many customers each stands for."""

    learn: np.ndarray
    judge: np.ndarray
    weight: np.ndarray


def rules(table: Table, roles: Mapping[str, Role], labels: np.ndarray, *, seed: int) -> pd.DataFrame:
    """One row per segment of ``labels`` (n_table,), numbers rising.

    Conditions are looked for by beam search (F1 of one segment against the rest, customers without a segment among the
    rest) on 70 % of at most 20,000 customers (every segment in proportion, with at least 200), on feature columns that
    SQL can read; the other 30 % are ``held_out`` (rows) and give ``coverage`` (share of the segment that the rule
    finds, 0..1) and ``precision`` (share of what it finds that is of the segment, 0..1). ``covered`` counts the rows of
    the whole table that it finds. ``words`` is the rule as a sentence, ``sql`` one SELECT on ``customers`` with the
    columns of customers.csv, ``conditions`` JSON (column, op, values). What is found does not depend on the order of
    rows. After the "bump hunting" of Friedman & Fisher (1999), doi:10.1023/A:1008894516817, with fewer conditions.
    """
    segments = np.unique(labels[labels > 0])
    columns = _columns(table, roles)
    drawn = _draw(table, columns, labels, seed=seed)
    readable = {name: of for name in columns if (of := _readable(table, name, drawn.learn)) is not None}
    found: dict[int, tuple[Condition, ...]] = {}
    writings: dict[str, Writing] = {}
    while True:
        found |= {int(s): _search(readable, labels, drawn, int(s)) for s in segments if int(s) not in found}
        used = dict.fromkeys(one.column for conditions in found.values() for one in conditions)
        writings |= {name: made for name in used if name not in writings and (made := written(table, name)) is not None}
        bad = set(used) - set(writings)
        if not bad:
            break
        readable = {name: of for name, of in readable.items() if name not in bad}
        found = {s: conditions for s, conditions in found.items() if not bad & {one.column for one in conditions}}
    settled = {s: tuple(_settled(one, readable[one.column]) for one in conditions) for s, conditions in found.items()}
    rows = [_row(table, readable, writings, s, settled[s], labels=labels, drawn=drawn) for s in sorted(settled)]
    return pd.DataFrame(rows, columns=list(RULES))


def matches(table: Table, conditions: str) -> np.ndarray:
    """(n_table,) bool: the rows that meet all ``conditions`` (JSON as :func:`rules` tells them); none meet no conditions."""
    parsed = said.from_json(conditions, table)
    return _all({one.column: said.cells(table, one.column) for one in parsed}, parsed, len(table))


def _all(cells: Mapping[str, Cells], conditions: Sequence[Condition], count: int) -> np.ndarray:
    mask = np.full(count, bool(conditions))
    for one in conditions:
        mask &= said.met(one, cells[one.column])
    return mask


def _columns(table: Table, roles: Mapping[str, Role]) -> list[str]:
    """Features that a condition can be about, by name: their order in the file must not matter."""
    return sorted(c.name for c in table.columns if roles.get(c.name, c.role) is Role.FEATURE and c.kind in _KINDS)


def _readable(table: Table, name: str, rows: np.ndarray) -> Cells | None:
    """The cells of a column, None where a sample shows that SQL cannot read it or that it has too many levels."""
    if written(table, name, rows) is None:
        return None
    found = said.cells(table, name)
    return None if found.levels is not None and len(found.levels) > _MANY_LEVELS else found


def _draw(table: Table, columns: Sequence[str], labels: np.ndarray, *, seed: int) -> _Drawn:
    """Rows by a lot that hangs on their content alone, of each segment apart."""
    lots = _lots(table, columns, seed)
    learn, judge, weight = [], [], np.zeros(len(labels))
    share = min(1.0, ROWS / max(1, len(labels)))
    for segment in np.unique(labels):
        members = np.flatnonzero(labels == segment)
        size = min(len(members), max(LEAST, round(share * len(members))))
        members = members[np.argsort(_apart(lots[members]), kind="stable")[:size]]
        held = max(1, round(HELD_OUT * size)) if size > 1 else 0
        weight[members] = (labels == segment).sum() / size
        learn.append(members[held:])
        judge.append(members[:held])
    return _Drawn(np.sort(np.concatenate(learn)), np.sort(np.concatenate(judge)), weight)


def _lots(table: Table, columns: Sequence[str], seed: int) -> np.ndarray:
    """(n,) uint64, equal for equal rows."""
    lots = np.full(len(table), (seed * 2 + 1) & 0xFFFFFFFFFFFFFFFF, dtype=np.uint64)
    for name in columns:
        lots = _mixed(lots ^ pd.util.hash_array(_hashable(table.frame[name])))
    return lots


def _apart(lots: np.ndarray) -> np.ndarray:
    """A lot of its own for each of several equal rows, so that not all of them are held out or none."""
    turn = pd.Series(lots).groupby(lots).cumcount().to_numpy(dtype=np.uint64)
    return _mixed(lots + turn) if turn.any() else lots


def _mixed(lots: np.ndarray) -> np.ndarray:
    """Numbers near each other drawn far apart (the finaliser of splitmix64)."""
    for shift, factor in (30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB):
        lots = (lots ^ (lots >> np.uint64(shift))) * np.uint64(factor)
    return lots ^ (lots >> np.uint64(31))


def _hashable(series: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(series):
        return series.to_numpy(dtype=np.float64)
    if pd.api.types.is_datetime64_any_dtype(series):
        return series.to_numpy().astype("datetime64[s]").astype(np.int64)
    return series.fillna("").to_numpy(dtype=object)


def _search(cells: Mapping[str, Cells], labels: np.ndarray, drawn: _Drawn, segment: int) -> tuple[Condition, ...]:
    rows = drawn.learn
    own = labels[rows] == segment
    if own.all() or not own.any():
        return ()
    return search(Sample([of.at(rows) for of in cells.values()], own, drawn.weight[rows]))


def _settled(condition: Condition, of: Cells) -> Condition:
    """Thresholds moved to the roundest number that parts the cells of the whole table in the same way.

    They lie strictly between two values, as two programs may read the same text as numbers that differ in their last
    digit; only among whole numbers may they be one of them.
    """
    if of.levels is not None or not condition.values:
        return condition
    known = of.found[~np.isnan(of.found)]
    whole = bool((known == np.trunc(known)).all() and (np.abs(known) < 2**53).all())
    dated = of.column.kind is Kind.DATE
    values = tuple(_settle(value, known, whole=whole, dated=dated) for value in condition.values)
    return Condition(condition.column, condition.op, values)


def _settle(value: float, known: np.ndarray, *, whole: bool, dated: bool) -> float:
    below, above = known[known < value], known[known >= value]
    if not len(below) or not len(above):
        return float(np.ceil(value)) if whole else float(value)
    lower, upper = float(below.max()), float(above.min())
    return upper if dated else roundest(lower, upper, whole=whole)


def roundest(lower: float, upper: float, *, whole: bool) -> float:
    """The number between two others with the fewest digits, the middle where several are as round.

    ``upper`` itself where there is no whole number between whole ones, or no number at all.
    """
    middle = lower + (upper - lower) / 2
    largest = int(np.floor(np.log10(max(abs(lower), abs(upper), 1e-300)))) + 1
    for places in range(-largest, 1 if whole else 18 - largest):
        found = float(round(middle, places)) + 0.0
        if lower < found < upper:
            return found
    return middle if not whole and lower < middle < upper else upper


def _row(
    table: Table, cells: Mapping[str, Cells], writings: Mapping[str, Writing], segment: int,
    conditions: tuple[Condition, ...], *, labels: np.ndarray, drawn: _Drawn,
) -> tuple:  # fmt: skip
    """One row of the frame."""
    found = _all(cells, conditions, len(table))
    coverage, precision = _judged(found[drawn.judge], labels[drawn.judge] == segment, drawn.weight[drawn.judge])
    told = [said.words(one, cells[one.column].column) for one in conditions]
    clauses = [condition_sql(one, writings[one.column], cells[one.column].column) for one in conditions]
    return (
        segment, _sentence(told), _select(clauses), said.to_json(conditions, table), int(found.sum()), coverage, precision,
        len(drawn.judge),
    )  # fmt: skip


def _judged(found: np.ndarray, own: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Coverage and precision, 0 where nothing was found."""
    hits = weight[found & own].sum()
    whole, chosen = weight[own].sum(), weight[found].sum()
    return float(hits / whole) if whole else 0.0, float(hits / chosen) if chosen else 0.0


def _sentence(told: list[str]) -> str:
    if not told:
        return NO_RULE
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _select(clauses: list[str]) -> str:
    """One SELECT; without conditions it finds nobody."""
    return f"SELECT * FROM customers\nWHERE {chr(10).join(['  AND ' + c if n else c for n, c in enumerate(clauses)]) or '1 = 0'};"
