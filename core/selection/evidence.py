"""Frames that argue for a number of segments and compare candidates; stored in ``Comparison.evidence`` by name.

``votes``      criterion, label, k (float, NaN where it does not vote), because: one row per criterion
``gap``        k, gap, error (see :mod:`core.selection.gap`)
``widths``     row (position in the table), then one float32 column per candidate key: silhouettes of at most
               2,000 customers, NaN where a candidate does not place the customer
``agreement``  first, second (candidate keys), adjusted_rand: every pair once, in the order of the candidates
``tree``       left, right, height, left_size, right_size: the top of the Ward tree in scipy's numbering over at
               most 30 leaves, rising; sizes are customers. Only where Ward's method ran
``reach``      share (0..1 of customers), distance to the crowd-th neighbour, knee. Only where DBSCAN ran
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.selection.criteria import CRITERIA, Arguments

LEAVES = 30


def votes(arguments: Arguments) -> pd.DataFrame:
    """What each criterion of the catalogue says."""
    rows = []
    for criterion in CRITERIA.values():
        vote = criterion.vote(arguments)
        rows.append((criterion.name, criterion.label, np.nan if vote.k is None else float(vote.k), vote.because))
    frame = pd.DataFrame(rows, columns=["criterion", "label", "k", "because"])
    return frame.astype({"k": float})


def agreement(labelings: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Adjusted Rand index of every pair of labelings (n,) of the same rows; unplaced customers form a group.

    All tables of counts come from one product of stacked memberships.
    Source: Hubert & Arabie (1985), doi:10.1007/BF01908075.
    """
    keys = list(labelings)
    if len(keys) < 2:
        return pd.DataFrame({"first": [], "second": [], "adjusted_rand": []}).astype({"adjusted_rand": float})
    groups = [np.unique(labels, return_inverse=True) for labels in labelings.values()]
    starts = np.cumsum([0, *(len(names) for names, _ in groups)])
    member = np.zeros((len(groups[0][1]), starts[-1]), dtype=np.float32)  # counts below 2^24 are exact
    for start, (_, at) in zip(starts, groups, strict=False):
        member[np.arange(len(at)), start + at] = 1
    counts = (member.T @ member).astype(float)
    together = np.add.reduceat(np.add.reduceat(_pairs(counts), starts[:-1], axis=0), starts[:-1], axis=1)
    first, second = np.triu_indices(len(keys), 1)
    own, other, both = together[first, first], together[second, second], together[first, second]
    chance = own * other / max(_pairs(np.array(float(len(member)))), 1)
    span = (own + other) / 2 - chance
    index = np.divide(both - chance, span, out=np.ones(len(both)), where=span > 0)
    return pd.DataFrame({"first": np.take(keys, first), "second": np.take(keys, second), "adjusted_rand": index})


def _pairs(counts: np.ndarray) -> np.ndarray:
    return counts * (counts - 1) / 2


def tree_top(merges: np.ndarray, member: np.ndarray, *, leaves: int = LEAVES) -> pd.DataFrame:
    """The last merges of a linkage (m - 1, 4), over at most ``leaves`` leaves numbered by first appearance.

    ``member`` (n,) is the point of the linkage each customer hangs on, so that sizes are customers.
    """
    points = len(merges) + 1
    sizes = np.zeros(2 * points - 1)
    sizes[:points] = np.bincount(member, minlength=points)
    for step, (left, right) in enumerate(merges[:, :2].astype(int)):
        sizes[points + step] = sizes[left] + sizes[right]
    first = max(0, len(merges) - (leaves - 1))
    top = merges[first:]
    ends = top[:, :2].astype(int)
    kept = [int(node) for node in ends.ravel() if node < points + first]
    number = {node: at for at, node in enumerate(kept)} | {points + first + at: len(kept) + at for at in range(len(top))}
    return pd.DataFrame(
        {
            "left": [number[node] for node in ends[:, 0]],
            "right": [number[node] for node in ends[:, 1]],
            "height": top[:, 2],
            "left_size": sizes[ends[:, 0]].astype(np.int64),
            "right_size": sizes[ends[:, 1]].astype(np.int64),
        }
    )
