"""The recency-frequency matrix: what the model thinks of every history a customer could have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model.orders import ValueModel
from core.orders.value import bgnbd
from core.orders.value.histories import WEEK, Histories, bought, histories

STEPS = 40
COLUMNS = ("purchases", "silent_weeks", "expected", "alive")
CAP = 0.995
"""Repeat purchases are drawn up to this share of customers: a single wholesaler would squeeze everyone else."""


def grid(model: ValueModel, features: pd.DataFrame) -> pd.DataFrame:
    """Expected purchases within the horizon and probability alive, as the recency-frequency matrices show them.

    Customers of the longest age in ``features`` with ``purchases`` repeat purchases (whole, from 0), the latest of
    them ``silent_weeks`` ago (0 to that age). One row per cell, by purchases and then silence, about ``STEPS`` x
    ``STEPS``. Empty without BG/NBD.
    """
    if model.method != "bgnbd":
        return pd.DataFrame({name: np.zeros(0) for name in COLUMNS})
    given = histories(features[bought(features)])
    age = float(given.age.max())
    most = max(float(np.quantile(given.repeats, CAP, method="higher")), 1.0)
    counts = np.unique(np.round(np.linspace(0, most, STEPS)))
    weeks = np.linspace(0, age, STEPS)
    purchases, silent = (side.ravel() for side in np.meshgrid(counts, weeks, indexing="ij"))
    cells = Histories.of(purchases, age - silent, np.full(len(silent), age))
    parameters = np.array(model.purchase)
    found = (
        purchases,
        silent,
        bgnbd.expected(parameters, cells, model.horizon_days / WEEK),
        bgnbd.alive(parameters, cells),
    )
    return pd.DataFrame(dict(zip(COLUMNS, found, strict=True)))
