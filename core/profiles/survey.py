"""Every shown column of a table, studied under many labelings at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core.model import NOISE, Column, Role, Table
from core.profiles.columns import Studied, study

EVERYONE = 0
FEW_LEVELS = 12


@dataclass(frozen=True)
class Survey:
    """The facts of the shown ``columns`` for everyone (labeling 0) and for each labeling, from 1.

    ``sizes`` are customers by segment of each; ``features`` says which columns shape the segments.
    """

    columns: tuple[Column, ...]
    features: tuple[bool, ...]
    studied: tuple[Studied, ...]
    sizes: tuple[Mapping[int, int], ...]

    def differences(self, at: int) -> np.ndarray:
        """(segments, signals) of labeling ``at``, noise last: distance from everyone in standard deviations."""
        rows = np.array(list(self.sizes[at]), dtype=np.intp) + 1
        found = [one.facts[at].differences for one, used in zip(self.studied, self.features, strict=True) if used]
        return np.hstack([part[rows] for part in found]) if found else np.zeros((len(rows), 0))

    def apart(self, at: int) -> np.ndarray:
        """The same against everyone *else*, which a segment that holds most customers does not pull along: the difference
        from everyone over the share of the others (in everyone's standard deviations; gaps are not looked at)."""
        customers = np.array(list(self.sizes[at].values()), dtype=np.float64)
        others = 1 - customers / max(customers.sum(), 1.0)
        return self.differences(at) / np.where(others > 0, others, 1.0)[:, None]


def survey(table: Table, roles: Mapping[str, Role], labelings: Sequence[np.ndarray], *, threads: int = 1) -> Survey:
    """Study every column of ``table`` whose role is neither ID nor IGNORE under ``labelings`` (n_table,) each.

    A column is sorted or counted once and forgotten before the next: with ``threads`` columns at a time in hand,
    which change no value.
    """
    columns = tuple(c for c in table.columns if roles.get(c.name, c.role) not in (Role.ID, Role.IGNORE))
    whole = [np.zeros(len(table), dtype=np.int16), *labelings]

    def one(column: Column) -> Studied:
        return study(table.frame[column.name], column, whole, most_levels=FEW_LEVELS)

    with ThreadPoolExecutor(threads, thread_name_prefix="describe") as pool:
        studied = tuple(pool.map(one, columns))
    return Survey(
        columns=columns,
        features=tuple(roles.get(c.name, c.role) is Role.FEATURE for c in columns),
        studied=studied,
        sizes=({EVERYONE: len(table)}, *(sizes(labels) for labels in labelings)),
    )


def sizes(labels: np.ndarray) -> dict[int, int]:
    """Customers by segment, segments rising from 1, NOISE last where present."""
    segments, counts = np.unique(labels, return_counts=True)
    found = {int(s): int(n) for s, n in zip(segments, counts, strict=True)}
    return {s: n for s, n in found.items() if s > 0} | ({NOISE: found[NOISE]} if NOISE in found else {})
