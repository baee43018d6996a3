"""From bytes to a table, and what a recipe would do to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core import formats, prepare, tables
from core.model import Recipe, Table


def load(path: Path, name: str, answers: Mapping[str, str]) -> Table:
    """The file at ``path`` as understood; ``name`` is shown, ``answers`` settle earlier questions.

    Raises :class:`DataProblem` where the file is not a table.
    """
    return tables.understand(formats.read(path, name, answers), answers)


def effect(table: Table, recipe: Recipe) -> prepare.Effect:
    """What a recipe will touch, in rows and cells, without fitting anything."""
    return prepare.effect(table, recipe)
