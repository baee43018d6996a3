"""What a recipe would touch, told before anything is fitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.model import Column, Dropped, Feature, Kind, Note, Recipe, Table
from core.prepare.blocks import features, flag_feature, flagged, split
from core.prepare.money import total
from core.prepare.ordered import cells_of
from core.prepare.screen import Screen, screen
from core.prepare.steps import Step, steps

MOST_OF_ALL = 0.5
FEW = 10
_NOBODY = np.array([], dtype=np.intp)


@dataclass(frozen=True)
class Effect:
    """Counts of customers: ``rows`` = ``fitted`` + ``aside``; ``outliers`` are marked among all rows.

    ``filled`` counts gaps of the fitted rows by column; ``reasons`` customers set aside by reason.
    ``steps`` says of each step what it touches, in the order applied; ``distinct`` counts
    different customers among the fitted, up to 64; ``about`` is True where outliers
    were estimated from a sample; ``advice`` what should be chosen otherwise.
    """

    rows: int
    fitted: int
    aside: int
    outliers: int
    filled: Mapping[str, int]
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]
    reasons: Mapping[str, int]
    steps: tuple[Step, ...] = ()
    distinct: int = 0
    about: bool = False
    advice: tuple[Note, ...] = ()


def effect(table: Table, recipe: Recipe) -> Effect:
    """The effect of ``recipe``; raises what :func:`core.prepare.prepare` raises.

    Nothing is fitted but, for an isolation forest, trees on at most 2,000 rows.
    """
    found = screen(table, recipe, preview=True)
    gaps = filled(table, recipe, found)
    far = int(found.outlier.sum())
    reasons = Counter(found.aside.values())
    if found.sampled is not None:
        far = round(far / len(found.sampled) * len(found.rows))
        if recipe.outliers != "keep":
            reasons["unlike the others (isolation forest)"] += far
    aside = sum(reasons.values())
    return Effect(
        rows=len(table), fitted=len(table) - aside, aside=aside, outliers=far, filled=gaps,
        features=feature_list(table, recipe, found)[0], dropped=found.dropped, reasons=dict(reasons.most_common()),
        steps=steps(table, recipe, found, gaps), distinct=found.distinct, about=found.sampled is not None,
        advice=tuple(_dominant(table, recipe, found)),
    )  # fmt: skip


def _dominant(table: Table, recipe: Recipe, found: Screen) -> Iterator[Note]:
    """DOMINANT_VALUE: one customer has most of what all have of a column, and nothing that is chosen tames it."""
    if recipe.scaling == "robust" or len(found.rows) < FEW:
        return
    for column in found.columns:
        if column.kind is not Kind.NUMBER or recipe.skew_of(column.name) != "none":
            continue
        values = table.frame[column.name].to_numpy(dtype=float)[found.rows]
        whole, largest = total(values), float(np.nanmax(values))
        if whole is None or np.nanmin(values) < 0 or largest <= MOST_OF_ALL * whole:
            continue
        yield Note(
            "DOMINANT_VALUE", f"One customer has {largest / whole:.0%} of all {column.name}; all others look alike beside it.",
            column=column.name, count=1, examples=(f"{largest:g}",),
            hint="Choose robust scaling or a logarithm, or set extreme values aside.",
        )  # fmt: skip


def filled(table: Table, recipe: Recipe, found: Screen) -> dict[str, int]:
    """Gaps in the fitted rows by column, columns without gaps left away."""
    gaps = {c.name: int(cells_of(table, c, recipe).isna().to_numpy()[found.rows].sum()) for c in found.columns}
    return {name: count for name, count in gaps.items() if count}


def feature_list(table: Table, recipe: Recipe, found: Screen) -> tuple[tuple[Feature, ...], tuple[Column, ...]]:
    """The columns of the matrix in order, those that flag gaps last; and the columns with gaps that get such a flag."""
    out: list[Feature] = []
    flags: list[Column] = []
    for column in found.columns:
        cells = split(table, column, recipe, rows=found.rows, aside=_NOBODY)
        out += features(cells, recipe)
        if flagged(cells, recipe):
            flags.append(column)
    taken = {column.name for column in table.columns} | {one.name for one in out}
    return (*out, *(flag_feature(column, taken) for column in flags)), tuple(flags)
