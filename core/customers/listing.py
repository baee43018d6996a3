"""Lists of the customers of one segment: which, in which order, and those that are looked for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.customers.kinds import AT_RISK, SUSPICIOUS, UNUSUAL_KIND, VALUABLE
from core.model import Column, Role, Segmentation, Table

VIEWS = ("typical", "border", "unusual", "all")
KIND_ORDER = {VALUABLE: 0, AT_RISK: 1, SUSPICIOUS: 2, UNUSUAL_KIND: 3}
MEASURES = ("margin", "depth", "unusual")
LONGEST = 100


def listed(segmentation: Segmentation, segment: int, view: str) -> np.ndarray:
    """Positions in the table of the customers of ``segment`` in the order of ``view``.

    typical: the most typical first; border: the nearest to the border first, equals by who is less typical; unusual:
    those of :attr:`Segmentation.unusual`, by kind and then by score; all: as in the file. Where nobody has placed them
    yet (:attr:`Segmentation.placing` is empty) all but unusual are as in the file.
    """
    rows = np.flatnonzero(segmentation.candidate.labels == segment)
    placing = segmentation.placing
    if view == "unusual":
        return _unusual(segmentation.unusual, segment)
    if view not in ("typical", "border") or len(placing) != len(segmentation.candidate.labels):
        return rows
    depth = placing["depth"].to_numpy()[rows]
    if view == "typical":
        return rows[np.argsort(-depth, kind="stable")]
    return rows[np.lexsort((depth, placing["margin"].to_numpy()[rows]))]


def _unusual(found: pd.DataFrame, segment: int) -> np.ndarray:
    if not len(found):
        return np.zeros(0, dtype=np.intp)
    own = found[found["segment"] == segment]
    order = np.lexsort((-own["score"].to_numpy(dtype=float), own["kind"].map(KIND_ORDER).to_numpy()))
    return own["row"].to_numpy(dtype=np.intp)[order]


def sought(table: Table, columns: list[Column], rows: np.ndarray, text: str) -> np.ndarray:
    """Those of ``rows`` whose cell in one of ``columns`` (ids) holds ``text``, letter case ignored; without a column of
    ids, the one whose place in the file, from 1, is ``text``."""
    wanted = " ".join(text.split()).casefold()[:LONGEST]
    if not wanted:
        return rows
    if not columns:
        return rows[rows == int(wanted) - 1] if wanted.isdecimal() and len(wanted) < 15 else rows[:0]
    met = np.zeros(len(rows), dtype=bool)
    for column in columns:
        cells = table.raw[column.name].iloc[rows]
        met |= np.array([wanted in str(cell).casefold() for cell in cells], dtype=bool)
    return rows[met]


def in_order(table: Table, segmentation: Segmentation, rows: np.ndarray, by: str, *, falling: bool) -> np.ndarray:
    """``rows`` by the cells of the column named ``by``, or by a measure of ``MEASURES`` ("=margin"); gaps last, equals as
    they are."""
    if by.startswith("=") and by[1:] in MEASURES:
        keys = segmentation.placing[by[1:]].to_numpy(dtype=float)[rows]
    else:
        keys = _keys(table.frame[by].iloc[rows])
    return rows[np.argsort(-keys if falling else keys, kind="stable")]


def _keys(cells: pd.Series) -> np.ndarray:
    """Numbers (n,) in the order of the cells, NaN for gaps; texts by their alphabet."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.to_numpy(dtype=float)
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        keys = cells.to_numpy().astype("datetime64[us]").astype(float)
    else:
        keys = pd.factorize(cells, sort=True)[0].astype(float)
    return np.where(cells.isna().to_numpy(), np.nan, keys)


def shown_columns(table: Table, roles: Mapping[str, Role], segmentation: Segmentation, segment: int, *, most: int = 5) -> list[Column]:
    """Ids first, then the columns in which the segment differs most from everyone else, then others that shape it."""
    ids = [column for column in table.columns if roles.get(column.name) is Role.ID]
    contrasts = segmentation.contrasts
    told = contrasts[contrasts["segment"] == segment]["column"].tolist() if "segment" in contrasts else []
    shaping = [column.name for column in table.columns if roles.get(column.name) is Role.FEATURE]
    names = [name for name in dict.fromkeys([*told, *shaping]) if roles.get(name) not in (Role.ID, Role.IGNORE, None)]
    return [*ids[:2], *(table.column(name) for name in names[:most])]
