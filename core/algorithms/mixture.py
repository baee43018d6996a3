"""Mixtures of normal distributions: expectation maximisation for four shapes of cloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

SHAPES = ("spherical", "diag", "tied", "full")  # from the simplest to the richest
CELLS = 500_000  # rows x clouds x columns worked on at a time
CLOSE = 1e-9  # two clouds closer than this share of the log posterior are compared in a fixed order of sums


@dataclass(frozen=True)
class Mixture:
    """``log_weights`` (k,), ``means`` (k, d) and ``factors`` (k, d, d) of the clouds.

    ``(x - mean) @ factor`` has unit covariance within its cloud; factors are upper triangular.
    ``likelihood`` is the mean log likelihood of a fitted row, ``settled`` whether the rounds ended by themselves.
    """

    log_weights: np.ndarray
    means: np.ndarray
    factors: np.ndarray
    likelihood: float = -np.inf
    settled: bool = False

    @classmethod
    def of(cls, model: Mapping[str, np.ndarray]) -> Mixture:
        return cls(model["log_weights"], model["means"], model["factors"])

    def arrays(self) -> dict[str, Any]:
        return {"log_weights": self.log_weights, "means": self.means, "factors": self.factors}


def from_groups(values: np.ndarray, groups: np.ndarray, *, shape: str, floor: float) -> Mixture:
    """The mixture in which every row belongs wholly to its group (n,) in 0..k-1."""
    n_clouds = int(groups.max()) + 1
    member = (groups == np.arange(n_clouds)[:, None]).astype(float)
    scatter = np.stack([(values * one[:, None]).T @ values for one in member])
    return _maximised(member.sum(axis=1), member @ values, scatter, shape=shape, floor=floor)


def settle(values: np.ndarray, start: Mixture, *, shape: str, floor: float, gain: float, rounds: int = 200) -> Mixture:
    """Expectation maximisation from ``start`` until a round gains less than ``gain`` in mean log likelihood.

    ``floor`` is added to every variance. Raises ``numpy.linalg.LinAlgError``
    where a cloud is too thin for it.
    Source: Dempster, Laird & Rubin (1977), doi:10.1111/j.2517-6161.1977.tb01600.x.
    """
    mixture, before = start, -np.inf
    for _ in range(rounds):
        weights, sums, scatter, likelihood = _expected(values, mixture)
        if likelihood - before < gain:
            return Mixture(**mixture.arrays(), likelihood=likelihood, settled=True)
        mixture, before = _maximised(weights, sums, scatter, shape=shape, floor=floor), likelihood
    return Mixture(**mixture.arrays(), likelihood=_expected(values, mixture)[3])


def n_parameters(n_clouds: int, n_features: int, shape: str) -> int:
    """Free numbers of a mixture."""
    triangle = n_features * (n_features + 1) // 2
    of_shape = {"full": n_clouds * triangle, "tied": triangle, "diag": n_clouds * n_features, "spherical": n_clouds}
    return of_shape[shape] + n_clouds * n_features + n_clouds - 1


def likeliest(mixture: Mixture, values: np.ndarray) -> np.ndarray:
    """The cloud (n,) with the highest posterior probability; the lowest number wins a tie.

    The answer for a row depends on that row alone: where rounding could decide,
    sums are made in a fixed order.
    """
    labels = np.empty(len(values), dtype=np.intp)
    for rows in _blocks(len(values), mixture):
        found = _log_joint(mixture, values[rows])
        top = found.max(axis=0)
        labels[rows] = found.argmax(axis=0)
        unsure = np.flatnonzero((found >= top - CLOSE * (1 + np.abs(top))).sum(axis=0) != 1)
        if len(unsure):
            labels[rows][unsure] = _log_joint_in_order(mixture, values[rows][unsure]).argmax(axis=1)
    return labels


def _blocks(n_rows: int, mixture: Mixture) -> Iterator[slice]:
    step = int(np.clip(CELLS // mixture.means.size, 64, 8_192))
    return (slice(start, min(start + step, n_rows)) for start in range(0, n_rows, step))


def _log_joint(mixture: Mixture, block: np.ndarray) -> np.ndarray:
    """(k, m) log weight + log density, up to the constant d/2 log 2 pi."""
    n_clouds, n_features = mixture.means.shape
    turned = mixture.factors.transpose(0, 2, 1)
    offset = np.einsum("kij,kj->ki", turned, mixture.means).reshape(-1, 1)
    white = turned.reshape(-1, n_features) @ block.T
    white -= offset
    np.multiply(white, white, out=white)
    return _height(mixture)[:, None] - 0.5 * white.reshape(n_clouds, n_features, -1).sum(axis=1)


def _log_joint_in_order(mixture: Mixture, rows: np.ndarray) -> np.ndarray:
    """The same (m, k) from differences, summed column by column: equal for equal rows wherever they stand."""
    apart = rows[:, None, :] - mixture.means
    squares = np.zeros(apart.shape[:2])
    for column in range(rows.shape[1]):
        white = np.zeros_like(squares)
        for other in range(column + 1):
            white += apart[:, :, other] * mixture.factors[:, other, column]
        squares += white * white
    return _height(mixture) - 0.5 * squares


def _height(mixture: Mixture) -> np.ndarray:
    """(k,) log weight and log volume."""
    return mixture.log_weights + np.log(np.diagonal(mixture.factors, axis1=1, axis2=2)).sum(axis=1)


def _expected(values: np.ndarray, mixture: Mixture) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Weight (k,), sum (k, d) and scatter (k, d, d) of each cloud's share of the rows; the mean log likelihood."""
    n_clouds, n_features = mixture.means.shape
    weights, sums = np.zeros(n_clouds), np.zeros((n_clouds, n_features))
    scatter, likelihood = np.zeros((n_clouds * n_features, n_features)), 0.0
    for rows in _blocks(len(values), mixture):
        block = values[rows]
        share = _log_joint(mixture, block)
        top = share.max(axis=0)
        share -= top
        np.exp(share, out=share)
        whole = share.sum(axis=0)
        share /= whole
        likelihood += float((np.log(whole) + top).sum())
        weights += share.sum(axis=1)
        sums += share @ block
        scatter += (share[:, None, :] * block.T).reshape(-1, len(block)) @ block
    mean = likelihood / len(values) - 0.5 * n_features * np.log(2 * np.pi)
    return weights, sums, scatter.reshape(n_clouds, n_features, n_features), mean


def _maximised(weights: np.ndarray, sums: np.ndarray, scatter: np.ndarray, *, shape: str, floor: float) -> Mixture:
    """The likeliest mixture of this shape for these shares of the rows."""
    weights = weights + 10 * np.finfo(float).eps  # a cloud may be left without rows
    means = sums / weights[:, None]
    spread = scatter / weights[:, None, None] - means[:, :, None] * means[:, None, :]
    identity = np.eye(sums.shape[1])
    if shape == "tied":
        spread = np.broadcast_to(np.einsum("k,kij->ij", weights / weights.sum(), spread), spread.shape)
    elif shape != "full":
        variance = np.maximum(np.diagonal(spread, axis1=1, axis2=2), 0.0)
        if shape == "spherical":
            variance = np.broadcast_to(variance.mean(axis=1, keepdims=True), variance.shape)
        spread = variance[:, :, None] * identity
    lower = np.linalg.cholesky(spread + floor * identity)
    factors = np.linalg.solve(lower, np.broadcast_to(identity, lower.shape)).transpose(0, 2, 1)
    return Mixture(np.log(weights / weights.sum()), means, np.triu(factors))
