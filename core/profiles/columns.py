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


def _numbers(cells: np.ndarray, labelings: Sequence[np.ndarray]) -> Studied:
    order, values = _sorted(cells, np.isnan(cells))
    unit = _unit(values)
    values /= unit
    middle, spread = _moments(values)
    facts = []
    for labels in labelings:
        sizes, counts, by_slot = _by_slot(labels, order, values)
        figures = _figures(by_slot, counts)
        away = (figures[:, :1] - middle) / (spread or np.inf)
        away[counts == 0] = 0.0
        facts.append(_facts(sizes, counts, figures=figures * unit, differences=away))
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
    """Customers and filled cells by slot, and the rising ``values`` slot by slot, rising in each."""
    slot = _slots(labels)
    sizes, taken = _customers(slot), slot[order]
    counts = sizes if len(order) == len(slot) else np.bincount(taken, minlength=len(sizes))
    return sizes, counts, values[np.argsort(taken, kind="stable")]


def _slots(labels: np.ndarray) -> np.ndarray:
    """``labels + 1`` (n,) in as few bytes as they fit in: sorting them takes one pass per byte."""
    return (labels + 1).astype(np.uint8 if labels.max(initial=0) < np.iinfo(np.uint8).max else np.uint16)


def _customers(slot: np.ndarray) -> np.ndarray:
    """Customers by slot; the slots of noise and of everyone are always there."""
    return np.bincount(slot, minlength=2)


def _figures(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(slots, 4) of ``values`` that lie slot by slot and rise in each; a mean is kept from rounding past the ends."""
    out = np.full((len(counts), len(FIGURES)), np.nan)
    ends = np.cumsum(counts)
    for slot in np.flatnonzero(counts):
        own = values[ends[slot] - counts[slot] : ends[slot]]
        low, high = own[(len(own) - 1) // 2], own[len(own) // 2]
        out[slot] = min(max(own.mean(), own[0]), own[-1]), (low + high) / 2, own[0], own[-1]
    return out


def _dates(cells: pd.Series, labelings: Sequence[np.ndarray]) -> Studied:
    order, values = _sorted(cells.to_numpy(), cells.isna().to_numpy())
    facts = []
    for labels in labelings:
        sizes, counts, by_slot = _by_slot(labels, order, values)
        ends, some = np.cumsum(counts), np.flatnonzero(counts)
        days = [
            np.datetime_as_string(by_slot[at], unit="D").tolist() for at in (ends[some] - counts[some], ends[some] - 1)
        ]
        common = np.full(len(counts), "", dtype=object)
        common[some] = [f"{first} to {last}" for first, last in zip(*days, strict=True)]
        facts.append(_facts(sizes, counts, common=common))
    return Studied(facts, ())


def _levels(cells: pd.Series, labelings: Sequence[np.ndarray], most: int) -> Studied:
    codes, values = pd.factorize(cells.to_numpy(object), sort=True)
    texts = np.array([*map(str, values), ""], dtype=object)
    order = np.flatnonzero(codes >= 0)
    codes = codes[order].astype(np.int32)
    totals = np.bincount(codes, minlength=len(values))
    chosen = np.argsort(-totals, kind="stable")[:most]
    middle = totals[chosen] / max(len(codes), 1)
    spread = np.sqrt(middle * (1 - middle))
    facts = []
    for labels in labelings:
        slot = _slots(labels)
        sizes = _customers(slot)
        found = _counted(codes, slot[order], (len(sizes), len(values)), chosen=chosen)
        some = np.maximum(found.filled, 1)
        away = np.zeros((len(sizes), len(chosen)))
        np.divide(found.chosen / some[:, None] - middle, spread, out=away, where=spread > 0)
        away[found.filled == 0] = 0.0
        common = texts[np.where(found.filled > 0, found.top, len(values))]
        share = np.where(found.filled > 0, found.often / some, np.nan)
        facts.append(_facts(sizes, found.filled, common=common, share=share, differences=away))
    return Studied(facts, tuple(texts[chosen]))


@dataclass(frozen=True)
class _Counted:
    """By slot: ``filled`` cells, the ``top`` code (ties to the smallest), how ``often`` it is, and the ``chosen`` ones."""

    filled: np.ndarray
    top: np.ndarray
    often: np.ndarray
    chosen: np.ndarray


def _counted(codes: np.ndarray, slot: np.ndarray, shape: tuple[int, int], *, chosen: np.ndarray) -> _Counted:
    """Count ``codes`` (m,) by ``slot`` (m,) into ``shape`` (slots, levels), one slot at a time where that is large."""
    n_slots, n_levels = shape
    if not n_levels:
        none = np.zeros(n_slots, dtype=np.int64)
        return _Counted(none, none, none, np.zeros((n_slots, 0)))
    if n_slots * n_levels <= MOST_CELLS:
        pairs = slot.astype(np.int32) * np.int32(n_levels) + codes
        tables = [np.bincount(pairs, minlength=n_slots * n_levels).reshape(shape)]
    else:
        tables = (np.bincount(codes[slot == one], minlength=n_levels)[None] for one in range(n_slots))
    parts = [(of.sum(axis=1), of.argmax(axis=1), of.max(axis=1), of[:, chosen]) for of in tables]
    return _Counted(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _facts(sizes: np.ndarray, counts: np.ndarray, **known: np.ndarray) -> Facts:
    """Facts with ``known`` ones in place, all others empty; ``counts`` are the filled cells."""
    n = len(sizes)
    empty = {
        "figures": np.full((n, len(FIGURES)), np.nan),
        "common": np.full(n, "", dtype=object),
        "share": np.full(n, np.nan),
        "differences": np.zeros((n, 0)),
    }
    return Facts(**(empty | known), gaps=sizes - counts)
