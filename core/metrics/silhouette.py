"""Silhouette of every labeling in one pass over the distances."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core.metrics.entry import Labelings, Metric, sampled, told, why_not
from core.model import NOISE, Score

EXACT_ROWS = 20_000
SAMPLE_ROWS = 10_000
SHOWN_ROWS = 2_000
DOUBLE_ROWS = 4_000  # up to here double precision throughout costs nothing that is felt
TASK_ROWS, TILE_ROWS, TILE_COLUMNS = 1_024, 256, 4_096  # a tile of distances stays in the processor's cache


@dataclass(frozen=True)
class _Labeling:
    """``at`` (n,) place of each row's segment among its ``columns`` (k,), -1 for noise; ``counts`` (k,) rows."""

    at: np.ndarray
    columns: np.ndarray
    counts: np.ndarray


def silhouettes(
    values: np.ndarray, labelings: Labelings, *, rows: np.ndarray | None = None, threads: int = 1
) -> dict[str, np.ndarray]:
    """Silhouette of ``rows`` (all, where None) under each labeling, -1..1; NaN for noise, 0 for a segment of one.

    Distances are made once, tile by tile, and multiplied with the stacked
    membership columns of all labelings; equal columns are kept once. Tiles are
    summed in double precision and in a fixed order: the number of ``threads``
    changes no result. Beyond 4,000 rows the product within a tile is in single
    precision; mean silhouettes then err by less than 1e-6.
    Source: Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7.
    """
    from threadpoolctl import threadpool_limits

    rows = np.arange(len(values)) if rows is None else rows
    columns, parts = _memberships(labelings, np.float64 if len(values) <= DOUBLE_ROWS else np.float32)
    left, right = _factors(values)
    out = {key: np.full(len(rows), np.nan) for key in labelings}

    def task(start: int) -> None:
        chosen = rows[start : start + TASK_ROWS]
        sums = _sums(left, right, rows=chosen, columns=columns)
        for key, part in parts.items():
            out[key][start : start + len(chosen)] = _widths(sums[:, part.columns], part.at[chosen], counts=part.counts)

    with threadpool_limits(limits=1), ThreadPoolExecutor(threads) as pool:
        list(pool.map(task, range(0, len(rows), TASK_ROWS)))
    return out


def _memberships(labelings: Labelings, precision: type) -> tuple[np.ndarray, dict[str, _Labeling]]:
    """Distinct 0/1 columns (n, m), and for each labeling the column of every segment in rising order."""
    known: dict[bytes, int] = {}
    members: list[np.ndarray] = []
    parts = {}
    for key, labels in labelings.items():
        segments, counts = np.unique(labels[labels != NOISE], return_counts=True)
        places = np.empty(len(segments), dtype=np.intp)
        for at, segment in enumerate(segments):
            member = labels == segment
            places[at] = known.setdefault(np.packbits(member).tobytes(), len(members))
            if places[at] == len(members):
                members.append(member)
        at = np.where(labels == NOISE, -1, np.searchsorted(segments, labels))
        parts[key] = _Labeling(at, places, counts)
    columns = np.empty((len(members[0]) if members else 0, len(members)), dtype=precision)
    for at, member in enumerate(members):
        columns[:, at] = member
    return columns, parts


