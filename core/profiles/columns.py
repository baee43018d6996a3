"""The facts of one column in the segments of many labelings: everything is sorted and counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind

FIGURES = ("mean", "median", "minimum", "maximum")
NUMERIC = (Kind.NUMBER, Kind.FLAG)
MOST_CELLS = 2**22  # of one table of counts, 32 MB


@dataclass(frozen=True)
class Facts:
    """One column in one labeling; row ``label + 1`` of each array (m + 2, ...) belongs to a label from -1 to m.

    ``figures`` (m + 2, 4) mean, median, minimum and maximum, NaN where there is no number; ``common`` (m + 2,) the
    most common value or the span of dates, ``share`` (m + 2,) its share of the filled cells; ``gaps`` (m + 2,) empty
    cells; ``differences`` (m + 2, signals) from everyone's mean in standard deviations (ddof 0), 0 where empty.
    """

    figures: np.ndarray
    common: np.ndarray
    share: np.ndarray
    gaps: np.ndarray
    differences: np.ndarray


@dataclass(frozen=True)
class Studied:
    """One column in every labeling: ``facts`` in their order; ``levels`` are the signals of a category, else ("",)."""

    facts: list[Facts]
    levels: tuple[str, ...]


def study(cells: pd.Series, column: Column, labelings: Sequence[np.ndarray], *, most_levels: int) -> Studied:
    """The facts of ``cells`` (n,) under each of ``labelings`` (n,), the first of which puts everyone under 0.

    A number or flag makes one signal, a category one for each of its ``most_levels`` commonest values (ties by
    value); dates and texts make none.
    """
    if column.kind in NUMERIC:
        return _numbers(cells.to_numpy(np.float64), labelings)
    if column.kind is Kind.DATE:
        return _dates(cells, labelings)
    return _levels(cells, labelings, most_levels if column.kind is Kind.CATEGORY else 0)


def slots(labels: np.ndarray) -> np.ndarray:
    """``labels + 1`` (n,) in as few bytes as they fit in: sorting them takes one pass per byte."""
    return (labels + 1).astype(np.uint8 if labels.max(initial=0) < np.iinfo(np.uint8).max else np.uint16)


def _numbers(cells: np.ndarray, labelings: Sequence[np.ndarray]) -> Studied:
    order, values = _sorted(cells, np.isnan(cells))
    unit = _unit(values)
    values = values / unit
    middle, spread = _moments(values)
    facts = []
    for labels in labelings:
        sizes, counts, values_by_slot = _by_slot(labels, order, values)
        figures = _figures(values_by_slot, counts)
        away = (figures[:, :1] - middle) / spread if spread else np.zeros((len(counts), 1))
        with np.errstate(over="ignore"):
            facts.append(_empty(sizes, counts, figures=figures * unit, differences=np.where(counts[:, None], away, 0.0)))
    return Studied(facts, ("",))


def _sorted(cells: np.ndarray, gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the filled cells by rising value, and those values; which of equal cells comes first is open."""
    filled = np.flatnonzero(~gaps).astype(np.int32)
    order = filled[np.argsort(cells[filled])]
    return order, cells[order]


def _unit(values: np.ndarray) -> float:
    """A power of two by which sums and squares of rising ``values`` stay finite; 1 for usual numbers."""
    largest = max(abs(values[0]), abs(values[-1])) if len(values) else 0.0
    if largest == 0 or 1e-100 < largest < 1e100:
        return 1.0
    return float(2.0 ** np.clip(np.floor(np.log2(largest)), -1000, 1000))


