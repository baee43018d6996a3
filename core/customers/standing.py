"""Where one customer stands among the others, in the prepared columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.customers.placing import counted
from core.model import NOISE, Matrix

REFERENCES = 4_000
"""Customers of a segment that a single one is measured to."""


@dataclass(frozen=True)
class Standing:
    """The customer at ``row`` of the table, with ``labels`` (n_table,) of everyone; ``units`` of columns as a person gave them."""

    matrix: Matrix
    labels: np.ndarray
    row: int
    seed: int = 0
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> int:
        """Its segment, NOISE where it has none."""
        return int(self.labels[self.row])

    @cached_property
    def everyone(self) -> np.ndarray:
        """Positions in the table in the order of the matrix, which the order of the file does not change."""
        return np.concatenate([self.matrix.rows, self.matrix.aside_rows])

    @cached_property
    def _place(self) -> np.ndarray:
        place = np.empty(len(self.labels), dtype=np.intp)
        place[self.everyone] = np.arange(len(place))
        return place

    @cached_property
    def point(self) -> np.ndarray:
        """Its prepared columns (d,)."""
        return self.values(np.array([self.row]))[0]

    def values(self, rows: np.ndarray) -> np.ndarray:
        """Prepared columns (m, d) of rows of the table."""
        at, fitted = self._place[rows], len(self.matrix.rows)
        out = np.empty((len(rows), self.matrix.values.shape[1]))
        out[at < fitted] = self.matrix.values[at[at < fitted]]
        out[at >= fitted] = self.matrix.aside_values[at[at >= fitted] - fitted]
        return out

    def members(self, segment: int) -> np.ndarray:
        """Positions of at most 4,000 customers of a segment, the customer itself left out."""
        found = self.everyone[self.labels[self.everyone] == segment]
        found = found[found != self.row]
        if len(found) <= REFERENCES:
            return found
        return found[np.sort(np.random.default_rng(self.seed).choice(len(found), REFERENCES, replace=False))]

    def nearest(self, segment: int) -> np.ndarray:
        """Positions of the fifth of a segment that is nearest to the customer."""
        members = self.members(segment)
        far = np.linalg.norm(self.values(members) - self.point, axis=1)
        return members[np.argsort(far, kind="stable")[: counted(len(members))]]

    def reaches(self, segment: int, points: np.ndarray) -> np.ndarray:
        """From each of ``points`` (m, d) the distance within which a fifth of the segment lies; see :mod:`core.customers.placing`."""
        members = self.values(self.members(segment))
        if not len(members):
            return np.full(len(points), np.inf)
        nth = counted(len(members)) - 1
        return np.array([np.partition(np.linalg.norm(members - point, axis=1), nth)[nth] for point in points])

    def runner_up(self) -> int:
        """The segment of the smallest reach besides its own, 0 where there is none."""
        others = [int(s) for s in np.unique(self.labels) if s not in (NOISE, self.own)]
        return min(others, key=lambda s: (float(self.reaches(s, self.point[None])[0]), s), default=0)
