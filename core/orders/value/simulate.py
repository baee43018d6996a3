"""Simulated futures of customers: exact draws from what is not known about them, then from what they may do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.model.orders import ValueModel
from core.orders.value import bgnbd, gammagamma
from core.orders.value.expected import expected_spend
from core.orders.value.fitting import Objective, held
from core.orders.value.histories import Histories

PROPOSALS = 5
FREEDOM = 5
FARTHEST = 15.0


@dataclass(frozen=True)
class Drawn:
    """One plausible set of parameters and the generator of the future that follows from it.

    ``purchase`` r, alpha, a, b, or the rate alone; ``spending`` p, q, v, or the spread (coefficient of variation) of
    purchases around a customer's mean, or nothing where no money is told.
    """

    model: ValueModel
    purchase: np.ndarray
    spending: np.ndarray
    random: np.random.Generator


def draw_parameters(model: ValueModel, given: Histories, money: np.ndarray, count: int) -> list[Drawn]:
    """``count`` sets of parameters that the histories (n,) and the ``money`` (n,) per repeat purchase could come from.

    The asymptotic distribution of the logarithms proposes, the likelihood and a weak prior choose (sampling importance
    resampling, Rubin 1988): few leavers say next to nothing on how few, and a normal one would let many leave.
    """
    random = np.random.default_rng([model.seed, 0])
    if model.method == "bgnbd":
        data = given.collapsed()
        purchase = _plausible(
            random, model.purchase, model.purchase_covariance, held(bgnbd.objective(data), bgnbd.SHAPES), count
        )
    else:
        purchase = random.standard_gamma(max((given.repeats * given.weight).sum(), 1.0), (count, 1))
        purchase *= model.rate / max((given.repeats * given.weight).sum(), 1.0)
    usable = (given.repeats > 0) & np.isfinite(money) & (money > 0)
    if model.spend == "gamma":
        objective = held(gammagamma.objective(given.repeats[usable], money[usable]), gammagamma.SHAPES)
        spending = _plausible(random, model.spending, model.spending_covariance, objective, count)
    else:
        spread = float(money[usable].std() / money[usable].mean()) if usable.any() else 0.0
        spending = np.full((count, 1), spread)
    each = zip(purchase, spending, strict=True)
    return [Drawn(model, one, other, np.random.default_rng([model.seed, 1, i])) for i, (one, other) in enumerate(each)]


def draw_rates(drawn: Drawn, given: Histories) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows (m,) of customers who are still there, their purchases per week and probability to leave after each.

    Given that a customer is there, lambda ~ Gamma(r + x, alpha + T) and p ~ Beta(a, b + x), independently.
    """
    random = drawn.random
    if drawn.model.method == "rate":
        rates = random.standard_gamma(1 + given.repeats) / (1 / drawn.purchase[0] + given.age)
        return np.arange(len(rates)), rates, np.zeros(len(rates))
    r, alpha, a, b = drawn.purchase
    rows = np.flatnonzero(random.random(len(given.repeats)) < bgnbd.alive(drawn.purchase, given))
    repeats = given.repeats[rows]
    rates = random.standard_gamma(r + repeats) / (alpha + given.age[rows])
    return rows, rates, random.beta(a, b + repeats)


def draw_purchases(drawn: Drawn, given: Histories, weeks: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows (m,) of customers who buy within ``weeks``, and how often."""
    rows, rates, leaving = draw_rates(drawn, given)
    wanted = drawn.random.poisson(rates * weeks)
    rows, leaving, wanted = rows[wanted > 0], leaving[wanted > 0], wanted[wanted > 0]
    return rows, np.minimum(wanted, draw_stay(drawn.random, leaving))


def draw_stay(random: np.random.Generator, leaving: np.ndarray) -> np.ndarray:
    """After which purchase (n,) from now customers leave, who leave after each with probability ``leaving``."""
    never = leaving < 1e-15
    return np.where(never, np.iinfo(np.int64).max, random.geometric(np.where(never, 1.0, leaving)))


def draw_value(drawn: Drawn, repeats: np.ndarray, money: np.ndarray, purchases: np.ndarray) -> np.ndarray:
    """Money (m,) of so many ``purchases`` (> 0) of customers with ``repeats`` of ``money`` each so far."""
    random = drawn.random
    known = np.where(np.isfinite(money), repeats, 0.0)
    if drawn.model.spend == "gamma":
        p, q, v = drawn.spending
        money_rate = random.standard_gamma(q + p * known) / (v + known * np.where(known > 0, money, 0.0))
        return random.standard_gamma(p * purchases) / money_rate
    if drawn.model.spend == "none":
        return np.full(len(purchases), np.nan)
    mean, spread = expected_spend(drawn.model, repeats, money), drawn.spending[0]
    if spread == 0:
        return mean * purchases
    return mean * random.standard_gamma(purchases / spread**2) * spread**2


def _plausible(
    random: np.random.Generator, best: tuple[float, ...], covariance: np.ndarray, objective: Objective, count: int
) -> np.ndarray:
    """Draws (count, k) of parameters, as likely as ``objective`` of their logarithms says.

    ``PROPOSALS`` times as many come from a t distribution around ``best``, whose tails are heavier than those of the
    likelihood; evenly spaced places in the sum of likelihood over density choose among them.
    """
    size, width = count * PROPOSALS, len(best)
    values, vectors = np.linalg.eigh(covariance)
    normal = random.standard_normal((size, width)) / np.sqrt(random.chisquare(FREEDOM, (size, 1)) / FREEDOM)
    shift = normal @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    logs = np.log(np.asarray(best)) + np.clip(shift, -FARTHEST, FARTHEST)
    density = -(FREEDOM + width) / 2 * np.log1p((normal**2).sum(axis=1) / FREEDOM)
    weight = np.array([objective(one)[0] for one in logs]) - density
    heap = np.cumsum(np.exp(weight - weight.max()))
    chosen = np.searchsorted(heap, (np.arange(count) + random.random()) / count * heap[-1])
    return np.exp(random.permutation(logs[np.minimum(chosen, size - 1)]))
