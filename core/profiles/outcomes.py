"""Whether segments differ in columns that did not shape them: effect size with an interval, and a corrected p-value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind, Role, Table
from core.profiles.associations import Association, holm, of_numbers, of_values
from core.profiles.differences import SHOWN
from core.profiles.drawn import drawn
from core.profiles.outcome_words import Extreme, told
from core.profiles.places import placed

OUTCOMES = ("column", "role", "measure", "value", "low", "high", "p", "differs", "told")
LOOKED_AT = (Role.PROFILE, Role.OUTCOME)
KINDS = (Kind.NUMBER, Kind.DATE, Kind.FLAG, Kind.CATEGORY)
MOST_DRAWN = 5_000
BEYOND_CHANCE = 0.05
_DAY = 86_400 * 10**9


@dataclass(frozen=True)
class _Cells:
    """Of one column what is filled, in customers who are placed: numbers, or codes of the values ``labels``.

    ``groups`` (m,) are their segments, ``drawn`` the positions among them of those who are resampled.
    """

    cells: np.ndarray
    labels: tuple[str, ...]
    groups: np.ndarray
    drawn: np.ndarray


def outcomes(
    table: Table,
    roles: Mapping[str, Role],
    labels: np.ndarray,
    *,
    names: Mapping[int, str] | None = None,
    units: Mapping[str, str] | None = None,
    seed: int,
) -> pd.DataFrame:
    """One row per outcome and profile-only column of numbers, dates, flags or categories, in the order of the table.

    ``labels`` (n_table,); customers who are not placed are left out. ``measure`` is "eta squared" for numbers and
    dates (days), "Cramer's V" for flags and categories (their 12 commonest values, all others as one); ``value`` (0..1)
    with its 95 % bootstrap interval ``low`` to ``high``, from at most 5,000 customers. ``p`` is corrected for the number
    of rows by Holm (1979); ``differs`` says that it is below 0.05. ``told`` is a sentence that says how much and which
    segments (by ``names``) lie highest and lowest. NaN where no difference can be: one segment, or one value only.

    There is no row for columns that shaped the segments: they differ because they were made to, and a p-value of that
    is circular (Kriegeskorte et al. 2009, doi:10.1038/nn.2303); their effect sizes are in
    :mod:`core.profiles.differences`.
    """
    columns = [c for c in table.columns if roles.get(c.name, c.role) in LOOKED_AT and c.kind in KINDS]
    if not columns or not len(table):
        return _framed([])
    shown = [c.name for c in table.columns if roles.get(c.name, c.role) in SHOWN and c.kind in KINDS]
    picked = np.zeros(len(table), dtype=np.int64)  # places in the draw from 1, so that it is used in its own order
    rows = drawn(table.frame, shown, most=MOST_DRAWN, seed=seed)
    picked[rows] = np.arange(1, len(rows) + 1)
    cells = [_filled(table.frame[column.name], column, labels, picked=picked) for column in columns]
    found = [_associated(column, one, seed=seed) for column, one in zip(columns, cells, strict=True)]
    corrected = holm(np.array([one.p for one in found]))
    out = []
    for column, one, part, p in zip(columns, found, cells, corrected, strict=True):
        differs = bool(p < BEYOND_CHANCE)
        unit = (units or {}).get(column.name, column.unit)
        sentence = told(column, unit, one, differs=differs, extremes=_extremes(column, part, names or {}))
        out.append((column.name, str(roles.get(column.name, column.role)), one.measure, one.value, one.low, one.high,
                    p, differs, sentence))  # fmt: skip
    return _framed(out)


def _filled(cells: pd.Series, column: Column, labels: np.ndarray, *, picked: np.ndarray) -> _Cells:
    words: tuple[str, ...] = ()
    if column.kind is Kind.NUMBER:
        values = cells.to_numpy(np.float64)
        there = ~np.isnan(values)
    elif column.kind is Kind.DATE:
        values = cells.to_numpy().astype("datetime64[ns]").astype(np.int64) / _DAY
        there = cells.notna().to_numpy()
    else:
        places = placed(cells, column)
        values, words = places.at.astype(np.int64), places.labels
        there = values < len(words)
    there = there & (labels > 0)
    order = picked[there]
    at = np.flatnonzero(order)
    return _Cells(values[there], words, labels[there].astype(np.int64), at[np.argsort(order[at])])


def _associated(column: Column, part: _Cells, *, seed: int) -> Association:
    numeric = not part.labels
    if not len(part.cells) or not len(part.drawn):
        return Association("eta squared" if column.kind in (Kind.NUMBER, Kind.DATE) else "Cramer's V")
    return (of_numbers if numeric else of_values)(part.cells, part.groups, drawn=part.drawn, seed=seed)


def _extremes(column: Column, part: _Cells, names: Mapping[int, str]) -> tuple[Extreme, Extreme] | None:
    """The segments that lie highest and lowest: by their mean, or by the share of the value in which they differ most."""
    segments, groups = np.unique(part.groups, return_inverse=True)
    if len(segments) < 2:
        return None
    counts = np.bincount(groups)
    if part.labels:
        width = len(part.labels)
        shares = np.bincount(groups * width + part.cells, minlength=len(segments) * width).reshape(-1, width) / counts[:, None]
        most = width - 1 if column.kind is Kind.FLAG else int(np.argmax(np.ptp(shares, axis=0)))
        figures, value = shares[:, most], part.labels[most]
    else:
        # halves, so that the sum of the largest numbers is finite
        figures, value = np.array([2 * (part.cells[groups == at] / 2 / counts[at]).sum() for at in range(len(segments))]), ""
    ends = (int(np.argmax(figures)), int(np.argmin(figures)))
    high, low = (Extreme(names.get(int(segments[at]), f"segment {segments[at]}"), float(figures[at]), value) for at in ends)
    return high, low


def _framed(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(OUTCOMES))
    kinds = dict.fromkeys(("value", "low", "high", "p"), "float64") | {"differs": "bool"}
    return frame.astype({name: kinds.get(name, "str") for name in OUTCOMES})
