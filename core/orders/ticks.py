"""Which customer features shape the segments unless a person says otherwise, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import FeatureFact, Kind
from core.orders.features import FEATURES, Feature
from core.orders.modelled import MODELLED, Modelled

PREFERRED = (
    *("recency", "monetary", "frequency", "average_order_value", "margin_rate", "return_rate", "discount_share"),
    *("basket_size", "products", "tenure", "trend", "categories"),
)
"""From basic to special: recency, frequency and monetary, what they leave open, and no more than ``MOST``. Of two that
go together the earlier one is ticked."""
MOST = 7
TOGETHER = 0.8
SAME = 0.9
EMPTY = 0.5
COMPARED = 50_000
_FIGURES = ("recency", "monetary", "frequency")


def ticks(frame: pd.DataFrame) -> tuple[FeatureFact, ...]:
    """A fact for every column of ``frame`` (a row per customer) but ``customer_id``, in its order.

    Ticked are those of ``PREFERRED`` in which customers differ: not empty for more than half of them, not the same
    for more than nine in ten, and with a rank correlation (Spearman) below ``TOGETHER`` with each one ticked before;
    at most ``MOST``. The correlation is taken over every so many-th customer of the frame where it has more than
    ``COMPARED`` rows. Scores and what a model expects are never ticked: they are made of the other columns.
    """
    known = {**FEATURES, **MODELLED}
    names = [name for name in frame.columns if name in known]
    chosen: list[str] = []
    reasons: dict[str, str] = {}
    few = frame.iloc[:: -(-len(frame) // COMPARED) or 1]
    for name in (one for one in PREFERRED if one in names):
        reasons[name] = _unfit(frame[name]) or _together(few, name, chosen) or _enough(chosen)
        if not reasons[name]:
            chosen.append(name)
    return tuple(_fact(known[name], name in chosen, reasons.get(name, "")) for name in names)


def _fact(feature: Feature | Modelled, ticked: bool, reason: str) -> FeatureFact:
    why = _praise(feature.name) if ticked else reason or _set_apart(feature)
    return FeatureFact(feature.name, feature.label, feature.unit, feature.formula, ticked, why)


def _praise(name: str) -> str:
    if name in _FIGURES:
        return "One of the three figures that tell customers apart best: recency, frequency and monetary."
    return "Customers differ in it, and it adds to the other ticked ones."


def _set_apart(feature: Feature | Modelled) -> str:
    """Why a feature that is not preferred is left to the person."""
    if feature.name in MODELLED:
        return "Made of the other features: it describes segments, but would count them twice."
    if feature.kind is Kind.DATE:
        return "A date: recency and tenure say the same in days."
    if feature.kind is not Kind.NUMBER:
        return "A name, not an amount: it describes segments."
    return "Describes segments; tick it where it matters to your question."


def _unfit(values: pd.Series) -> str:
    """Why customers cannot be told apart by these values, "" where they can."""
    empty = values.isna().mean() if len(values) else 1.0
    if empty > EMPTY:
        return f"Empty for {empty:.0%} of customers."
    counts = values.value_counts()
    if len(counts) == 1:
        return f"The same for everyone ({counts.index[0]:,.10g})."
    if counts.iloc[0] > SAME * len(values):
        return f"The same for {counts.iloc[0] / len(values):.0%} of customers ({counts.index[0]:,.10g})."
    return ""


def _together(frame: pd.DataFrame, name: str, chosen: list[str]) -> str:
    for other in chosen:
        value = _spearman(frame[name], frame[other])
        if abs(value) >= TOGETHER:
            turned = "goes against" if value < 0 else "goes together with"
            return f"It {turned} {other} ({value:.2f}), which is ticked."
    return ""


def _enough(chosen: list[str]) -> str:
    return f"{MOST} are ticked already; tick it where it matters to your question." if len(chosen) >= MOST else ""


def _spearman(one: pd.Series, other: pd.Series) -> float:
    """The rank correlation (-1..1) over rows that have both; 0 where either does not vary."""
    both = (one.notna() & other.notna()).to_numpy()
    ranks = [values[both].rank().to_numpy() for values in (one, other)]
    spread = [own.std() if len(own) else 0.0 for own in ranks]
    return float(np.corrcoef(*ranks)[0, 1]) if min(spread) > 0 else 0.0
