"""What a recipe would touch, told before anything is fitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.model import Dropped, Feature, Kind, Recipe, Table
from core.prepare.encoding import levels
from core.prepare.gaps import filler
from core.prepare.screen import Screen, screen


@dataclass(frozen=True)
class Effect:
    """Counts of customers: ``rows`` = ``fitted`` + ``aside``; ``outliers`` are marked among all rows.

    ``filled`` counts gaps of the fitted rows by column; ``reasons`` customers set aside by reason.
    """

    rows: int
    fitted: int
    aside: int
    outliers: int
    filled: Mapping[str, int]
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]
    reasons: Mapping[str, int]


def effect(table: Table, recipe: Recipe) -> Effect:
    """The effect of ``recipe``; raises what :func:`core.prepare.prepare` raises."""
    found = screen(table, recipe)
    return Effect(
        rows=len(table), fitted=len(found.rows), aside=len(found.aside), outliers=int(found.outlier.sum()),
        filled=filled(table, found), features=features(table, recipe, found), dropped=found.dropped,
        reasons=dict(Counter(found.aside.values()).most_common()),
    )


def filled(table: Table, found: Screen) -> dict[str, int]:
    """Gaps in the fitted rows by column, columns without gaps left away."""
    gaps = {c.name: int(table.frame[c.name].isna().to_numpy()[found.rows].sum()) for c in found.columns}
    return {name: count for name, count in gaps.items() if count}


def features(table: Table, recipe: Recipe, found: Screen) -> tuple[Feature, ...]:
    """The columns of the matrix in order: numbers and flags as they are, one per level of a category."""
    out: list[Feature] = []
    for column in found.columns:
        unit = recipe.units.get(column.name, column.unit)
        if column.kind is not Kind.CATEGORY:
            out.append(Feature(column.name, column.name, unit=unit))
            continue
        fit = table.frame[column.name].iloc[found.rows]
        known = levels(fit.where(fit.notna(), filler(column.kind, fit, recipe.gaps)))
        out += [Feature(f"{column.name}: {level}", column.name, level) for level in known]
    return tuple(out)
