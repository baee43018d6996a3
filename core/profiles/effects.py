"""Effect sizes of one column in every segment of many labelings: sums by segment, from one reading of the column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind

SMALL = 0.2  # Cohen (1988), Statistical Power Analysis: a small difference of means
LARGEST = 20.0
"""What an effect is told as that lies beyond, as where no side has any spread: all of them yes, all others no."""


@dataclass(frozen=True)
class Measured:
    """One column in every labeling, a place for each of its signals (a number, a flag, or one value of a category).

    ``levels`` are the values of a category, else ("",). By labeling, arrays (slots, signals) whose row ``label + 1``
    belongs to a label from -1: ``filled`` cells, mean or share ``own`` of them and of the ``rest``, ``effect``,
    ``delta`` (see :func:`core.profiles.differences.differences`). ``everyone`` (signals,) is the mean of all.
    ``sample`` holds the counted, summed and squared cells of the drawn customers, each (rows, signals).
    """

    column: Column
    levels: tuple[str, ...]
    everyone: np.ndarray
    filled: tuple[np.ndarray, ...]
    own: tuple[np.ndarray, ...]
    rest: tuple[np.ndarray, ...]
    effect: tuple[np.ndarray, ...]
    delta: tuple[np.ndarray, ...]
    sample: tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Sums:
    """Filled cells, their sum and their sum of squares, for a segment or for everyone; arrays of one shape."""

    count: np.ndarray
    total: np.ndarray
    squares: np.ndarray


def cohen(own: Sums, everyone: Sums) -> np.ndarray:
    """Cohen's d of ``own`` against everyone else, the standard deviation pooled over both (Cohen 1988).

    Between -20 and 20; 0 where all cells are equal, NaN where a side is empty or there are only two cells.
    Exact to rounding where the cells are centred and scaled, or 0 and 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        left = everyone.count - own.count
        rest = everyone.total - own.total
        apart = own.total / own.count - rest / left
        within = own.squares - own.total**2 / own.count + everyone.squares - own.squares - rest**2 / left
        pooled = np.sqrt(np.maximum(within, 0.0) / (everyone.count - 2))
        found = np.where(apart == 0, 0.0, np.clip(apart / pooled, -LARGEST, LARGEST))
    return np.where((own.count > 0) & (left > 0) & (everyone.count > 2), found, np.nan)


