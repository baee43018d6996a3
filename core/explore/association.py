"""How strongly columns go together: four measures over the rows where both are filled."""

from __future__ import annotations

import numpy as np

FEWEST = 3
"""Below so many rows nothing is measured."""
_NOTHING = 1e-12  # of the sum of squares: what rounding leaves of a column without variation


def pearson(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Product-moment correlation (p, p) of the columns of ``values`` (n, p) with NaN gaps, and the rows of each pair.

    Every pair is measured on the rows where both are filled; NaN where a column
    does not vary there, or where there are fewer than 3.
    """
    z, mask = _centred(values)
    if mask.all():
        counts = np.full((z.shape[1],) * 2, float(len(z)))
        products, squares = z.T @ z, np.einsum("ij,ij->j", z, z)
        return _ratio(products, np.outer(squares, squares), counts), counts.astype(np.int64)
    filled = mask.astype(np.float64)
    counts = filled.T @ filled
    some = np.maximum(counts, 1.0)
    sums, squares = z.T @ filled, (z * z).T @ filled
    spread = squares - sums * sums / some
    spread[spread <= _NOTHING * squares] = 0.0
    return _ratio(z.T @ z - sums * sums.T / some, spread * spread.T, counts), counts.astype(np.int64)


def spearman(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rank correlation (p, p), ties sharing their mean rank, and the rows of each pair; otherwise as :func:`pearson`.

    A pair is ranked anew among the rows where both are filled.
    """
    codes = [_dense(column) for column in values.T]
    found, counts = pearson(ranked(values))
    filled = counts.diagonal()
    for first, second in zip(*np.triu_indices(len(codes), 1), strict=True):
        if counts[first, second] == filled[first] == filled[second]:
            continue
        both = (codes[first] >= 0) & (codes[second] >= 0)
        pair = np.column_stack([_ranks(codes[one][both]) for one in (first, second)])
        found[first, second] = found[second, first] = pearson(pair)[0][0, 1]
    return found, counts


def ranked(values: np.ndarray) -> np.ndarray:
    """Each cell's rank (from 1) in its column of ``values`` (n, p), ties sharing the mean; gaps stay NaN."""
    ranks = np.full(values.shape, np.nan)
    for place, column in enumerate(values.T):
        filled = ~np.isnan(column)
        ranks[filled, place] = _ranks(_dense(column)[filled])
    return ranks


def correlation_ratio(codes: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eta (p,), 0 to 1, of groups ``codes`` (n,; -1 is a gap) on each column of ``values`` (n, p), and their rows.

    The square is the share of the variance that lies between the groups (Pearson 1905).
    """
    known = codes >= 0
    z, mask = _centred(values[known])
    groups = np.zeros((int(codes.max(initial=-1)) + 1, len(z)))
    groups[codes[known], np.arange(len(z))] = 1.0
    counts, sums = groups @ mask.astype(np.float64), groups @ z
    rows = counts.sum(axis=0)
    middle = sums.sum(axis=0) ** 2 / np.maximum(rows, 1.0)
    total = np.einsum("ij,ij->j", z, z) - middle
    between = (sums**2 / np.maximum(counts, 1.0)).sum(axis=0) - middle
    usable = (total > 0) & (rows >= FEWEST) & ((counts > 0).sum(axis=0) > 1)
    share = np.divide(between, total, out=np.full(len(total), np.nan), where=usable)
    return np.sqrt(np.clip(share, 0.0, 1.0)), rows.astype(np.int64)


def cramers_v(first: np.ndarray, second: np.ndarray) -> tuple[float, int]:
    """Cramer's V, 0 to 1, of two groupings (n,; -1 is a gap), corrected for bias, and the rows where both are known.

    Source: Bergsma (2013), A bias-correction for Cramer's V and Tschuprow's T, doi 10.1016/j.jkss.2012.10.002.
    """
    both = (first >= 0) & (second >= 0)
    rows = int(both.sum())
    shape = int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1
    cells = np.bincount(first[both].astype(np.int64) * shape[1] + second[both], minlength=shape[0] * shape[1])
    table = cells.reshape(shape).astype(np.float64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    height, width = table.shape
    if rows < FEWEST or min(height, width) < 2:
        return float("nan"), rows
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / rows
    square = float(((table - expected) ** 2 / expected).sum()) / rows
    square = max(0.0, square - (height - 1) * (width - 1) / (rows - 1))
    least = min(one - (one - 1) ** 2 / (rows - 1) for one in (height, width)) - 1
    return (min(1.0, (square / least) ** 0.5) if least > 0 else float("nan")), rows


def _centred(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns around their means in units of their largest distance, gaps 0; and the mask of filled cells."""
    mask = ~np.isnan(values)
    z = np.where(mask, values, 0.0)
    z /= np.maximum(np.abs(z).max(axis=0, initial=0.0), np.finfo(float).tiny)
    some = np.maximum(mask.sum(axis=0), 1)
    constant = _constant(z, mask)
    z -= z.sum(axis=0) / some
    z[~mask] = 0.0
    z[:, constant] = 0.0
    return z / np.maximum(np.abs(z).max(axis=0, initial=0.0), np.finfo(float).tiny), mask


def _constant(z: np.ndarray, mask: np.ndarray) -> np.ndarray:
    lowest = np.where(mask, z, np.inf).min(axis=0, initial=np.inf)
    return lowest >= np.where(mask, z, -np.inf).max(axis=0, initial=-np.inf)


def _ratio(products: np.ndarray, squares: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """``products`` over the roots of ``squares``, between -1 and 1, NaN where nothing can be said."""
    usable = (squares > 0) & (counts >= FEWEST)
    found = np.full(products.shape, np.nan)
    np.divide(products, np.sqrt(np.maximum(squares, 0.0)), out=found, where=usable)
    return np.clip(found, -1.0, 1.0)


def _dense(column: np.ndarray) -> np.ndarray:
    """Which of the column's rising different values each cell holds, from 0; -1 for a gap."""
    codes = np.full(len(column), -1, dtype=np.int64)
    filled = ~np.isnan(column)
    codes[filled] = np.unique(column[filled], return_inverse=True)[1].ravel()
    return codes


def _ranks(codes: np.ndarray) -> np.ndarray:
    """Mean ranks of values known by their order: counting instead of sorting."""
    counts = np.bincount(codes)
    return (np.cumsum(counts) - (counts - 1) / 2)[codes]
