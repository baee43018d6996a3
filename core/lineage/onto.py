"""An earlier segmentation laid over a later file: labels and edits by the rows that its customers have there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.model import NOISE, Edit, Shape


def onto(
    shape: Shape, before: np.ndarray, now: np.ndarray, *, partner: np.ndarray, matching: Mapping[int, int]
) -> tuple[Shape, np.ndarray]:
    """``shape`` with moved customers by their rows of now, and the segments of before (n_now,) of the customers of now.

    ``before`` (n_before,) and ``now`` (n_now,) are the labels without edits, ``partner`` as in
    :class:`core.lineage.following.Followed`, ``matching`` of segments of before to those of now. Who is in the later file alone
    counts as of the segment before that is matched to his, else of the one that most of his segment came from - but
    never of a locked one, which keeps the customers that it had. Moved customers who are not in the later file are left out.
    """
    here = partner >= 0
    was = np.full(len(now), NOISE, dtype=np.int16)
    was[here] = before[partner[here]]
    locked = {edit.segment for edit in shape.edits if edit.kind == "lock"}
    back = {j: i for i, j in matching.items()}
    for segment in np.unique(now[now != NOISE]).tolist():
        mine = now == segment
        origin = back.get(segment, _most(was[mine & here], locked))
        was[mine & ~here] = origin
    row_of = np.full(len(before), -1, dtype=np.int64)
    row_of[partner[here]] = np.flatnonzero(here)
    return Shape(tuple(_moved(edit, row_of) for edit in shape.edits)), was


def _most(origins: np.ndarray, locked: set[int]) -> int:
    """The segment that most come from, NOISE where there is none or it is locked."""
    known = origins[origins != NOISE]
    most = int(np.bincount(known).argmax()) if len(known) else NOISE
    return NOISE if most in locked else most


def _moved(edit: Edit, row_of: np.ndarray) -> Edit:
    if edit.kind != "move":
        return edit
    rows = row_of[[row for row in edit.rows if row < len(row_of)]] if edit.rows else np.zeros(0, dtype=np.int64)
    return replace(edit, rows=tuple(int(row) for row in rows if row >= 0))
