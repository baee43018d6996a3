"""Whether segments differ in columns that did not shape them: effect size with an interval, and a corrected p-value."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.model import Role, Table

OUTCOMES = ("column", "role", "measure", "value", "low", "high", "p", "differs", "told")


def outcomes(table: Table, roles: Mapping[str, Role], labels: np.ndarray, *, seed: int) -> pd.DataFrame:
    """One row per outcome and profile-only column, in the order of the table."""
    return pd.DataFrame(columns=list(OUTCOMES))
