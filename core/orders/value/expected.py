"""What is expected of each customer, in closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model.orders import ValueModel
from core.orders.value import bgnbd, gammagamma
from core.orders.value.histories import WEEK, Histories, bought, histories, spent
from core.orders.value.ladder import SPEND_WEIGHT

EXPECTATIONS = ("expected_purchases", "expected_value", "probability_alive", "silent_since")


def expectations(features: pd.DataFrame, model: ValueModel) -> pd.DataFrame:
    """One row per row of ``features``, on its index: what the model expects within ``model.horizon_days``.

    ``expected_purchases`` (purchase days, from 0), ``expected_value`` (money, less
    the share of purchases that the customer returns), ``probability_alive`` (0..1; gaps
    without BG/NBD) and ``silent_since`` (text: the model ranks this repeat buyer below a one-time buyer who came at
    the same time, because the silence is long for someone who bought so often, :func:`_silent`). Customers without a purchase, and
    everyone where the method is ``none``, have gaps.
    """
    number = {name: np.full(len(features), np.nan) for name in EXPECTATIONS[:3]}
    silent = np.full(len(features), None, dtype=object)
    rows = np.flatnonzero(bought(features))
    if model.method != "none" and len(rows):
        chosen = features.iloc[rows]
        given = histories(chosen)
        number["expected_purchases"][rows] = purchases = expected_purchases(model, given)
        if model.spend != "none":
            number["expected_value"][rows] = purchases * expected_spend(model, given.repeats, spent(chosen))
        if model.method == "bgnbd":
            number["probability_alive"][rows] = bgnbd.alive(model.purchase, given)
            marked = rows[_silent(model, given, purchases)]
            silent[marked] = [f"silent since {day:%Y-%m-%d}" for day in _last_days(features, marked)]
    texts = pd.Series(silent, index=features.index, dtype=object)
    return pd.DataFrame({**number, "silent_since": texts}, index=features.index)


def expected_purchases(model: ValueModel, given: Histories) -> np.ndarray:
    """Purchases (n,) expected of each history within the model's horizon.

    Without BG/NBD a customer's rate is drawn towards everyone's ``rate``, which counts as much as one purchase.
    """
    weeks = model.horizon_days / WEEK
    if model.method == "bgnbd":
        return bgnbd.expected(np.array(model.purchase), given, weeks)
    return (1 + given.repeats) / (1 / model.rate + given.age) * weeks


def expected_spend(model: ValueModel, repeats: np.ndarray, money: np.ndarray) -> np.ndarray:
    """Money (n,) expected of one purchase of customers with ``repeats`` purchases of ``money`` on average so far."""
    if model.spend == "gamma":
        return gammagamma.expected(np.array(model.spending), repeats, money)
    own = np.where(np.isfinite(money), repeats, 0.0)
    total = own * np.where(own > 0, money, 0.0) + SPEND_WEIGHT * model.spend_mean
    return total / (own + SPEND_WEIGHT)


def _silent(model: ValueModel, given: Histories, purchases: np.ndarray) -> np.ndarray:
    """Which histories (n,) are ranked below one of the same age without repeat purchases, because of their silence.

    It is the silence where it is longer than the customer's mean time between purchases, and where the customer would
    not be ranked below had the last purchase been at the end.
    """
    nothing = np.zeros(len(given.age))
    once = expected_purchases(model, Histories.of(nothing, nothing, given.age))
    just_now = expected_purchases(model, Histories.of(given.repeats, given.age, given.age))
    long = given.age - given.last > given.last / np.maximum(given.repeats, 1)
    return (given.repeats > 0) & (purchases < once) & (once <= just_now) & long


def _last_days(features: pd.DataFrame, rows: np.ndarray) -> list[pd.Timestamp]:
    return list(pd.to_datetime(features["last_purchase"].iloc[rows]))
