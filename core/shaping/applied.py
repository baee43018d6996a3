"""Edits in their order, applied to the labels of a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.errors import BadRequest
from core.model import NOISE, Candidate, Edit, Matrix, Shape
from core.shaping.halves import halves
from core.shaping.ledger import Ledger, ledger


@dataclass(frozen=True)
class Shaped:
    """``labels`` (n_table,) int16 after all edits; ``names``, ``descriptions`` and ``colours`` (1..16) a person chose, by
    segment; ``locked`` segments; ``made_of`` the segments of the candidate that each segment consists of."""

    labels: np.ndarray
    names: Mapping[int, str] = field(default_factory=dict)
    descriptions: Mapping[int, str] = field(default_factory=dict)
    colours: Mapping[int, int] = field(default_factory=dict)
    locked: tuple[int, ...] = ()
    made_of: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def shaped(candidate: Candidate, matrix: Matrix, shape: Shape, *, seed: int) -> Shaped:
    """The candidate after all edits: equal input gives equal bytes. Raises :class:`BadRequest` for an edit that cannot be.

    A merged segment keeps the number it joins, a split gives its smaller half the next number never used. A segment
    that all customers were moved out of is gone. Locked segments refuse to be merged, split, and given or deprived of
    customers; ``made_of`` does not tell of single customers that were moved.
    """
    labels = candidate.labels.astype(np.int16, copy=True)
    there = ledger((s for s in candidate.sizes if s != NOISE), Shape())
    for edit in shape.edits:
        before, there = there, there.after(edit)
        if edit.kind == "merge":
            labels[labels == edit.number] = edit.segment
        elif edit.kind == "split":
            labels[halves(matrix, labels == edit.segment, seed=seed)] = before.free
        elif edit.kind == "move":
            there = moved(there, labels, edit)
    labels.flags.writeable = False
    return Shaped(labels, there.names, there.descriptions, there.colours, there.locked, there.made_of)


def moved(there: Ledger, labels: np.ndarray, edit: Edit) -> Ledger:
    """Move the rows of ``edit`` in ``labels`` (n_table,), which is changed; the ledger without segments left empty."""
    rows = np.array(edit.rows, dtype=np.intp)
    if not len(rows) or rows.max() >= len(labels):
        raise BadRequest("These customers are not in the table.", "Choose some on the map.")
    for segment in np.unique(labels[rows]):
        if segment != edit.segment:
            there.require_unlocked(int(segment), "move")
    labels[rows] = edit.segment
    left = set(np.unique(labels).tolist())
    for segment in [s for s in there.made_of if s not in left]:
        there = there.without(segment)
    return there
