"""Segmentations of random tables, described by the real profile and the real differences, without any fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core import profiles
from core.model import Candidate, Column, Kind, Plan, Role, Segmentation, Source, Table

KINDS = {"n": Kind.NUMBER, "f": Kind.FLAG, "c": Kind.CATEGORY}


def table_of(frame: pd.DataFrame, kinds: Mapping[str, Kind], units: Mapping[str, str], roles: Mapping[str, Role]) -> Table:
    """A table of typed cells; columns that ``roles`` does not name shape the segments."""
    columns = tuple(
        Column(name, kinds[name], roles.get(name, Role.FEATURE), unit=units.get(name, ""), distinct=2) for name in frame
    )
    return Table(frame.astype(str), frame, columns, Source("made.csv", "csv", rows_in_file=len(frame)), "f" * 64)


def segmentation_of(table: Table, labels: np.ndarray, **changes: Any) -> Segmentation:
    """The segmentation of these labels, as a job tells it; ``trust`` by segment among the changes."""
    roles = {column.name: column.role for column in table.columns}
    told = profiles.describe(table, roles, {"made-1": labels}, units={})
    sizes = profiles.sizes(labels)
    candidate = Candidate(
        "made-1", "kmeans", "K-means, made", {"n_segments": len(sizes)}, labels, sizes, told.names["made-1"], (), 0.1,
        trust=changes.pop("trust", {}),
    )  # fmt: skip
    own = {name: frame[frame["candidate"] == "made-1"].drop(columns="candidate").reset_index(drop=True)
           for name, frame in (("profile", told.profiles), ("contrasts", told.differences))}  # fmt: skip
    made = Segmentation("f" * 64, Plan(), candidate, own["profile"], np.zeros(len(labels), bool), {}, "Made by hand.",
                        contrasts=own["contrasts"])  # fmt: skip
    return replace(made, **changes)


def simple(n: int = 200, **changes: Any) -> Segmentation:
    """Two segments, of a quarter and three quarters of ``n``; the first spends ten times as much, all of them in Rome.

    Its spending is 1,000 to 1,008 EUR, 1,004 on average, that of the others 100 to 108; "noise" tells nothing; "plan" is a flag that half
    of each segment has.
    """
    first = n // 4
    labels = np.array([1] * first + [2] * (n - first), dtype=np.int16)
    place = np.arange(n)
    frame = pd.DataFrame({
        "Spent (EUR)": np.where(labels == 1, 1000.0, 100.0) + 2.0 * (place % 5),
        "noise": (place % 4).astype(float),
        "city": np.where(labels == 1, "Rome", np.where(place % 2, "Oslo", "Bern")).astype(object),
        "plan": (place % 2).astype(float),
    })  # fmt: skip
    kinds = {"Spent (EUR)": Kind.NUMBER, "noise": Kind.NUMBER, "city": Kind.CATEGORY, "plan": Kind.FLAG}
    return segmentation_of(table_of(frame, kinds, {"Spent (EUR)": "EUR"}, {}), labels, **changes)


def ordered(**changes: Any) -> Segmentation:
    """Customers made of orders: 40 champions, 60 who have gone, 100 who buy a little now and then; whole numbers throughout.

    Champions bought 2 to 5 days ago, 20 times, for 2,000; the gone 300 to 303 days ago, 10 times, for 1,500; the others 40
    to 49 days ago, once, for 50: revenue is 80,000 + 90,000 + 5,000.
    """
    labels = np.array([1] * 40 + [2] * 60 + [3] * 100, dtype=np.int16)
    place = np.arange(200)
    frame = pd.DataFrame({
        "recency": np.select([labels == 1, labels == 2], [2.0 + place % 4, 300.0 + place % 4], 40.0 + place % 10),
        "frequency": np.select([labels == 1, labels == 2], [20.0, 10.0], 1.0),
        "monetary": np.select([labels == 1, labels == 2], [2000.0, 1500.0], 50.0),
        "trend": np.select([labels == 1, labels == 2], [0.3, -0.8], 0.0) + 0.01 * (place % 3),
    })  # fmt: skip
    kinds = dict.fromkeys(frame, Kind.NUMBER)
    units = {"recency": "days", "frequency": "orders", "monetary": "EUR"}
    orders = pd.DataFrame({
        "segment": [0, 1, 2, 3], "customers": [200, 40, 60, 100], "orders": [1500, 800, 600, 100],
        "orders_share": [1.0, 8 / 15, 0.4, 1 / 15], "revenue": [175000.0, 80000.0, 90000.0, 5000.0],
        "revenue_share": [1.0, 80 / 175, 90 / 175, 5 / 175], "expected_purchases": [300.0, 250.0, 20.0, 30.0],
        "purchases_low": [250.0, 200.0, 10.0, 20.0], "purchases_high": [350.0, 300.0, 30.0, 40.0],
        "expected_value": [30000.0, 26000.0, 2000.0, 2000.0], "value_low": [25000.0, 20000.0, 1000.0, 1000.0],
        "value_high": [35000.0, 31000.0, 3000.0, 3000.0],
    })  # fmt: skip
    return segmentation_of(table_of(frame, kinds, units, {}), labels, orders=orders, **changes)
