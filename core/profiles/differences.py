"""How far each segment lies from everyone else in each column: effect sizes, and how steadily they come out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.model import Role, Table

DIFFERENCES = ("candidate", "segment", "column", "level", "caption", "kind", "role", "unit", "own", "rest", "everyone",
               "effect", "delta", "steady", "filled")  # fmt: skip


def differences(
    table: Table,
    roles: Mapping[str, Role],
    labelings: Mapping[str, np.ndarray],
    *,
    units: Mapping[str, str],
    seed: int,
    threads: int = 1,
) -> pd.DataFrame:
    """One row per candidate, segment (noise left out) and signal: a number, a flag, or one value (``level``) of a category."""
    return pd.DataFrame(columns=list(DIFFERENCES))
