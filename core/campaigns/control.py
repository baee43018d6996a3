"""Who is left alone, so that a campaign can be measured: a random part of each segment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from core.errors import BadRequest
from core.model import NOISE, Role, Table
from core.neutral import as_text

GROUPS = ("treated", "control")
LOWEST, HIGHEST = 0.01, 0.5
"""The share of a segment that can be left alone."""
MOST_SEED = 2**31 - 1
_BETWEEN = "\x1f"


def control_group(identity: Sequence[str], labels: np.ndarray, *, share: float, seed: int) -> np.ndarray:
    """True (n,) for those to leave alone: of each segment the ``share`` (0.01 to 0.5) whose draw is lowest.

    The draw of a customer is the SHA-256 of ``seed`` and ``identity``: it depends on neither the order of rows nor the
    machine, and two rows of one customer are treated alike. Whoever is not placed is in no group. The number of
    control customers is rounded to the nearest; where a segment has at least two customers it is at least one.
    Raises :class:`BadRequest` for another share or a seed outside 0 to 2**31 - 1.
    """
    _require(share, seed)
    draws = np.array([_draw(seed, one) for one in identity], dtype=np.uint64)
    control = np.zeros(len(labels), dtype=bool)
    for segment in np.unique(labels[labels != NOISE]):
        rows = np.flatnonzero(labels == segment)
        different = np.unique(draws[rows])
        wanted = max(int(len(different) * share + 0.5), 1 if len(different) > 1 else 0)
        if wanted:
            control[rows[draws[rows] <= different[wanted - 1]]] = True
    return control


def identities(table: Table) -> list[str]:
    """What tells the customers of a table apart: the cell of the first column that names them, all cells where there is
    none or it is empty. Shorter than a row, and the same in whatever order the file is."""
    column = naming_column(table)
    raw = table.raw
    known = as_text(raw[column]).tolist() if column else [""] * len(table)
    if all(cell.strip() for cell in known):
        return known
    every = zip(*(as_text(raw[name]) for name in raw.columns), strict=True)
    return [one if one.strip() else _BETWEEN.join(cells) for one, cells in zip(known, every, strict=True)]


def naming_column(table: Table) -> str:
    """The column that names customers, "" where none does: of those with that role the one with most different cells."""
    naming = [column for column in table.columns if column.role is Role.ID]
    return max(naming, key=lambda column: column.distinct).name if naming else ""


def _draw(seed: int, identity: str) -> int:
    told = f"{seed}{_BETWEEN}{identity}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big")


def _require(share: float, seed: int) -> None:
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not LOWEST <= share <= HIGHEST:
        raise BadRequest("The control group is 1 to 50 % of each segment.", "10 % is usual.")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MOST_SEED:
        raise BadRequest(f"The seed is a whole number from 0 to {MOST_SEED:,}.", "Keep it: it gives the same groups again.")
