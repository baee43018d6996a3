"""What the segments bring in: from orders where there are any, else from the column of money, by the stored frames."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind, Role, Segmentation
from core.prepare.money import proposed_among

FIGURES = ("segment", "customers", "share", "revenue", "revenue_share", "each", "orders", "per_order",
           "expected_value", "value_low", "value_high")  # fmt: skip
EARNED = re.compile(r"income|salar|wage|earning|einkommen|gehalt|balance|limit|debt|loan|credit", re.IGNORECASE)
"""Names of money that customers have or owe, which is not what they bring in."""


@dataclass(frozen=True)
class Money:
    """Money by segment. ``column`` is where it comes from, "" for orders; ``unit`` its currency, "" where none is known.

    ``rows`` has ``FIGURES``, everyone (segment 0) first: customers and their ``share`` of all (0..1), ``revenue`` and its
    share (NaN where everyone's is not above 0), revenue for ``each`` customer of whom it is known, and of orders also
    their number, revenue ``per_order``, and the value expected with its 80 % range; NaN where unknown.
    """

    column: str
    unit: str
    rows: pd.DataFrame

    def figure(self, segment: int, name: str) -> float:
        """One figure of a segment, NaN where it is unknown."""
        found = self.rows.loc[self.rows["segment"] == segment, name]
        return float(found.iloc[0]) if len(found) else float("nan")


def money_of(segmentation: Segmentation) -> Money | None:
    """Of orders; else of the column marked as money; else of the proposed one, unless it is what customers earn or owe."""
    if not segmentation.orders.empty:
        return _of_orders(segmentation)
    column = money_name(segmentation)
    return _of_column(segmentation, column) if column else None


def money_name(segmentation: Segmentation) -> str:
    """The column of what customers bring in, "" where none is known or wanted."""
    recipe = segmentation.plan.recipe
    numbers = numbers_of(segmentation.profile)
    if recipe.money is not None:
        return recipe.money if any(column.name == recipe.money for column in numbers) else ""
    found = proposed_among([column for column in numbers if not EARNED.search(column.name)], recipe)
    return found.name if found else ""


def numbers_of(profile: pd.DataFrame) -> list[Column]:
    """The columns of numbers that a profile tells of, in its order."""
    if "kind" not in profile:
        return []
    rows = profile[profile["kind"] == str(Kind.NUMBER)].drop_duplicates("column")
    return [Column(str(name), Kind.NUMBER, Role.FEATURE, unit=str(unit or ""))
            for name, unit in zip(rows["column"], rows["unit"], strict=True)]  # fmt: skip


def _of_orders(segmentation: Segmentation) -> Money:
    orders = segmentation.orders
    customers, revenue = orders["customers"].to_numpy(float), orders["revenue"].to_numpy(float)
    made = {
        "share": _parts(customers, orders["segment"]),
        "each": _divided(revenue, customers),
        "per_order": _divided(revenue, orders["orders"].to_numpy(float)),
    }
    units = {column.name: column.unit for column in numbers_of(segmentation.profile)}
    return Money("", units.get("monetary", ""), _ordered(orders.assign(**made)))


def _of_column(segmentation: Segmentation, column: str) -> Money:
    rows = segmentation.profile[segmentation.profile["column"] == column]
    known = rows["customers"].to_numpy(float) - rows["gaps"].to_numpy(float)
    each = rows["mean"].to_numpy(float)
    with np.errstate(over="ignore", invalid="ignore"):
        revenue = np.where(known > 0, np.nan_to_num(each, posinf=np.nan, neginf=np.nan) * known, 0.0)
    made = {"each": each, "revenue": revenue, "revenue_share": _parts(revenue, rows["segment"])}
    return Money(column, str(rows["unit"].iloc[0] or ""), _ordered(rows[["segment", "customers", "share"]].assign(**made)))


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """All figures, those that are not told as NaN."""
    return rows.reindex(columns=list(FIGURES)).sort_values("segment", key=_place, kind="stable").reset_index(drop=True)


def _place(segments: pd.Series) -> pd.Series:
    """Everyone, the segments, and last the customers that are in none."""
    return segments.where(segments >= 0, 2**15)


def _parts(values: np.ndarray, segments: pd.Series) -> np.ndarray:
    """Each as a part of everyone's, NaN where that is not above 0."""
    whole = values[(segments == 0).to_numpy()]
    return _divided(values, np.full(len(values), whole[0] if len(whole) else np.nan))


def _divided(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.divide(values, by, out=np.full(len(values), np.nan), where=by > 0)
    return np.where(np.isfinite(found), found, np.nan)
