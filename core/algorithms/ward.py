"""Ward: join the two groups whose union spreads least, again and again; one tree serves every number of segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.anchors import place
from core.algorithms.entry import Algorithm, Cost
from core.algorithms.linkage import N_SEGMENTS, cutting, micro_cost, micro_tree, row_tree, ward_rule
from core.algorithms.rows import segment_grid
from core.memo import Kept
from core.model import Feature

EXACT_ROWS = 20_000
EXACT_WORK = 8e9  # rows squared times columns: about 3 seconds


def exact(n_rows: int, n_features: int) -> bool:
    """Whether the tree over single customers is quick enough."""
    return n_rows <= EXACT_ROWS and float(n_rows) ** 2 * n_features <= EXACT_WORK


def grow(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """The whole tree (see :func:`core.algorithms.linkage.row_tree`): over single rows up to 20,000 of them (fewer where
    columns are many), else over 1,000 weighted K-means micro-groups."""
    if not exact(*values.shape):
        return micro_tree(values, ward_rule, seed=seed)
    import fastcluster

    return row_tree(values, lambda points: fastcluster.linkage_vector(points, method="ward"))


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    if exact(n_rows, n_features):
        seconds = 0.02 + 2.9e-10 * n_rows**2 * n_features + 2.3e-6 * n_rows * candidates
        return Cost(seconds=seconds, bytes=30.0 * n_rows * n_features, rows=n_rows)
    return micro_cost(n_rows, n_features, candidates=candidates)


WARD = Algorithm(
    name="ward",
    label="Ward hierarchical",
    summary="Compact segments from a tree of merges; 4 segments are 5 with two of them joined.",
    assumes="Segments nest inside one another and are compact.",
    params=(N_SEGMENTS,),
    fit=cutting(grow),
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Segments within segments; small ones beside large ones.",
    bad_at="Overlapping segments: an early merge is never undone.",
    reference="Ward (1963), doi:10.1080/01621459.1963.10500845; Muellner (2013), doi:10.18637/jss.v053.i09",
    shared=grow,
    in_default=True,
)
