"""What a model asks of a customer: the columns by name, and the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadRequest
from core.model import ORDERS, Kind, LearnedColumn, Model


@dataclass(frozen=True)
class FormField:
    """One field of a form: ``low`` and ``high`` of the customers the model was fitted with (numbers), ``step`` between values
    that are told apart, ``default`` what is usual as text, ``levels`` to choose from (categories; the commonest first)."""

    name: str
    kind: Kind
    unit: str
    low: float
    high: float
    default: str
    levels: tuple[str, ...]
    step: float


def fields(model: Model) -> tuple[FormField, ...]:
    """The fields of a form, in the order of the model's columns."""
    return tuple(_field(column) for column in model.preparation.columns)


def _field(column: LearnedColumn) -> FormField:
    if column.kind is Kind.CATEGORY:
        return FormField(column.name, column.kind, column.unit, 0.0, 0.0, column.usual, column.order or column.known, 0.0)
    if column.kind is Kind.FLAG:
        default = "yes" if column.usual and float(column.usual) else "no"
        return FormField(column.name, column.kind, column.unit, 0.0, 1.0, default, ("yes", "no"), 1.0)
    number = float(column.usual) if column.usual else 0.0
    default = f"{number:.0f}" if column.whole and abs(number) < 1e15 else f"{number:.12g}"
    return FormField(column.name, column.kind, column.unit, column.low, column.high, default, (), _step(column))


def _step(column: LearnedColumn) -> float:
    """1 for whole numbers, else a round thousandth of the range."""
    width = column.high - column.low
    if column.whole or not 0 < width < 1e300:
        return 1.0
    return 10.0 ** _floor_log10(width / 1000)


def _floor_log10(value: float) -> int:
    from math import floor, log10

    return floor(log10(value))


def proposed_mapping(model: Model, names: Sequence[str]) -> dict[str, str]:
    """For each column of the model, in order, the one of ``names`` (columns of a file) that it is taken from; without those
    that have none. Equal names first, then such that differ in letter case, spaces, underscores and hyphens alone, where
    just one does."""
    found = {column: column for column in model.columns if column in names}
    open_names = [name for name in names if name not in found.values()]
    for column in model.columns:
        alike = [name for name in open_names if _spoken(name) == _spoken(column)]
        if column not in found and len(alike) == 1:
            found[column] = alike[0]
            open_names.remove(alike[0])
    return {column: found[column] for column in model.columns if column in found}


def _spoken(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark not in " _-\t\N{NO-BREAK SPACE}")


def mapped(model: Model, names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The column of a file for every column of the model: as ``mapping`` says, else as proposed.

    Raises :class:`BadRequest` that names the columns which are missing and what there is instead.
    """
    for column, name in mapping.items():
        if column not in model.columns:
            raise BadRequest(f"The model has no column {column!r}.", f"It has: {', '.join(model.columns)}.")
        if name not in names:
            raise BadRequest(f"The file has no column {name!r} to take {column!r} from.", f"It has: {_listed(names)}.")
    found = {**proposed_mapping(model, [name for name in names if name not in mapping.values()]), **mapping}
    missing = [column for column in model.columns if column not in found]
    if missing:
        what = "a column" if len(missing) == 1 else f"{len(missing)} columns"
        say = f"Say which of them {'it is' if len(missing) == 1 else 'they are'}."
        if ORDERS in model.plan.recipe.answers:
            say = "The model places customers made of order lines: where this file holds such lines, make customers of it first (features)."
        raise BadRequest(f"{what.capitalize()} that the model needs {'is' if len(missing) == 1 else 'are'} missing: {_listed(missing)}.",
                         f"The file has: {_listed(names)}. {say}")  # fmt: skip
    return {column: found[column] for column in model.columns}


def _listed(names: Sequence[str], most: int = 20) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
