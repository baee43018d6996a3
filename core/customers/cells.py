"""Cells in words: numbers with their unit, flags as yes and no, and what is usual among many."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from core.model import Column, Kind

EMPTY = "no value"
_YEAR = re.compile(r"(?:^|[^a-z])(?:year|jahr|année|año)(?:[^a-z]|$)", re.IGNORECASE)


def number_text(value: float, unit: str = "") -> str:
    """Whole numbers below a million with all digits, others with three that count: 1,234, 0.554, 2.3e+09 EUR."""
    if not np.isfinite(value):
        return EMPTY
    if value == np.trunc(value) and abs(value) < 1e6 or 1e3 <= abs(value) < 1e15:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.3g}"
    return f"{text} {unit}".strip()


def cell_text(column: Column, value: Any, unit: str = "") -> str:
    """One cell as a person would write it."""
    if pd.isna(value):
        return EMPTY
    if column.kind is Kind.FLAG:
        return "yes" if value else "no"
    if column.kind is Kind.NUMBER:
        year = _YEAR.search(column.name) and float(value) == np.trunc(value)
        return f"{float(value):.0f}" if year else number_text(float(value), unit)
    if column.kind is Kind.DATE:
        return str(pd.Timestamp(value).date())
    return str(value)


def usual(column: Column, cells: pd.Series, unit: str = "") -> str:
    """What is usual among ``cells`` (n,): the median of numbers, the share of yes of a flag, the commonest level with its share."""
    known = cells.dropna()
    if not len(known):
        return EMPTY
    if column.kind is Kind.NUMBER:
        return cell_text(column, float(np.median(known.to_numpy(dtype=float))), unit)
    if column.kind is Kind.FLAG:
        return f"{float(known.to_numpy(dtype=float).mean()):.0%} yes"
    counts = known.value_counts()
    level = min(counts.index[counts == counts.max()])
    return f"{cell_text(column, level)} ({counts.max() / len(known):.0%})"
