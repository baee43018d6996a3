"""A table as it is, before anything is fitted: spreads of columns, how they go together, and where they are empty."""

from core.explore.cells import Cells, cells_of, in_content_order
from core.explore.frames import gaps_frame, patterns_frame, points_frame, relations_frame, spreads_frame
from core.explore.gaps import gap_map
from core.explore.points import points
from core.explore.relations import relate
from core.explore.spreads import spread

__all__ = [
    "Cells",
    "cells_of",
    "gap_map",
    "gaps_frame",
    "in_content_order",
    "patterns_frame",
    "points",
    "points_frame",
    "relate",
    "relations_frame",
    "spread",
    "spreads_frame",
]
