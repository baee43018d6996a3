"""What an algorithm is: an entry of data with three functions, run in one place under one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.errors import TooFewRows
from core.model import NOISE, Clustering
from core.params import Param, check_params

TREE_COLUMNS = 15


@dataclass(frozen=True)
class Fitted:
    """What a fit gives: ``raw_labels`` (n,) group numbers from 0 in any order, NOISE for unplaced rows.

    ``model`` holds the plain arrays ``place`` needs; ``notes`` are facts worth
    telling, such as "fitted on a sample".
    """

    raw_labels: np.ndarray
    model: Mapping[str, np.ndarray]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Algorithm:
    """One way to form segments.

    ``fit(values, *, seed, **params) -> Fitted``; ``values`` (n, d) finite float64.
    ``place(model, values) -> raw labels`` puts any row, fitted or new, into a group.
    ``grid(values, segments=(low, high), seed=) -> params per candidate``.
    ``caption(params)`` completes the candidate's label.
    ``shared(values, seed=)`` computes once what every fit on the same values can
    reuse; it reaches ``fit`` as the keyword ``shared``.
    ``minimises_inertia`` marks algorithms for which the sum of squared distances
    to segment centres is the quantity sought.
    """

    name: str
    label: str
    summary: str
    params: tuple[Param, ...]
    fit: Callable[..., Fitted]
    place: Callable[[Mapping[str, np.ndarray], np.ndarray], np.ndarray]
    grid: Callable[..., tuple[dict[str, Any], ...]]
    good_at: str
    bad_at: str
    reference: str
    caption: Callable[[Mapping[str, Any]], str] = field(default=lambda params: f"{params['n_segments']} segments")
    shared: Callable[..., Any] | None = None
    minimises_inertia: bool = False


@contextmanager
def one_thread() -> Iterator[None]:
    """Numeric libraries use one thread inside: sums in a fixed order give the same labels on any machine."""
    import sklearn.cluster  # noqa: F401  its OpenMP runtime must be loaded before it can be limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


def run(
    algorithm: Algorithm, values: np.ndarray, *, seed: int, params: Mapping[str, Any], shared: Any = None
) -> Fitted:
    """Check ``params``, fit on one thread and return the raw result.

    Raises :class:`BadRequest` for parameters out of range, :class:`TooFewRows`
    where the rows cannot fill the segments asked for.
    """
    checked = check_params(algorithm.params, dict(params))
    if "n_segments" in checked:
        require_distinct(values, checked["n_segments"])
    reuse = {"shared": shared} if algorithm.shared is not None else {}
    with one_thread():
        return algorithm.fit(values, seed=seed, **checked, **reuse)


def prepared(algorithm: Algorithm, values: np.ndarray, *, seed: int) -> Any:
    """What the algorithm's fits on these values share, None where it shares nothing."""
    if algorithm.shared is None:
        return None
    with one_thread():
        return algorithm.shared(values, seed=seed)


def clustering(fitted: Fitted) -> Clustering:
    """Number the groups from 1, the largest first, ties by first appearance; noise stays NOISE. Decided here only."""
    raw = np.asarray(fitted.raw_labels)
    placed = raw[raw != NOISE]
    groups, first, counts = np.unique(placed, return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    segment_of = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int16)
    segment_of[groups[order]] = np.arange(1, len(groups) + 1)
    labels = renumber(raw, segment_of)
    labels.setflags(write=False)
    segment_of.setflags(write=False)
    return Clustering(labels=labels, model=fitted.model, segment_of=segment_of)


def renumber(raw: np.ndarray, segment_of: np.ndarray) -> np.ndarray:
    """Raw group numbers as segments, int16. A group that held no fitted row has no segment: NOISE."""
    labels = np.full(len(raw), NOISE, dtype=np.int16)
    placed = raw != NOISE
    labels[placed] = np.where(segment_of[raw[placed]] > 0, segment_of[raw[placed]], NOISE)
    return labels


def place(algorithm: Algorithm, found: Clustering, values: np.ndarray) -> np.ndarray:
    """Segments (n,) int16 of any rows prepared like the fitted ones."""
    if len(values) == 0:
        return np.empty(0, dtype=np.int16)
    with one_thread():
        return renumber(algorithm.place(found.model, values), found.segment_of)


def distinct_rows(values: np.ndarray, enough: int) -> int:
    """Number of different rows; counting stops being exact beyond ``enough``."""
    head = np.unique(values[: 20 * enough], axis=0)
    return len(head) if len(head) >= enough else len(np.unique(values, axis=0))


def require_distinct(values: np.ndarray, n_segments: int) -> None:
    """Raise :class:`TooFewRows` when fewer different rows than segments exist."""
    distinct = distinct_rows(values, n_segments) if len(values) else 0
    if distinct < n_segments:
        raise TooFewRows(distinct, n_segments, f"Forming {n_segments} segments of customers that differ")


def segment_grid(values: np.ndarray, *, segments: tuple[int, int], seed: int) -> tuple[dict[str, Any], ...]:
    """One setting per number of segments from low to high, as far as different rows exist."""
    low, high = segments
    require_distinct(values, low)
    high = min(high, distinct_rows(values, high))
    return tuple({"n_segments": k} for k in range(low, high + 1))


def nearest(points: np.ndarray, values: np.ndarray, *, within: float = np.inf) -> np.ndarray:
    """Index (n,) of the nearest of ``points`` for every row, -1 where none lies within the given distance."""
    distance, index = neighbours(points, values, 1)
    return np.where(distance[:, 0] <= within, index[:, 0], -1)


def neighbours(points: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances and indices (n, count) of the nearest ``points``, nearest first.

    A tree up to 15 columns, beyond them all distances by matrix products; the
    distances returned come from differences in both cases, free of cancellation.
    """
    from scipy.spatial import cKDTree
    from sklearn.neighbors import NearestNeighbors

    if points.shape[1] <= TREE_COLUMNS:
        return cKDTree(points).query(values, k=np.arange(1, count + 1))
    index = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points).kneighbors(values, return_distance=False)
    distance = np.stack([np.sqrt(((values - points[column]) ** 2).sum(axis=1)) for column in index.T], axis=1)
    return distance, index


def sample_rows(n_rows: int, size: int, seed: int) -> np.ndarray:
    """At most ``size`` row positions, rising, drawn with the seed."""
    if n_rows <= size:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, size, replace=False))


def sample_note(fitted: int, rows: int) -> tuple[str, ...]:
    """The note that a sample was fitted; none where all rows were."""
    return () if fitted == rows else (f"Fitted on {fitted:,} of {rows:,} customers, all placed.",)
