"""How strongly segments go together with one column: eta squared and Cramer's V, with p-values and resampled values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.profiles.drawn import weights
from core.profiles.effects import ranks, standardised

RESAMPLES = 300


@dataclass(frozen=True)
class Association:
    """``value`` (0..1) with its 95 % interval ``low`` to ``high``, and the ``p`` of there being none (not corrected).

    All NaN where there are not two segments with a cell, or not two different cells.
    """

    measure: str
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan


def of_numbers(values: np.ndarray, groups: np.ndarray, *, drawn: np.ndarray, seed: int) -> Association:
    """Eta squared of ``values`` (m,) by ``groups`` (m,): the share of the variance that lies between the groups.

    ``p`` is that of Kruskal and Wallis (1952, doi:10.1080/01621459.1952.10483441), which ranks: long tails do no harm.
    ``drawn`` are positions of the customers who are resampled.
    """
    name = "eta squared"
    values = standardised(values)[0]
    _, groups = np.unique(groups, return_inverse=True)
    if not values.any() or groups.max() < 1:
        return Association(name)
    value = float(eta_squared(*_sums(values, groups, np.ones((len(values), 1))))[0])
    picked = weights(len(drawn), RESAMPLES, seed=seed)
    again = eta_squared(*_sums(values[drawn], groups[drawn], picked))
    return Association(name, value, *_interval(value, again, len(drawn) / len(values)), kruskal(values, groups))


def of_values(codes: np.ndarray, groups: np.ndarray, *, drawn: np.ndarray, seed: int) -> Association:
    """Cramer's V of ``codes`` (m,) by ``groups`` (m,), both whole numbers from 0: see :func:`cramers_v`.

    ``p`` is that of Pearson's chi-squared, without a correction for continuity; ``drawn`` as in :func:`of_numbers`.
    """
    name = "Cramer's V"
    (_, groups), (_, codes) = (np.unique(part, return_inverse=True) for part in (groups, codes))
    shape = (int(groups.max(initial=0)) + 1, int(codes.max(initial=0)) + 1)
    if min(shape) < 2:
        return Association(name)
    table = np.bincount(groups * shape[1] + codes, minlength=shape[0] * shape[1]).reshape(*shape, 1)
    value = float(cramers_v(table)[0])
    picked = weights(len(drawn), RESAMPLES, seed=seed)
    again = cramers_v(_tables(groups[drawn] * shape[1] + codes[drawn], shape, picked))
    return Association(name, value, *_interval(value, again, len(drawn) / len(codes)), chi_squared(table[..., 0]))


def eta_squared(counts: np.ndarray, totals: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """(tries,) from counts and sums by group, both (groups, tries), and sums of all squares (tries,); 0 without variance."""
    everyone = totals.sum(axis=0) ** 2 / counts.sum(axis=0)
    between = (totals**2 / np.maximum(counts, 1)).sum(axis=0) - everyone
    whole = squares - everyone
    return np.clip(np.divide(between, whole, out=np.zeros_like(whole), where=whole > 0), 0.0, 1.0)


def cramers_v(tables: np.ndarray) -> np.ndarray:
    """Cramer's V (tries,) of tables of counts (rows, columns, tries), corrected for its bias.

    Bergsma (2013), doi:10.1016/j.jkss.2012.10.002: what chance alone gives is taken off, so that V is about 0 where
    nothing goes together. Rows and columns without a count are left out.
    """
    rows, columns, n = tables.sum(axis=1), tables.sum(axis=0), tables.sum(axis=(0, 1)).astype(np.float64)
    expected = rows[:, None] * columns[None] / n
    chi = np.divide((tables - expected) ** 2, expected, out=np.zeros(expected.shape), where=expected > 0).sum(axis=(0, 1))
    r, c = (rows > 0).sum(axis=0), (columns > 0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = np.maximum(chi / n - (r - 1) * (c - 1) / (n - 1), 0.0)
        least = np.minimum(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
        return np.nan_to_num(np.clip(np.sqrt(corrected / least), 0.0, 1.0), nan=0.0)


def kruskal(values: np.ndarray, groups: np.ndarray) -> float:
    """The p-value of Kruskal and Wallis' test, corrected for ties; ``groups`` (m,) are numbered from 0 without holes."""
    from scipy.special import chdtrc

    ranked, counts, n = ranks(values), np.bincount(groups).astype(np.float64), len(values)
    away = np.bincount(groups, ranked) / counts - (n + 1) / 2
    # the variance of the ranks carries the ties
    statistic = (n - 1) * (counts * away**2).sum() / ((ranked - (n + 1) / 2) ** 2).sum()
    return float(chdtrc(len(counts) - 1, statistic))


def chi_squared(table: np.ndarray) -> float:
    """The p-value of Pearson's chi-squared of a table of counts in which no row or column is empty."""
    from scipy.special import chdtrc

    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return float(chdtrc((table.shape[0] - 1) * (table.shape[1] - 1), ((table - expected) ** 2 / expected).sum()))


def holm(p: np.ndarray) -> np.ndarray:
    """p-values (m,) corrected for their number by Holm (1979); NaN ones stay so and are not counted."""
    out = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    out[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1.0)
    return out


def _interval(value: float, again: np.ndarray, share: float) -> tuple[float, float]:
    """The 95 % bootstrap interval around ``value`` from resampled values of a ``share`` (0..1) of the customers.

    Resampled values lie too high (resampling adds chance to chance), so they are centred; and they spread as few
    customers do, so they are drawn together by the root of the share (m out of n: Bickel, Goetze & van Zwet 1997).
    """
    low, high = np.quantile(again - again.mean(), (0.025, 0.975)) * np.sqrt(share)
    return max(0.0, min(value, value + float(low))), min(1.0, max(value, value + float(high)))


def _sums(values: np.ndarray, groups: np.ndarray, picked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts and sums by group (groups, tries), and sums of squares (tries,), of rows ``picked`` (m, tries) times."""
    inside = (groups == np.arange(groups.max() + 1)[:, None]).astype(np.float64)
    return inside @ picked, (inside * values) @ picked, (values * values) @ picked


def _tables(cells: np.ndarray, shape: tuple[int, int], picked: np.ndarray) -> np.ndarray:
    """Tables of counts (rows, columns, tries) of ``cells`` (m,) of a flat table, each ``picked`` (m, tries) times."""
    order = np.argsort(cells, kind="stable")
    there, starts = np.unique(cells[order], return_index=True)
    out = np.zeros((shape[0] * shape[1], picked.shape[1]))
    out[there] = np.add.reduceat(picked[order], starts, axis=0)
    return out.reshape(*shape, -1)
