"""Recency, frequency and monetary as scores from 1 to 5, and the group they put a customer in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import OrderPlan, RfmRule
from core.orders.breaks import natural_breaks
from core.orders.groups import NO_PURCHASE, groups

SCORES = 5
FIGURES = ("recency", "frequency", "monetary")
TIED = 1 / 3
"""More customers than this share with one value are told: no rule can part them."""


def rfm(
    features: pd.DataFrame, plan: OrderPlan
) -> tuple[pd.DataFrame, Mapping[str, tuple[float, ...]], tuple[str, ...]]:
    """Scores, the break points they come from, and what to know about them in plain words.

    ``features`` needs recency, frequency and monetary; the frame has its index and the columns recency_score,
    frequency_score, monetary_score (1..5, 5 the best), rfm_score (the three as one number: 543) and rfm_group (see
    :mod:`core.orders.groups`). A score is 1 plus the number of the four break points strictly below the value; for
    recency, where little is good, 6 minus that. So equal values always get equal scores. Break points under
    ``quantile`` are the values that 20, 40, 60 and 80 % of customers do not exceed (each a value of the data), under
    ``kmeans`` the largest of each of the groups that vary least within, under ``fixed`` those of the plan. Customers
    without a purchase score 1, 1 and 1, take no part in the break points, and are a group of their own.
    Raises BadRequest where the plan is ``fixed`` and lacks the break points of a figure.
    """
    bought = (features["frequency"] > 0).to_numpy()
    cuts: dict[str, tuple[float, ...]] = {}
    scores: dict[str, np.ndarray] = {}
    warnings: list[str] = []
    for name in FIGURES:
        values = features[name].to_numpy(dtype=float)[bought]
        cuts[name] = _cuts(name, values, plan)
        found = 1 + np.searchsorted(np.array(cuts[name]), values, side="left")
        scores[name] = np.ones(len(features), dtype=np.int64)
        scores[name][bought] = SCORES + 1 - found if name == "recency" else found
        warnings += _warnings(name, values, scores[name][bought])
    out = pd.DataFrame({f"{name}_score": scores[name] for name in FIGURES}, index=features.index)
    out["rfm_score"] = sum(out[f"{name}_score"] * 10 ** (2 - place) for place, name in enumerate(FIGURES))
    out["rfm_group"] = np.where(bought, groups(*scores.values()), NO_PURCHASE)
    return out, cuts, tuple(warnings)


def _cuts(name: str, values: np.ndarray, plan: OrderPlan) -> tuple[float, ...]:
    if plan.rfm == RfmRule.FIXED:
        if name not in plan.cuts:
            raise BadRequest(
                f"The scores shall come from fixed break points, but there are none for {name}.",
                f"Give four rising numbers for each of {', '.join(FIGURES)}, or score by quantiles.",
            )
        return plan.cuts[name]
    if not len(values):
        return ()
    if plan.rfm == RfmRule.KMEANS:
        return _spread(natural_breaks(values, SCORES))
    shares = np.arange(1, SCORES) / SCORES
    return tuple(np.quantile(values, shares, method="higher").tolist())


def _spread(tops: np.ndarray) -> tuple[float, ...]:
    """Four break points from the largest values of up to five groups: fewer groups are spread over 1 to 5."""
    if len(tops) == 1:
        return (float(tops[0]),) * (SCORES - 1)
    below = np.arange(len(tops)) * (SCORES - 1) // (len(tops) - 1)  # break points below each group
    last = np.searchsorted(below, np.arange(SCORES - 1), side="right") - 1
    return tuple(tops[last].tolist())


def _warnings(name: str, values: np.ndarray, scores: np.ndarray) -> list[str]:
    """Ties that no rule can part, and scores that nobody can have."""
    if not len(values):
        return []
    distinct, counts = np.unique(values, return_counts=True)
    commonest = int(counts.argmax())
    share, told = counts[commonest] / len(values), []
    if share > TIED:
        told.append(
            f"{share:.0%} of {len(values):,} customers with a purchase have the same {name} ({distinct[commonest]:,.10g}): "
            "equal values get equal scores, so these cannot be told apart by it."
        )
    lacking = [str(score) for score in range(1, SCORES + 1) if score not in set(scores.tolist())]
    if lacking:
        told.append(f"No customer has a {name} score of {_listed(lacking)}: there are too few different values to fill every score.")
    return told


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
