"""Describing: segment names, the tidy profile, the contrasts and the differences of every candidate."""

from __future__ import annotations

from dataclasses import replace

from core import prepare, profiles
from core.model import Candidate, Recipe, Table


def describe(
    table: Table, recipe: Recipe, candidates: list[Candidate], *, seed: int, threads: int
) -> tuple[list[Candidate], profiles.Described]:
    """The candidates with segment names, and all that is told of their segments.

    Candidates with a problem are not in the second. ``threads`` changes no result.
    """
    labelings = {one.key: one.labels for one in candidates if not one.problem}
    roles = prepare.roles(table, recipe)
    found = profiles.describe(table, roles, labelings, units=recipe.units, seed=seed, threads=threads)
    named = [one if one.problem else replace(one, names=found.names[one.key]) for one in candidates]
    return named, found
