"""Simulated customers with known parameters, as feature frames: what is seen until a day, and what happens after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

CDNOW = (0.243, 4.414, 0.793, 2.426)
SPENDING = (6.25, 3.74, 15.44)
AS_OF = pd.Timestamp("2025-01-01")


@dataclass(frozen=True)
class Cohort:
    """Features of customers, and the purchase days (n,) and money (n,) of each within the horizon after them."""

    features: pd.DataFrame
    purchases: np.ndarray
    value: np.ndarray


def cohort(
    seed: int,
    customers: int = 1000,
    *,
    purchase: tuple[float, ...] = CDNOW,
    spending: tuple[float, ...] = SPENDING,
    joined: tuple[int, int] = (190, 274),
    horizon: int = 365,
) -> Cohort:
    """Customers who joined ``joined`` days ago and buy and leave, purchase after purchase, as BG/NBD tells it; each
    purchase is worth what Gamma-Gamma says. Nothing here is shared with the code under test."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = purchase
    p, q, v = spending
    rows, future, money = [], np.zeros(customers), np.zeros(customers)
    for i in range(customers):
        age = int(random.integers(*joined))
        days, worth = _purchases(
            random, (age + horizon), random.gamma(r, 1 / alpha), random.beta(a, b), p, random.gamma(q, 1 / v)
        )
        seen = days < age
        later = days[~seen]
        future[i], money[i] = len(np.unique(later)), worth[~seen].sum()
        known, first = np.unique(days[seen]), np.searchsorted(days[seen], 1)
        repeats = len(known[known > 0])
        rows.append(
            (
                f"c{i:05d}",
                repeats,
                age - (known.max() if repeats else 0),
                age,
                worth[seen][first:].sum() / repeats if repeats else np.nan,
            )
        )
    names = ["customer_id", "repeat_purchases", "recency", "tenure", "repeat_value"]
    frame = pd.DataFrame(rows, columns=names)
    frame["last_purchase"] = AS_OF - pd.to_timedelta(frame["recency"], unit="D")
    return Cohort(frame, future, money)


def _purchases(
    random: np.random.Generator, end: int, rate: float, leaving: float, p: float, nu: float
) -> tuple[np.ndarray, np.ndarray]:
    """Days after the first purchase, rising, and what was spent on them."""
    day, days = 0.0, []
    while True:
        day += random.exponential(7 / rate) if rate > 1e-12 else np.inf
        if day >= end:
            break
        days.append(int(day))
        if random.random() < leaving:
            break
    return np.array(days, dtype=int), random.gamma(p, 1 / nu, len(days))
