"""Predictive ranges of groups of customers: simulated purchases and spending, with the parameters' own uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pandas as pd

from core.model.orders import ValueModel
from core.orders.value.expected import expectations
from core.orders.value.histories import WEEK, Histories, bought, histories, spent
from core.orders.value.simulate import Drawn, draw_parameters, draw_purchases, draw_value

MOST_DRAWS = 200
FEWEST_DRAWS = 40
MOST_SIMULATED = 10_000_000
"""Customers times draws; up to 50,000 customers get all ``MOST_DRAWS``."""
LOW, HIGH = 0.1, 0.9
RANGES = ("purchases_low", "purchases_high", "value_low", "value_high")


def forecast(
    frame: pd.DataFrame, model: ValueModel, labelings: Sequence[np.ndarray], *, threads: int = 1
) -> pd.DataFrame:
    """What each segment of each labeling is expected to buy within the horizon, and the 80 % predictive range.

    ``labelings`` are segments from 1 (others are in no segment) for the rows of ``frame``. Columns labeling (index
    in ``labelings``), segment (0 is everyone, first in each labeling), expected_purchases, purchases_low,
    purchases_high, expected_value, value_low, value_high; NaN where the model does not tell. Every labeling is
    judged on the same simulated customers, so that neither the order of rows, nor the other labelings, nor
    ``threads`` change a figure.
    """
    known = expectations(frame, model)
    rows = _in_order(frame)
    frame, known = frame.iloc[rows], known.iloc[rows]
    labelings = [np.asarray(labels)[rows] for labels in labelings]
    sizes = [int(max(labels.max(initial=0), 0)) + 1 for labels in labelings]
    totals = _totals(known["expected_purchases"], known["expected_value"], labelings, sizes)
    ranges = np.full((4, sum(sizes)), np.nan)
    if model.method != "none":
        simulated = _simulate(frame, model, labelings, sizes, threads)
        low, high = np.quantile(simulated, [LOW, HIGH], axis=0, method="weibull")
        ranges = np.stack([low[0], high[0], low[1], high[1]])
    told = {
        "labeling": np.repeat(np.arange(len(sizes)), sizes),
        "segment": np.concatenate([np.arange(size) for size in sizes]) if sizes else np.zeros(0, dtype=int),
        "expected_purchases": totals[0],
        "expected_value": totals[1],
    } | dict(zip(RANGES, ranges, strict=True))
    order = ["labeling", "segment", "expected_purchases", *RANGES[:2], "expected_value", *RANGES[2:]]
    result = pd.DataFrame(told)[order]
    if model.method == "none":
        result["expected_purchases"] = np.nan
    if model.method == "none" or model.spend == "none":
        result[["expected_value", "value_low", "value_high"]] = np.nan
    return result


def draws_for(customers: int) -> int:
    """How many simulated futures a table of so many customers gets."""
    return int(np.clip(MOST_SIMULATED // max(customers, 1), FEWEST_DRAWS, MOST_DRAWS))


def _in_order(frame: pd.DataFrame) -> np.ndarray:
    """Positions of the rows by customer, so that a customer's draws do not hang on the order of rows."""
    names = frame["customer_id"].astype(str)
    if names.is_monotonic_increasing:
        return np.arange(len(frame))
    return np.argsort(names.to_numpy(dtype=object), kind="stable")


def _simulate(
    frame: pd.DataFrame, model: ValueModel, labelings: list[np.ndarray], sizes: list[int], threads: int
) -> np.ndarray:
    """Totals (draws, 2, all segments of all labelings) of purchases and money."""
    customers = bought(frame)
    given, money = histories(frame[customers]), spent(frame[customers])
    labelings = [labels[customers] for labels in labelings]
    parameters = draw_parameters(model, given, money, draws_for(len(frame)))
    one = partial(
        _one_future, given=given, money=money, labelings=labelings, sizes=sizes, weeks=model.horizon_days / WEEK
    )
    with ThreadPoolExecutor(threads) as pool:
        return np.stack(list(pool.map(one, parameters)))


def _one_future(
    drawn: Drawn, given: Histories, money: np.ndarray, labelings: list[np.ndarray], sizes: list[int], weeks: float
) -> np.ndarray:
    """Totals (2, all segments) of one simulated future of every customer."""
    rows, purchases = draw_purchases(drawn, given, weeks)
    value = draw_value(drawn, given.repeats[rows], money[rows], purchases)
    return _totals(purchases.astype(float), value, [labels[rows] for labels in labelings], sizes)


def _totals(purchases: np.ndarray, value: np.ndarray, labelings: list[np.ndarray], sizes: list[int]) -> np.ndarray:
    """Sums (2, all segments of all labelings), gaps as nothing; the first of each labeling is everyone."""
    sums = []
    for given in (np.nan_to_num(np.asarray(purchases, dtype=float)), np.nan_to_num(np.asarray(value, dtype=float))):
        everyone = given.sum()
        parts = []
        for labels, size in zip(labelings, sizes, strict=True):
            parts.append(np.bincount(np.where(labels > 0, labels, 0), given, minlength=size))
            parts[-1][0] = everyone
        sums.append(np.concatenate(parts) if parts else np.zeros(0))
    return np.stack(sums)
