"""The cells of one raw column as distinct stripped texts, whatever they were natively."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np
import pandas as pd


class Cells(NamedTuple):
    """``texts`` (n_distinct,) distinct stripped texts; ``codes`` (n,) positions in them; ``counts`` how often."""

    texts: pd.Series
    codes: np.ndarray
    counts: np.ndarray

    def spread(self, values: np.ndarray) -> np.ndarray:
        """One value per distinct text becomes one value per row."""
        return np.asarray(values)[self.codes]

    def count(self, positions: object) -> int:
        return int(self.counts[np.asarray(positions, dtype=np.intp)].sum())


def distinct_cells(raw: pd.Series) -> Cells:
    """Factorize a raw column; a gap is the empty text."""
    codes, distinct = _factorized(raw)
    stripped = distinct.str.strip()
    if not stripped.equals(distinct):
        again, merged = pd.factorize(stripped)
        codes, stripped = again[codes], pd.Series(merged, dtype="str")
    return Cells(stripped, codes, np.bincount(codes, minlength=len(stripped)))


def _factorized(raw: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Codes (n,) and the different texts in the order in which they come.

    Different native values have different texts, so that only one of each needs to become a text; in an ``object``
    column that is not so (1 equals True).
    """
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind in "biufM":
        codes, distinct = pd.factorize(raw, use_na_sentinel=False)
        return codes, pd.Series([native_text(cell) for cell in pd.Series(distinct)], dtype="str")
    is_text = isinstance(raw.dtype, pd.StringDtype)
    texts = raw.fillna("") if is_text else pd.Series([native_text(cell) for cell in raw], dtype="str")
    codes, distinct = pd.factorize(texts)
    return codes, pd.Series(distinct, dtype="str")


def native_text(cell: object) -> str:
    """A native cell as text: whole numbers without ``.0``, other numbers in full, midnight as a date, a gap as ""."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(float(cell))
    if isinstance(cell, (dt.datetime, pd.Timestamp)):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(cell)


def different(values: np.ndarray) -> int:
    """How many different numbers ``values`` (n,) holds; NaN is none."""
    ordered = np.sort(values[~np.isnan(values)])
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))
