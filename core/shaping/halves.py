"""The best binary split of one segment."""

from __future__ import annotations

import numpy as np

from core.model import Matrix


def halves(matrix: Matrix, members: np.ndarray, *, seed: int) -> np.ndarray:
    """True for the rows (n_table,) of ``members`` (n_table,) bool that become the new segment, the smaller half."""
    raise NotImplementedError
