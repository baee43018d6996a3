"""What the Atlas looks at, made by hand from the twelve customers of ``made``: three segments of six, four and two."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from core.model import NOISE, Role, Segmentation, Table
from core.profiles.differences import differences
from core.profiles.overlays import overlays
from tests.dashboard import made

KEY, RUN = "kmeans-3", "r" * 22


def segmentation(table: Table | None = None, *, labels: np.ndarray | None = None, **changes: Any) -> Segmentation:
    """The real facts of these labels (kmeans-3 unless others are given), with ``changes`` on top."""
    chosen = made.comparison().choose(KEY)
    found = chosen.candidate.labels if labels is None else np.asarray(labels, dtype=np.int16)
    if labels is not None:
        names = {int(s): f"Group {s}" for s in np.unique(found) if s != NOISE}
        sizes = {int(s): int((found == s).sum()) for s in np.unique(found)}
        chosen = replace(chosen, candidate=replace(chosen.candidate, labels=found, names=names, sizes=sizes, trust={}))
    apart, drawn = _usual() if table is None and labels is None else _frames(table or made.table(), found)
    return replace(chosen, **({"contrasts": apart.copy(), "overlays": drawn.copy()} | changes))


@cache
def _usual() -> tuple[pd.DataFrame, pd.DataFrame]:
    return _frames(made.table(), made.comparison().candidate(KEY).labels)


def _frames(table: Table, labels: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    roles = {column.name: column.role for column in table.columns}
    apart = differences(table, roles, {KEY: labels}, units={c.name: c.unit for c in table.columns}, seed=0)
    drawn = overlays(table, roles, {KEY: labels}, differences=apart)
    return apart.drop(columns="candidate"), drawn.drop(columns="candidate")


def looked(of: Segmentation | None = None, *, waiting: bool = False) -> SimpleNamespace:
    """What components take of ``dashboard.atlas.Looked``."""
    of = of or segmentation()
    sizes = of.candidate.sizes
    segments = tuple(sorted((s for s in sizes if s != NOISE), key=lambda s: (-sizes[s], s)))
    return SimpleNamespace(segmentation=of, segments=segments, here=SimpleNamespace(run=SimpleNamespace(id=RUN)), key=KEY, waiting=waiting)


def many(columns: int, *, seed: int = 0, rows: int = 300, segments: int = 3) -> tuple[Table, np.ndarray]:
    """A table of ``columns`` numbers, and labels that shift the first ones most; gaps in the second column."""
    rng = np.random.default_rng(seed)
    labels = np.arange(rows) % segments + 1
    values = {f"n{at}": rng.normal(10, 2, rows) + 3 * (labels == at % segments + 1) / (1 + at / 3) for at in range(columns)}
    frame = pd.DataFrame(values)
    if columns > 1:
        frame.loc[::7, "n1"] = np.nan
    known = tuple(replace(made.COLUMNS[1], name=name, unit="EUR", role=Role.FEATURE, bars=()) for name in values)
    return made.table(frame=frame, raw=frame.astype(str), columns=known), labels


def outcomes(**changes: Any) -> pd.DataFrame:
    """Segments differ in the outcome and not in the other column."""
    frame = pd.DataFrame({
        "column": ["member", "churned"], "role": ["profile", "outcome"], "measure": ["Cramer's V", "Cramer's V"],
        "value": [0.05, 0.61], "low": [0.0, 0.4], "high": [0.11, 0.8], "p": [0.9, 0.001], "differs": [False, True],
        "told": ["Segments do not differ in member.", "Segments differ in churned: most often yes in 2."],
    })  # fmt: skip
    return frame.assign(**changes)
