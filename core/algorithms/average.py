"""Average linkage: join the two groups whose customers are nearest on average, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.anchors import place
from core.algorithms.entry import Algorithm, Fitted
from core.algorithms.linkage import N_SEGMENTS, average_rule, cut_tree, pair_cost, pair_tree
from core.algorithms.rows import segment_grid
from core.memo import Kept
from core.model import Feature


def grow(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """The whole tree (see :func:`core.algorithms.linkage.pair_tree`); micro-groups weigh as much as their rows."""
    return pair_tree(values, "average", rule=average_rule, seed=seed)


def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None) -> Fitted:
    """Cut the tree at ``n_segments``; the tree is grown here unless it comes as ``shared``."""
    return cut_tree(shared if shared is not None else grow(values, seed=seed), n_segments)


AVERAGE = Algorithm(
    name="average",
    label="Average hierarchical",
    summary="A tree of merges by the mean distance between two groups; leaves odd customers as tiny segments.",
    assumes="Customers of a segment are nearer to one another, on average, than to those of any other.",
    params=(N_SEGMENTS,),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=pair_cost,
    good_at="Segments of different width, and seeing which customers stand apart.",
    bad_at="Even sizes: often one giant segment and a few customers far out.",
    reference="Sokal & Michener (1958), Univ. Kansas Sci. Bull. 38; Muellner (2013), doi:10.18637/jss.v053.i09",
    shared=grow,
)
