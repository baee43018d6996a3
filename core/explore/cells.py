"""The cells of a column as numbers, and an order of rows that only their content decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind

AMOUNTS = (Kind.NUMBER, Kind.FLAG, Kind.DATE)
_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")


@dataclass(frozen=True)
class Cells:
    """One column; ``values`` (n,) is float64 with NaN gaps for amounts (dates in days since 1970-01-01).

    Of other kinds it is int32 positions in ``levels``, sorted texts, -1 for a gap.
    """

    place: int
    column: Column
    values: np.ndarray
    levels: tuple[str, ...] = ()

    @property
    def amount(self) -> bool:
        """True where values can be ordered and averaged."""
        return self.column.kind in AMOUNTS

    @property
    def empty(self) -> np.ndarray:
        """Mask (n,) of gaps."""
        return np.isnan(self.values) if self.amount else self.values < 0


def cells_of(place: int, column: Column, series: pd.Series) -> Cells:
    """The cells of ``series`` (n,), typed as in ``Table.frame``."""
    if column.kind is Kind.DATE:
        stamps = series.to_numpy().astype("datetime64[us]")
        days = stamps.astype(np.int64) / _DAY
        return Cells(place, column, np.where(np.isnat(stamps), np.nan, days))
    if column.kind in AMOUNTS:
        return Cells(place, column, series.to_numpy(dtype=np.float64))
    codes, levels = pd.factorize(series.to_numpy(dtype=object), sort=True)
    return Cells(place, column, codes.astype(np.int32), tuple(map(str, levels)))


def in_content_order(every: Sequence[Cells], rows: int, most: int) -> np.ndarray:
    """Positions of at most ``most`` of ``rows`` rows, in an order made from their cells alone.

    The rows with the smallest hashes are a sample that is the same in whatever order
    the file lists its customers; a shorter one begins it. Equal rows are interchangeable.
    """
    hashes = np.zeros(rows, dtype=np.uint64)
    for cells in every:
        bits = cells.values.astype(np.float64) + 0.0  # no negative zero
        bits[np.isnan(bits)] = np.nan
        hashes = _mixed(hashes ^ bits.view(np.uint64))
    if most < rows:
        nearest = np.argpartition(hashes, most - 1)[:most] if most else np.zeros(0, dtype=np.intp)
        return nearest[np.argsort(hashes[nearest], kind="stable")]
    return np.argsort(hashes, kind="stable")


def _mixed(bits: np.ndarray) -> np.ndarray:
    """SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195), one step."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
