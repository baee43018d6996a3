"""What the segments of customers made of order lines bought, and what is expected of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.model import MONEY_UNITS, Candidate, Table, ValueModel
from core.model.result import no_rows
from core.orders.groups import GROUPS, NO_PURCHASE

EXPECTED = ("expected_purchases", "purchases_low", "purchases_high", "expected_value", "value_low", "value_high")
EVERYONE = "Everyone"
COLUMNS = ("candidate", "segment", "customers", "orders", "orders_share", "revenue", "revenue_share", *EXPECTED)


def order_facts(table: Table, candidates: Sequence[Candidate], *, threads: int = 1) -> pd.DataFrame:
    """One row per candidate and segment, everyone (segment 0) first, in the order of ``candidates``.

    ``customers``; ``orders`` they placed and ``revenue`` in currency units, net of returns; ``orders_share`` and
    ``revenue_share`` of everyone's (NaN where that is not above 0); purchases and value expected over the horizon of
    ``table.made.value`` with the ends of their 80 % predictive ranges (NaN where nothing is expected). Candidates
    without segments are left out. Empty, without columns, where ``table`` was not made of order lines. ``threads``
    changes no figure.
    """
    made = [one for one in candidates if not one.problem]
    if table.made is None or not made:
        return no_rows()
    from core.orders.value import forecast

    counted = pd.concat([_counted(table.frame, one.labels).assign(candidate=one.key) for one in made], ignore_index=True)
    expected = forecast(table.frame, table.made.value, [np.asarray(one.labels) for one in made], threads=threads)
    counted["labeling"] = counted["candidate"].map({one.key: place for place, one in enumerate(made)})
    return counted.merge(expected, how="left", on=["labeling", "segment"])[list(COLUMNS)]


def group_facts(frame: pd.DataFrame, model: ValueModel) -> pd.DataFrame:
    """The same by RFM group, the best first and everyone last: group, customers, orders, revenue and what is expected.

    Nothing is known (NaN) of what customers without a purchase will do.
    """
    from core.orders.value import forecast

    places = {group: place for place, group in enumerate(GROUPS, start=1)}
    labels = frame["rfm_group"].map(places).to_numpy(dtype=np.int64)
    counted = _counted(frame, labels)
    expected = forecast(frame, model, [labels])
    out = counted.merge(expected, how="left", on="segment")
    out["group"] = out["segment"].map({0: EVERYONE} | {place: group for group, place in places.items()})
    out.loc[out["group"] == NO_PURCHASE, list(EXPECTED)] = np.nan
    out = pd.concat([out.iloc[1:], out.iloc[:1]], ignore_index=True)
    return out[["group", "customers", "orders", "revenue", *EXPECTED]]


def _counted(frame: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Customers, orders and money of everyone (segment 0) and of each label; sums of whole numbers."""
    money = np.rint(frame["monetary"].to_numpy(dtype=float) * MONEY_UNITS)
    cells = {"segment": labels, "customers": 1, "orders": frame["frequency"].to_numpy(dtype=float), "money": money}
    rows = pd.DataFrame(cells).astype("int64")
    own = rows.groupby("segment", sort=True).sum().reset_index()
    whole = rows.drop(columns="segment").sum().to_frame().T.assign(segment=0)
    out = pd.concat([whole, own], ignore_index=True)
    out["orders_share"] = _shares(out["orders"])
    out["revenue"] = out["money"] / MONEY_UNITS
    out["revenue_share"] = _shares(out["money"])
    return out.drop(columns="money")


def _shares(counts: pd.Series) -> pd.Series:
    """Each as part of the first, which is everyone's."""
    return counts / counts.iloc[0] if counts.iloc[0] > 0 else pd.Series(np.nan, index=counts.index)
