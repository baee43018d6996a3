"""Rows that repeat an earlier row in every cell, found without comparing every cell of every row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio (Knuth's multiplicative hashing)
_HALF = np.uint64(32)


def repeated_rows(raw: pd.DataFrame, frame: Mapping[str, pd.Series]) -> int:
    """How many rows of ``raw`` equal an earlier one in every cell; gaps equal each other.

    ``frame`` holds the same columns as read: rows that differ there in a number or a date need not be compared.
    """
    marks = np.zeros(len(raw), dtype=np.uint64)
    for name, values in frame.items():
        if raw[name].dtype != object and values.dtype != object:
            marks = _mixed(marks, values)
    alike = pd.Series(marks).duplicated(keep=False).to_numpy()
    return int(raw[alike].duplicated().sum())


def _mixed(marks: np.ndarray, values: pd.Series) -> np.ndarray:
    """The marks with one more column in them: equal values leave equal marks equal."""
    cells = values.to_numpy()
    if cells.dtype == np.float64:
        # One zero and one NaN, whatever their bits.
        cells = np.where(np.isnan(cells), np.nan, cells + 0.0)
    mixed = (marks ^ cells.view(np.uint64)) * _SPREAD
    return mixed ^ (mixed >> _HALF)
