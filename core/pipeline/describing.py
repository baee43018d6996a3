"""Describing: segment names, the tidy profile and the contrasts of every candidate."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from core import prepare, profiles
from core.model import Candidate, Recipe, Table


def describe(
    table: Table, recipe: Recipe, candidates: list[Candidate], *, threads: int
) -> tuple[list[Candidate], pd.DataFrame, pd.DataFrame]:
    """The candidates with segment names, the tidy profile of all of them, and what sets their segments apart.

    The second and third are the ``profiles`` and ``contrasts`` of :class:`core.profiles.Described`; candidates with
    a problem are in neither. ``threads`` changes no result.
    """
    labelings = {one.key: one.labels for one in candidates if not one.problem}
    found = profiles.describe(table, prepare.roles(table, recipe), labelings, units=recipe.units, threads=threads)
    named = [one if one.problem else replace(one, names=found.names[one.key]) for one in candidates]
    return named, found.profiles, found.contrasts
