"""The profile as one tidy frame: a row per segment and column, in original units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.model import NOISE, Column, Kind, Role, Table

EVERYONE = 0
COLUMNS = (
    "segment",
    "segment_name",
    "customers",
    "share",
    "column",
    "kind",
    "unit",
    "mean",
    "median",
    "minimum",
    "maximum",
    "most_common",
    "most_common_share",
    "gaps",
)
NUMERIC = (Kind.NUMBER, Kind.FLAG)
FIGURES = ("mean", "median", "minimum", "maximum")


def profile(
    table: Table,
    roles: Mapping[str, Role],
    labels: np.ndarray,
    *,
    names: Mapping[int, str] | None = None,
    units: Mapping[str, str] | None = None,
    whole: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per segment and column, for every column whose role is neither ID nor IGNORE.

    ``labels`` (n_table,). Columns are ``COLUMNS``: ``segment`` 0 is everyone, then
    1..k, then NOISE where present; ``share`` of all customers (0..1). Numbers and
    flags have mean, median, minimum, maximum (a flag's mean is the share of
    yes); categories the most common value and its share of the filled cells;
    dates "earliest to latest" as most common. ``gaps`` counts empty cells.
    ``whole`` is the result of :func:`everyone` where it is known already.
    """
    names = {EVERYONE: "Everyone"} | dict(names or {})
    counts = sizes(labels)
    parts = [everyone(table, roles) if whole is None else whole]
    segments = [*(s for s in counts if s != NOISE), *([NOISE] if NOISE in counts else [])]
    if segments:
        parts.append(_facts(table, shown(table, roles), labels, segments))
    tidy = pd.concat(parts, ignore_index=True)
    customers = tidy["segment"].map({EVERYONE: len(table), **counts}).astype(np.int64)
    tidy["segment_name"] = tidy["segment"].map(lambda s: names.get(s, "Not placed" if s == NOISE else f"Segment {s}"))
    tidy["customers"], tidy["share"] = customers, customers / max(len(table), 1)
    tidy["unit"] = [(units or {}).get(c, u) for c, u in zip(tidy["column"], tidy["unit"], strict=True)]
    return tidy[list(COLUMNS)]


def everyone(table: Table, roles: Mapping[str, Role]) -> pd.DataFrame:
    """The facts of all customers together, under segment 0."""
    return _facts(table, shown(table, roles), np.zeros(len(table), dtype=np.int16), [EVERYONE])


def shown(table: Table, roles: Mapping[str, Role]) -> list[Column]:
    """The columns a profile speaks of."""
    return [c for c in table.columns if roles.get(c.name, c.role) not in (Role.ID, Role.IGNORE)]


def sizes(labels: np.ndarray) -> dict[int, int]:
    """Customers by segment, segments rising from 1, NOISE last where present."""
    segments, counts = np.unique(labels, return_counts=True)
    found = {int(s): int(n) for s, n in zip(segments, counts, strict=True)}
    return {s: n for s, n in found.items() if s > 0} | ({NOISE: found[NOISE]} if NOISE in found else {})


def _facts(table: Table, columns: list[Column], labels: np.ndarray, segments: list[int]) -> pd.DataFrame:
    """Facts by segment and column, segments in the order given, columns in the order of the table."""
    blocks = [_of_column(table.frame[c.name], c, labels).reindex(segments) for c in columns]
    if not blocks:
        return pd.DataFrame({"segment": pd.Series(dtype=np.int64), **{c: pd.Series(dtype=object) for c in COLUMNS[1:]}})
    tidy = pd.concat(blocks, keys=range(len(blocks)), names=["order", "segment"]).reset_index()
    tidy["rank"] = tidy["segment"].map({segment: rank for rank, segment in enumerate(segments)})
    return tidy.sort_values(["rank", "order"], ignore_index=True).drop(columns=["rank", "order"])


def _of_column(cells: pd.Series, column: Column, labels: np.ndarray) -> pd.DataFrame:
    """The facts of one column, indexed by segment."""
    cells = cells.reset_index(drop=True)
    out = pd.DataFrame(index=pd.Index(np.unique(labels), name="segment"))
    out["column"], out["kind"], out["unit"] = column.name, str(column.kind), column.unit
    for name in FIGURES:
        out[name] = np.nan
    out["most_common"], out["most_common_share"] = "", np.nan
    if column.kind in NUMERIC:
        out[list(FIGURES)] = _figures(cells, labels)
    elif column.kind is Kind.DATE:
        out["most_common"] = _span(cells, labels)
    else:
        out[["most_common", "most_common_share"]] = _most_common(cells, labels)
    out["gaps"] = cells.isna().groupby(labels).sum().astype(np.int64)
    return out


def _figures(cells: pd.Series, labels: np.ndarray) -> pd.DataFrame:
    found = cells.astype(np.float64).groupby(labels).agg(["mean", "median", "min", "max"])
    return found.set_axis(list(FIGURES), axis=1)


def _span(cells: pd.Series, labels: np.ndarray) -> pd.Series:
    found = cells.groupby(labels).agg(["min", "max"])
    text = found["min"].dt.strftime("%Y-%m-%d") + " to " + found["max"].dt.strftime("%Y-%m-%d")
    return text.astype(object).where(found["min"].notna(), "")


def _most_common(cells: pd.Series, labels: np.ndarray) -> pd.DataFrame:
    """Most frequent value (ties by the value's text) and its share of filled cells, by segment."""
    out = pd.DataFrame({"most_common": "", "most_common_share": np.nan}, index=np.unique(labels))
    filled = cells.notna().to_numpy()
    codes, values = pd.factorize(cells[filled].astype(str), sort=True)
    if len(values) == 0:
        return out
    pairs = pd.DataFrame({"segment": labels[filled], "code": codes})
    counts = pairs.value_counts(sort=False).reset_index().sort_values(["segment", "count", "code"], ascending=[1, 0, 1])
    top = counts.groupby("segment").first()
    out.loc[top.index, "most_common"] = np.asarray(values, dtype=object)[top["code"]]
    out.loc[top.index, "most_common_share"] = top["count"] / pairs.groupby("segment").size()
    return out
