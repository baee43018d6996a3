"""Whether a specification that is well written means anything: parts that agree with each other and can place customers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from core.algorithms import ALGORITHMS
from core.bundles.archive import refused
from core.bundles.layouts import Layout, groups_of, require_arrays, require_numbers, require_sides
from core.errors import BadRequest
from core.model import NOISE, Kind, LearnedColumn, Model, Preparation
from core.params import check_given

MOST_REFERENCES = 20_000
_OWN = {
    "references": Layout("<f8", "md"), "reference_segments": Layout("<i2", "m", NOISE, 2**15 - 1), "middle": Layout("<f8", "d"),
    "centres": Layout("<f8", "kd"), "axes": Layout("<f8", "3d"), "segment_of": Layout("<i2", "r", NOISE, 2**15 - 1),
}  # fmt: skip


def require_meaning(model: Model) -> None:
    """Raise :class:`BadRequest`, with the reason, unless the model can place any customer."""
    if model.algorithm not in ALGORITHMS:
        raise refused(f"there is no algorithm {model.algorithm!r} here")
    check_given(ALGORITHMS[model.algorithm].params, model.params)
    features = len(model.preparation.features)
    for column in model.preparation.columns:
        _require_column(column, model.preparation.neighbours > 0)
    _require_preparation(model.preparation)
    _require_segments(model)
    _require_own(model, features)
    require_arrays(model.algorithm, model.arrays, features)
    if groups_of(model.algorithm, model.arrays) > len(model.segment_of):
        raise refused("it forms more groups than it has segments for")
    _require_told(model)


def _require_column(column: LearnedColumn, neighbours: bool) -> None:
    """One column by itself."""
    told = f"the column {column.name[:80]!r}"
    fitted = [column.scaler] + ([column.flag] if column.flag is not None else [])
    if any(before == 0 or spread == 0 for before, _, spread in fitted):
        raise refused(f"{told} is divided by 0")
    if column.low > column.high:
        raise refused(f"{told} has no range")
    for levels in (column.order, column.levels, column.known):
        if len(set(levels)) != len(levels):
            raise refused(f"{told} has a level twice")
    if column.kind is Kind.CATEGORY:
        if column.filler is None or not (column.order or column.levels) or (column.order and column.levels):
            raise refused(f"{told} has no levels, or nothing that fills its gaps")
        if column.rest and column.rest not in column.levels:
            raise refused(f"the rest of {told} is none of its levels")
        if column.order and column.filler not in column.order:
            raise refused(f"the gaps of {told} are filled with a level that has no place in its order")
        return
    if column.filler is None and not (neighbours and column.kind is Kind.NUMBER):
        raise refused(f"nothing fills the gaps of {told}")
    if not all(_is_number(text) for text in (column.filler, column.usual) if text):
        raise refused(f"{told} is filled with something that is no number")
    if column.order or column.levels or column.rest or column.filler == "":
        raise refused(f"{told} has the levels of a category, or an empty filler")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _require_preparation(made: Preparation) -> None:
    """The columns together make the features, in their order."""
    names = [column.name for column in made.columns]
    if len(set(names)) != len(names):
        raise refused("a column stands twice")
    expected = [column.name for column in made.columns for _ in range(_width(column))]
    before_flags = len(expected)
    expected += [column.name for column in made.columns if column.flag is not None]
    if [feature.column for feature in made.features] != expected:
        raise refused("its columns do not make its features")
    donors = made.donors
    if donors.dtype.str != "<f8" or donors.ndim != 2:
        raise refused("the customers that fill gaps are no table of numbers")
    if made.neighbours and not len(donors):
        raise refused("gaps are filled from customers that are not there")
    if len(donors):
        require_sides("donors", donors, Layout("<f8", "mb"), {"b": before_flags})
        require_numbers("donors", np.nan_to_num(donors), Layout("<f8", "mb"))
        if np.isnan(donors).all(axis=0).any():
            raise refused("gaps are filled from customers who all have them")


def _width(column: LearnedColumn) -> int:
    """How many features a column becomes, its flag left out."""
    return len(column.levels) if column.levels else 1


def _require_segments(model: Model) -> None:
    numbers = [segment.number for segment in model.segments]
    if len(set(numbers)) != len(numbers):
        raise refused("a segment stands twice")
    known = {*numbers, NOISE}
    _require_known((now for _, now in model.parts), known)
    _require_known((segment for segment, _, _ in model.usual), known)
    _require_known(np.unique(model.reference_segments).tolist(), known)


def _require_known(numbers: Iterable[int], known: set[int]) -> None:
    strangers = sorted(set(numbers) - known)
    if strangers:
        raise refused(f"it places customers in the segment {strangers[0]}, which it does not have")


def _require_own(model: Model, features: int) -> None:
    """The arrays that every model has."""
    known = {"d": features, "k": len(model.segments)}
    for name, layout in _OWN.items():
        known |= require_sides(name, getattr(model, name), layout, known)
        require_numbers(name, getattr(model, name), layout)
    if known["m"] > MOST_REFERENCES:
        raise refused(f"it remembers {known['m']:,} customers; {MOST_REFERENCES:,} are allowed")


def _require_told(model: Model) -> None:
    """What is told of columns is told of those there are."""
    kinds = {column.name: column.kind for column in model.preparation.columns}
    if not {column for _, column, _ in model.usual} | {column for column, _, _ in model.drift} <= set(kinds):
        raise refused("it tells of a column that it does not have")
    for column, marks, shares in model.drift:
        if not 1 <= len(shares) - len(marks) <= 2:
            raise refused(f"the shares of {column[:80]!r} are not those of its levels")
        if kinds[column] is Kind.NUMBER:
            edges = [float(mark) for mark in marks if _is_number(mark)]
            if len(edges) != len(marks) or any(low >= high for low, high in zip(edges, edges[1:], strict=False)):
                raise refused(f"the edges of {column[:80]!r} do not rise")


def require_one_trial(model: Model) -> None:
    """Raise :class:`BadRequest` unless the model places a few customers: a usual one, one with gaps, and extreme ones."""
    import pandas as pd

    from core.scoring import score

    cells = {column.name: _trial(column) for column in model.preparation.columns}
    frame = pd.DataFrame({name: pd.Series(values, dtype=kind) for name, (values, kind) in cells.items()})
    try:
        with np.errstate(all="ignore"):
            found = score(model, frame).frame
    except BadRequest:
        raise
    except (ValueError, TypeError, LookupError, ArithmeticError, MemoryError, np.linalg.LinAlgError) as problem:
        raise refused("it cannot place customers") from problem
    known = {NOISE, *(segment.number for segment in model.segments)}
    if not set(found["segment"].tolist()) <= known:
        raise refused("it places customers in a segment that it does not have")


def _trial(column: LearnedColumn) -> tuple[list, str]:
    """Cells of one column for a usual customer, one with a gap, and three that are far from everyone."""
    if column.kind is Kind.CATEGORY:
        return [column.usual or None, None, "", "no level that anyone has", column.filler], "object"
    return [float(column.usual or 0), math.nan, column.low, column.high * 1e10, -1e300], "float64"
