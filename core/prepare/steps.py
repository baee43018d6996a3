"""What each step of a preparation touches, in rows and in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.model import Column, Kind, Recipe, Table
from core.prepare.gaps import DONORS
from core.prepare.money import money_column, total
from core.prepare.ordered import cells_of, order_of
from core.prepare.repeats import key_column
from core.prepare.screen import Screen
from core.prepare.skew import applies

SHOWN = 3
RULES = {"iqr": "Tukey's fences", "mad": "robust z above 3.5", "forest": "isolation forest"}
SCALES = {"standard": "mean and standard deviation", "robust": "median and interquartile range",
          "minmax": "smallest and largest value"}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step: which, what happens in words, ``rows`` touched, and the sum of the ``money`` column over these.

    ``share`` is that sum as part of the sum over all rows; both are None without a money column.
    """

    step: str
    text: str
    rows: int
    money: float | None = None
    share: float | None = None


def steps(table: Table, recipe: Recipe, found: Screen, filled: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps of ``recipe`` in the order applied; what is switched off is left away."""
    tally = _Tally(table, recipe, found)
    out = [*_duplicates(tally), *_gaps(tally, filled), *_outliers(tally), *_skew(tally), *_categories(tally)]
    if recipe.scaling != "none":
        out.append(tally.of_rows("Scaling", f"Numbers by {SCALES[recipe.scaling]}", found.rows))
    return tuple(out)


class _Tally:
    """Rows and money of steps over one table."""

    def __init__(self, table: Table, recipe: Recipe, found: Screen) -> None:
        self.table, self.recipe, self.found = table, recipe, found
        column = money_column(table, recipe)
        self.money = None if column is None else table.frame[column.name].to_numpy(dtype=float)
        self.whole = None if self.money is None else total(self.money)

    def of_mask(self, step: str, text: str, mask: np.ndarray) -> Step:
        return self.of_rows(step, text, np.flatnonzero(mask))

    def of_rows(self, step: str, text: str, rows: np.ndarray, *, times: float = 1.0) -> Step:
        """``times`` is how many rows each stands for, where they are a sample."""
        money = None if self.money is None else total(self.money[rows])
        money = None if money is None else money * times
        share = money / self.whole if money is not None and self.whole is not None and self.whole > 0 else None
        return Step(step, text, round(len(rows) * times), money, share)


def _duplicates(tally: _Tally) -> list[Step]:
    recipe = tally.recipe
    if recipe.duplicates == "keep":
        return []
    name = key_column(tally.table, recipe)
    text = "Rows equal to an earlier one in every cell are set aside"
    if recipe.duplicates == "key":
        text = f"Later rows with the same {name} are set aside" if name else "No column is the customer id: nothing is done"
    return [tally.of_mask("Repeated customers", text, tally.found.repeats)]


def _gaps(tally: _Tally, filled: Mapping[str, int]) -> list[Step]:
    recipe, found = tally.recipe, tally.found
    if recipe.gaps == "drop":
        return [tally.of_mask("Gaps", "Rows with a gap are set aside, then placed", found.gappy)]
    if not filled:
        return []
    empty = np.zeros(len(found.rows), dtype=bool)
    for column in found.columns:
        if column.name in filled:
            empty |= cells_of(tally.table, column, recipe).isna().to_numpy()[found.rows]
    text = f"{_fill_words(tally, filled)} in {_named(list(filled))}"
    if recipe.gap_flags == "yes":
        text += "; a feature each says where"
    if unlisted := _unlisted(tally):
        text += f"; levels without a place in the order count as gaps ({unlisted:,} cells)"
    return [tally.of_rows("Gaps", text, found.rows[empty])]


def _fill_words(tally: _Tally, filled: Mapping[str, int]) -> str:
    recipe = tally.recipe
    if recipe.gaps == "knn":
        lent = f", lent by {DONORS:,} of {len(tally.found.rows):,} customers" if len(tally.found.rows) > DONORS else ""
        return f"Numbers filled from the {recipe.neighbours} customers most alike{lent}, others with the most frequent value"
    if recipe.gaps == "constant":
        rest = [name for name in filled if not recipe.fills.get(name)]
        if len(rest) == len(filled):
            return "No value is given: filled with the median or most frequent value"
        other = f", without one the median or most frequent value ({_named(rest)})," if rest else ""
        return f"Filled with the value given{other}"
    return "Filled with the most frequent value" if recipe.gaps == "mode" else "Filled with the median or most frequent value"


def _unlisted(tally: _Tally) -> int:
    """Cells of fitted rows that hold a level outside the order given for their column."""
    rows, count = tally.found.rows, 0
    for column in tally.found.columns:
        if tally.recipe.encoding == "ordinal" and tally.recipe.orders.get(column.name) and column.kind is Kind.CATEGORY:
            known = tally.table.frame[column.name].notna().to_numpy()[rows]
            count += int((known & cells_of(tally.table, column, tally.recipe).isna().to_numpy()[rows]).sum())
    return count


def _outliers(tally: _Tally) -> list[Step]:
    recipe, found = tally.recipe, tally.found
    aside = recipe.outliers != "keep"
    rule = recipe.outliers if aside else recipe.marks
    what = "Set aside, then placed" if aside else "Marked, but kept"
    if found.sampled is not None:
        text = f"{what} ({RULES[rule]}; estimated from {len(found.sampled):,} customers)"
        rows = np.flatnonzero(found.far)
        return [tally.of_rows("Extreme values", text, rows, times=len(found.rows) / len(found.sampled))]
    return [tally.of_mask("Extreme values", f"{what} ({RULES[rule]})", found.far)]


def _skew(tally: _Tally) -> list[Step]:
    recipe, found, table = tally.recipe, tally.found, tally.table
    done: dict[str, list[str]] = {"log": [], "yeojohnson": []}
    negative = []
    for column in found.columns:
        rule = recipe.skew_of(column.name)
        if column.kind is not Kind.NUMBER or rule == "none":
            continue
        values = table.frame[column.name].to_numpy(dtype=float)[found.rows]
        (done[rule] if applies(values, rule) else negative).append(column.name)
    if not (negative or any(done.values())):
        return []
    parts = [f"Logarithm of {_named(done['log'])}"] if done["log"] else []
    parts += [f"Yeo-Johnson of {_named(done['yeojohnson'])}"] if done["yeojohnson"] else []
    parts += [f"no logarithm of {_named(negative)}, which has values below 0"] if negative else []
    rows = found.rows if any(done.values()) else found.rows[:0]
    text = "; ".join(parts)
    return [tally.of_rows("Skew", text[:1].upper() + text[1:], rows)]


def _categories(tally: _Tally) -> list[Step]:
    recipe, found = tally.recipe, tally.found
    columns = [column for column in found.columns if column.kind is Kind.CATEGORY]
    if not columns:
        return []
    orders = {c.name: _order(tally, c) for c in columns}
    ranked = [f"{name} ({' < '.join(order[:4])}{' < ...' if len(order) > 4 else ''})" for name, order in orders.items() if order]
    hot = [name for name, order in orders.items() if not order]
    parts = [f"Ranks for {_named(ranked)}"] if ranked else []
    if hot:
        why = ", whose levels have no order that is known" if recipe.encoding == "ordinal" else ""
        parts.append(f"a 0/1 column for each level of {_named(hot)}{why}")
    text = "; ".join(parts)
    return [tally.of_rows("Categories", text[:1].upper() + text[1:], found.rows)]


def _order(tally: _Tally, column: Column) -> tuple[str, ...] | None:
    return order_of(column, cells_of(tally.table, column, tally.recipe).iloc[tally.found.rows], tally.recipe)


def _named(names: list[str]) -> str:
    """The first names, the others counted."""
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