def _moments(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation (ddof 0) of rising values; the latter exactly 0 where all are equal."""
    if not len(values) or values[0] == values[-1]:
        return 0.0, 0.0
    return float(values.mean()), float(values.std())


def _by_slot(labels: np.ndarray, order: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers and filled cells by slot, and ``values`` slot by slot, in each in their own order."""
    slot = slots(labels)
    sizes = _counts(slot)
    taken = slot[order]
    counts = sizes if len(order) == len(slot) else np.bincount(taken, minlength=len(sizes))
    return sizes, counts, values[np.argsort(taken, kind="stable")]


def _counts(slot: np.ndarray) -> np.ndarray:
    """Customers by slot; the slots of noise and of no label are always there."""
    return np.bincount(slot, minlength=2)


def _figures(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(slots, 4) of ``values`` that lie slot by slot and rise in each."""
    out = np.full((len(counts), len(FIGURES)), np.nan)
    ends = np.cumsum(counts)
    for slot in np.flatnonzero(counts):
        own = values[ends[slot] - counts[slot] : ends[slot]]
        half = len(own) // 2
        low, high = own[(len(own) - 1) // 2], own[half]
        mean = min(max(own.mean(), own[0]), own[-1])
        out[slot] = mean, (low + high) / 2, own[0], own[-1]
    return out


def _dates(cells: pd.Series, labelings: Sequence[np.ndarray]) -> Studied:
    order, values = _sorted(cells.to_numpy(), cells.isna().to_numpy())
    facts = []
    for labels in labelings:
        sizes, counts, values_by_slot = _by_slot(labels, order, values)
        ends = np.cumsum(counts)
        common = np.full(len(counts), "", dtype=object)
        some = np.flatnonzero(counts)
        first, last = values_by_slot[ends[some] - counts[some]], values_by_slot[ends[some] - 1]
        common[some] = [f"{one} to {other}" for one, other in zip(_days(first), _days(last), strict=True)]
        facts.append(_empty(sizes, counts, common=common))
    return Studied(facts, ())


def _days(dates: np.ndarray) -> list[str]:
    return np.datetime_as_string(dates, unit="D").tolist()


def _levels(cells: pd.Series, labelings: Sequence[np.ndarray], most: int) -> Studied:
    codes, values = pd.factorize(cells.to_numpy(object), sort=True)
    names = np.array([*map(str, values), ""], dtype=object)
    order = np.flatnonzero(codes >= 0)
    codes = codes[order].astype(np.int32)
    totals = np.bincount(codes, minlength=len(values))
    chosen = np.argsort(-totals, kind="stable")[:most]
    middle = totals[chosen] / max(len(codes), 1)
    spread = np.sqrt(middle * (1 - middle))
    facts = []
    for labels in labelings:
        slot = slots(labels)
        sizes = _counts(slot)
        taken = slot if len(order) == len(slot) else slot[order]
        counts, top, most_often, often = _counted(codes, taken, (len(sizes), len(values)), chosen)
        common = names[np.where(counts > 0, top, len(values))]
        share = np.divide(most_often, counts, out=np.full(len(counts), np.nan), where=counts > 0)
        shares = often / np.maximum(counts, 1)[:, None] - middle
        away = np.divide(shares, spread, out=np.zeros_like(shares), where=(spread > 0) & (counts[:, None] > 0))
        facts.append(_empty(sizes, counts, common=common, share=share, differences=away))
    return Studied(facts, tuple(names[chosen]))


def _counted(
    codes: np.ndarray, slot: np.ndarray, shape: tuple[int, int], chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """By slot: filled cells, the most common code (ties to the smallest), how often it and the ``chosen`` ones are."""
    slots_, levels = shape
    if slots_ * levels <= MOST_CELLS:
        blocks = [np.bincount(slot.astype(np.int32) * levels + codes, minlength=slots_ * levels).reshape(shape)]
    else:
        blocks = (np.bincount(codes[slot == one], minlength=levels)[None] for one in range(slots_))
    if not levels:
        nothing = np.zeros(slots_, dtype=np.int64)
        return nothing, nothing, nothing, np.zeros((slots_, 0))
    parts = [(b.sum(axis=1), b.argmax(axis=1), b.max(axis=1), b[:, chosen]) for b in blocks]
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def _empty(sizes: np.ndarray, counts: np.ndarray, **known: np.ndarray) -> Facts:
    """Facts with ``known`` ones in place, all others empty."""
    n = len(sizes)
    empty = {
        "figures": np.full((n, len(FIGURES)), np.nan),
        "common": np.full(n, "", dtype=object),
        "share": np.full(n, np.nan),
        "differences": np.zeros((n, 0)),
    }
    return Facts(**(empty | known), gaps=sizes - counts)
