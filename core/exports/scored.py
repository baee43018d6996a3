"""A file of customers with where a model placed each of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import NOISE, Scored, Table
from core.neutral import as_text

OURS = ("segment", "segment_name", "confidence", "runner_up", "unlike_anyone")


def scored_table(table: Table, scored: Scored) -> pd.DataFrame:
    """One row per row of the table in its order, cells as text exactly as read, then our five columns, as text too.

    One of our names that the file has already (letter case ignored) becomes ``segment_2`` and so on.
    """
    frame = pd.DataFrame({name: as_text(table.raw[name]) for name in table.raw.columns})
    names, found = free_names(table), scored.frame
    inside = found["segment"].to_numpy() != NOISE
    frame[names["segment"]] = found["segment"].astype(int).astype(str).to_numpy(dtype=object)
    frame[names["segment_name"]] = np.where(inside, found["segment_name"].astype(str), "not placed").astype(object)
    frame[names["confidence"]] = [f"{value:g}" for value in found["confidence"]]
    frame[names["runner_up"]] = ["" if value < 1 else str(int(value)) for value in found["runner_up"]]
    frame[names["unlike_anyone"]] = np.where(found["unlike_anyone"].astype(bool), "yes", "no").astype(object)
    return frame


def free_names(table: Table) -> dict[str, str]:
    """The names of our columns in this file."""
    taken, names = {str(name).casefold() for name in table.raw.columns}, {}
    for name in OURS:
        free, turn = name, 1
        while free.casefold() in taken:
            turn += 1
            free = f"{name}_{turn}"
        taken.add(free.casefold())
        names[name] = free
    return names
