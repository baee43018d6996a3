"""Columns that go together: a tree of them by rank correlation, cut where they no longer do."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.explainers.design import Design

TOGETHER = 0.7
"""Spearman's rho (0..1) from which columns are shuffled together."""
GROUPS = ("group", "columns", "importance", "low", "high")


def grouped(of: Design) -> list[list[int]]:
    """The places of the columns of each group, a column of its own being one; in the order of the first column.

    Groups are the branches of an average-linkage tree over 1 - |rho| that hold together at 0.7 or more; of a category
    the level that goes best with the other column counts.
    """
    if len(of.columns) < 2:
        return [[place] for place in range(len(of.columns))]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    near = _near(of)
    tree = linkage(squareform(1 - near, checks=False), "average")
    found = fcluster(tree, 1 - TOGETHER + 1e-9, "distance")
    sets = [np.flatnonzero(found == branch).tolist() for branch in np.unique(found)]
    return sorted(sets, key=lambda members: members[0])


def _near(of: Design) -> np.ndarray:
    """(columns, columns) largest |rho| of any pair of features, 0 for columns that do not vary."""
    from scipy.stats import rankdata

    ranks = rankdata(of.filled(np.arange(len(of.values))), axis=0)
    ranks -= ranks.mean(axis=0)
    length = np.sqrt((ranks**2).sum(axis=0))
    ranks /= np.where(length > 0, length, 1)
    rho = np.abs(ranks.T @ ranks)
    count = len(of.columns)
    near = np.zeros((count, count))
    np.maximum.at(near, (of.owner[:, None], of.owner[None, :]), rho)
    np.fill_diagonal(near, 1)
    return np.clip(near, 0, 1)


def with_groups(
    ranked: pd.DataFrame, columns: Sequence[str], sets: Sequence[Sequence[int]], together: Sequence[tuple[float, float, float]]
) -> pd.DataFrame:
    """The frame ``groups`` (group from 1, columns as a JSON list, importance, low, high), falling.

    ``together`` are the figures of the sets of several columns in their order; those of single ones are in ``ranked``.
    """
    alone = ranked.set_index("column")
    several = iter(together)
    rows = []
    for members in sets:
        figures = next(several) if len(members) > 1 else alone.loc[columns[members[0]], ["importance", "low", "high"]]
        rows.append((json.dumps([columns[place] for place in members], ensure_ascii=False), *map(float, figures)))
    found = pd.DataFrame(rows, columns=list(GROUPS[1:])).sort_values("importance", ascending=False, kind="stable", ignore_index=True)
    found.insert(0, "group", np.arange(1, len(found) + 1))
    return found
