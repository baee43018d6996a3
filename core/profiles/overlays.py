"""Small distributions of each column in each segment, over that of everyone, on the same places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from core.model import Kind, Role, Table
from core.profiles.differences import SHOWN
from core.profiles.places import Places, placed
from core.profiles.survey import EVERYONE

OVERLAYS = ("candidate", "segment", "column", "place", "label", "low", "high", "share")
MOST_COLUMNS = 24
DRAWN_KINDS = (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY, Kind.DATE)


def overlays(
    table: Table,
    roles: Mapping[str, Role],
    labelings: Mapping[str, np.ndarray],
    *,
    differences: pd.DataFrame,
    threads: int = 1,
) -> pd.DataFrame:
    """One row per candidate, segment (0 is everyone, noise has none), column and place, in this order.

    ``place`` counts from 0; ``label`` says in words what is there, ``low`` and ``high`` are its ends in the unit of the
    column (see :func:`core.profiles.places.placed`), the same in all segments and candidates. ``share`` (float32,
    0..1) is that of the segment's filled cells and sums to 1; it is 0 throughout where all cells are empty.

    Of the feature, profile-only and outcome columns at most 24 are shown: those in which segments differ most by
    ``differences`` (see :mod:`core.profiles.differences`), by the largest effect of each candidate on average; dates,
    which have none, come last.
    """
    columns = _chosen(table, roles, differences)
    if not columns or not labelings or not len(table):
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _DTYPES.items()})
    labeled = list(labelings.values())
    segments = [np.concatenate([[EVERYONE], np.unique(labels[labels > 0])]) for labels in labeled]

    def one(name: str) -> tuple[Places, list[np.ndarray]]:
        places = placed(table.frame[name], table.column(name))
        return places, [_shares(places, labels, rows) for labels, rows in zip(labeled, segments, strict=True)]

    with ThreadPoolExecutor(threads, thread_name_prefix="overlays") as pool:
        found = dict(zip(columns, pool.map(one, columns), strict=True))
    return _framed(found, list(labelings), segments)


def _chosen(table: Table, roles: Mapping[str, Role], differences: pd.DataFrame) -> list[str]:
    """Names of the columns to be shown, in the order of the table."""
    names = [c.name for c in table.columns if roles.get(c.name, c.role) in SHOWN and c.kind in DRAWN_KINDS]
    if len(names) <= MOST_COLUMNS:
        return names
    sizes = differences.assign(effect=differences["effect"].abs()).groupby(["candidate", "column"])["effect"].max()
    apart = sizes.groupby("column").mean().reindex(names).fillna(-1.0).to_numpy()
    kept = set(np.argsort(-apart, kind="stable")[:MOST_COLUMNS].tolist())
    return [name for at, name in enumerate(names) if at in kept]


def _shares(places: Places, labels: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """(segments, places) float32 shares of filled cells; the first segment is everyone."""
    width, most = len(places.labels) + 1, int(segments.max()) + 1
    slot = np.maximum(labels, 0).astype(np.int32)  # noise counts for everyone alone
    counts = np.bincount(slot * width + places.at, minlength=most * width).reshape(-1, width)[:, :-1]
    own = counts[segments]
    own[0] = counts.sum(axis=0)
    return (own / np.maximum(own.sum(axis=1, keepdims=True), 1)).astype(np.float32)


def _framed(
    found: Mapping[str, tuple[Places, list[np.ndarray]]], keys: Sequence[str], segments: Sequence[np.ndarray]
) -> pd.DataFrame:
    places = [one for one, _ in found.values()]
    widths = [len(one.labels) for one in places]
    rows = sum(len(part) for part in segments)
    by_place = {
        "column": np.repeat(np.array(list(found), dtype=object), widths),
        "place": np.concatenate([np.arange(width) for width in widths]),
        "label": np.array([label for one in places for label in one.labels], dtype=object),
        "low": np.concatenate([one.low for one in places]),
        "high": np.concatenate([one.high for one in places]),
    }
    cells = {name: np.tile(part, rows) for name, part in by_place.items()}
    cells["candidate"] = np.repeat(np.array(keys, dtype=object), [len(part) * sum(widths) for part in segments])
    cells["segment"] = np.repeat(np.concatenate(segments), sum(widths))
    by_column = [np.concatenate(shares) for _, shares in found.values()]
    cells["share"] = np.concatenate(by_column, axis=1).ravel()
    return pd.DataFrame({name: pd.Series(cells[name]).astype(kind) for name, kind in _DTYPES.items()})


_DTYPES = {
    "candidate": "str", "segment": "int64", "column": "str", "place": "int64", "label": "str", "low": "float64",
    "high": "float64", "share": "float32",
}  # fmt: skip
