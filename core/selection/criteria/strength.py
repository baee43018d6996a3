"""How well segments found in one half of the customers predict those of the other half."""

from __future__ import annotations

import numpy as np

from core.selection.criteria.entry import Arguments, Criterion, Vote
from core.selection.many import many_kmeans

SPLITS = 10
ENOUGH = 0.8


def vote(arguments: Arguments) -> Vote:
    """The largest k whose prediction strength is at least 0.8.

    Source: Tibshirani & Walther (2005), doi:10.1198/106186005X59243.
    """
    low, high = arguments.tried
    if len(np.unique(arguments.sample, axis=0)) < 4 * high:
        return Vote(None, "there are too few customers to split them in halves")
    found = {k: strength(arguments.sample, k, seed=arguments.seed) for k in range(low, high + 1)}
    enough = [k for k, value in found.items() if value >= ENOUGH]
    if not enough:
        return Vote(None, f"no number reaches {ENOUGH} (highest {max(found.values()):.2f}), which speaks for one segment")
    return Vote(max(enough), f"the largest number with a strength of at least {ENOUGH} ({found[max(enough)]:.2f})")


def strength(values: np.ndarray, n_segments: int, *, seed: int) -> float:
    """Mean over splits of the worst segment's share of pairs that the other half's centres keep together, 0..1."""
    random = np.random.default_rng(seed)
    half = len(values) // 2
    order = np.stack([random.permutation(len(values))[: 2 * half] for _ in range(SPLITS)])
    train, test = values[order[:, :half]], values[order[:, half:]]
    learnt = many_kmeans(train, n_segments, seed=seed)[0]
    own = many_kmeans(test, n_segments, seed=seed)[0]
    return float(np.mean([_worst(*three) for three in zip(_predicted(train, learnt, test), own, strict=True)]))


def _predicted(train: np.ndarray, groups: np.ndarray, test: np.ndarray) -> list[np.ndarray]:
    """Of each split the nearest centre of the training half for every row of the other half."""
    from scipy.spatial.distance import cdist

    found = []
    for rows, labels, others in zip(train, groups, test, strict=True):
        centres = np.stack([rows[labels == group].mean(axis=0) for group in np.unique(labels)])
        found.append(cdist(others, centres).argmin(axis=1))
    return found


def _worst(predicted: np.ndarray, own: np.ndarray) -> float:
    """The lowest share of pairs of a segment that are predicted to be together."""
    least = 1.0
    for group in np.unique(own):
        counts = np.bincount(predicted[own == group])
        size = counts.sum()
        if size > 1:
            least = min(least, float((counts * (counts - 1)).sum() / (size * (size - 1))))
    return least


STRENGTH = Criterion(name="strength", label="One half predicts the other (prediction strength)", vote=vote)
