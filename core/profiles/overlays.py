"""Small distributions of each column in each segment, over that of everyone, on the same places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.model import Role, Table

OVERLAYS = ("candidate", "segment", "column", "place", "label", "low", "high", "share")


def overlays(
    table: Table, roles: Mapping[str, Role], labelings: Mapping[str, np.ndarray], *, threads: int = 1
) -> pd.DataFrame:
    """One row per candidate, segment (0 is everyone), column and place."""
    return pd.DataFrame(columns=list(OVERLAYS))
