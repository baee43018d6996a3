"""Complete linkage: join the two groups whose most distant customers are nearest, again and again."""

from __future__ import annotations

from core.algorithms.anchors import place
from core.algorithms.entry import Algorithm
from core.algorithms.linkage import N_SEGMENTS, complete_rule, cutting, pair_cost, pair_grower
from core.algorithms.rows import segment_grid

grow = pair_grower("complete", complete_rule)

COMPLETE = Algorithm(
    name="complete",
    label="Complete hierarchical",
    summary="A tree of merges by the largest distance between two groups; no segment is wide.",
    assumes="No two customers of a segment are very unlike: segments are of similar width.",
    params=(N_SEGMENTS,),
    fit=cutting(grow),
    place=place,
    grid=segment_grid,
    cost=pair_cost,
    good_at="Segments with a firm limit on how unlike two members can be.",
    bad_at="Extreme customers: one of them decides how far two groups are apart.",
    reference="Sorensen (1948), Biol. Skr. 5; Defays (1977), doi:10.1093/comjnl/20.4.364",
    shared=grow,
)
