"""What a person changed of segments, done again to the segments of a resample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.model import NOISE
from core.selection.many import many_kmeans

STARTS = 4
FRESH = 2**14  # number of the first group that no segment was matched with


@dataclass(frozen=True)
class Replay:
    """Changes of a labeling ``before`` (n,) into ``after`` (n,), to be made again on resamples of ``values`` (n, d).

    ``made_of`` says of which segments before each segment after consists. Customers whom that does not explain were
    moved one by one.

    Merged: every group found on a resample counts as the segment it shares most customers with, and groups of merged
    segments are joined. Split: the groups of that segment are cut anew, by K-means on the drawn customers, into as many
    parts as it was split into; each part counts as the one it shares most customers with. Moved: stays as placed.
    """

    before: np.ndarray
    after: np.ndarray
    made_of: Mapping[int, tuple[int, ...]]
    values: np.ndarray = field(repr=False)
    seed: int

    @cached_property
    def parts(self) -> dict[int, tuple[int, ...]]:
        """The segments after into which each segment before went."""
        found: dict[int, tuple[int, ...]] = {}
        for segment, sources in sorted(self.made_of.items()):
            for source in sources:
                found[int(source)] = (*found.get(int(source), ()), segment)
        return found

    @cached_property
    def moved(self) -> np.ndarray:
        """True for the rows (n,) that are in a segment that their former one has no part in."""
        moved = self.before != self.after
        for source, parts in self.parts.items():
            moved[self.before == source] = ~np.isin(self.after[self.before == source], parts)
        return moved

    def on(self, drawn: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The segments of the ``drawn`` rows (m,) after the same changes of the groups ``own`` (m,) of their fit.

        And True for the rows that were moved, which are to be taken as placed.
        """
        before, after, moved = self.before[drawn], self.after[drawn], self.moved[drawn]
        found = np.where(own == NOISE, NOISE, own + FRESH).astype(np.int64)
        meant = self._meant(before, own)
        for parts in dict.fromkeys(self.parts.values()):
            groups = [group for group, source in meant.items() if self.parts.get(source) == parts]
            rows = np.flatnonzero(np.isin(own, groups))
            if len(parts) > 1 and len(rows) >= len(parts):
                found[rows] = self._split(drawn[rows], after[rows], parts)
            elif len(self.made_of[parts[0]]) > 1:
                found[rows] = parts[0]
        return found, moved

    def _meant(self, before: np.ndarray, own: np.ndarray) -> dict[int, int]:
        """The segment before with which each group shares most customers, the lowest number where several do."""
        meant = {}
        for group in np.unique(own[own != NOISE]):
            segments, counts = np.unique(before[(own == group) & (before != NOISE)], return_counts=True)
            if len(segments):
                meant[int(group)] = int(segments[counts.argmax()])
        return meant

    def _split(self, rows: np.ndarray, after: np.ndarray, parts: tuple[int, ...]) -> np.ndarray:
        """The part of each of the rows (m,), after a cut of these rows alone."""
        groups = many_kmeans(self.values[rows][None], len(parts), seed=self.seed, starts=STARTS)[0][0]
        shared = np.array([[np.count_nonzero(after[groups == g] == part) for part in parts] for g in range(len(parts))])
        most = shared.argmax(axis=1)
        # two groups that mean the same part stay apart: the cut did not come out again
        twin = [at in most[:group] for group, at in enumerate(most)]
        number = [2 * FRESH + group if again else parts[at] for group, (at, again) in enumerate(zip(most, twin, strict=True))]
        return np.array(number)[groups]
