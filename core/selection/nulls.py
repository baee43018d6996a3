"""Data without segments, made in the shape of the real data: what separation arises by chance alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.metrics.neighbours import kept, nearest_rows
from core.metrics.silhouette import silhouettes
from core.selection.many import many_kmeans
from core.selection.stability import rand_index

SETS = 20
FEW_SETS = 8
JUDGED_ROWS = 400
FEW_VALUES = 10
BINS = 64
AGAIN, AGAIN_STARTS = 4, 4
HIGH = 2.33  # deviations above the mean: 99 % of a bell


def null_data(values: np.ndarray, *, seed: int, sets: int) -> Iterator[tuple[str, np.ndarray]]:
    """``sets`` data sets (n, d) of each kind, named: no segments, but the reach, skew and correlation of ``values``.

    "box": uniform within the range of every principal component (Tibshirani,
    Walther & Hastie 2001, doi:10.1111/1467-9868.00293). "columns": every column
    on its own, with a single hump as skewed as the column; a column of few
    values is shuffled. "axes": the same along principal components, so that
    long tails shared by columns stay shared. A plain shuffle of columns would
    keep the humps, and so repeat segments that stand at the corners of a square.
    """
    random = np.random.default_rng(seed)
    middle = values.mean(axis=0)
    turn = np.linalg.eigh(np.cov(values - middle, rowvar=False).reshape(values.shape[1], -1))[1]
    turned = (values - middle) @ turn
    columns, axes = [_humps(v) for v in values.T], [_humps(v) for v in turned.T]
    for _ in range(sets):
        box = random.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape)
        yield "box", box @ turn.T
        yield "columns", np.stack([hump.draw(random) for hump in columns], axis=1)
        if values.shape[1] > 1:
            yield "axes", np.stack([hump.draw(random) for hump in axes], axis=1) @ turn.T


class _OneHump:
    """A column's distribution with a single mode: equal-count bins, density rising to it, then falling."""

    def __init__(self, column: np.ndarray) -> None:
        self.rows = len(column)
        self.edges = np.unique(np.quantile(column, np.linspace(0, 1, min(BINS, self.rows // 5 + 2) + 1)))
        counts = np.histogram(column, self.edges)[0]
        widths = np.diff(self.edges)
        self.mass = _unimodal(counts / widths, widths) * widths
        self.mass /= self.mass.sum()

    def draw(self, random: np.random.Generator) -> np.ndarray:
        cell = random.choice(len(self.mass), self.rows, p=self.mass)
        return random.uniform(self.edges[cell], self.edges[cell + 1])


class _Shuffled:
    """A column of few values: its own values in another order."""

    def __init__(self, column: np.ndarray) -> None:
        self.column = column

    def draw(self, random: np.random.Generator) -> np.ndarray:
        return random.permutation(self.column)


def _humps(column: np.ndarray) -> _OneHump | _Shuffled:
    return _Shuffled(column) if len(np.unique(column)) <= FEW_VALUES else _OneHump(column)


def _unimodal(density: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """The nearest density (weighted least squares) that rises to some bin and falls after it."""
    from scipy.optimize import isotonic_regression

    best, least = density, np.inf
    for mode in range(len(density)):
        up = isotonic_regression(density[: mode + 1], weights=widths[: mode + 1]).x
        down = isotonic_regression(density[mode:], weights=widths[mode:], increasing=False).x
        fitted = np.concatenate([up[:-1], [max(up[-1], down[0])], down[1:]])
        loss = float((widths * (fitted - density) ** 2).sum())
        if loss < least:
            best, least = fitted, loss
    return best


def chance_level(values: np.ndarray, n_segments: int, *, seed: int, sets: int = SETS) -> float:
    """The silhouette that K-means with ``n_segments`` reaches on null data: the 99 % level of the hardest kind.

    Of the bell that the sets give, as twenty have no such quantile: several numbers of segments and algorithms are
    tried, and the best of them is judged.
    """
    return max(
        (
            _high([_separation(data, labels) for data, labels in zip(every, found, strict=True)])
            for every, found in _cut(values, n_segments, seed=seed, sets=sets)
        ),
        default=0.0,
    )


def _high(values: list[float]) -> float:
    return float(np.mean(values) + HIGH * np.std(values))


def chance_crossing(values: np.ndarray, n_segments: int, *, seed: int, sets: int = FEW_SETS) -> float:
    """The least share of nearest neighbours that borders cross where there are no gaps.

    The share of the worst segment, cut by K-means with ``n_segments``: the 5 %
    level of the kind of null data that is crossed least.
    """
    return min(
        (
            float(np.quantile([_crossing(data, labels) for data, labels in zip(every, found, strict=True)], 0.05))
            for every, found in _cut(values, n_segments, seed=seed, sets=sets)
        ),
        default=0.0,
    )


def chance_agreement(values: np.ndarray, n_segments: int, *, seed: int, sets: int = SETS) -> float:
    """How well K-means with ``n_segments`` repeats on null data: the 95 % level of the hardest kind.

    Of each data set the mean adjusted Rand index of some resamples with the whole, as candidates are measured. Few
    segments cut through a square or a long tail come out again and again, though nothing separates them.
    """
    random = np.random.default_rng(seed)
    return max(
        (
            float(np.quantile(_repeating(every, found, seed=seed, random=random), 0.95))
            for every, found in _cut(values, n_segments, seed=seed, sets=sets)
        ),
        default=0.0,
    )


def _repeating(every: np.ndarray, found: np.ndarray, *, seed: int, random: np.random.Generator) -> np.ndarray:
    """The mean agreement (s,) of the ``found`` segments (s, n) from 1 of data sets (s, n, d) with those of resamples."""
    agreement = []
    for _ in range(AGAIN):
        drawn = every[:, random.integers(0, every.shape[1], every.shape[1])]
        groups = many_kmeans(drawn, int(found.max()), seed=seed, starts=AGAIN_STARTS)[0]
        placed = [_placed(*one) for one in zip(every, drawn, groups, strict=True)]
        agreement.append([rand_index(*one) for one in zip(found, placed, strict=True)])
    return np.mean(agreement, axis=0)


def _placed(data: np.ndarray, drawn: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The group (n,) of the nearest centre of the ``groups`` of ``drawn`` (n, d)."""
    present = np.unique(groups)
    centres = np.stack([drawn[groups == group].mean(axis=0) for group in present])
    return ((centres**2).sum(axis=1) - 2 * data @ centres.T).argmin(axis=1)


def _cut(values: np.ndarray, n_segments: int, *, seed: int, sets: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each kind of null data the sets (s, n, d) that can be cut, and their segments (s, n)."""
    kinds: dict[str, list[np.ndarray]] = {}
    size = np.abs(values).max(initial=0) or 1.0
    tame = values * 2.0 ** -np.floor(np.log2(size))  # squares must neither under- nor overflow; segments stay the same
    for kind, data in null_data(tame, seed=seed, sets=sets):
        if len(np.unique(data, axis=0)) >= n_segments:
            kinds.setdefault(kind, []).append(data - data.mean(axis=0))
    for made in kinds.values():
        yield np.stack(made), many_kmeans(np.stack(made), n_segments, seed=seed)[0] + 1


def _separation(data: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette of at most 400 of the rows."""
    rows = np.arange(0, len(data), -(-len(data) // JUDGED_ROWS))
    return float(silhouettes(data, {"": labels}, rows=rows)[""].mean())


def _crossing(data: np.ndarray, labels: np.ndarray) -> float:
    return 1 - float(kept(nearest_rows(data), labels).min())
