"""What the segments of customers made of order lines bought, and what is expected of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.model import MONEY_UNITS, Candidate, Table

EXPECTED = ("expected_purchases", "purchases_low", "purchases_high", "expected_value", "value_low", "value_high")
COLUMNS = ("candidate", "segment", "customers", "orders", "orders_share", "revenue", "revenue_share", *EXPECTED)


def order_facts(table: Table, candidates: Sequence[Candidate]) -> pd.DataFrame:
    """One row per candidate and segment, everyone (segment 0) first, in the order of ``candidates``.

    ``customers``; ``orders`` they placed and ``revenue`` in currency units, net of returns; ``orders_share`` and
    ``revenue_share`` of everyone's (NaN where that is not above 0); purchases and value expected over the horizon of
    ``table.made.value`` with the ends of their 80 % predictive ranges (NaN where nothing is expected). Candidates
    without segments are left out. Empty, without columns, where ``table`` was not made of order lines.
    """
    made = [one for one in candidates if not one.problem]
    if table.made is None or not made:
        return pd.DataFrame()
    from core.orders.value import forecast

    labelings = [np.asarray(one.labels) for one in made]
    expected = forecast(table.frame, table.made.value, labelings)
    orders = table.frame["frequency"].to_numpy(dtype=float).astype(np.int64)
    money = np.rint(table.frame["monetary"].to_numpy(dtype=float) * MONEY_UNITS).astype(np.int64)
    counted = pd.concat([_counted(one.key, one.labels, orders, money) for one in made], ignore_index=True)
    places = {one.key: place for place, one in enumerate(made)}
    counted["labeling"] = counted["candidate"].map(places)
    return counted.merge(expected, how="left", on=["labeling", "segment"])[list(COLUMNS)]


def _counted(key: str, labels: np.ndarray, orders: np.ndarray, money: np.ndarray) -> pd.DataFrame:
    """Customers, orders and money of everyone and of each segment; sums of whole numbers."""
    lines = pd.DataFrame({"segment": labels, "customers": 1, "orders": orders, "money": money}).astype("int64")
    own = lines.groupby("segment", sort=True).sum().reset_index()
    whole = lines.drop(columns="segment").sum().to_frame().T.assign(segment=0)
    out = pd.concat([whole, own], ignore_index=True)
    out["orders_share"] = _shares(out["orders"])
    out["revenue"] = out["money"] / MONEY_UNITS
    out["revenue_share"] = _shares(out["money"])
    return out.drop(columns="money").assign(candidate=key)


def _shares(counts: pd.Series) -> pd.Series:
    """Each as part of the first, which is everyone's."""
    return counts / counts.iloc[0] if counts.iloc[0] > 0 else pd.Series(np.nan, index=counts.index)