def _factors(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two matrices (n, d + 2) with ``left @ right.T`` the squared distances between all rows."""
    centred = values - values.mean(axis=0)
    squares = np.einsum("ij,ij->i", centred, centred)[:, None]
    ones = np.ones_like(squares)
    return np.hstack([-2 * centred, squares, ones]), np.hstack([centred, ones, squares])


def _sums(left: np.ndarray, right: np.ndarray, *, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Summed distances (len(rows), m) of rows to the members of each column; to itself a row has exactly 0."""
    sums = np.zeros((len(rows), columns.shape[1]))
    squared = np.empty(TILE_ROWS * TILE_COLUMNS)
    rooted = np.empty(TILE_ROWS * TILE_COLUMNS, dtype=columns.dtype)
    for top in range(0, len(rows), TILE_ROWS):
        ours = rows[top : top + TILE_ROWS]
        for start in range(0, len(right), TILE_COLUMNS):
            there = right[start : start + TILE_COLUMNS]
            shape = len(ours), len(there)
            exact, distance = (room[: shape[0] * shape[1]].reshape(shape) for room in (squared, rooted))
            np.matmul(left[ours], there.T, out=exact)
            np.copyto(distance, exact, casting="same_kind")
            np.sqrt(np.maximum(distance, 0, out=distance), out=distance)
            own = np.flatnonzero((ours >= start) & (ours < start + len(there)))
            distance[own, ours[own] - start] = 0
            sums[top : top + TILE_ROWS] += distance @ columns[start : start + TILE_COLUMNS]
    return sums


def _widths(sums: np.ndarray, own: np.ndarray, *, counts: np.ndarray) -> np.ndarray:
    """Silhouette widths (b,) from summed distances (b, k) to each segment and the place ``own`` (b,) of each row's."""
    placed = np.flatnonzero(own >= 0)
    at, line = own[placed], np.arange(len(placed))
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


def widths(
    values: np.ndarray, labelings: Labelings, *, seed: int, threads: int = 1
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """At most 2,000 row positions, rising, and their silhouettes as float32, NaN where a labeling has none.

    Beyond 20,000 rows they are measured against the 10,000 rows that :func:`score` samples.
    """
    rows = sampled(len(values), seed, most=EXACT_ROWS, size=SAMPLE_ROWS)
    shown = sampled(len(rows), seed, most=SHOWN_ROWS, size=SHOWN_ROWS)
    usable = {key: labels[rows] for key, labels in labelings.items() if not why_not(labels[rows])}
    found = silhouettes(values[rows], usable, rows=shown, threads=threads) if usable else {}
    none = np.full(len(shown), np.nan, dtype=np.float32)
    return rows[shown], {key: found[key].astype(np.float32) if key in found else none for key in labelings}


def score(
    values: np.ndarray, labelings: Labelings, *, seed: int, centred: frozenset[str], threads: int = 1
) -> dict[str, Score]:
    """Mean silhouette over placed rows with its standard error.

    Beyond 20,000 rows it is estimated, and says so, from 10,000 drawn uniformly:
    the same for every labeling, so that scores made apart can be compared. Each
    segment counts in the mean by its true size (post-stratification).
    """
    rows = sampled(len(values), seed, most=EXACT_ROWS, size=SAMPLE_ROWS)
    seen = {key: labels[rows] for key, labels in labelings.items()}
    reasons = {key: why_not(labels) or _too_rare(seen[key]) for key, labels in labelings.items()}
    usable = {key: labels for key, labels in seen.items() if not reasons[key]}
    found = silhouettes(values[rows], usable, threads=threads) if usable else {}
    return {
        key: _mean(found[key], seen[key], labels=labels) if key in usable else told("silhouette", reasons[key])
        for key, labels in labelings.items()
    }


def _too_rare(labels: np.ndarray) -> str:
    return "the sample it is estimated from meets only one of the segments" if why_not(labels) else ""


def _mean(widths: np.ndarray, seen: np.ndarray, *, labels: np.ndarray) -> Score:
    """The mean over all ``labels`` (n,) from the ``widths`` (m,) of rows with labels ``seen``."""
    placed = ~np.isnan(widths)
    if len(seen) == len(labels):
        return Score("silhouette", float(widths[placed].mean()), "", float(widths[placed].std() / np.sqrt(placed.sum())))
    segments, at, counts = np.unique(seen[placed], return_inverse=True, return_counts=True)
    share = np.array([(labels == segment).sum() for segment in segments], dtype=float)
    share /= share.sum()
    means = np.bincount(at, weights=widths[placed]) / counts
    variances = np.bincount(at, weights=(widths[placed] - means[at]) ** 2) / np.maximum(counts - 1, 1)
    error = float(np.sqrt((share**2 * variances / counts).sum()))
    because = f"estimated from {len(seen):,} of {len(labels):,} customers, standard error {error:.4f}"
    return Score("silhouette", float(share @ means), because, error)


SILHOUETTE = Metric(
    name="silhouette",
    label="Separation (silhouette)",
    help="How much nearer customers are to their own segment than to the next one: 1 is far apart, 0 is touching.",
    better="higher",
    format=".3f",
    score=score,
)
