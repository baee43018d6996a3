"""Who is who in two tables: customers followed by an id that stands in both, or row by row in one and the same table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Kind, Role, Table
from core.neutral import as_text

LEAST_SHARED = 0.1
"""The part of the smaller table that has to be in both, or the same ids name other customers."""


@dataclass(frozen=True)
class Followed:
    """``partner`` (n_now,) int32: the row of before that is the same customer, -1 where none is. ``key`` is the column of
    ids, "" where rows are followed or nobody can be. ``notes`` say who could not be followed and why."""

    key: str
    partner: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def shared(self) -> int:
        """Customers who are in both."""
        return int((self.partner >= 0).sum())

    def enough(self, before: int) -> bool:
        """Whether at least a tenth of the customers of the smaller table, of ``before`` and now, are in both."""
        return self.shared > 0 and self.shared >= LEAST_SHARED * min(before, len(self.partner))


def keys(before: Table, now: Table) -> tuple[str, ...]:
    """Columns by which customers may be followed: ids, or codes, under the same name in both; ids first."""
    there = {column.name: column for column in before.columns}
    both = [(column, there[column.name]) for column in now.columns if column.name in there]
    named = [(one.role is Role.ID and other.role is Role.ID, one.name) for one, other in both
             if all(_may_name(column) for column in (one, other))]  # fmt: skip
    return tuple(name for _, name in sorted(named, key=lambda pair: not pair[0]))


def follow(before: Table, now: Table, key: str = "") -> Followed:
    """Who of ``now`` is who of ``before``, by column ``key``; "" takes the id column that most customers share.

    Ids are compared as text, exactly as they stand in the file without the spaces around them: "00123" and "123" are two
    customers, and a note tells how many ids differ in no more than that. A customer whose id stands several times in a
    table is not followed, as nobody knows which row is meant; a note counts them. Tables that are one and the same are
    followed row by row. Raises :class:`BadRequest` for a key that one of them does not have.
    """
    if not key and before.fingerprint == now.fingerprint and len(before) == len(now):
        return Followed("", np.arange(len(now), dtype=np.int32), ("Both are of the same file: customers are followed by their row.",))
    if key:
        for table in (before, now):
            if key not in table.frame:
                raise BadRequest(f"There is no column {key!r} in both files.", "Choose an id that stands in both.")
        return _by(before, now, key)
    found = [_by(before, now, name) for name in keys(before, now)]
    nobody = Followed("", np.full(len(now), -1, dtype=np.int32), ("The two files have no column of ids under the same name.",))
    return max(found, key=lambda one: one.shared, default=nobody)


def _may_name(column: object) -> bool:
    return column.role is Role.ID or column.kind is Kind.KEY


def _by(before: Table, now: Table, key: str) -> Followed:
    was, here = _ids(before, key), _ids(now, key)
    alone = [_alone(was), _alone(here)]
    known = pd.Series(np.flatnonzero(alone[0]), index=was[alone[0]])
    partner = np.full(len(here), -1, dtype=np.int32)
    partner[alone[1]] = known.reindex(here[alone[1]]).fillna(-1).to_numpy(dtype=np.int32)
    left = np.ones(len(was), dtype=bool)
    left[partner[partner >= 0]] = False
    notes = [*_unnamed(was, key, "before"), *_unnamed(here, key, "now"), *_repeated(was, key, "before"), *_repeated(here, key, "now"),
             *_other_form(before, now, key), *_nearly(was[left], here[partner < 0], key)]  # fmt: skip
    return Followed(key, partner, tuple(notes))


def _ids(table: Table, key: str) -> np.ndarray:
    """(n,) texts, "" for a gap."""
    cells = as_text(table.raw[key] if key in table.raw else table.frame[key])
    return np.array([cell.strip() for cell in cells], dtype=object)


def _alone(ids: np.ndarray) -> np.ndarray:
    """(n,) whether the id is there and stands once."""
    return (ids != "") & ~pd.Series(ids).duplicated(keep=False).to_numpy()


def _unnamed(ids: np.ndarray, key: str, side: str) -> Iterable[str]:
    empty = int((ids == "").sum())
    if empty:
        yield f"{empty:,} customers of {side} have no {key}: they are not followed."


def _repeated(ids: np.ndarray, key: str, side: str) -> Iterable[str]:
    given = pd.Series(ids[ids != ""])
    twice = given[given.duplicated(keep=False)]
    if len(twice):
        example = min(twice, key=lambda one: (len(one), one))
        yield (f"{twice.nunique():,} ids in {key} of {side} stand in several rows ({len(twice):,} rows, such as {example!r}): "
               "nobody knows which row is which customer, so these rows are not followed.")  # fmt: skip


def _other_form(before: Table, now: Table, key: str) -> Iterable[str]:
    forms = [_numbers(table, key) for table in (before, now)]
    if forms[0] != forms[1]:
        where = "before and text now" if forms[0] else "now and were text before"
        yield f"Ids in {key} are numbers {where}: they are compared as text, so that 123 is '123' and not '00123'."


def _numbers(table: Table, key: str) -> bool:
    """Whether the file itself holds numbers there, as workbooks and Parquet do."""
    cells = table.raw[key].dropna() if key in table.raw else table.frame[key].dropna()
    return bool(len(cells)) and not isinstance(cells.iloc[0], str)


def _nearly(was: np.ndarray, here: np.ndarray, key: str) -> Iterable[str]:
    """Ids on one side alone that differ from one of the other side in leading zeros, ".0" or letter case only."""
    first = {_loose(one): one for one in was if one}
    pairs = [(first[_loose(one)], one) for one in here if one and first.get(_loose(one), one) != one]
    if pairs:
        shown = min(pairs, key=lambda pair: (len(pair[0]), pair))
        yield (f"{len(pairs):,} ids in {key} differ only in leading zeros, a decimal point or letter case ({shown[0]!r} before, "
               f"{shown[1]!r} now): they count as different customers. If they are the same, write them alike in both files.")  # fmt: skip


def _loose(text: str) -> str:
    return re.sub(r"\.0+$", "", text.casefold()).lstrip("0")
