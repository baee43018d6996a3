"""Which model of value the customers can carry: the best one first, a plain reason for every step down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.model.orders import OrderPlan, ValueModel
from core.orders.value import bgnbd, gammagamma
from core.orders.value.fitting import Fitted
from core.orders.value.histories import WEEK, Histories, bought, histories, spent

FEWEST_CUSTOMERS = 50
FEWEST_REPEATERS = 10
REPEATERS_FOR_MODEL = 30
LONGEST_AHEAD = 2.0
"""The horizon may be this many times as long as the history: nothing is known of what customers do later."""
STRONGEST_LINK = 0.3
"""Gamma-Gamma takes spending to be independent of buying; beyond this Spearman correlation it is not used."""
SPEND_WEIGHT = 1.0
"""Without Gamma-Gamma everyone's mean counts as this many of a customer's own purchases."""


def fit_value(features: pd.DataFrame, plan: OrderPlan) -> ValueModel:
    """The model of value for a frame of customer features, over ``plan.horizon_days``.

    BG/NBD with Gamma-Gamma; BG/NBD with mean spending; the past rate with mean spending; or none, each with the
    reason in ``because``. Equal customers in any order give the same model.
    """
    features = features[bought(features)]
    given = histories(features).collapsed()
    refusal = refused(given, plan.horizon_days)
    if refusal:
        return ValueModel("none", refusal, plan.horizon_days, seed=plan.seed)
    kind, told_spend, facts = _spending(features)
    method, told, purchase = fit_purchases(given)
    reasons = " ".join(one for one in (told, told_spend) if one)
    return ValueModel(method, reasons, plan.horizon_days, spend=kind, seed=plan.seed, **facts, **purchase)


def refused(given: Histories, horizon_days: int) -> str:
    """Why nothing at all can be expected of such customers in so many days; "" where something can."""
    customers, repeaters = int(given.weight.sum()), int(given.weight[given.repeats > 0].sum())
    if customers < FEWEST_CUSTOMERS:
        return (
            f"Expected value needs at least {FEWEST_CUSTOMERS} customers with a purchase; there are {customers:,}."
            " Add more orders."
        )
    if repeaters < FEWEST_REPEATERS:
        return (
            f"Only {repeaters:,} customers bought on more than one day; expected value needs at least {FEWEST_REPEATERS}."
            " Add a longer history, or check which column names the customer."
        )
    observed = int(round(float(given.age.max()) * WEEK)) + 1
    if horizon_days > LONGEST_AHEAD * observed:
        most = int(LONGEST_AHEAD * observed)
        return (
            f"The orders cover {observed:,} days, too few to look {horizon_days:,} days ahead."
            f" Choose at most {most:,} days, or add a longer history."
        )
    return ""


def fit_purchases(given: Histories) -> tuple[str, str, dict[str, Any]]:
    """The method for purchases (``bgnbd`` or ``rate``), why no better one, and its fields of a value model."""
    facts: dict[str, Any] = {"rate": float((given.repeats * given.weight).sum() / (given.age * given.weight).sum())}
    repeaters = int(given.weight[given.repeats > 0].sum())
    instead = "Each customer's past rate of purchases is used instead, drawn towards the mean; it sees nobody leave."
    if repeaters < REPEATERS_FOR_MODEL:
        few = f"Only {repeaters:,} customers bought on more than one day; the BG/NBD model needs {REPEATERS_FOR_MODEL}."
        return "rate", f"{few} {instead}", facts
    found = bgnbd.fit(given)
    if found.trouble:
        return "rate", f"The BG/NBD model does not fit these purchases: {found.trouble}. {instead}", facts
    facts["purchase"] = tuple(float(value) for value in found.parameters)
    facts["purchase_covariance"] = found.covariance
    facts["purchase_likelihood"] = found.likelihood
    return "bgnbd", _loosely("BG/NBD", found), facts


def _spending(features: pd.DataFrame) -> tuple[str, str, dict[str, Any]]:
    """The kind of spending model, why no better one, and its fields."""
    repeats, money = histories(features).repeats, spent(features)
    usable = (repeats > 0) & np.isfinite(money) & (money > 0)
    repeats, money = repeats[usable], money[usable]
    order = np.lexsort((money, repeats))
    repeats, money = repeats[order], money[order]
    if not len(money):
        return "none", "No repeat purchase has money above zero, so that only purchases are expected.", {}
    facts: dict[str, Any] = {"spend_mean": float((repeats * money).sum() / repeats.sum())}
    instead = f"Each customer's own mean is used instead, drawn towards everyone's {facts['spend_mean']:,.2f}."
    if len(money) < REPEATERS_FOR_MODEL:
        return "mean", f"Only {len(money):,} repeat buyers tell what a purchase is worth. {instead}", facts
    if np.ptp(money) == 0:
        return "mean", f"Every purchase is worth the same. {instead}", facts
    link = spearman(repeats, money)
    if abs(link) > STRONGEST_LINK:
        how = "more" if link > 0 else "less"
        return (
            "mean",
            f"Customers who buy more often spend {how} per purchase (rank correlation {link:.2f}), which the Gamma-Gamma model"
            f" rules out. {instead}",
            facts,
        )
    found = gammagamma.fit(repeats, money)
    trouble = found.trouble or ("its mean is infinite" if found.parameters[1] <= 1 else "")
    if trouble:
        return "mean", f"The Gamma-Gamma model does not fit what is spent: {trouble}. {instead}", facts
    facts["spending"] = tuple(float(value) for value in found.parameters)
    told = _loosely("Gamma-Gamma", found)
    return "gamma", told, facts | {"spending_covariance": found.covariance, "spending_likelihood": found.likelihood}


def _loosely(name: str, found: Fitted) -> str:
    if not found.loose:
        return ""
    return f"The orders alone do not settle the {name} model: {found.loose}. A weak prior keeps its parameters in common ranges."


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation of two arrays (n,); 0 where one of them is constant."""
    from scipy.stats import rankdata

    first, second = (ranks - ranks.mean() for ranks in (rankdata(one), rankdata(other)))
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / size if size else 0.0
