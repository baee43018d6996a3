"""Bisecting K-means: split the widest segment in two, again and again; one tree serves every number of segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.lloyd import best_of
from core.algorithms.rows import blocks, nearest, sample_note, sample_rows, segment_grid, tame
from core.memo import Kept
from core.model import Feature
from core.params import Whole

FIT_ROWS = 50_000
MOST_SEGMENTS = 30
FEW_ROWS = 5_000


def grow(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """The splits that lead to 30 segments, or fewer where rows do not differ enough.

    Split s divides segment ``parents[s]``: its rows nearer to ``pairs[s, 1]``
    than to ``pairs[s, 0]`` become segment s + 1. Found on a seeded sample
    beyond 50,000 rows; ``facts["rows"]`` says on how many.
    """
    chosen, factor = tame(values[sample_rows(len(values), FIT_ROWS, seed)])
    labels = np.zeros(len(chosen), dtype=np.int16)
    spread = [_spread(chosen)]
    parents: list[int] = []
    pairs: list[np.ndarray] = []
    while len(spread) < MOST_SEGMENTS and max(spread) > 0:
        parent = int(np.argmax(spread))
        rows = np.flatnonzero(labels == parent)
        pair = best_of(chosen[rows], 2, starts=10 if len(rows) <= FEW_ROWS else 2, seed=seed)
        right = rows[nearest(pair, chosen[rows]) == 1]
        if len(right) in (0, len(rows)):
            spread[parent] = 0.0  # rows that differ by less than a mean can tell apart
            continue
        labels[right] = len(spread)
        spread[parent] = _spread(chosen[labels == parent])
        spread.append(_spread(chosen[right]))
        parents.append(parent)
        pairs.append(pair / factor)
    found = np.array(pairs).reshape(len(parents), 2, values.shape[1])
    return Kept({"parents": np.array(parents, dtype=np.int16), "pairs": found}, {"rows": len(chosen)})


def _spread(values: np.ndarray) -> float:
    """Sum of squares around the mean; exactly 0 where all rows are equal."""
    return 0.0 if (values == values[0]).all() else float(((values - values.mean(axis=0)) ** 2).sum())


def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None) -> Fitted:
    """Follow the first ``n_segments`` - 1 splits; the tree is grown here unless it comes as ``shared``."""
    tree = shared if shared is not None else grow(values, seed=seed)
    model = {name: part[: n_segments - 1] for name, part in tree.arrays.items()}
    return Fitted(raw_labels=place(model, values), model=model, notes=sample_note(tree.facts["rows"], len(values)))


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The segment that the splits lead to, each time to the side of the nearer centre."""
    labels = np.zeros(len(values), dtype=np.intp)
    for part in blocks(len(values)):
        block, found = values[part], labels[part]
        for number, (parent, pair) in enumerate(zip(model["parents"], model["pairs"], strict=True), 1):
            rows = np.flatnonzero(found == parent)
            found[rows[nearest(pair, block[rows]) == 1]] = number
    return labels


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = min(n_rows, FIT_ROWS)
    seconds = 0.14 + (1.1e-6 + 4.8e-7 * n_features) * rows + 6.9e-8 * n_rows * candidates
    method = "" if rows == n_rows else f"splits found on {rows:,} sampled customers"
    return Cost(seconds=seconds, bytes=2e6 + 30.0 * rows * n_features + 7.0 * n_rows, rows=rows, method=method)


BISECTING = Algorithm(
    name="bisecting",
    label="Bisecting K-means",
    summary="Splits the widest segment in two, again and again; 5 segments are 4 with one of them split.",
    assumes="Segments are round, and large differences between customers come before small ones.",
    params=(
        Whole("n_segments", "Number of segments", default=4, low=2, high=30, help="One more than the splits made."),
    ),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Segments inside segments, on many customers; going from few segments to more keeps the borders there are.",
    bad_at="Three or more equally distant segments: an early split may cut through one and is never undone.",
    reference="Steinbach, Karypis & Kumar (2000), A comparison of document clustering techniques",
    shared=grow,
    minimises_inertia=True,
)
