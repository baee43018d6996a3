"""Everything told about the segments of all candidates, from one pass over the columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Role, Table
from core.profiles.contrasts import contrasts
from core.profiles.differences import differences
from core.profiles.naming import named, signals
from core.profiles.overlays import overlays
from core.profiles.survey import survey
from core.profiles.tidy import tidy


@dataclass(frozen=True)
class Described:
    """``names`` by candidate and segment (see :func:`core.profiles.naming.named`); ``profiles`` as of

    :func:`core.profiles.profile` with the column ``candidate`` before; ``contrasts`` as of
    :func:`core.profiles.contrasts.contrasts`; ``differences`` and ``overlays`` as of the modules of these names.
    """

    names: Mapping[str, Mapping[int, str]]
    profiles: pd.DataFrame
    contrasts: pd.DataFrame
    differences: pd.DataFrame
    overlays: pd.DataFrame

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """What sets segments apart, by name."""
        return {"contrasts": self.contrasts, "differences": self.differences, "overlays": self.overlays}


def describe(
    table: Table,
    roles: Mapping[str, Role],
    labelings: Mapping[str, np.ndarray],
    *,
    units: Mapping[str, str],
    seed: int = 0,
    threads: int = 1,
) -> Described:
    """Names, profiles and contrasts of ``labelings`` (n_table,) by candidate key; ``threads`` changes no value."""
    keys = list(labelings)
    known = survey(table, roles, list(labelings.values()), threads=threads)
    words = signals(known)
    names = [named(words, list(known.sizes[at]), known.apart(at)) for at in range(1, len(keys) + 1)]
    apart = differences(table, roles, labelings, units=units, seed=seed, threads=threads)
    return Described(
        names=dict(zip(keys, names, strict=True)),
        profiles=tidy(known, keys, names, units=units),
        contrasts=contrasts(known, words, keys, names=names),
        differences=apart,
        overlays=overlays(table, roles, labelings, differences=apart, threads=threads),
    )
