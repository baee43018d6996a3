"""Which columns go together, for at most 30 of them: those that are related most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.explore.association import correlation_ratio, cramers_v, pearson, ranked, spearman
from core.explore.cells import Cells
from core.model import Kind, Relations

MOST_SHOWN = 30
MOST_ROWS = 100_000
MOST_LEVELS = 100
"""Categories with more different values are left out: with as many groups nearly anything differs between them."""
SCREENED_CATEGORIES = 100
SCREENED_CELLS = 10_000_000
COLUMNS = ("first", "second", "measure", "value", "rows")


def relate(every: Sequence[Cells], order: np.ndarray) -> Relations:
    """The relations of the columns over the first 100,000 rows of ``order``.

    Two amounts (numbers, flags as 0 and 1, dates) go by Spearman and Pearson, an
    amount and a category by the correlation ratio, two categories (a flag and a
    category, too) by Cramer's V. Columns that do not vary, texts and ids are no candidates.
    """
    candidates = [cells for cells in every if _measurable(cells)]
    rows = order[:MOST_ROWS]
    shown = candidates if len(candidates) <= MOST_SHOWN else _most_related(candidates, order)
    if len(shown) < 2 or not len(rows):
        return Relations(pd.DataFrame(columns=list(COLUMNS)), (), len(candidates), len(rows))
    frame = _frame(shown, rows)
    return Relations(frame, _alike(frame, [cells.place for cells in shown]), len(candidates), len(rows))


def _measurable(cells: Cells) -> bool:
    if cells.column.distinct < 2:
        return False
    return cells.amount or cells.column.kind is Kind.CATEGORY and len(cells.levels) <= MOST_LEVELS


def _frame(shown: Sequence[Cells], rows: np.ndarray) -> pd.DataFrame:
    """The tidy frame of all pairs of ``shown``, in the order of the table."""
    amounts, groups = _split(shown)
    found: list[tuple] = []
    if amounts:
        values = _values(amounts, rows)
        for measure, of in (("spearman", spearman), ("pearson", pearson)):
            matrix, counts = of(values)
            for a, b in zip(*np.triu_indices(len(amounts), 1), strict=True):
                found.append((amounts[a].place, amounts[b].place, measure, matrix[a, b], counts[a, b]))
        for group in groups:
            eta, counts = correlation_ratio(group.values[rows], values)
            for amount, value, count in zip(amounts, eta, counts, strict=True):
                if amount.column.kind is Kind.FLAG:
                    value, count = cramers_v(_codes(amount, rows), group.values[rows])
                measure = "cramers_v" if amount.column.kind is Kind.FLAG else "eta"
                found.append((*sorted((amount.place, group.place)), measure, value, count))
    for place, one in enumerate(groups):
        for other in groups[place + 1 :]:
            value, count = cramers_v(one.values[rows], other.values[rows])
            found.append((one.place, other.place, "cramers_v", value, count))
    frame = pd.DataFrame(found, columns=list(COLUMNS)).astype({"value": float, "rows": "int64"})
    return frame.sort_values(["first", "second", "measure"], ascending=[True, True, False], ignore_index=True)


def _split(some: Sequence[Cells]) -> tuple[list[Cells], list[Cells]]:
    return [cells for cells in some if cells.amount], [cells for cells in some if not cells.amount]


def _values(amounts: Sequence[Cells], rows: np.ndarray) -> np.ndarray:
    values = np.empty((len(rows), len(amounts)))
    for place, cells in enumerate(amounts):
        values[:, place] = cells.values[rows]
    values[np.isinf(values)] = np.nan
    return values


def _codes(flag: Cells, rows: np.ndarray) -> np.ndarray:
    values = flag.values[rows]
    return np.where(np.isnan(values), -1, values).astype(np.int32)


def _most_related(candidates: Sequence[Cells], order: np.ndarray) -> list[Cells]:
    """The columns of the strongest pairs, at most 30, in the order of the table; screened on a part of the rows.

    Here ranks are those among a column's own filled cells, and of categories the
    first 100 take part.
    """
    rows = order[: min(MOST_ROWS, max(1_000, SCREENED_CELLS // len(candidates)))]
    amounts, groups = _split(candidates)
    groups = groups[:SCREENED_CATEGORIES]
    values = _values(amounts, rows)
    size = len(amounts) + len(groups)
    strength = np.zeros((size, size))
    if amounts:
        strength[: len(amounts), : len(amounts)] = np.abs(pearson(ranked(values))[0])
    for at, group in enumerate(groups, start=len(amounts)):
        if amounts:
            strength[: len(amounts), at] = correlation_ratio(group.values[rows], values)[0]
        for other in range(at + 1, size):
            strength[at, other] = cramers_v(group.values[rows], groups[other - len(amounts)].values[rows])[0]
    first, second = np.triu_indices(size, 1)
    falling = np.argsort(-np.nan_to_num(strength[first, second]).round(9), kind="stable")
    every, chosen = [*amounts, *groups], dict[int, None]()
    for pair in falling:
        chosen |= dict.fromkeys((int(first[pair]), int(second[pair])))
        if len(chosen) >= MOST_SHOWN:
            break
    return sorted((every[place] for place in list(chosen)[:MOST_SHOWN]), key=lambda cells: cells.place)


def _alike(frame: pd.DataFrame, places: list[int]) -> tuple[int, ...]:
    """``places`` so ordered that columns that go together stand together (average linkage over 1 - strength)."""
    if len(places) < 3:
        return tuple(places)
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    at = {place: index for index, place in enumerate(places)}
    away = np.ones((len(places), len(places)))
    np.fill_diagonal(away, 0.0)
    for first, second, measure, value, _ in frame.itertuples(index=False):
        if measure != "pearson" and np.isfinite(value):
            away[at[first], at[second]] = away[at[second], at[first]] = 1 - abs(value)
    tree = linkage(squareform(away, checks=False), "average", optimal_ordering=True)
    return tuple(places[leaf] for leaf in leaves_list(tree))
