"""Average linkage: join the two groups whose customers are nearest on average, again and again."""

from __future__ import annotations

from core.algorithms.anchors import place
from core.algorithms.entry import Algorithm
from core.algorithms.linkage import N_SEGMENTS, average_rule, cutting, pair_cost, pair_grower
from core.algorithms.rows import segment_grid

grow = pair_grower("average", average_rule)

AVERAGE = Algorithm(
    name="average",
    label="Average hierarchical",
    summary="A tree of merges by the mean distance between two groups; leaves odd customers as tiny segments.",
    assumes="Customers of a segment are nearer to one another, on average, than to those of any other.",
    params=(N_SEGMENTS,),
    fit=cutting(grow),
    place=place,
    grid=segment_grid,
    cost=pair_cost,
    good_at="Segments of different width, and seeing which customers stand apart.",
    bad_at="Even sizes: often one giant segment and a few customers far out.",
    reference="Sokal & Michener (1958), Univ. Kansas Sci. Bull. 38; Muellner (2013), doi:10.18637/jss.v053.i09",
    shared=grow,
)
