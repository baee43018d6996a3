"""How any algorithm is run: on one thread, under one rule of what labels mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from core.algorithms.entry import Algorithm, Fitted
from core.algorithms.rows import require_distinct
from core.memo import Kept
from core.model import NOISE, Clustering, Feature
from core.params import check_params


@contextmanager
def one_thread() -> Iterator[None]:
    """Numeric libraries use one thread inside: sums in a fixed order give the same labels on any machine."""
    import sklearn.cluster  # noqa: F401  its OpenMP runtime must be loaded before it can be limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


def run(
    algorithm: Algorithm, values: np.ndarray, *, seed: int, params: Mapping[str, Any], shared: Kept | None = None
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


def prepared(
    algorithm: Algorithm,
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept | None:
    """What the algorithm's fits on these values share, None where it shares nothing."""
    if algorithm.shared is None:
        return None
    with one_thread():
        return algorithm.shared(values, seed=seed, features=features, fixed=dict(fixed or {}))


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
