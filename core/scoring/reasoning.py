"""Why a customer is placed where it is, and what makes one unlike anyone: columns, by what they add to distances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.customers.cells import EMPTY, cell_text
from core.model import NOISE, Column, LearnedColumn, Model, Reason, Role
from core.prepare import applied
from core.scoring.nearest import nearest
from core.scoring.placing import Placed, place

SHOWN = 3
TOLD = 0.1
"""The part of the distance from which a column is told to make a customer unlike anyone."""


def reasons(model: Model, frame: pd.DataFrame, placed: Placed | None = None) -> tuple[tuple[Reason, ...], ...]:
    """At most three columns per row of ``frame`` that speak for its segment and against the runner-up.

    A pull is the squared distance to the runner-up's mean minus that to the own segment's, along the prepared columns made
    of a column; only those above 0, of columns in which something else is usual there than here. Of a customer in no segment (NOISE) it is what the column adds to the squared distance
    from the nearest segment's mean. Without a runner-up there is no reason.
    """
    values = applied(model.preparation, frame)
    placed = placed or place(model, values)
    at = {one.number: number for number, one in enumerate(model.segments)}
    usual = {(segment, column): text for segment, column, text in model.usual}
    return tuple(_reasons(model, frame.iloc[row], values[row], (int(placed.segment[row]), int(placed.runner_up[row])), at=at, usual=usual)
                 for row in range(len(frame)))  # fmt: skip


def _reasons(
    model: Model, cells: pd.Series, point: np.ndarray, where: tuple[int, int], *, at: dict[int, int], usual: dict
) -> tuple[Reason, ...]:
    own, other = where
    if other not in at or (own != NOISE and own not in at):
        return ()
    there = (point - model.centres[at[other]]) ** 2
    parts = there if own == NOISE else there - (point - model.centres[at[own]]) ** 2
    pulls = _by_column(model, parts)
    known = {column.name: column for column in model.preparation.columns}
    ends = {name: ("" if own == NOISE else usual.get((own, name), ""), usual.get((other, name), "")) for name in pulls}
    # "Female here, Female there" speaks for neither, though a customer or two pull at a mean
    told = [name for name in pulls if pulls[name] > 0 and (ends[name][0] != ends[name][1] or not ends[name][0])]
    best = sorted(told, key=lambda name: -pulls[name])[:SHOWN]
    return tuple(Reason(name, cell(known[name], cells[name]), *ends[name], pulls[name]) for name in best)


def unlike_reasons(model: Model, frame: pd.DataFrame) -> tuple[tuple[Reason, ...], ...]:
    """At most three columns per row of ``frame`` in which it is farthest from the known customer most like it.

    A pull is what the column adds to the squared distance, told from a tenth of it on: no column beside the point; ``here`` is what the range of the fitted customers was.
    """
    values = applied(model.preparation, frame)
    index = nearest(model.references, values, 1)[1][:, 0]
    known = {column.name: column for column in model.preparation.columns}
    out = []
    for row in range(len(frame)):
        pulls = _by_column(model, (values[row] - model.references[index[row]]) ** 2)
        least = TOLD * sum(pulls.values())
        best = sorted((name for name in pulls if pulls[name] > 0 and pulls[name] >= least), key=lambda name: -pulls[name])[:SHOWN]
        out.append(tuple(Reason(name, cell(known[name], frame[name].iloc[row]), span(known[name]), "", pulls[name]) for name in best))
    return tuple(out)


def _by_column(model: Model, parts: np.ndarray) -> dict[str, float]:
    """Parts (d,) of the prepared columns, summed by the column they come from."""
    pulls = dict.fromkeys(model.columns, 0.0)
    for feature, part in zip(model.preparation.features, parts, strict=True):
        pulls[feature.column] += float(part)
    return pulls


def cell(column: LearnedColumn, value: object) -> str:
    """A cell as a person would write it."""
    return cell_text(Column(column.name, column.kind, Role.FEATURE, unit=column.unit), value, column.unit)


def span(column: LearnedColumn) -> str:
    """What the fitted customers had: the range of numbers, the commonest levels, "" for a flag."""
    if column.known or column.order:
        return ", ".join((column.order or column.known)[:5])
    if column.low == column.high:
        return EMPTY
    return f"{cell(column, column.low)} to {cell(column, column.high)}"
