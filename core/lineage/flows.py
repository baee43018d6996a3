"""From-to: how many customers went from which segment to which, and what they spent, summing to the files exactly."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

ABSENT = 0
"""The segment of a customer who is not in that file."""
STEPS = (1, 100, 10_000)


def flows(
    before: np.ndarray, now: np.ndarray, partner: np.ndarray, *, money: tuple[np.ndarray | None, np.ndarray | None] = (None, None)
) -> pd.DataFrame:
    """One row per pair of segments that somebody has: before, now, customers, revenue_before, revenue_now.

    ``before`` (n_before,) and ``now`` (n_now,) are segments, NOISE for not placed; ``partner`` as in
    :class:`core.lineage.following.Followed`. Who is in one file alone stands under 0 on the other side, so that the rows
    without 0 before sum to the file of before, those without 0 now to that of now. ``money`` by row, gaps as nothing, is summed in whole
    cents (or finer, where all amounts are whole in it), so that revenue reconciles to the cent; NaN where there is none.
    """
    followed = np.flatnonzero(partner >= 0)
    alone = np.ones(len(before), dtype=bool)
    alone[partner[followed]] = False
    lost, fresh = np.flatnonzero(alone), np.flatnonzero(partner < 0)
    old_row = np.concatenate([partner[followed], lost, np.full(len(fresh), -1)]).astype(np.intp)
    new_row = np.concatenate([followed, np.full(len(lost), -1), fresh]).astype(np.intp)
    step = _step(money)
    spent = [_spent(one, rows, step) for one, rows in zip(money, (old_row, new_row), strict=True)]
    frame = pd.DataFrame({
        "before": _taken(before, old_row), "now": _taken(now, new_row), "customers": 1,
        "revenue_before": spent[0], "revenue_now": spent[1],
    })  # fmt: skip
    found = frame.groupby(["before", "now"], as_index=False, sort=True).sum()
    for name, one in zip(("revenue_before", "revenue_now"), money, strict=True):
        found[name] = found[name] / step if one is not None else np.nan
    return found.astype({"before": np.int16, "now": np.int16, "customers": np.int64, "revenue_before": float, "revenue_now": float})


def members(
    before: np.ndarray, now: np.ndarray, partner: np.ndarray, *, cell: tuple[int | None, int | None]
) -> tuple[np.ndarray, np.ndarray]:
    """The customers in one ``cell`` (before, now) of :func:`flows`, None for a whole row or column of it, as (m,) rows of
    before and (m,) rows of now, -1 where somebody is not in that file; in the order of now, the lost last."""
    alone = np.ones(len(before), dtype=bool)
    alone[partner[partner >= 0]] = False
    lost = np.flatnonzero(alone)
    old_row = np.concatenate([partner, lost]).astype(np.intp)
    new_row = np.concatenate([np.arange(len(now)), np.full(len(lost), -1)]).astype(np.intp)
    wanted = np.ones(len(old_row), dtype=bool)
    for segment, labels, rows in zip(cell, (before, now), (old_row, new_row), strict=True):
        if segment is not None:
            wanted &= _taken(labels, rows) == segment
    return old_row[wanted], new_row[wanted]


def _taken(labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.where(rows >= 0, np.append(labels, ABSENT)[rows], ABSENT)


def _step(money: tuple[np.ndarray | None, np.ndarray | None]) -> int:
    """Into how many parts one unit is cut: the fewest in which all amounts are whole, else 100."""
    known = [np.abs(one[np.isfinite(one)]) for one in money if one is not None]
    values = np.concatenate([*known, np.zeros(1)])
    fits = [step for step in STEPS if math.fsum(values) * step < 2**53]
    return next((step for step in fits if _whole(values * step)), 100 if 100 in fits else 1)


def _whole(values: np.ndarray) -> bool:
    return bool((np.abs(values - np.round(values)) <= 1e-9 * np.maximum(values, 1)).all())


def _spent(money: np.ndarray | None, rows: np.ndarray, step: int) -> np.ndarray:
    """Whole steps of each row as float64, exact below 2**53; 0 for who is not in the file."""
    if money is None:
        return np.zeros(len(rows))
    parts = np.round(np.where(np.isfinite(money), money, 0) * step)
    return np.where(rows >= 0, np.append(parts, 0)[rows], 0)
