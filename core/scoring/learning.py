"""What a model remembers of the customers it was fitted with: some of them as rows of the matrix, means, and what was usual."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.model import NOISE, Feature, Kind, Matrix, Table
from core.scoring.around import FIFTH
from core.scoring.nearest import nearest

MOST_REFERENCES = 2_000
UNLIKE = 0.995
SAMPLED = 20_000
"""Fitted customers of whom the limit of unlikeness is learned, at most."""
BINS, MOST_LEVELS = 10, 50
_FLAGS = {"no": 0.0, "yes": 1.0}
FEW, SHARE = 2, 0.02
"""Customers of a segment that make a part of it: fewer were moved by hand."""


def references(rows: int, *, seed: int, most: int = MOST_REFERENCES) -> np.ndarray:
    """Positions of at most ``most`` of so many fitted rows, rising, drawn at random: each is as likely as any other."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def limit(values: np.ndarray, chosen: np.ndarray, *, seed: int) -> float:
    """The distance beyond which a customer is unlike anyone: the 99.5th percentile of the fitted customers' distance to the
    fifth nearest of those ``chosen`` besides themselves, so that of new customers like the fitted one in 200 is farther."""
    if len(chosen) < 2:
        return 0.0
    rows = references(len(values), seed=seed + 1, most=SAMPLED)
    itself = np.isin(rows, chosen)
    fifth = min(FIFTH, len(chosen) - 1)
    distance = nearest(values[chosen], values[rows], min(fifth + 1, len(chosen)))[0]
    found = np.where(itself, distance[:, min(fifth, distance.shape[1] - 1)], distance[:, fifth - 1])
    return float(np.quantile(found, UNLIKE, method="higher"))


def parts(before: np.ndarray, now: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Pairs of a segment of ``before`` (n,) and one of ``now`` (n,) that its customers are in; a few that were moved by hand
    make no pair, unless nobody stayed."""
    found = []
    for segment in np.unique(before[before > 0]):
        after, counts = np.unique(now[before == segment], return_counts=True)
        own = after[(after != NOISE) & (counts >= max(FEW, SHARE * counts.sum()))]
        if not len(own):
            own = after[[int(np.argmax(counts))]]
        found += [(int(segment), int(one)) for one in own]
    return tuple(found)


def mean_points(matrix: Matrix, labels: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
    """The means (k, d) of the fitted customers in these segments of ``labels`` (n_table,); of those set aside where there are no others."""
    means = []
    for segment in numbers:
        own = matrix.values[labels[matrix.rows] == segment]
        if not len(own):
            own = matrix.aside_values[labels[matrix.aside_rows] == segment]
        means.append(own.mean(axis=0))
    return np.array(means)


def drift(table: Table, features: Sequence[Feature]) -> tuple[tuple[str, tuple[str, ...], tuple[float, ...]], ...]:
    """By column, what later customers are compared with: (column, edges or levels, shares of all customers).

    A number has at most nine inner edges between bins of about equal size: bin i holds values from edge i - 1 up to just
    below edge i. A flag has the levels no and yes, a category its 50 commonest. Shares (0..1, together 1) are those of the
    bins or levels in order, for levels then of all others, at last of gaps: one or two more than bins or levels.
    """
    out = []
    for name in dict.fromkeys(feature.column for feature in features):
        cells, kind = table.frame[name], table.column(name).kind
        if kind is Kind.NUMBER:
            known = cells.dropna().to_numpy(dtype=float)
            edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method="higher"))
            marks = tuple(repr(float(edge)) for edge in edges)
        elif kind is Kind.FLAG:
            marks = ("no", "yes")
        else:
            counts = cells.value_counts()
            marks = tuple(sorted(counts.index, key=lambda level, counts=counts: (-counts[level], level))[:MOST_LEVELS])
        out.append((name, marks, shares(kind, marks, cells)))
    return tuple(out)


def shares(kind: Kind, marks: Sequence[str], cells) -> tuple[float, ...]:
    """The shares of ``cells`` (n,), typed, in the bins or levels that :func:`drift` names."""
    gaps = cells.isna().to_numpy()
    if kind is Kind.NUMBER:
        places, count = np.searchsorted([float(mark) for mark in marks], cells.to_numpy(dtype=float), side="right"), len(marks) + 1
    else:
        known = [_FLAGS.get(mark, np.nan) for mark in marks] if kind is Kind.FLAG else list(marks)
        places = pd.Index(list(dict.fromkeys(known)), dtype=float if kind is Kind.FLAG else object).get_indexer(cells)
        places, count = np.where(places < 0, len(marks), places), len(marks) + 1
    places = np.where(gaps, count, places)
    found = np.bincount(places, minlength=count + 1) / max(len(cells), 1)
    return tuple(float(share) for share in found)
