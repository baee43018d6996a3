"""The search for at most three conditions that tell one segment from the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.explainers.conditions import AT_LEAST, BELOW, BETWEEN, EMPTY, IN, NOT_IN, Cells, Condition, met

MOST_CONDITIONS = 3
MOST_LEVELS = 8
BEAM = 4
WORTH = 0.01
"""What a condition, or the second end of a range, must add to F1."""
_QUANTILES = np.linspace(0, 1, 33)[1:-1]
_ENDS = np.array([0, 0.02, 0.05, 0.1, 0.25, 0.75, 0.9, 0.95, 0.98, 1])


@dataclass(frozen=True)
class Sample:
    """Rows to learn from: each column's ``cells`` (n,), which rows are of the segment (``own``), and how many customers
    each row stands for (``weight``)."""

    cells: Sequence[Cells]
    own: np.ndarray
    weight: np.ndarray

    @cached_property
    def whole(self) -> float:
        """Customers of the segment."""
        return float(self.weight[self.own].sum())

    def f1(self, mask: np.ndarray) -> float:
        """Harmonic mean of coverage and precision (0..1) of a choice of rows."""
        return float(2 * self.weight[mask & self.own].sum() / (self.weight[mask].sum() + self.whole))

    def meets(self, conditions: Sequence[Condition]) -> np.ndarray:
        """(n,) bool: the rows that meet all of them."""
        named = {of.column.name: of for of in self.cells}
        return np.logical_and.reduce([met(one, named[one.column]) for one in conditions])


@dataclass(frozen=True)
class _State:
    conditions: tuple[Condition, ...]
    mask: np.ndarray
    value: float


def search(sample: Sample) -> tuple[Condition, ...]:
    """The conditions of the best rule found by beam search for F1; none where no column tells anything.

    Each further condition must raise F1 by 0.01; thresholds are then rounded as far as F1 allows.
    """
    propose = [_proposer(of, sample) for of in sample.cells]
    best = _State((), np.ones(len(sample.own), dtype=bool), -1.0)
    beam = [best]
    for _ in range(MOST_CONDITIONS):
        grown = [more for state in beam for more in _grown(state, propose, sample)]
        grown.sort(key=lambda state: -state.value)
        if not grown or grown[0].value < best.value + WORTH:
            break
        best, beam = grown[0], _distinct(grown)[:BEAM]
    return _rounded(best.conditions, sample)


def _grown(state: _State, propose: Sequence[Callable], sample: Sample) -> list[_State]:
    """The state with one more condition on each column that has none."""
    used = {one.column for one in state.conditions}
    out = []
    for of, proposal in zip(sample.cells, propose, strict=True):
        for condition in proposal(state.mask) if of.column.name not in used else ():
            mask = state.mask & met(condition, of)
            out.append(_State((*state.conditions, condition), mask, round(sample.f1(mask), 9)))
    return out


def _distinct(states: list[_State]) -> list[_State]:
    """Without those that say the same in another order."""
    return list({frozenset(state.conditions): state for state in reversed(states)}.values())[::-1]


def _proposer(of: Cells, sample: Sample) -> Callable[[np.ndarray], list[Condition]]:
    """What gives the best conditions on a column among the rows of a mask."""
    told = _levels(of, sample) if of.levels is not None else _ranges(of, sample)
    gaps = of.gaps
    if not (gaps & sample.own).any():
        return told
    return lambda mask: [*told(mask), Condition(of.column.name, EMPTY)]


def _ranges(of: Cells, sample: Sample) -> Callable[[np.ndarray], list[Condition]]:
    """The best one-sided range and the best range, over every pair of edges at once."""
    known = ~np.isnan(of.found)
    edges = _edges(of.found[known], of.found[known & sample.own])
    places = np.searchsorted(edges, np.where(known, of.found, 0), side="right")
    slots = len(edges) + 1

    def best(mask: np.ndarray) -> list[Condition]:
        rows = mask & known
        everyone = _summed(places[rows], sample.weight[rows], slots)
        own = rows & sample.own
        hits = _summed(places[own], sample.weight[own], slots)
        total = everyone[None, :] - everyone[:, None] + sample.whole
        value = 2 * (hits[None, :] - hits[:, None]) / np.where(total > 0, total, 1)
        value[np.tril_indices(slots + 1)] = -1
        value[0, slots] = -1
        return [_range(of, edges, spot, value) for spot in _best_spots(value, slots)]

    return best if len(edges) else lambda mask: []


def _edges(values: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Where a range may begin or end: quantiles of everyone and of the segment, and just beyond its largest value."""
    if not len(own):
        return np.empty(0)
    beyond = values[values > own.max()]
    ends = [np.quantile(values, _QUANTILES, method="higher"), np.quantile(own, _ENDS, method="higher")]
    after = [beyond.min()] if len(beyond) else []
    found = np.unique(np.concatenate([*ends, after]))
    return found[found > values.min()]


