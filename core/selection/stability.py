"""How far the segments of a candidate come out again on resampled customers."""

from __future__ import annotations

import numpy as np

from core.model import NOISE

RESAMPLED_ROWS = 2_000
JUDGED_ROWS = 2_000


def resample(n_rows: int, seed: int, number: int) -> np.ndarray:
    """Row positions, rising, of the ``number``-th resample: drawn with replacement, as many as there are up to 2,000."""
    random = np.random.default_rng([seed, number])
    return np.sort(random.integers(0, n_rows, min(n_rows, RESAMPLED_ROWS)))


def judged_rows(n_rows: int, seed: int) -> np.ndarray:
    """The at most 2,000 row positions, rising, on which every resample is compared with the whole."""
    if n_rows <= JUDGED_ROWS:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, JUDGED_ROWS, replace=False))


def rand_index(first: np.ndarray, second: np.ndarray) -> float:
    """Adjusted Rand index, -1..1, of two labelings of the same rows; unplaced rows form a group.

    Source: Hubert & Arabie (1985), doi:10.1007/BF01908075.
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(first, second))


def jaccard(whole: np.ndarray, again: np.ndarray, n_segments: int) -> np.ndarray:
    """For segments 1 to ``n_segments`` of ``whole`` (n,), the largest Jaccard similarity (k,) with a segment of ``again``.

    NaN for a segment without rows here. Unplaced rows are no segment of either.
    Source: Hennig (2007), doi:10.1016/j.csda.2006.11.025.
    """
    found = np.full(n_segments, np.nan)
    groups = np.unique(again[again != NOISE])
    others = again == groups[:, None]
    for segment in range(1, n_segments + 1):
        own = whole == segment
        if own.any():
            both = (others & own).sum(axis=1)
            found[segment - 1] = (both / (others | own).sum(axis=1)).max(initial=0.0)
    return found
