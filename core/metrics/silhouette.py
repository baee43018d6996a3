"""Silhouette of every labeling in one pass over the distances."""

from __future__ import annotations

import numpy as np

from core.metrics.entry import Labelings, Metric, told, why_not
from core.model import NOISE, Score

EXACT_ROWS = 20_000
SAMPLE_ROWS = 10_000
BLOCK_CELLS = 4_000_000  # 32 MB of distances at a time


def silhouettes(values: np.ndarray, labelings: Labelings) -> dict[str, np.ndarray]:
    """Silhouette (n,) of each row under each labeling, -1..1; NaN for noise, 0 for a segment of one.

    Distances are made once, block by block, and multiplied with the stacked
    membership columns of all labelings; equal columns are kept once.
    Source: Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7.
    """
    columns, places = _memberships(labelings)
    centred = values - values.mean(axis=0)
    squares = np.einsum("ij,ij->i", centred, centred)
    out = {key: np.full(len(values), np.nan) for key in labelings}
    step = max(1, BLOCK_CELLS // max(1, len(values)))
    for start in range(0, len(values), step):
        rows = slice(start, min(start + step, len(values)))
        sums = _distances(centred, squares, rows) @ columns
        for key, labels in labelings.items():
            out[key][rows] = _widths(sums[:, places[key]], labels, rows)
    return out


def _memberships(labelings: Labelings) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Distinct 0/1 columns (n, m), and for each labeling the column of every segment in rising order."""
    known: dict[bytes, int] = {}
    columns: list[np.ndarray] = []
    places = {}
    for key, labels in labelings.items():
        places[key] = np.empty(0, dtype=np.intp)
        for segment in np.unique(labels[labels != NOISE]):
            member = labels == segment
            column = known.setdefault(np.packbits(member).tobytes(), len(columns))
            if column == len(columns):
                columns.append(member)
            places[key] = np.append(places[key], column)
    return np.stack(columns, axis=1).astype(np.float64), places


def _distances(centred: np.ndarray, squares: np.ndarray, rows: slice) -> np.ndarray:
    """Euclidean distances (block, n); the distance of a row to itself is exactly 0."""
    block = centred[rows] @ centred.T
    block *= -2
    block += squares[rows, None]
    block += squares
    np.maximum(block, 0, out=block)
    np.sqrt(block, out=block)
    block[np.arange(len(block)), np.arange(rows.start, rows.stop)] = 0
    return block


def _widths(sums: np.ndarray, labels: np.ndarray, rows: slice) -> np.ndarray:
    """Silhouette widths (block,) from the summed distances (block, k) to each segment."""
    segments, counts = np.unique(labels[labels != NOISE], return_counts=True)
    own = labels[rows]
    placed = np.flatnonzero(own != NOISE)
    at = np.searchsorted(segments, own[placed])
    line = np.arange(len(placed))
    means = sums[placed] / counts
    within = sums[placed, at] / np.maximum(counts[at] - 1, 1)
    means[line, at] = np.inf
    nearest = means.min(axis=1, initial=np.inf)
    larger = np.maximum(within, nearest)
    width = np.divide(nearest - within, larger, out=np.zeros(len(placed)), where=larger > 0)
    width[counts[at] == 1] = 0
    out = np.full(len(own), np.nan)
    out[placed] = width
    return out


def chosen_rows(n_rows: int, labelings: Labelings, seed: int) -> np.ndarray:
    """All rows up to 20,000; beyond, about 10,000.

    They are drawn within the segments of the finest labeling in proportion, at least two from each.
    """
    if n_rows <= EXACT_ROWS:
        return np.arange(n_rows)
    finest = max(labelings.values(), key=lambda labels: len(np.unique(labels)))
    random = np.random.default_rng(seed)
    parts = []
    for segment in np.unique(finest):
        members = np.flatnonzero(finest == segment)
        size = min(len(members), max(2, round(SAMPLE_ROWS * len(members) / n_rows)))
        parts.append(random.choice(members, size, replace=False))
    return np.sort(np.concatenate(parts))


def score(values: np.ndarray, labelings: Labelings, *, seed: int, centred: frozenset[str]) -> dict[str, Score]:
    """Mean silhouette over placed rows with its standard error; sampled beyond 20,000 rows, then said."""
    if not labelings:
        return {}
    rows = chosen_rows(len(values), labelings, seed)
    sampled = {key: labels[rows] for key, labels in labelings.items()}
    usable = {key: labels for key, labels in sampled.items() if not why_not(labels)}
    widths = silhouettes(values[rows], usable) if usable else {}
    return {
        key: _mean(widths[key], len(values)) if key in usable else told("silhouette", why_not(labels))
        for key, labels in sampled.items()
    }


def _mean(widths: np.ndarray, n_rows: int) -> Score:
    placed = widths[~np.isnan(widths)]
    error = float(placed.std() / np.sqrt(len(placed)))
    because = ""
    if len(widths) < n_rows:
        because = f"estimated from {len(widths):,} of {n_rows:,} customers, standard error {error:.4f}"
    return Score("silhouette", float(placed.mean()), because, error)


SILHOUETTE = Metric(
    name="silhouette",
    label="Separation (silhouette)",
    help="How much nearer customers are to their own segment than to the next one: 1 is far apart, 0 is touching.",
    better="higher",
    format=".3f",
    score=score,
)
