"""Why one customer is in its segment and not in the runner-up, and the smallest change that would move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.customers.cells import cell_text, usual
from core.customers.changes import CHANGES, Place, changes
from core.customers.placing import SHARE
from core.customers.standing import Standing
from core.errors import BadRequest
from core.model import NOISE, Column, Table, Why

CONTRIBUTIONS = ("column", "own", "segment_value", "runner_up_value", "pull")


def why(table: Table, columns: Sequence[Column], standing: Standing, place: Place, *, names: Mapping[int, str]) -> Why:
    """``columns`` shape the segments, which have ``names``; ``place`` is the algorithm's own.

    The pull of a column is (distance to the middle of the runner-up)² - (distance to the middle of its own segment)²
    along the prepared columns made of it, divided by the sum of all sizes: pulls are parts of one whole, and their sum
    has the sign of the whole. The middle is the mean of a segment; where the mean of its own lies farther off than the
    runner-up's, as in winding segments, that of the fifth of each segment nearest to the customer. For a customer that
    was not placed a pull is how far the column keeps it from the nearest segment, below 0. What is usual is told of the
    customers whose mean was taken. Raises :class:`BadRequest` for a row that the table does not have.
    """
    if not 0 <= standing.row < len(table):
        raise BadRequest("There is no such customer in this table.", "Choose one from the list.")
    second = standing.runner_up()
    near = _compared(standing, second)
    contributions = _contributions(table, columns, standing, near)
    moves, problem = changes(table, columns, standing, place)
    local = any(len(rows) < len(standing.members(segment)) for segment, rows in near.items())
    told = _sentence(standing, second, contributions, names=names, local=local and standing.own != NOISE)
    return Why(standing.row, standing.own, second, f"{told} {_step(moves, problem, names)}".strip(), contributions, moves)


def _compared(standing: Standing, second: int) -> dict[int, np.ndarray]:
    """The members by segment, its own first, that the customer is compared with: all, or those nearest to it."""
    own = standing.own
    if own == NOISE:
        return {second: standing.nearest(second)} if second else {}
    if not second:
        return {own: standing.members(own)}
    whole = {segment: standing.members(segment) for segment in (own, second)}
    if not len(whole[own]) or _parts(standing, whole).sum() > 0:
        return whole
    return {segment: standing.nearest(segment) for segment in whole}


def _parts(standing: Standing, members: Mapping[int, np.ndarray]) -> np.ndarray:
    """How much each prepared column (d,) speaks for being in the first of these segments."""
    squares = [_squares(standing, rows) for rows in members.values()]
    if standing.own == NOISE or len(squares) < 2:
        return -squares[0] if squares else np.zeros(len(standing.point))
    return squares[1] - squares[0]


def _squares(standing: Standing, rows: np.ndarray) -> np.ndarray:
    middle = standing.values(rows).mean(axis=0) if len(rows) else standing.point
    return (standing.point - middle) ** 2


def _contributions(
    table: Table, columns: Sequence[Column], standing: Standing, near: Mapping[int, np.ndarray]
) -> pd.DataFrame:
    """One row per column, the strongest pull first."""
    pulls = dict.fromkeys((column.name for column in columns), 0.0)
    for feature, part in zip(standing.matrix.features, _parts(standing, near), strict=True):
        pulls[feature.column] += float(part)
    whole = sum(abs(part) for part in pulls.values()) or 1.0
    rows = [_contribution(table, column, standing, near) + (pulls[column.name] / whole,) for column in columns]
    order = sorted(range(len(rows)), key=lambda at: (-abs(rows[at][-1]), at))
    return pd.DataFrame([rows[at] for at in order], columns=list(CONTRIBUTIONS))


def _contribution(table: Table, column: Column, standing: Standing, near: Mapping[int, np.ndarray]) -> tuple:
    """The customer's cell, and what is usual here and there, "" where there is no such segment."""
    cells, unit = table.frame[column.name], standing.units.get(column.name, column.unit)
    usuals = [usual(column, cells.iloc[rows], unit) for rows in near.values()]
    here, there = (["", *usuals, ""] if standing.own == NOISE else [*usuals, "", ""])[:2]
    return column.name, cell_text(column, cells.iloc[standing.row], unit), here, there


def _sentence(standing: Standing, second: int, shown: pd.DataFrame, *, names: Mapping[int, str], local: bool) -> str:
    if not second:
        return "There is no other segment it could be in."
    if standing.own == NOISE:
        far = " and ".join(shown["column"].head(2))
        return f"It is in no segment. {_named(second, names)} is the nearest; most of the way there is in {far}."
    strongest = " and ".join(shown.loc[shown["pull"] > 0, "column"].head(2))
    by = f"mostly for {strongest}" if strongest else "by little in any single column"
    like = f", compared with the {SHARE:.0%} of each that are most like it" if local else ""
    return f"It is in {_named(standing.own, names)} rather than in {_named(second, names)} {by}{like}."


def _step(moves: pd.DataFrame, problem: str, names: Mapping[int, str]) -> str:
    if problem:
        return problem
    if not len(moves):
        return "No change of a single column within what customers have would move it."
    first = dict(zip(CHANGES, moves.iloc[0], strict=True))
    step = f"{first['column']} {first['then']} instead of {first['now']}"
    return f"The smallest change that would move it: {step}; it would then be in {_named(int(first['segment']), names)}."


def _named(segment: int, names: Mapping[int, str]) -> str:
    name = names.get(segment, "")
    return f"segment {segment} ({name})" if name else f"segment {segment}"
