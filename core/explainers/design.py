"""Original columns as a forest reads them: numbers as they are, days of dates, levels as columns of 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_LEVELS = 20
MISSING = "(empty)"


@dataclass(frozen=True)
class Design:
    """``values`` (n, features) float64 with NaN gaps; ``owner`` (features,) the place of each feature's column in
    ``columns``."""

    columns: tuple[str, ...]
    values: np.ndarray
    owner: np.ndarray

    def features(self, columns: Sequence[int]) -> np.ndarray:
        """The features of the columns at these places."""
        return np.flatnonzero(np.isin(self.owner, columns))

    def filled(self, rows: np.ndarray) -> np.ndarray:
        """(n, features) float32 with each gap at the median of ``rows``, 0 where they have none."""
        medians = np.array([np.median(c[~np.isnan(c)]) if (~np.isnan(c)).any() else 0.0 for c in self.values[rows].T])
        return np.where(np.isnan(self.values), medians, self.values).astype(np.float32)


def design(frame: pd.DataFrame) -> Design:
    """The columns of ``frame`` (n rows, original values) as features; of a category the 20 commonest levels, an empty

    cell being one of them."""
    blocks = [_block(cells) for _, cells in frame.items()]
    owner = np.repeat(np.arange(len(blocks)), [block.shape[1] for block in blocks])
    return Design(tuple(frame.columns), np.hstack(blocks), owner)


def _block(cells: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(cells):
        days = (cells - pd.Timestamp(0, tz=cells.dt.tz)) / pd.Timedelta(days=1)
        return days.to_numpy(dtype=np.float64)[:, None]
    if pd.api.types.is_numeric_dtype(cells):
        return cells.to_numpy(dtype=np.float64)[:, None]
    texts = cells.astype(object).where(cells.notna(), MISSING).astype(str)
    counts = texts.value_counts()
    common = sorted(counts.index, key=lambda level: (-counts[level], level))[:MOST_LEVELS]
    return (texts.to_numpy()[:, None] == np.array(common, dtype=object)[None, :]).astype(np.float64)
