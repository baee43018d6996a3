"""Gamma-Gamma: what a purchase of a customer is worth.

Fader & Hardie (2013), The Gamma-Gamma model of monetary value: each purchase is Gamma(p, nu) with the customer's own
nu ~ Gamma(q, v), independent of how often the customer buys. Only customers with repeat purchases inform it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.orders.value.fitting import Fitted, Objective, settle

SHAPES = (0, 1)
STARTS = ((1.5, 1.3, 0.5), (0.0, 0.7, 0.0), (3.0, 2.0, 2.0))


def fit(repeats: np.ndarray, spent: np.ndarray) -> Fitted:
    """p, q, v at maximum likelihood for customers with ``repeats`` (n,) >= 1 of ``spent`` (n,) > 0 each on average."""
    order = np.lexsort((spent, repeats))
    repeats, spent = np.asarray(repeats, dtype=float)[order], np.asarray(spent, dtype=float)[order]
    scale = float(spent.mean())
    found = settle(objective(repeats, spent / scale), STARTS, SHAPES)
    parameters = found.parameters * np.array([1.0, 1.0, scale])
    return replace(found, parameters=parameters, likelihood=found.likelihood - len(spent) * float(np.log(scale)))


def objective(repeats: np.ndarray, spent: np.ndarray) -> Objective:
    """The log-likelihood of mean spends and its gradient, as a function of the logarithms (3,) of p, q, v."""
    return lambda logs: _likelihood(np.exp(logs), repeats, spent)


def likelihood(parameters: np.ndarray, repeats: np.ndarray, spent: np.ndarray) -> float:
    """Natural log-likelihood of mean spends under p, q, v (equation 1a of the paper)."""
    return _likelihood(np.asarray(parameters, dtype=float), repeats, spent)[0]


def expected(parameters: np.ndarray, repeats: np.ndarray, spent: np.ndarray) -> np.ndarray:
    """Mean money (n,) of a customer's future purchases (equation 5); needs p x + q > 1. ``spent`` may be NaN: it
    then tells nothing."""
    p, q, v = parameters
    known = np.where(np.isfinite(spent), repeats, 0.0)
    return p * (v + known * np.where(known > 0, spent, 0.0)) / (p * known + q - 1)


def _likelihood(parameters: np.ndarray, x: np.ndarray, mean: np.ndarray) -> tuple[float, np.ndarray]:
    """Log-likelihood and its gradient by the logarithms of p, q, v."""
    from scipy.special import gammaln, psi

    p, q, v = parameters
    shape, money = p * x, v + x * mean
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
    value += (shape - 1) * np.log(mean) + shape * np.log(x) - (shape + q) * np.log(money)
    joint = psi(shape + q)
    by_p = x * (joint - psi(shape) + np.log(mean) + np.log(x) - np.log(money))
    by_q = joint - psi(q) + np.log(v) - np.log(money)
    by_v = q / v - (shape + q) / money
    gradient = np.array([by.sum() for by in (by_p, by_q, by_v)])
    return float(value.sum()), gradient * parameters
