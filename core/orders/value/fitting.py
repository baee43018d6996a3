"""Maximum likelihood on the logarithms of positive parameters, for models with an analytic gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

EDGE = 9.0
"""Logarithms of the scaled parameters are searched within plus and minus this; beyond lies no useful model."""

PRIOR_SPREAD = 3.0

Starts = Sequence[Sequence[float]]
Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True)
class Fitted:
    """Parameters (k,) at the highest likelihood found, that natural log-likelihood, and the covariance (k, k) of the
    parameters' logarithms from the inverse observed information. ``trouble`` says in plain words why the fit cannot
    be used, "" where it can; ``loose`` why the data alone do not settle it, so that a weak prior (:func:`held`) does,
    "" where they do."""

    parameters: np.ndarray
    likelihood: float
    covariance: np.ndarray
    trouble: str = ""
    loose: str = ""


def settle(objective: Objective, starts: Starts, shapes: Sequence[int]) -> Fitted:
    """Maximum likelihood; where that lies at a border or is not unique, the same with a weak prior on ``shapes``.

    ``objective(logs) -> (log-likelihood, gradient)`` for the logarithms (k,) of scaled parameters; ``starts`` are
    logarithms to start at; ``shapes`` tells which of them have no unit. The likelihood told is without the prior.
    """
    found = maximise(objective, starts)
    if not found.trouble:
        return found
    again = maximise(held(objective, shapes), starts)
    likelihood = objective(np.log(again.parameters))[0]
    return replace(again, likelihood=likelihood, loose=found.trouble)


def held(objective: Objective, shapes: Sequence[int]) -> Objective:
    """``objective`` with a normal prior on the logarithms ``shapes``: 0, give or take ``PRIOR_SPREAD``.

    Nineteen of twenty such parameters lie between 1/360 and 360, so that data which tell anything outweigh it.
    """
    chosen = np.asarray(shapes)

    def both(logs: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = objective(logs)
        gradient = gradient.copy()
        gradient[chosen] -= logs[chosen] / PRIOR_SPREAD**2
        return value - float((logs[chosen] ** 2).sum()) / (2 * PRIOR_SPREAD**2), gradient

    return both


def maximise(objective: Objective, starts: Starts) -> Fitted:
    """The best of several L-BFGS-B runs. Sums are over whole arrays in one order: equal data give equal bits."""
    from scipy.optimize import minimize

    def downhill(logs: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = objective(logs)
        return -value, -gradient

    width = len(starts[0])
    runs = [
        minimize(
            downhill,
            np.asarray(start, dtype=float),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-EDGE, EDGE)] * width,
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7},
        )
        for start in starts
    ]
    best = min(runs, key=lambda run: run.fun if np.isfinite(run.fun) else np.inf)
    covariance, trouble = _covariance(objective, best.x)
    if not np.isfinite(best.fun):
        trouble = "the likelihood cannot be computed"
    elif (np.abs(best.x) > EDGE - 0.01).any():
        trouble = "the best parameters lie at the border of what makes sense"
    return Fitted(np.exp(best.x), -float(best.fun), covariance, trouble)


def _covariance(objective: Objective, logs: np.ndarray, step: float = 1e-4) -> tuple[np.ndarray, str]:
    """Inverse of minus the second derivatives, by central differences of the gradient."""
    width = len(logs)
    information = np.empty((width, width))
    for i, shift in enumerate(np.eye(width) * step):
        information[i] = (objective(logs - shift)[1] - objective(logs + shift)[1]) / (2 * step)
    information = (information + information.T) / 2
    if not np.isfinite(information).all():
        return np.zeros((width, width)), "the likelihood is not smooth at its best"
    values, vectors = np.linalg.eigh(information)
    if values[0] <= 0 or values[-1] > 1e12 * values[0]:
        return np.zeros((width, width)), "several different models explain the purchases equally well"
    return (vectors / values) @ vectors.T, ""
