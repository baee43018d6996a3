"""What became of the segments: same, new, split, merged or retired, each by a rule that a table can check.

By customers, with C(i, j) of those in both files in segment i before and j now, *mostly* meaning more than half:

* **same**: i and j are matched (:func:`core.lineage.matching.matched`).
* **split**, of i and of those of its children that are not matched: at least two segments of now, its children, hold mostly customers of
  i, and together hold most customers of i.
* **merged**, of j and of those of its parents that are not matched: at least two segments of before, its parents, went mostly into j, and
  together make up most of j.
* **retired** and **new**: all others, of before and of now. A retired segment that lies where a new one does (likeness of their centres of
  at least 0.5) is the same, held by other customers: from month to month people move more than segments do.

By centres the parts are pairs: i and i' merged into j where no centre of now lies nearer to either than j's, and the centre of both
together lies nearer to j's than any centre of before does, and at most a quarter of the way between i and i' from it; split is the
same with before and now exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np


@dataclass(frozen=True)
class Fate:
    """What became of ``segment`` of ``side`` (before, now); ``others`` the segments of the other side that it is about."""

    side: str
    segment: int
    fate: str
    others: tuple[int, ...] = ()


def by_customers(crossed: np.ndarray, out: np.ndarray, into: np.ndarray, *, pairs: Mapping[int, int]) -> list[Fate]:
    """Fates by position: ``crossed`` (k_before, k_now) customers in both files, ``out`` (k_before,) and ``into`` (k_now,)
    all customers in both files of a segment, those not placed on the other side included; ``pairs`` the matched."""
    wholes = _wholes(crossed, out, into)
    joins = _wholes(crossed.T, into, out)
    return [*_told("before", len(out), pairs, wholes=wholes, parts=joins),
            *_told("now", len(into), {j: i for i, j in pairs.items()}, wholes=joins, parts=wholes)]  # fmt: skip


def by_centres(before: np.ndarray, now: np.ndarray, sizes: tuple[np.ndarray, np.ndarray], *, pairs: Mapping[int, int]) -> list[Fate]:
    """Fates by position from centres (k_before, d) and (k_now, d) in the same space and ``sizes`` in customers."""
    wholes = _pairs_of(now, sizes[1], before)
    joins = _pairs_of(before, sizes[0], now)
    return [*_told("before", len(before), pairs, wholes=wholes, parts=joins),
            *_told("now", len(now), {j: i for i, j in pairs.items()}, wholes=joins, parts=wholes)]  # fmt: skip


def _wholes(crossed: np.ndarray, out: np.ndarray, into: np.ndarray) -> dict[int, tuple[int, ...]]:
    """The rows of ``crossed`` that fell apart, with the columns that are their parts."""
    found = {}
    for i in range(len(out)):
        parts = np.flatnonzero(2 * crossed[i] > into)
        if len(parts) > 1 and 2 * crossed[i, parts].sum() > out[i]:
            found[i] = tuple(int(part) for part in parts)
    return found


def _pairs_of(parts: np.ndarray, sizes: np.ndarray, wholes: np.ndarray) -> dict[int, tuple[int, ...]]:
    """The wholes that lie where two parts lie together, with the nearest such pair."""
    found = {}
    apart = np.linalg.norm(parts[:, None] - wholes[None], axis=2)
    for at, whole in enumerate(wholes):
        best = apart[:, at].min(initial=np.inf)
        # half way between two far centres something lies by chance; parts lie by no other segment
        near = np.flatnonzero(apart[:, at] <= apart.min(axis=1, initial=np.inf))
        for a, b in combinations(near.tolist(), 2):
            together = np.average(parts[[a, b]], axis=0, weights=np.maximum(sizes[[a, b]], 1))
            far = float(np.linalg.norm(together - whole))
            if far < best and far <= np.linalg.norm(parts[a] - parts[b]) / 4:
                best, found[at] = far, (a, b)
    return found


def _told(
    side: str, count: int, pairs: Mapping[int, int], *, wholes: Mapping[int, tuple[int, ...]], parts: Mapping[int, tuple[int, ...]]
) -> list[Fate]:
    """One side; ``wholes`` are its segments with their parts on the other, ``parts`` those of the other with parts here."""
    apart, joined, gone = ("split", "merged", "retired") if side == "before" else ("merged", "split", "new")
    part_of = {one: whole for whole, some in parts.items() for one in some}
    found = []
    for at in range(count):
        if at in pairs:
            found.append(Fate(side, at, "same", (pairs[at],)))
        elif at in part_of:
            found.append(Fate(side, at, joined, (part_of[at],)))
        elif at in wholes:
            found.append(Fate(side, at, apart, wholes[at]))
        else:
            found.append(Fate(side, at, gone))
    return found
