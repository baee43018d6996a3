"""BG/NBD: customers buy at random with their own rate and may leave after any purchase.

Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2): purchases are Poisson
with rate lambda ~ Gamma(r, alpha); after each purchase a customer leaves with probability p ~ Beta(a, b). Time is in
weeks; the first purchase starts the clock and is not counted.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from core.orders.value.fitting import Fitted, Objective, settle
from core.orders.value.histories import Histories

NODES = 128
MOST_SEARCHED = 5_000
SHAPES = (0, 2, 3)
STARTS = ((-1.0, 0.0, -0.3, 0.8), (0.5, 0.5, -1.5, 0.5), (0.0, -1.0, 0.5, 1.5))


def fit(given: Histories) -> Fitted:
    """r, alpha, a, b at maximum likelihood, with the covariance (4, 4) of their logarithms.

    Of more than ``MOST_SEARCHED`` different histories, a sample finds where to start.
    """
    data = given.collapsed()
    scale = float((data.age * data.weight).sum() / data.weight.sum()) or 1.0
    scaled = Histories(data.repeats, data.last / scale, data.age / scale, data.weight)
    starts = STARTS
    if len(scaled.repeats) > MOST_SEARCHED:
        some = scaled.thinned(MOST_SEARCHED).collapsed()
        starts = (tuple(np.log(settle(objective(some), STARTS, SHAPES).parameters)),)
    found = settle(objective(scaled), starts, SHAPES)
    repeats = float((data.repeats * data.weight).sum())
    parameters = found.parameters * np.array([1.0, scale, 1.0, 1.0])
    return replace(found, parameters=parameters, likelihood=found.likelihood - repeats * float(np.log(scale)))


def objective(data: Histories) -> Objective:
    """The log-likelihood of histories and its gradient, as a function of the logarithms (4,) of r, alpha, a, b."""
    x, weight, again = data.repeats, data.weight, data.repeats > 0
    counts, of_count = np.unique(x, return_inverse=True)
    ages, of_age = np.unique(data.age, return_inverse=True)
    lasts, of_last = np.unique(data.last, return_inverse=True)
    many = np.bincount(of_count, weight)

    def both(logs: np.ndarray) -> tuple[float, np.ndarray]:
        from scipy.special import gammaln, psi

        r, alpha, a, b = parameters = np.exp(logs)
        until, since = np.log(alpha + ages)[of_age], np.log(alpha + lasts)[of_last]
        after = np.where(counts > 0, b + counts - 1, 1.0)
        fixed = gammaln(r + counts) - gammaln(r) + r * logs[1]
        fixed += gammaln(a + b) + gammaln(b + counts) - gammaln(b) - gammaln(a + b + counts)
        odds = np.where(again, (logs[2] - np.log(after))[of_count] + (r + x) * (until - since), -np.inf)
        either = np.logaddexp(0.0, odds)
        value = (many * fixed).sum() + (weight * (either - (r + x) * until)).sum()
        left = weight * np.exp(odds - either)
        stays = weight - left
        share = psi(a + b) - psi(a + b + counts)
        by_r = (many * (psi(r + counts) - psi(r) + logs[1])).sum() - (stays * until + left * since).sum()
        by_age, by_last = (1 / (alpha + ages))[of_age], (1 / (alpha + lasts))[of_last]
        by_alpha = many.sum() * r / alpha - ((r + x) * (stays * by_age + left * by_last)).sum()
        by_a = (many * share).sum() + left.sum() / a
        by_b = (many * (share + psi(b + counts) - psi(b))).sum() - (left / after[of_count]).sum()
        return float(value), np.array([by_r, by_alpha, by_a, by_b]) * parameters

    return both


def likelihood(parameters: np.ndarray, given: Histories) -> float:
    """Natural log-likelihood of histories under r, alpha, a, b (equation 6 of the paper)."""
    return objective(given)(np.log(parameters))[0]


def alive(parameters: np.ndarray, given: Histories) -> np.ndarray:
    """Probability (n,) that a customer has not left yet; 1 for customers without a repeat purchase."""
    from scipy.special import expit

    r, alpha, a, b = parameters
    x = given.repeats
    odds = np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0))
    odds += (r + x) * (np.log(alpha + given.age) - np.log(alpha + given.last))
    return np.where(x > 0, expit(-odds), 1.0)


def expected(parameters: np.ndarray, given: Histories, weeks: float) -> np.ndarray:
    """Purchases (n,) expected of each customer in the ``weeks`` after the end of observation (equation 10)."""
    return alive(parameters, given) * expected_if_alive(parameters, given.repeats, given.age, weeks)


def expected_if_alive(parameters: np.ndarray, repeats: np.ndarray, age: np.ndarray, weeks: float) -> np.ndarray:
    """Purchases (n,) in the next ``weeks`` of customers who have not left.

    The closed form has a removable pole at a = 1 and a hypergeometric function that loses digits for long horizons.
    It is the mean of (1 - (1 + p weeks / (alpha + age))^-(r + x)) / p over p ~ Beta(a, b + x), which is smooth, and
    Gauss-Jacobi quadrature with ``NODES`` nodes takes it to about twelve digits.
    """
    r, alpha, a, b = parameters
    pairs, places = np.unique(np.column_stack([repeats, age]), axis=0, return_inverse=True)
    found = np.empty(len(pairs))
    for x in np.unique(pairs[:, 0]):
        chosen = np.flatnonzero(pairs[:, 0] == x)
        p, share = _beta_nodes(a, b + x)
        for part in np.array_split(chosen, len(chosen) // 20_000 + 1):
            reach = np.log1p(p * (weeks / (alpha + pairs[part, 1]))[:, None])
            found[part] = (-np.expm1(-(r + x) * reach) / p * share).sum(axis=1)
    return found[places.reshape(-1)]


def expected_from_start(parameters: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """Repeat purchases (n,) expected of a new customer until ``weeks`` (n,) after the first purchase (equation 9)."""
    r, alpha, a, b = parameters
    p, share = _beta_nodes(a, b)
    reach = np.log1p(p * (np.asarray(weeks, dtype=float) / alpha)[:, None])
    return (-np.expm1(-r * reach) / p * share).sum(axis=1)


@lru_cache(maxsize=4096)
def _beta_nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (k,) within 0..1 and weights (k,) with sum 1 of Gauss quadrature under Beta(a, b).

    Points are the eigenvalues of the Jacobi matrix (Golub & Welsch 1969), weights come from the orthonormal
    polynomials there.
    """
    from scipy.linalg import eigvalsh_tridiagonal

    both = a + b
    j = np.arange(1, NODES, dtype=float)
    total = 2 * j + both
    middle = np.concatenate([[a / both], 0.5 + (a - b) * (both - 2) / (2 * (total - 2) * total)])
    ratio = np.concatenate([[1.0], (j[1:] + both - 2) / (total[1:] - 3)])
    beside = np.sqrt(j * (j + a - 1) * (j + b - 1) * ratio / ((total - 2) ** 2 * (total - 1)))
    nodes = eigvalsh_tridiagonal(middle, beside)
    before, now = np.zeros(NODES), np.ones(NODES)
    squares = np.ones(NODES)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(NODES - 1):
            back = beside[k - 1] * before if k else 0.0
            before, now = now, ((nodes - middle[k]) * now - back) / beside[k]
            squares += now**2
    share = np.where(np.isfinite(squares), 1 / squares, 0.0)
    return np.clip(nodes, 1e-300, 1.0), share / share.sum()
