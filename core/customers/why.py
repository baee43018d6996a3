"""Why one customer is in its segment and not in the runner-up, and the smallest change that would move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.model import Matrix, Role, Table, Why

Place = Callable[[pd.DataFrame], np.ndarray]


def why(table: Table, roles: Mapping[str, Role], matrix: Matrix, labels: np.ndarray, row: int, *, seed: int) -> Why:
    """Raises :class:`BadRequest` for a row that the table does not have."""
    raise NotImplementedError
