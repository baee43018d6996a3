"""Lloyd's rounds around centres: what K-means, its bisecting form and the start of a mixture have in common."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from core.algorithms.rows import blocks, nearest_blocks


def best_of(values: np.ndarray, n_segments: int, *, starts: int, seed: int) -> np.ndarray:
    """Centres (k, d) of the best of several k-means++ starts, by scikit-learn; ``values`` fit into memory twice."""
    return _centres(values, n_clusters=n_segments, n_init=starts, init="k-means++", random_state=seed)


def follow(values: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Centres (k, d) after Lloyd's rounds from these until they hardly move, by scikit-learn."""
    return _centres(values, n_clusters=len(centres), n_init=1, init=centres)


def _centres(values: np.ndarray, **search: Any) -> np.ndarray:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # rows all but equal: told as segments without customers
        return np.asarray(KMeans(**search).fit(values).cluster_centers_, dtype=np.float64)


def refine(values: np.ndarray, centres: np.ndarray, *, rounds: int, patience: float) -> tuple[np.ndarray, int]:
    """Move centres (k, d) to the mean of their rows; return them and the number of rounds made.

    It ends when a round moves less than the share ``patience`` of the sum of
    squares from within the segments to between them. Rows are read in blocks:
    memory does not grow with them. A centre without rows goes to the row
    farthest from all others.
    """
    middle = values.mean(axis=0)
    total = sum(float(((values[rows] - middle) ** 2).sum()) for rows in blocks(len(values)))
    between = 0.0
    for done in range(1, rounds + 1):
        sums, counts = _sums(values, centres)
        if (counts == 0).any():
            centres = _filled(values, centres, counts)
            sums, counts = _sums(values, centres)
        used = counts > 0
        centres = np.where(used[:, None], sums / np.maximum(counts, 1)[:, None], centres)
        before, between = between, float(counts @ ((centres - middle) ** 2).sum(axis=1))
        if between - before <= patience * total:
            return centres, done
    return centres, rounds


def _sums(values: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum (k, d) and number (k,) of the rows nearest to each centre."""
    sums, counts = np.zeros_like(centres), np.zeros(len(centres))
    for rows, index in nearest_blocks(centres, values):
        member = np.empty((len(centres), len(index)))
        for number in range(len(centres)):
            np.equal(index, np.int16(number), out=member[number])
        sums += member @ values[rows]
        counts += member.sum(axis=1)
    return sums, counts


def _filled(values: np.ndarray, centres: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The centres, those without rows moved one by one to the row farthest from every centre."""
    filled, held = centres.copy(), counts > 0
    for empty in np.flatnonzero(~held):
        top, at = 0.0, -1
        for rows, index in nearest_blocks(filled[held], values):
            away = ((values[rows] - filled[held][index]) ** 2).sum(axis=1)
            if away.max() > top:
                top, at = float(away.max()), rows.start + int(away.argmax())
        if at < 0:
            break  # fewer different rows than centres
        filled[empty], held[empty] = values[at], True
    return filled
