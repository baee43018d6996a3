"""Edits in their order, applied to the labels of a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.model import Candidate, Matrix, Shape


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
    """Raises :class:`BadRequest` for an edit that cannot be."""
    return Shaped(candidate.labels)
