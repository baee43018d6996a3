"""What stands in for a gap."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Column, Kind, Recipe

DONORS = 5_000  # rows that may lend their values to those with gaps
_WORKING_MB = 64
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
    """Fill NaN in ``values`` (n, d) in place with the mean of the ``count`` nearest of ``donors`` (m, d).

    Distances leave missing coordinates out and are scaled up for it, as in scikit-learn's
    KNNImputer, which does the work. Distances are computed block by block, on one thread.
    Source: Troyanskaya et al. (2001), doi:10.1093/bioinformatics/17.6.520.
    """
    gappy = np.flatnonzero(np.isnan(values).any(axis=1))
    if not len(gappy):
        return
    from sklearn import config_context
    from sklearn.impute import KNNImputer
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1), config_context(working_memory=_WORKING_MB):
        values[gappy] = KNNImputer(n_neighbors=count).fit(donors).transform(values[gappy])


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
