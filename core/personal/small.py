"""Cells that tell of so few customers that they tell of each of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

FEWEST = 5


def withheld(sizes: Mapping[int, int], *, fewest: int = FEWEST) -> frozenset[int]:
    """The groups of ``sizes`` (customers by group, all of them together everybody) of which nothing may be told.

    Those of 1 to ``fewest`` - 1 customers; and, where what is told of everybody less what is told of the others would give
    one such group away, or fewer than ``fewest`` customers in all, the next larger one too: complementary suppression,
    Hundepool et al. (2012), Statistical Disclosure Control, section 4.3 (doi:10.1002/9781118348239).
    """
    rising = sorted((size, group) for group, size in sizes.items() if size > 0)
    few = [group for size, group in rising if size < fewest]
    if few and (len(few) == 1 or sum(sizes[group] for group in few) < fewest):
        few = [group for _, group in rising[: len(few) + 1]]
    return frozenset(few)


def complemented(counts: np.ndarray, hidden: np.ndarray, *, fewest: int = FEWEST) -> np.ndarray:
    """Which cells (n,) of one row of a table may not be told, where those ``hidden`` (n,) may not and the sum of all is known.

    ``counts`` (n,) customers in each, NaN where nobody knows. As long as the hidden cells hold 1 to ``fewest`` - 1 customers
    together, the sum less the others would tell so: the smallest of these that holds anybody is left out, too.
    """
    hidden, known = hidden.copy(), np.nan_to_num(counts)
    for place in np.argsort(known, kind="stable"):
        if not 0 < known[hidden].sum() < fewest:
            break
        hidden[place] |= known[place] > 0
    return hidden


def suppressed(frame: pd.DataFrame, counts: str, columns: tuple[str, ...] = (), *, fewest: int = FEWEST) -> pd.DataFrame:
    """``frame`` without what is told of fewer than ``fewest`` customers (0 tells of nobody and stays).

    In rows whose cell of ``counts`` is 1 to ``fewest`` - 1 that cell and those of ``columns`` (all other columns of
    numbers where none are named) become missing. A sum that is shown beside the rows can still give a single suppressed
    one away: see :func:`withheld`.
    """
    number = pd.to_numeric(frame[counts])
    few = (number > 0) & (number < fewest)
    if not few.any():
        return frame
    touched = columns or tuple(name for name in frame.columns if name != counts and pd.api.types.is_numeric_dtype(frame[name]))
    gaps = {name: frame[name].astype(object).where(~few, None) for name in (*touched, counts)}
    return frame.assign(**{name: pd.to_numeric(cells) if name == counts else cells for name, cells in gaps.items()})
