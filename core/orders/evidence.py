"""What the cells say of a column's part: who repeats, what belongs together, and which amounts follow from others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.model import Column, Table
from core.model.orders import Part

LOOKED_AT = 50_000
"""Rows, from the first, on which columns are compared with one another."""
NEARLY_ALL = 0.9
_NUMBERED = r"#?[A-Za-z]{0,4}[-_ ]?[0-9]{2,}"


def repeats(column: Column, rows: int) -> float:
    """Lines for each different value of a column; 0 for an empty one."""
    return (rows - column.gaps) / column.distinct if column.distinct else 0.0


def whole(values: pd.Series) -> bool:
    """True where every number is whole; text that stands for an id is, too."""
    if values.dtype == object:
        return True
    known = values.to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    return bool((known == np.floor(known)).all())


def share_alike(keys: pd.Series, of: pd.Series) -> float:
    """Share of the different ``keys`` whose rows all have one value ``of``; 1 where there is none."""
    pairs = pd.DataFrame({"key": keys, "of": of}).dropna()
    counts = pairs.drop_duplicates().groupby("key", sort=False).size()
    return float((counts == 1).mean()) if len(counts) else 1.0


def numbered(cells: pd.Series) -> bool:
    """True where nearly all cells are a number with at most a sign and four letters in front, such as ``#1001``."""
    known = cells.dropna().astype(str)
    return bool(len(known)) and float(known.str.fullmatch(_NUMBERED).mean()) >= NEARLY_ALL


def groups_lines(frame: pd.DataFrame, column: str, mapping: Mapping[str, str]) -> bool:
    """True where nearly every value of ``column`` belongs to one customer and one day, as an order does."""
    keys = frame[column]
    customer, date = mapping.get(Part.CUSTOMER), mapping.get(Part.DATE)
    if customer and share_alike(keys, frame[customer]) < NEARLY_ALL:
        return False
    return not date or share_alike(keys, frame[date].dt.normalize()) >= NEARLY_ALL


def order_totals(frame: pd.DataFrame, column: str, order: str | None) -> bool:
    """True where orders of several lines nearly always repeat one amount: the total of the order, not of the line."""
    if not order:
        return False
    several = frame[[order, column]].dropna()
    several = several[several.groupby(order, sort=False)[column].transform("size") > 1]
    return len(several) >= 20 and share_alike(several[order], several[column]) >= NEARLY_ALL


def equal_share(left: pd.Series, right: pd.Series) -> float:
    """Share of rows in which two amounts are equal to a cent; 0 where nothing can be compared."""
    gap = (left - right).abs().to_numpy(dtype=float)
    known = np.isfinite(gap) & ((left != 0) | (right != 0)).to_numpy()
    return float((gap[known] <= 0.0101).mean()) if known.any() else 0.0


def times(frame: pd.DataFrame, mapping: Mapping[str, str]) -> pd.Series | None:
    """Quantity x price of every row; None where one of the two is not mapped."""
    quantity, price = mapping.get(Part.QUANTITY), mapping.get(Part.PRICE)
    return frame[quantity] * frame[price] if quantity and price else None


def net_of_discount(frame: pd.DataFrame, column: str, others: list[str], mapping: Mapping[str, str]) -> str:
    """The gross amount (a column's name, or "quantity x price") less the discount that ``column`` is; "" for none."""
    discount = mapping.get(Part.DISCOUNT)
    if not discount or not (frame[discount] != 0).any():
        return ""
    gross = {name: frame[name] for name in others if name not in (column, discount)}
    product = times(frame, mapping)
    candidates = gross | ({} if product is None else {"quantity x price": product})
    for name, values in candidates.items():
        touched = frame[discount].fillna(0) != 0
        if max(equal_share(frame[column][touched], (values - frame[discount])[touched]),
               equal_share(frame[column][touched], (values * (1 - frame[discount]))[touched])) >= NEARLY_ALL:  # fmt: skip
            return name
    return ""


def per_unit(frame: pd.DataFrame, cost: str, mapping: Mapping[str, str]) -> bool:
    """True where a cost belongs to one piece: its ratio to the price varies less than its ratio to the amount."""
    product, quantity = times(frame, mapping), mapping.get(Part.QUANTITY)
    if product is None or (frame[quantity].dropna() == 1).all():
        return False
    with np.errstate(all="ignore"):
        spreads = [_spread(frame[cost] / frame[mapping[Part.PRICE]]), _spread(frame[cost] / product)]
    return spreads[0] < spreads[1]


def goes_with(left: pd.Series, right: pd.Series) -> float:
    """Rank correlation of two columns of numbers (Spearman), 0 where either does not vary."""
    found = left.rank().corr(right.rank()) if left.nunique() > 1 and right.nunique() > 1 else 0.0
    return float(found) if np.isfinite(found) else 0.0


def same_day_lines(table: Table, customer: str, date: str) -> float:
    """Lines for each different pair of customer and day."""
    pairs = pd.DataFrame({"customer": table.frame[customer], "day": table.frame[date].dt.normalize()}).dropna()
    days = len(pairs.drop_duplicates())
    return len(pairs) / days if days else 1.0


def _spread(ratio: pd.Series) -> float:
    """Interquartile range of the logarithm of a ratio above zero."""
    values = ratio.to_numpy(dtype=float)
    values = np.log(values[np.isfinite(values) & (values > 0)])
    return float(np.subtract(*np.percentile(values, [75, 25]))) if len(values) else np.inf
