"""Whether the customers of another file are spread as those were whom a model was made with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.lineage.drift import REFIT, WATCH, chance, psi
from core.model import Model, Note
from core.scoring.learning import shares

SHOWN = 5


def drifted(model: Model, frame: pd.DataFrame) -> Iterator[Note]:
    """DRIFTED: the columns of typed customers (n,) whose population stability index is 0.10 or more, and more than chance
    gives two such files, the most changed first; from 0.25 on they are another population.

    See :func:`core.lineage.drift.psi`. The bins are those of the model, a column without any is not looked at.
    """
    kinds = {column.name: column.kind for column in model.preparation.columns}
    found = []
    for name, marks, before in model.drift:
        now = shares(kinds[name], marks, frame[name])
        if len(now) == len(before):
            was, here = np.nan_to_num(np.clip(before, 0, 1)) * model.rows, np.array(now) * len(frame)
            some = was + here > 0
            index = psi(was[some], here[some])
            if index >= WATCH and index > chance(model.rows, len(frame), int(some.sum())):
                found.append((index, name))
    if found:
        yield _note(sorted(found, key=lambda one: -one[0]), len(model.drift))


def _note(found: list[tuple[float, str]], of: int) -> Note:
    named = ", ".join(f"{name} {index:.2f}" for index, name in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    far = found[0][0] >= REFIT
    advice = "From 0.25 on these are other customers: make the segments anew." if far else "From 0.25 on these would be other customers."
    return Note("DRIFTED", f"{len(found)} of {of} columns are spread otherwise than when the segments were made (population stability index): "
                f"{named}{more}. {advice}", column=found[0][1], count=len(found))  # fmt: skip
