"""What stands in for a gap."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Column, Kind, Recipe

DONORS = 5_000  # rows that may lend their values to those with gaps
_BLOCK = 256  # rows whose distances to all donors are held at once
_YES, _NO = ("yes", "true", "1", "1.0"), ("no", "false", "0", "0.0")


def filler(kind: Kind, values: pd.Series, rule: str) -> float | str | None:
    """The stand-in, from the ``values`` (n,) of the fitted rows alone: None when all are gaps.

    ``rule`` median (as every other rule falls back on): the median of a number, the most
    frequent value of a flag or category; mode: the most frequent value of any. Ties
    go to the smallest value, so that the result does not hang on the order of rows.
    """
    present = values.dropna()
    if not len(present):
        return None
    if kind is Kind.NUMBER and rule != "mode":
        return _median(present.to_numpy(dtype=float))
    counts = present.value_counts()
    return min(counts.index[counts == counts.max()])


def stand_in(column: Column, fit: pd.Series, recipe: Recipe) -> float | str | None:
    """What fills the gaps of ``column`` under ``recipe``, from the fitted cells ``fit`` (n,): the constant given, else learned.

    Raises :class:`BadRequest` for a constant that the column cannot hold.
    """
    if recipe.gaps == "constant" and recipe.fills.get(column.name, "") != "":
        return constant(column, recipe.fills[column.name])
    return filler(column.kind, fit, recipe.gaps)


def constant(column: Column, given: str) -> float | str:
    """``given`` as a value of ``column``: a finite number with a decimal point, yes or no, or a level."""
    if column.kind is Kind.CATEGORY:
        return given
    text = given.strip().lower()
    if column.kind is Kind.FLAG:
        if text in (*_YES, *_NO):
            return float(text in _YES)
        raise BadRequest(f"Gaps in {column.name} cannot be filled with {given!r}.", "Give yes or no.")
    try:
        value = float(text.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise BadRequest(f"Gaps in {column.name} cannot be filled with {given!r}.", "Give a number such as 0 or 12.5.")
    return value


def donors_of(values: np.ndarray) -> np.ndarray:
    """The rows of ``values`` (n, d), scaled, that lend their values: all up to 5,000, beyond that every n-th.

    A column that none of them knows is filled with the median of all rows.
    """
    donors = values[np.linspace(0, len(values) - 1, min(DONORS, len(values))).astype(np.intp)]
    unknown = np.isnan(donors).all(axis=0)
    for column in np.flatnonzero(unknown):
        known = values[:, column][~np.isnan(values[:, column])]
        donors[:, column] = np.median(known) if len(known) else 0.0
    return donors


def fill_from(donors: np.ndarray, values: np.ndarray, count: int) -> None:
    """Fill NaN in ``values`` (n, d) in place with the mean of the ``count`` nearest of ``donors`` (m, d) that know the column.

    Distances leave missing coordinates out and are scaled up for it, as in scikit-learn's KNNImputer; of equally near donors
    the first ones count. A row that shares no coordinate with any donor takes the mean of all. Sums are made in one order:
    a row is filled alike alone and among others, which KNNImputer does not grant where donors are equally near.
    Source: Troyanskaya et al. (2001), doi:10.1093/bioinformatics/17.6.520.
    """
    gappy = np.flatnonzero(np.isnan(values).any(axis=1))
    for start in range(0, len(gappy), _BLOCK):
        rows = gappy[start : start + _BLOCK]
        part = values[rows]
        apart = _apart(donors, part)
        for column in np.flatnonzero(np.isnan(part).any(axis=0)):
            lent = np.flatnonzero(~np.isnan(donors[:, column]))
            open_rows = np.flatnonzero(np.isnan(part[:, column]))
            values[rows[open_rows], column] = _mean_of_nearest(donors[lent, column], apart[np.ix_(open_rows, lent)], count)


def _apart(donors: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean squared difference (n, m) over the coordinates that both know; endless where there is none."""
    total, shared = np.zeros((len(values), len(donors))), np.zeros((len(values), len(donors)))
    for column in range(values.shape[1]):
        squares = (values[:, column, None] - donors[:, column]) ** 2
        known = ~np.isnan(squares)
        total += np.where(known, squares, 0.0)
        shared += known
    return np.where(shared > 0, total / np.maximum(shared, 1), np.inf)


def _mean_of_nearest(lent: np.ndarray, apart: np.ndarray, count: int) -> np.ndarray:
    """The mean (n,) of the values ``lent`` (m,) by the ``count`` donors that are least ``apart`` (n, m)."""
    count = min(count, len(lent))
    limit = np.partition(apart, count - 1, axis=1)[:, count - 1, None]
    nearer, level = apart < limit, apart == limit
    chosen = nearer | (level & (level.cumsum(axis=1) <= count - nearer.sum(axis=1, keepdims=True)))
    which = np.nonzero(chosen)[1].reshape(len(apart), count)
    total = np.zeros(len(apart))
    for place in range(count):
        total += lent[which[:, place]]
    found = total / count
    found[np.isinf(apart).all(axis=1)] = lent.mean()
    return found


def _median(values: np.ndarray) -> float:
    """The median, halves added last: 1e308 + 1e308 overflows."""
    ordered = np.sort(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    low, high = ordered[middle - 1], ordered[middle]
    with np.errstate(over="ignore"):
        total = low + high
    return float(total / 2 if np.isfinite(total) else low / 2 + high / 2)
