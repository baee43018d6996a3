"""Which customers a map shows when there are too many to draw: an even share of every segment, always the same."""

from __future__ import annotations

import numpy as np


def stratified(labels: np.ndarray, cap: int, seed: int = 0) -> np.ndarray:
    """Sorted positions of at most ``cap`` rows of ``labels`` (n,); all of them when they fit.

    Each segment keeps its share by largest remainder and at least one row
    while ``cap`` allows it, so that a small segment cannot vanish from a map.
    """
    n = len(labels)
    if n <= cap:
        return np.arange(n)
    segments, counts = np.unique(labels, return_counts=True)
    wanted = _quota(counts, cap)
    random = np.random.default_rng(seed)
    drawn = [
        random.choice(np.flatnonzero(labels == segment), size=size, replace=False)
        for segment, size in zip(segments, wanted, strict=True)
    ]
    return np.sort(np.concatenate(drawn))


def _quota(counts: np.ndarray, cap: int) -> np.ndarray:
    floor = np.ones_like(counts) if len(counts) <= cap else np.zeros_like(counts)
    rest = counts - floor
    exact = rest * ((cap - floor.sum()) / rest.sum())
    sizes = floor + np.floor(exact).astype(counts.dtype)
    order = np.argsort(-(exact - np.floor(exact)), kind="stable")
    sizes[order[: cap - int(sizes.sum())]] += 1
    return sizes