def _summed(places: np.ndarray, weight: np.ndarray, slots: int) -> np.ndarray:
    """Weights before each edge, (slots + 1,)."""
    return np.append(0.0, np.cumsum(np.bincount(places, weight, slots)))


def _best_spots(value: np.ndarray, slots: int) -> list[tuple[int, int]]:
    """The best range with one end, and the best with two where it is worth it."""
    lower, upper = int(np.argmax(value[:, slots])), int(np.argmax(value[0]))
    one = (lower, slots) if value[lower, slots] >= value[0, upper] else (0, upper)
    two = np.unravel_index(int(np.argmax(value)), value.shape)
    spots = [one] if value[one] > 0 else []
    return [*spots, (int(two[0]), int(two[1]))] if value[two] > max(value[one], 0) + WORTH else spots


def _range(of: Cells, edges: np.ndarray, spot: tuple[int, int], value: np.ndarray) -> Condition:
    lower, upper = spot
    values = tuple(float(edges[at - 1]) for at in (lower, upper) if 0 < at <= len(edges))
    op = BETWEEN if len(values) == 2 else AT_LEAST if upper > len(edges) else BELOW
    return Condition(of.column.name, op, values)


def _levels(of: Cells, sample: Sample) -> Callable[[np.ndarray], list[Condition]]:
    """The levels with the largest shares of the segment: named, or all but those with the smallest."""
    known = of.found >= 0
    count = len(of.levels or ())

    def best(mask: np.ndarray) -> list[Condition]:
        rows = mask & known
        everyone = np.bincount(of.found[rows], sample.weight[rows], count)
        own = rows & sample.own
        hits = np.bincount(of.found[own], sample.weight[own], count)
        seen = np.flatnonzero(everyone > 0)
        order = seen[np.lexsort((seen, -hits[seen] / everyone[seen]))]
        value = 2 * np.cumsum(hits[order]) / (np.cumsum(everyone[order]) + sample.whole)
        return [*_all_but(of, order, value), *_named(of, order, value)]  # the shorter list first, where both say the same

    return best


def _named(of: Cells, order: np.ndarray, value: np.ndarray) -> list[Condition]:
    short = value[: min(MOST_LEVELS, len(order) - 1)]
    return [_chosen(of, IN, order[: int(np.argmax(short)) + 1])] if len(short) else []


def _all_but(of: Cells, order: np.ndarray, value: np.ndarray) -> list[Condition]:
    """Worth saying where more levels are in than out."""
    first = max(len(order) - MOST_LEVELS, len(order) // 2 + 1)
    if first >= len(order):
        return []
    keep = first + int(np.argmax(value[first - 1 : -1]))
    return [_chosen(of, NOT_IN, order[keep:])]


def _chosen(of: Cells, op: str, codes: np.ndarray) -> Condition:
    return Condition(of.column.name, op, tuple(sorted((of.levels or ())[code] for code in codes)))


def _rounded(conditions: tuple[Condition, ...], sample: Sample) -> tuple[Condition, ...]:
    """Each threshold at as few digits as cost F1 less than half of what a condition must add, one after the other."""
    if not conditions:
        return ()
    named = {of.column.name: of for of in sample.cells}
    floor = sample.f1(sample.meets(conditions)) - WORTH / 2
    for place, one in enumerate(conditions):
        if one.op not in (AT_LEAST, BELOW, BETWEEN) or named[one.column].column.kind == "date":
            continue
        for at in range(len(one.values)):
            tried = (_with(conditions, place, at, digits) for digits in (1, 2, 3, 4))
            conditions = next((new for new in tried if sample.f1(sample.meets(new)) >= floor), conditions)
    return conditions


def _with(conditions: tuple[Condition, ...], place: int, at: int, digits: int) -> tuple[Condition, ...]:
    """The conditions with one threshold at so many significant digits."""
    one = conditions[place]
    values = tuple(float(f"{v:.{digits}g}") if n == at else v for n, v in enumerate(one.values))
    return (*conditions[:place], Condition(one.column, one.op, values), *conditions[place + 1 :])
