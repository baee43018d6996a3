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
    x, mean = np.asarray(repeats, dtype=float), np.asarray(spent, dtype=float)
    counts, places, many = np.unique(x, return_inverse=True, return_counts=True)
    total, logs_of_mean = x * mean, np.log(mean)
    fixed = float((x * (logs_of_mean + np.log(x))).sum())

    def both(logs: np.ndarray) -> tuple[float, np.ndarray]:
        from scipy.special import gammaln, psi

        p, q, v = parameters = np.exp(logs)
        shape, money = p * counts, np.log(v + total)
        of_count = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
        value = (many * of_count).sum() + p * fixed - logs_of_mean.sum() - ((shape + q)[places] * money).sum()
        joint = psi(shape + q)
        by_p = (many * counts * (joint - psi(shape))).sum() + fixed - (x * money).sum()
        by_q = (many * (joint - psi(q) + np.log(v))).sum() - money.sum()
        by_v = len(x) * q / v - ((shape + q)[places] / (v + total)).sum()
        return float(value), np.array([by_p, by_q, by_v]) * parameters

    return both


def likelihood(parameters: np.ndarray, repeats: np.ndarray, spent: np.ndarray) -> float:
    """Natural log-likelihood of mean spends under p, q, v (equation 1a of the paper)."""
    return objective(repeats, spent)(np.log(parameters))[0]


def expected(parameters: np.ndarray, repeats: np.ndarray, spent: np.ndarray) -> np.ndarray:
    """Mean money (n,) of a customer's future purchases (equation 5); needs p x + q > 1. ``spent`` may be NaN: it
    then tells nothing."""
    p, q, v = parameters
    known = np.where(np.isfinite(spent), repeats, 0.0)
    return p * (v + known * np.where(known > 0, spent, 0.0)) / (p * known + q - 1)
