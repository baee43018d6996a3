"""Complete linkage: join the two groups whose most distant customers are nearest, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms.anchors import place
from core.algorithms.entry import Algorithm, Fitted
from core.algorithms.linkage import N_SEGMENTS, complete_rule, cut_tree, pair_cost, pair_tree
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
    """The whole tree (see :func:`core.algorithms.linkage.pair_tree`)."""
    return pair_tree(values, "complete", rule=complete_rule, seed=seed)


def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None) -> Fitted:
    """Cut the tree at ``n_segments``; the tree is grown here unless it comes as ``shared``."""
    return cut_tree(shared if shared is not None else grow(values, seed=seed), n_segments)


COMPLETE = Algorithm(
    name="complete",
    label="Complete hierarchical",
    summary="A tree of merges by the largest distance between two groups; no segment is wide.",
    assumes="No two customers of a segment are very unlike: segments are of similar width.",
    params=(N_SEGMENTS,),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=pair_cost,
    good_at="Segments with a firm limit on how unlike two members can be.",
    bad_at="Extreme customers: one of them decides how far two groups are apart.",
    reference="Sorensen (1948), Biol. Skr. 5; Defays (1977), doi:10.1093/comjnl/20.4.364",
    shared=grow,
)
