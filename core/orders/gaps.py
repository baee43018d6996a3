"""Cells that an export writes once for each order, such as its status or currency: the other lines have the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Part

ONCE_AN_ORDER = (Part.STATUS, Part.CURRENCY)
"""Parts that an order has once, however many lines it has."""
NEARLY_ALL = 0.9


def of_order(orders: pd.Series, cells: pd.Series) -> pd.Series:
    """``cells`` (n,) with gaps filled by the value of the same order, where the file writes it once for each order.

    That is so where nearly every order of ``orders`` (n,) has a value, and nearly every order of several lines has it on
    one of them; elsewhere a gap says something, and nothing is filled. Gaps are None or NaN, in orders as well.
    """
    known = (orders.notna() & cells.notna()).to_numpy()
    if known.all() or not known.any():
        return cells
    keys = pd.factorize(orders)[0]
    lines = np.bincount(keys[keys >= 0])
    values = np.bincount(keys[known], minlength=len(lines))
    several = lines > 1
    if (values > 0).mean() < NEARLY_ALL or not several.any() or (values[several] == 1).mean() < NEARLY_ALL:
        return cells
    holder = np.full(len(lines), -1)
    holder[keys[known]] = np.flatnonzero(known)
    take = cells.isna().to_numpy() & (keys >= 0) & (values == 1)[keys]
    filled = cells.to_numpy(dtype=object, copy=True)
    filled[take] = filled[holder[keys[take]]]
    return pd.Series(filled, index=cells.index, dtype=object)
