"""What a map can be drawn on: principal components ("p0".."p2") or columns of the table ("c0"...)."""

from __future__ import annotations

import numpy as np

from core.model import Comparison, Kind, Role, Table
from dashboard.security.labels import plain

AXES = ("x", "y", "z")
NONE = "none"


def axis_options(table: Table, comparison: Comparison) -> dict[str, str]:
    """Every axis by its key, worded; ``NONE`` leaves an axis away."""
    parts = {f"p{n}": f"Principal component {n + 1} ({share:.0%})" for n, share in enumerate(comparison.explained)}
    columns = {
        f"c{n}": plain(column.name) for n, column in enumerate(table.columns) if column.kind in (Kind.NUMBER, Kind.FLAG)
    }
    return parts | columns | {NONE: "None"}


def default_axes(table: Table, comparison: Comparison) -> tuple[str, str, str]:
    """The number columns themselves when at most three shape the segments, else principal components.

    With one or two, other number columns follow, so that there is a map to turn.
    """
    used = list(dict.fromkeys(feature.column for feature in comparison.features))
    numbers = [(n, column.name) for n, column in enumerate(table.columns) if column.kind == Kind.NUMBER]
    shaping = [f"c{n}" for n, name in numbers if name in used]
    if len(used) > 3 or len(shaping) < len(used):
        return (*(f"p{n}" for n in range(len(comparison.explained))), NONE, NONE, NONE)[:3]
    others = [
        f"c{n}" for n, name in numbers if name not in used and table.columns[n].role in (Role.FEATURE, Role.PROFILE)
    ]
    return (*shaping, *others, NONE, NONE, NONE)[:3]


def axis_title(table: Table, comparison: Comparison, axis: str) -> str:
    """The axis with its unit, or its share of the differences between customers."""
    if axis.startswith("p"):
        return f"Component {int(axis[1:]) + 1} ({comparison.explained[int(axis[1:])]:.0%})"
    column = table.columns[int(axis[1:])]
    unit = comparison.plan.recipe.units.get(column.name, column.unit)
    return f"{plain(column.name)} [{plain(unit)}]" if unit and unit not in column.name else plain(column.name)


def axis_values(table: Table, comparison: Comparison, axes: list[str]) -> np.ndarray:
    """Points (n_table, len(axes)) float32; a gap in a column stays NaN and is not drawn."""
    parts = [
        comparison.coordinates[:, int(axis[1:])]
        if axis.startswith("p")
        else table.frame.iloc[:, int(axis[1:])].to_numpy(dtype=float)
        for axis in axes
    ]
    return np.column_stack(parts).astype(np.float32)