def measured(
    cells: pd.Series, column: Column, labelings: Sequence[np.ndarray], *, drawn: np.ndarray, most_levels: int
) -> Measured:
    """The sums and effects of ``cells`` (n,) under each of ``labelings`` (n,), and the sample at the rows ``drawn``.

    A category makes one signal for each of its ``most_levels`` commonest values, ties by value.
    """
    if column.kind is Kind.CATEGORY:
        return _levels(cells, column, labelings, drawn=drawn, most=most_levels)
    return _numbers(cells.to_numpy(np.float64), column, labelings, drawn=drawn)


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1 of ``values`` (m,) without gaps, equal ones sharing the mean of theirs."""
    order = np.argsort(values)
    first = np.ones(len(values), dtype=bool)
    ordered = values[order]
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    del ordered  # a column of a million takes 8 MB, and several are in hand
    starts = np.flatnonzero(first)
    lengths = np.diff(starts, append=len(values))
    middles = lengths / 2
    middles += starts
    middles += 0.5
    del starts
    out = np.empty(len(values))
    out[order] = np.repeat(middles, lengths)
    return out


def commonest(codes: np.ndarray, levels: int, most: int) -> np.ndarray:
    """The ``most`` commonest of ``codes`` (0..levels - 1, gaps below 0), ties to the smaller code."""
    return np.argsort(-np.bincount(codes[codes >= 0], minlength=levels), kind="stable")[:most]


def _numbers(cells: np.ndarray, column: Column, labelings: Sequence[np.ndarray], *, drawn: np.ndarray) -> Measured:
    filled = ~np.isnan(cells)
    whole = bool(filled.all())
    scaled, unscaled = standardised(cells if whole else cells[filled])
    ranked = None if column.kind is Kind.FLAG else ranks(scaled)
    squares = scaled * scaled
    everyone = Sums(*(np.array([one]) for one in (float(len(scaled)), scaled.sum(), squares.sum())))
    found = []
    for labels in labelings:
        slot = _slots(labels)
        n_slots = _last(labels) + 2
        taken = slot if whole else slot[filled]
        own = Sums(*(np.bincount(taken, part, n_slots)[:, None] for part in (None, scaled, squares)))
        delta = np.full(own.count.shape, np.nan) if ranked is None else _cliff(np.bincount(taken, ranked, n_slots), own)
        found.append(_told(own, everyone, delta))
    there = filled[drawn]
    taken = np.zeros(len(drawn))
    taken[there] = scaled[drawn[there] if whole else np.cumsum(filled)[drawn[there]] - 1]
    sample = tuple(part[:, None] for part in (there.astype(np.float64), taken, taken * taken))
    parts = [tuple(part) for part in zip(*found, strict=True)]
    for at in (1, 2):
        parts[at] = tuple(unscaled(part) for part in parts[at])
    return Measured(column, ("",), unscaled(_mean(everyone)), *parts, sample=sample)


def standardised(values: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """``values`` centred and in standard deviations, so that sums of squares stay exact, and the way back for a mean."""
    if not len(values):
        return values, lambda mean: mean
    low, high = values.min(), values.max()
    power = int(np.frexp(max(-low, high))[1])  # a power of two keeps squares finite and rounds nothing
    small = np.ldexp(values, -power)
    middle, spread = float(small.mean()), float(small.std())
    if low == high or spread == 0:
        return np.zeros(len(small)), lambda mean: np.where(np.isnan(mean), np.nan, low)
    return (small - middle) / spread, lambda mean: np.clip(np.ldexp(middle + spread * mean, power), low, high)


def _levels(
    cells: pd.Series, column: Column, labelings: Sequence[np.ndarray], *, drawn: np.ndarray, most: int
) -> Measured:
    codes, values = pd.factorize(cells.to_numpy(object), sort=True)
    chosen = commonest(codes, len(values), most)
    place = np.full(len(values) + 1, len(chosen), dtype=np.int32)  # of other values; the last is that of gaps, code -1
    place[chosen], place[-1] = np.arange(len(chosen)), len(chosen) + 1
    at = place[codes]
    width = len(chosen) + 2
    everyone = _counted(np.bincount(at, minlength=width)[None], len(chosen))
    found = []
    for labels in labelings:
        n_slots = _last(labels) + 2
        table = np.bincount(_slots(labels).astype(np.int32) * width + at, minlength=n_slots * width)
        own = _counted(table.reshape(n_slots, width), len(chosen))
        found.append(_told(own, everyone, np.full(own.count.shape, np.nan)))
    there = np.repeat((at[drawn] <= len(chosen)).astype(np.float64)[:, None], len(chosen), axis=1)
    hits = (at[drawn][:, None] == np.arange(len(chosen))).astype(np.float64)
    parts = [tuple(part) for part in zip(*found, strict=True)]
    levels = tuple(str(values[one]) for one in chosen)
    return Measured(column, levels, _mean(everyone)[0], *parts, sample=(there, hits, hits))


def _counted(table: np.ndarray, levels: int) -> Sums:
    """Counts by value, then others, then gaps, as sums of noughts and ones."""
    hits = table[:, :levels].astype(np.float64)
    filled = np.repeat(table[:, :-1].sum(axis=1, dtype=np.float64)[:, None], levels, axis=1)
    return Sums(filled, hits, hits)


def _told(own: Sums, everyone: Sums, delta: np.ndarray) -> tuple[np.ndarray, ...]:
    rest = Sums(everyone.count - own.count, everyone.total - own.total, everyone.squares - own.squares)
    return own.count, _mean(own), _mean(rest), cohen(own, everyone), delta


def _mean(sums: Sums) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums.count > 0, sums.total / sums.count, np.nan)


def _cliff(rank_sums: np.ndarray, own: Sums) -> np.ndarray:
    """Cliff's delta from the sums of ranks, by way of Mann and Whitney's U; NaN where a side is empty."""
    count = own.count[:, 0]
    left = count.sum() - count
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 2 * (rank_sums - count * (count + 1) / 2) / (count * left) - 1
    return np.where((count > 0) & (left > 0), found, np.nan)[:, None]


def _slots(labels: np.ndarray) -> np.ndarray:
    return labels.astype(np.int32) + 1


def _last(labels: np.ndarray) -> int:
    return max(int(labels.max(initial=0)), 0)
