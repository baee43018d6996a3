"""The profile as one tidy frame: a row per segment and column, in original units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.model import NOISE, Role, Table
from core.profiles.columns import FIGURES
from core.profiles.survey import EVERYONE, Survey, survey

SPARE = {EVERYONE: "Everyone", NOISE: "Not placed"}
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


def profile(
    table: Table,
    roles: Mapping[str, Role],
    labels: np.ndarray,
    *,
    names: Mapping[int, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """One row per segment and column, for every column whose role is neither ID nor IGNORE.

    ``labels`` (n_table,). Columns are ``COLUMNS``: ``segment`` 0 is everyone, then
    1..k, then NOISE where present; ``share`` of all customers (0..1). Numbers and
    flags have mean, median, minimum, maximum (a flag's mean is the share of
    yes); categories the most common value and its share of the filled cells (ties
    to the smallest value); dates "earliest to latest" as most common. ``gaps``
    counts empty cells.
    """
    known = survey(table, roles, [labels])
    return tidy(known, [""], [names or {}], units=units or {}).drop(columns="candidate")


def tidy(
    known: Survey, keys: Sequence[str], names: Sequence[Mapping[int, str]], *, units: Mapping[str, str]
) -> pd.DataFrame:
    """The profiles of all labelings of ``known`` below one another, with their key in the column ``candidate``."""
    if not keys or not known.columns:
        return pd.DataFrame(columns=["candidate", *COLUMNS])
    pieces = [at for labeling in range(1, len(keys) + 1) for at in (0, labeling)]
    rows = pd.concat([_rows(known, keys, names), _shares(known, pieces)], axis=1)
    columns = pd.DataFrame(
        {
            "column": [c.name for c in known.columns],
            "kind": [str(c.kind) for c in known.columns],
            "unit": [units.get(c.name, c.unit) for c in known.columns],
        }
    )
    parts = [
        rows.iloc[np.repeat(np.arange(len(rows)), len(columns))],
        columns.iloc[np.tile(np.arange(len(columns)), len(rows))],
    ]
    whole = pd.concat([part.reset_index(drop=True) for part in parts], axis=1)
    whole[list(FIGURES)] = _cells(known, pieces, "figures")
    whole["most_common"] = _cells(known, pieces, "common")
    whole["most_common_share"] = _cells(known, pieces, "share")
    whole["gaps"] = _cells(known, pieces, "gaps")
    return whole[["candidate", *COLUMNS]]


def _rows(known: Survey, keys: Sequence[str], names: Sequence[Mapping[int, str]]) -> pd.DataFrame:
    """Candidate, segment and its name, everyone before the segments of each labeling."""
    rows = [
        (key, segment, given.get(segment, SPARE.get(segment, f"Segment {segment}")))
        for key, given, sizes in zip(keys, names, known.sizes[1:], strict=True)
        for segment in (EVERYONE, *sizes)
    ]
    return pd.DataFrame(rows, columns=["candidate", "segment", "segment_name"])


def _shares(known: Survey, pieces: Sequence[int]) -> pd.DataFrame:
    customers = np.array([n for at in pieces for n in known.sizes[at].values()], dtype=np.int64)
    return pd.DataFrame({"customers": customers, "share": customers / max(known.sizes[0][EVERYONE], 1)})


def _cells(known: Survey, pieces: Sequence[int], name: str) -> np.ndarray:
    """One fact of every segment and column: (segments * columns, ...), column by column within a segment."""
    slots = [(at, np.array(list(known.sizes[at]), dtype=np.intp) + 1) for at in pieces]
    by_column = [np.concatenate([getattr(one.facts[at], name)[rows] for at, rows in slots]) for one in known.studied]
    together = np.stack(by_column, axis=1)
    return together.reshape(-1, *together.shape[2:])
