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


def drawn(taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows, rising, of a resample ``taken``, and where in it each stands first."""
    return np.unique(taken, return_index=True)


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

    Both are labels of the distinct customers of a resample: those they have in the whole, and those of the fit on the
    resample, in which customers drawn twice count twice. NaN for a segment of which nobody was drawn. Unplaced rows
    are no segment of either.
    Source: Hennig (2007), doi:10.1016/j.csda.2006.11.025; clusterboot of the R package fpc (bootmethod "boot",
    bscompare FALSE, multipleboot TRUE, noisemethod TRUE).
    """
    joined = np.zeros(len(whole), dtype=bool)
    return similar(whole, again, joined, segments=np.arange(1, n_segments + 1))


def similar(whole: np.ndarray, again: np.ndarray, joined: np.ndarray, *, segments: np.ndarray) -> np.ndarray:
    """As :func:`jaccard` for ``segments`` (k,); rows marked in ``joined`` (n,) belong to their segment on both sides."""
    groups, counts = np.unique(again[(again != NOISE) & ~joined], return_counts=True)
    others = (again == groups[:, None]) & ~joined
    found = np.full(len(segments), np.nan)
    for at, segment in enumerate(segments):
        own = whole == segment
        if own.any():
            fixed = np.count_nonzero(own & joined)
            both = (others & own).sum(axis=1) + fixed
            union = counts + np.count_nonzero(own) - both + fixed
            found[at] = (both / union).max(initial=fixed / np.count_nonzero(own))
    return found


def trusted(found: np.ndarray, n_rows: int, segments: np.ndarray | None = None) -> dict[int, float]:
    """The mean over resamples of the similarities ``found`` (b, k) by segment (1 to k unless ``segments`` are given).

    As in fpc a resample in which nobody of a segment was drawn counts as 0 - but not where resamples hold fewer
    customers than the ``n_rows`` there are: then that tells nothing about the segment, and one never drawn has no mean.
    """
    numbers = np.arange(1, found.shape[1] + 1) if segments is None else segments
    seen = ~np.isnan(found)
    count = np.where(n_rows <= RESAMPLED_ROWS, len(found), seen.sum(axis=0))
    mean = np.where(seen, found, 0).sum(axis=0) / np.maximum(count, 1)
    return {int(segment): float(one) for segment, one, n in zip(numbers, mean, count, strict=True) if n}
