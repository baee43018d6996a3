"""Where the tree of merges jumps."""

from __future__ import annotations

import numpy as np

from core.selection.criteria.entry import Arguments, Criterion, Vote


def vote(arguments: Arguments) -> Vote:
    """The cut that the longest stretch of heights leaves in place: the largest jump of the Ward tree.

    The merge from k to k - 1 segments has the (k - 1)-th largest height; k is
    stable over the heights between the k-th and that one.
    """
    low, high = arguments.tried
    high = min(high, len(arguments.merges) - 1)
    if high <= low:
        return Vote(None, "it needs the tree of Ward's method")
    heights = arguments.merges
    jumps = heights[low - 2 : high - 1] - heights[low - 1 : high]
    k = low + int(np.argmax(jumps))
    return Vote(k, "joining one step further costs the largest jump in height")


TREE = Criterion(name="tree", label="Largest jump in the tree", vote=vote)
