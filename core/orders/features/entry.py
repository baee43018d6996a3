"""What a customer feature is: an entry of data with one way to count and one way to work it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.model import MONEY_UNITS, Kind, Part

if TYPE_CHECKING:
    import ibis

    from core.orders.features.stages import Stages

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Counts:
    """Whole numbers by customer, before anything is divided.

    ``frame`` has a row for each customer, sorted by customer; ``as_of`` is the reference date in days since
    1970-01-01. Money is in whole ten-thousandths here.
    """

    frame: pd.DataFrame
    as_of: int

    def numbers(self, name: str) -> np.ndarray:
        """The counts of that name (customers,), float64, NaN where there is none."""
        return self.frame[name].to_numpy(float, na_value=np.nan)

    def money(self, name: str) -> np.ndarray:
        """The counts of that name in currency units (customers,)."""
        return self.numbers(name) / MONEY_UNITS

    def dates(self, name: str) -> np.ndarray:
        """The counts of that name, days since 1970-01-01, as dates (customers,), datetime64[us]."""
        days = self.numbers(name)
        known = np.where(np.isnan(days), 0, days).astype("datetime64[D]").astype("datetime64[us]")
        return np.where(np.isnan(days), np.datetime64("NaT", "us"), known)


@dataclass(frozen=True)
class Feature:
    """One thing to know of every customer.

    ``unit`` is "", "days", "orders", "money", "share" ...; ``formula`` says in plain words how it comes about;
    ``needs`` the parts of order lines of which one must be there (none: always made). ``count(stages)`` gives an Ibis table with
    ``customer`` and whole numbers (features may share it: it runs once), ``value(counts)`` the figures (customers,)
    worked out from them. ``hours`` marks what needs times of day.
    """

    name: str
    label: str
    unit: str
    kind: Kind
    formula: str
    summary: str
    count: Callable[[Stages], ibis.Table]
    value: Callable[[Counts], np.ndarray]
    needs: tuple[Part, ...] = ()
    hours: bool = False


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """``above / below`` (n,), NaN where ``below`` is not above zero or one of them is unknown."""
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
