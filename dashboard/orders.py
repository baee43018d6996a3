"""What the Orders page looks at: the order lines of a file, how they are understood, and what was made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from core.errors import BadRequest
from core.model import ORDERS, Examination, Guess, Ordered, OrderPlan, Part, Table, of_lines
from core.orders.guessing import guess, plan_for
from dashboard.current import Current
from dashboard.runner.asked import as_examined
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, Dataset, Run
from dashboard.store.shelf import Shelf

Noun = TypeVar("Noun")
_guesses = Shelf(32, 2**20)


@dataclass(frozen=True)
class Orders:
    """One file on the Orders page. ``answers`` are those of its ``lines``, without the plan that makes customers.

    ``found`` is what the file seems to be, ``plan`` how it is taken now (a person's choices, else those of the latest
    job, else the guess), ``told`` what the columns of that plan are and which part lacks one. ``examined`` and ``made``
    are the runs that looked at these lines with this plan and that made customers of them last; ``unmade`` is a later
    one that came to nothing.
    """

    dataset: Dataset
    answers: Mapping[str, str]
    lines: Table
    found: Guess
    plan: OrderPlan
    told: Guess
    examined: Run | None
    made: Run | None
    unmade: Run | None

    @property
    def usable(self) -> bool:
        """Whether the doctor can look: every needed part has a column, and no question about the file is open."""
        return not self.told.missing and not self.lines.questions

    @cached_property
    def examination(self) -> Examination | None:
        """What the doctor found; None until that is done, and where it cannot be read any more."""
        return _result(services().store.examination, self.examined)

    @cached_property
    def ordered(self) -> Ordered | None:
        """What is told about the customers made last; None where there are none."""
        return _result(services().store.ordered, self.made)

    @cached_property
    def customers(self) -> Table | None:
        """Their table."""
        answers = self.made.request["answers"] if self.ordered is not None else {}
        store = services().store
        ready = bool(answers) and store.table_ready(owner(), self.dataset.id, answers)
        return store.table(owner(), self.dataset.id, answers) if ready else None

    def with_plan(self, plan: OrderPlan) -> Mapping[str, str]:
        """The answers under which the customers of this plan are a reading of the file."""
        return {**self.answers, ORDERS: plan.to_json()}


def found_in(table: Table) -> Guess:
    """What a table of lines seems to be."""
    return _guess(table, {})


def holds_orders(table: Table | None) -> bool:
    """Whether a table as read holds order lines, not customers, of whatever origin."""
    return table is not None and table.made is None and found_in(table).is_orders


def nearly(table: Table) -> bool:
    """Whether customers come back in several dated rows of a table as read, and only how much they paid is missing."""
    found = found_in(table) if table.made is None else None
    if found is None or found.missing != ("amount",):
        return False
    return 2 * table.column(found.mapping["customer"]).distinct <= len(table)


def orders_known(here: Current) -> bool:
    """Whether this file is one of order lines, or was taken for one."""
    if here.dataset is None or not here.loaded:
        return False
    lines = lines_of(here)
    return (lines is not None and found_in(lines).is_orders) or bool(_runs(here.dataset))


def lines_of(here: Current) -> Table | None:
    """The order lines behind what is looked at, also where that is the customers made of them."""
    answers = of_lines(here.answers()) if here.dataset is not None else {}
    store = services().store
    ready = here.dataset is not None and store.table_ready(owner(), here.dataset.id, answers)
    return store.table(owner(), here.dataset.id, answers) if ready else None


def orders_of(here: Current, kept: object = None) -> Orders | None:
    """The file that an address names, as order lines; None where none is read.

    ``kept`` is the plan that the page holds, as JSON; whatever is no plan for this file counts as none.
    """
    lines = lines_of(here)
    if lines is None:
        return None
    answers, found = of_lines(here.answers()), found_in(lines)
    runs = [run for run in _runs(here.dataset) if of_lines(run.request["answers"]) == answers]
    asked = next((run.order_plan for run in runs if run.order_plan is not None), None)
    proposed = plan_for(lines, found, answers, today=dt.date.today().isoformat())
    for plan in (_read(kept), asked, proposed):
        told = _told(lines, plan)
        if plan is not None and told is not None:
            break
    told = told or found
    looked_at = as_examined(plan)
    examined = next((run for run in runs if run.kind == "examine" and run.order_plan == looked_at), None)
    makings = [run for run in runs if run.kind == "customers" and run.order_plan is not None]
    last = makings[0] if makings else None
    made = next((run for run in makings if run.state in (*LIVE, "done")), None)
    return Orders(here.dataset, answers, lines, found, plan, told, examined, made, last if last is not made else None)


def renewed(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers of a recipe for a file of today: orders count up to today, not to the day the recipe was saved."""
    if ORDERS not in answers:
        return dict(answers)
    plan = replace(OrderPlan.from_json(answers[ORDERS]), today=dt.date.today().isoformat())
    return {**answers, ORDERS: plan.to_json()}


def mapped(lines: Table, plan: OrderPlan) -> Guess:
    """The columns of this plan and what is missing; :class:`BadRequest` where a column cannot be the part it is taken for."""
    return _guess(lines, {part: plan.column(part) for part in Part})


def _guess(table: Table, chosen: Mapping[str, str]) -> Guess:
    """:func:`core.orders.guessing.guess`, which looks at all cells, once for a table and what is chosen."""
    key = table.fingerprint, tuple(column.name for column in table.columns), tuple(sorted(chosen.items()))
    return _guesses.get(key, lambda: guess(table, chosen))


def _told(lines: Table, plan: OrderPlan | None) -> Guess | None:
    try:
        return None if plan is None else mapped(lines, plan)
    except BadRequest:
        return None


def _read(kept: object) -> OrderPlan | None:
    try:
        return OrderPlan.from_json(kept) if isinstance(kept, str) and kept else None
    except BadRequest:
        return None


def _runs(dataset: Dataset) -> tuple[Run, ...]:
    runs = services().store.runs(owner(), dataset=dataset.id)
    return tuple(run for run in runs if run.kind in ("examine", "customers"))


def _result(read: Callable[[str, str], Noun], run: Run | None) -> Noun | None:
    try:
        return read(owner(), run.id) if run is not None and run.state == "done" else None
    except Damaged:
        return None
