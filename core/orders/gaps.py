"""Cells that an export writes once for each order, such as its status or currency: the other lines have the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Part

ONCE_AN_ORDER = (Part.STATUS, Part.CURRENCY)
"""Parts that an order has once, however many lines it has."""
NEARLY_ALL = 0.9


def of_order(orders: pd.Series, cells: pd.Series) -> pd.Series:
    """``cells`` (n,) with gaps filled by the only value that the lines of the same order have.

    Nothing is filled unless nearly every order of ``orders`` (n,) has a value: where only some have, a gap says something.
    An order of several different values fills none of its gaps. Gaps are None or NaN, in orders as well.
    """
    if not cells.isna().any() or not cells.notna().any():
        return cells
    keys = pd.factorize(orders)[0]
    codes, values = pd.factorize(cells)
    known = (keys >= 0) & (codes >= 0)
    count = int(keys.max()) + 1
    lowest, highest = np.full(count, len(values)), np.full(count, -1)
    np.minimum.at(lowest, keys[known], codes[known])
    np.maximum.at(highest, keys[known], codes[known])
    if not count or (highest >= 0).mean() < NEARLY_ALL:
        return cells
    one = np.where(lowest == highest, highest, -1)
    filled = np.where((codes < 0) & (keys >= 0), one[keys], codes)
    return pd.Series(np.where(filled >= 0, np.asarray(values, dtype=object)[filled], None), index=cells.index, dtype=object)
