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
    texts = raw if isinstance(raw.dtype, pd.StringDtype) else pd.Series([_text(cell) for cell in raw], dtype="str")
    codes, distinct = pd.factorize(texts.fillna(""))
    stripped = pd.Series(distinct, dtype="str").str.strip()
    again, merged = pd.factorize(stripped)
    codes = again[codes]
    return Cells(pd.Series(merged, dtype="str"), codes, np.bincount(codes, minlength=len(merged)))


def _text(cell: object) -> str:
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(float(cell))
    if isinstance(cell, (dt.datetime, pd.Timestamp)):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(cell)
