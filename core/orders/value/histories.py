"""What the models of value know of each customer: how often, how long ago, since when, for how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEK = 7.0


@dataclass(frozen=True)
class Histories:
    """Purchase histories (n,), in weeks since each customer's first purchase.

    ``repeats`` whole numbers from 0, the purchase days after the first; ``last`` when the latest of them was (0
    where there is none); ``age`` until when the customer was observed, ``age >= last``; ``weight`` how many
    customers have this history.
    """

    repeats: np.ndarray
    last: np.ndarray
    age: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, repeats: np.ndarray, last: np.ndarray, age: np.ndarray, weight: np.ndarray | None = None) -> Histories:
        """Histories of arrays (n,) of whatever number type; without ``weight`` each counts once."""
        repeats, last, age = (np.asarray(given, dtype=float) for given in (repeats, last, age))
        weight = np.ones(len(repeats)) if weight is None else np.asarray(weight, dtype=float)
        last = np.where(repeats > 0, last, 0.0)
        return cls(repeats, last, np.maximum(age, last), weight)

    def collapsed(self) -> Histories:
        """Different histories only, in rising order, so that a million customers cost no more than their variety."""
        columns = np.column_stack([self.repeats, self.last, self.age])
        order = np.lexsort(columns.T[::-1])
        columns = columns[order]
        new = np.ones(len(columns), dtype=bool)
        new[1:] = (columns[1:] != columns[:-1]).any(axis=1)
        weight = np.add.reduceat(self.weight[order], np.flatnonzero(new)) if len(columns) else self.weight
        return Histories(*np.ascontiguousarray(columns[new].T), weight)

    def thinned(self, most: int) -> Histories:
        """At most ``most`` customers who stand for all of these (whole weights), taken evenly in the given order."""
        until = np.cumsum(self.weight)
        places = np.linspace(0, until[-1], min(most, int(until[-1])), endpoint=False) + 0.5
        chosen = np.searchsorted(until, places, side="right")
        return Histories.of(self.repeats[chosen], self.last[chosen], self.age[chosen])


def bought(features: pd.DataFrame) -> np.ndarray:
    """Which customers (n,) of a feature frame have a purchase, and thereby a history."""
    known = np.ones(len(features), dtype=bool)
    for name in ("repeat_purchases", "recency", "tenure"):
        known &= np.isfinite(features[name].to_numpy(dtype=float, na_value=np.nan))
    return known & (features["repeat_purchases"].to_numpy(dtype=float, na_value=-1.0) >= 0)


def histories(features: pd.DataFrame) -> Histories:
    """The histories of customers who all have a purchase, from ``repeat_purchases``, ``recency`` and ``tenure`` (days).

    The day of reference is not observed any more: observation ends one day before it.
    """
    repeats, recency, tenure = (
        features[name].to_numpy(dtype=float, na_value=np.nan) for name in ("repeat_purchases", "recency", "tenure")
    )
    return Histories.of(repeats, np.maximum(tenure - recency, 0.0) / WEEK, np.maximum(tenure - 1.0, 0.0) / WEEK)


def spent(features: pd.DataFrame) -> np.ndarray:
    """Mean money (n,) of a customer's purchase days after the first, less the share that the customer returns.

    NaN where there is none. Returns come off like this because nobody says which purchase they belong to.
    """
    money = features["repeat_value"].to_numpy(dtype=float, na_value=np.nan)
    if "return_rate" not in features:
        return money
    returned = features["return_rate"].to_numpy(dtype=float, na_value=0.0)
    return money * np.clip(1.0 - np.nan_to_num(returned), 0.0, 1.0)
