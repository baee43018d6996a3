"""From bytes to a table, and what a recipe would do to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import formats, prepare, tables
from core.fenced import Limits, fenced, limits_for
from core.model import ORDERS, OrderPlan, Recipe, Table, of_lines
from core.pipeline.ordering import STEPS as MAKING
from core.pipeline.ordering import make_customers

Step = Callable[[str, int, int], None]
STEPS = ("Reading the file", "Understanding the columns", "Keeping what was read")


@dataclass(frozen=True)
class Fence:
    """``most`` that reading any file may use, whom to tell of its steps and, about each second, that it goes on, and
    the folder for temporary files (None: the system's)."""

    most: Limits = Limits()
    step: Step | None = None
    tick: Callable[[], None] | None = None
    scratch: Path | None = None


def nothing(step: str, done: int, total: int) -> None:
    """Nobody listens."""


def load(path: Path, name: str, answers: Mapping[str, str], step: Step = nothing) -> Table:
    """The file at ``path`` as understood; ``name`` is shown, ``answers`` settle earlier questions.

    With the answer ``orders`` (:meth:`OrderPlan.to_json`) the rows are order lines, and the table is that of the
    customers made of them. Raises :class:`DataProblem` where the file is not a table, :class:`BadRequest` where the
    plan does not fit it.
    """
    plan = OrderPlan.from_json(answers[ORDERS]) if ORDERS in answers else None
    total = _steps(answers)
    answers = of_lines(answers)
    step(STEPS[0], 0, total)
    reading = formats.read(path, name, answers)
    step(STEPS[1], 1, total)
    table = tables.understand(reading, answers)
    if plan is None:
        return table
    return make_customers(table, plan, lambda made, done, _: step(made, 2 + done, total)).table


def load_apart(path: Path, name: str, answers: Mapping[str, str], *, keep: Callable[[Table], Any], fence: Fence) -> Any:
    """:func:`load` in a process that can be lost; what ``keep(table)`` gives there (plain JSON).

    The table itself never comes here: ``keep`` writes of it what is wanted to disk. Raises :class:`DataProblem` where
    the file is not a table or wants more than ``fence`` allows.
    """

    def work(step: Step) -> Any:
        table = load(path, name, answers, step)
        step(STEPS[2], _steps(answers) - 1, _steps(answers))
        return keep(table)

    limits = limits_for(path.stat().st_size, fence.most)
    if ORDERS in answers:  # customers take longer than reading: models are fitted
        limits = replace(limits, seconds=fence.most.seconds, cpu=fence.most.cpu)
    return fenced(work, limits, step=fence.step, tick=fence.tick, scratch=fence.scratch)


def _steps(answers: Mapping[str, str]) -> int:
    """How many steps a reading has; customers take some more."""
    return len(STEPS) + (len(MAKING) if ORDERS in answers else 0)


def effect(table: Table, recipe: Recipe) -> prepare.Effect:
    """What a recipe will touch, in rows and cells, without fitting anything."""
    return prepare.effect(table, recipe)
