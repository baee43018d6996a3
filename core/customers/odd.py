"""Customers that repeat one another, and combinations that hardly ever occur."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.model import Column, Kind, Table

MANY, TELLING = 5, 3
_SAMPLE, _TOGETHER, _RESIDUAL, _INSIDE = 5_000, 0.7, 6.0, 0.01
_MOST_COLUMNS, _TIED = 25, 0.2
_NORMAL = 0.6744897501960817


def alike(table: Table, used: Sequence[Column], rows: np.ndarray) -> np.ndarray:
    """For each of ``rows`` (m,) how many others equal it in every column, 0 unless that tells something.

    It tells where at least five others do, three columns of numbers are compared, and repeats are rare: most customers
    of the table equal nobody.
    """
    names = [column.name for column in used]
    none = np.zeros(len(rows), dtype=np.int64)
    if sum(column.kind is Kind.NUMBER for column in used) < TELLING:
        return none
    hashes = pd.util.hash_pandas_object(table.frame[names], index=False).to_numpy()
    _, at, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    others = counts[at] - 1
    if np.mean(others > 0) > 0.5:
        return none
    return np.where(others[rows] >= MANY, others[rows], 0)


def crossed(numbers: Sequence[np.ndarray], rows: np.ndarray) -> dict[int, tuple[int, int]]:
    """By place in ``rows`` the two of ``numbers`` (n,) whose combination hardly ever occurs.

    Looked at are pairs whose ranks go together (Spearman 0.7 and more, on at most 5,000 customers). A combination is odd
    where the rank of one lies, from that of the other, more than six robust standard deviations off what is usual
    (Iglewicz & Hoaglin 1993), while neither cell is among the 1 % most extreme of its column.
    Columns in which a fifth or more have the same value are left out: their ranks say too little.
    """
    if len(numbers) < 2:
        return {}
    drawn = np.linspace(0, len(numbers[0]) - 1, min(_SAMPLE, len(numbers[0]))).astype(np.intp)
    known = [np.sort(values[drawn][np.isfinite(values[drawn])]) for values in numbers]
    columns = [at for at, values in enumerate(known) if _told_apart(values)][:_MOST_COLUMNS]
    ranks = {at: _ranks(numbers[at][drawn], known[at]) for at in columns}
    own = {at: _ranks(numbers[at][rows], known[at]) for at in columns}
    found: dict[int, tuple[int, int]] = {}
    for first in columns:
        for second in columns[first + 1 :]:
            for place in _off(ranks[first], ranks[second], own[first], own[second]):
                found.setdefault(int(place), (first, second))
    return found


def _told_apart(known: np.ndarray) -> bool:
    """Whether no value is had by a fifth or more."""
    return len(known) > 0 and int(np.unique(known, return_counts=True)[1].max()) < _TIED * len(known)


def _ranks(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Mid-ranks 0..1 among ``known``, NaN for gaps."""
    low, high = (np.searchsorted(known, values, side) for side in ("left", "right"))
    return np.where(np.isfinite(values), (low + high) / 2 / max(len(known), 1), np.nan)


def _off(first: np.ndarray, second: np.ndarray, own_first: np.ndarray, own_second: np.ndarray) -> np.ndarray:
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 30 or not first[both].std() or not second[both].std():
        return np.zeros(0, dtype=np.intp)
    together = float(np.corrcoef(first[both], second[both])[0, 1])
    if abs(together) < _TOGETHER:
        return np.zeros(0, dtype=np.intp)
    sign = np.sign(together)
    usual = (second - sign * first)[both]
    middle = float(np.median(usual))
    spread = float(np.median(np.abs(usual - middle))) / _NORMAL
    off = np.abs(own_second - sign * own_first - middle) > _RESIDUAL * max(spread, 0.02)
    inside = np.minimum(np.minimum(own_first, 1 - own_first), np.minimum(own_second, 1 - own_second)) > _INSIDE
    return np.flatnonzero(off & inside)
