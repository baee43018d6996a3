"""The tiny distribution of a column: at most twelve labelled counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Kind

MOST = 12


def bars(kind: Kind, values: pd.Series) -> tuple[tuple[str, int], ...]:
    """(label, count) pairs: bins of a number or date, the commonest values otherwise; gaps are not counted."""
    present = values.dropna()
    if not len(present) or kind in (Kind.KEY, Kind.TEXT):
        return ()
    if kind is Kind.NUMBER:
        return _bins(present.to_numpy())
    if kind is Kind.DATE:
        years = present.dt.year.value_counts().sort_index()
        return tuple((str(year), int(count)) for year, count in years.items()) if len(years) <= MOST else _bins(
            present.dt.year.to_numpy(dtype=float))
    if kind is Kind.FLAG:
        return ("no", int((present == 0).sum())), ("yes", int((present == 1).sum()))
    counts = present.value_counts()
    shown = [(str(label), int(count)) for label, count in counts.iloc[: MOST - 1].items()]
    rest = int(counts.iloc[MOST - 1:].sum())
    return (*shown, ("other", rest)) if rest else tuple(shown)


def _bins(values: np.ndarray) -> tuple[tuple[str, int], ...]:
    """Equal bins between the extremes; few different whole numbers get a bar each."""
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= MOST:
        return tuple((f"{value:g}", int(count)) for value, count in zip(distinct, counts, strict=True))
    low, high = values.min(), values.max()
    # Halves first: the range of values up to 1e308 would overflow.
    shares = (values / 2 - low / 2) / (high / 2 - low / 2)
    found = np.bincount(np.minimum((shares * MOST).astype(int), MOST - 1), minlength=MOST)
    edges = [low * (1 - i / MOST) + high * (i / MOST) for i in range(MOST + 1)]
    return tuple((f"{_short(edges[i])} to {_short(edges[i + 1])}", int(found[i])) for i in range(MOST))


def _short(value: float) -> str:
    """About four digits, without powers of ten where people would not write them."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e12 else f"{value:.4g}"
