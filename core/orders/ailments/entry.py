"""What an ailment of order lines is: an entry of data with one test written once as an Ibis expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import BadRequest
from core.model.orders import OrderPlan, Treatment

if TYPE_CHECKING:
    import ibis

FLAG_OR_ASIDE = (Treatment.KEEP, Treatment.ASIDE)
ALL_TREATMENTS = (Treatment.NET, Treatment.ASIDE, Treatment.KEEP)


@dataclass(frozen=True)
class Ailment:
    """One thing that can be wrong with a line of an order.

    ``test(lines, plan)`` says in canonical lines (see ``core.orders.lines``) which have it, null where that cannot be
    known. ``proposed`` is one of ``options``; a single option cannot be switched. ``asks`` is True where a person has
    to choose, because no proposal is safe. ``summary`` says in one sentence what was found, ``advice`` why the
    proposal is made and what a person should do.
    """

    name: str
    label: str
    summary: str
    proposed: Treatment
    options: tuple[Treatment, ...]
    test: Callable[[ibis.Table, OrderPlan], ibis.expr.types.BooleanValue]
    advice: str
    asks: bool = False

    def flag(self, lines: ibis.Table, plan: OrderPlan) -> ibis.expr.types.BooleanValue:
        """True for the lines that have it, never null; ``plan.as_of`` has to be a date where lines have dates."""
        return self.test(lines, plan).fill_null(False)

    def treatment(self, plan: OrderPlan) -> Treatment:
        """What the plan does about it, else the proposal; :class:`BadRequest` where that is no option."""
        chosen = Treatment(plan.treatments.get(self.name, self.proposed))
        if chosen not in self.options:
            raise BadRequest(
                f"{self.label} cannot be treated as {chosen.value!r}.", f"Choose one of: {', '.join(self.options)}."
            )
        return chosen
