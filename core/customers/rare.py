"""How far out a cell lies among those of everyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind

_NORMAL = 0.6744897501960817  # median absolute deviation of a standard normal
CAP = 1e6


@dataclass(frozen=True)
class Rarity:
    """Of some rows (m,): ``far``, signed and in standard deviations of a normal, and ``share`` of everyone (0..1) - of
    numbers those that are less (or more, where ``far`` is negative), else those with the same value. ``middle`` is the
    median of a number."""

    far: np.ndarray
    share: np.ndarray
    middle: float = float("nan")


def rarities(column: Column, cells: pd.Series, rows: np.ndarray) -> Rarity:
    """The rarity of the cells at ``rows`` among all ``cells`` (n,); a gap is not far out.

    Numbers: robust z, the distance from the median over the median absolute deviation times 0.6745 (Iglewicz & Hoaglin
    1993), over the standard deviation where that is 0. Values: the z beyond which as many of a normal lie as have it.
    """
    if column.kind is Kind.NUMBER:
        return _numbers(cells.to_numpy(dtype=float), rows)
    counts = cells.value_counts()
    own = cells.iloc[rows]
    share = own.map(counts).to_numpy(dtype=float) / max(int(counts.sum()), 1)
    return Rarity(np.where(np.isnan(share), 0.0, _normal_tail(np.nan_to_num(share, nan=1.0))), np.nan_to_num(share))


def _numbers(values: np.ndarray, rows: np.ndarray) -> Rarity:
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return Rarity(np.zeros(len(rows)), np.zeros(len(rows)))
    middle = float(np.median(known))
    spread = float(np.median(np.abs(known - middle))) / _NORMAL or float(known.std()) or 1.0
    own = values[rows]
    far = np.clip(np.nan_to_num((own - middle) / spread, nan=0.0), -CAP, CAP)
    below = np.searchsorted(known, own, "left") / len(known)
    above = 1 - np.searchsorted(known, own, "right") / len(known)
    return Rarity(far, np.where(far >= 0, below, above), middle)


def _normal_tail(share: np.ndarray) -> np.ndarray:
    """z with ``share`` of a normal beyond it on both sides."""
    from scipy.special import ndtri

    return -ndtri(np.clip(share, 1e-12, 1.0) / 2)
