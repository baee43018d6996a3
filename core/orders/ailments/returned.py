"""Goods that came back: negative quantities, money given back, or a status that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.cancelled import CANCELLED
from core.orders.ailments.entry import ALL_TREATMENTS, Ailment
from core.orders.ailments.wording import matches

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

_STATES = (
    "returned|return|fully returned|refunded|refund|full refund|fully refunded|chargeback|charged back|retour|"
    "retourniert|zurückgesendet|zurückgegeben|erstattet|rückerstattet|retourné|retournée|remboursé|remboursée|"
    "devuelto|devuelta|reembolsado|reembolsada|devolvido|devolvida|reso|restituito|rimborsato|geretourneerd|"
    "terugbetaald|zwrócony|zwrócone|zwrot|returnerad|återbetald|returneret|returnert|palautettu|iade|iade edildi|"
    "возврат|возвращен|возвращён|返品|返金|退货|退款"
)


def came_back(lines: ibis.Table) -> BooleanValue:
    """A negative quantity, money below zero where no quantity is known, or the status; not null."""
    negative = (lines.quantity < 0).fill_null(False)
    given_back = (lines.quantity.isnull() & (lines.amount < 0)).fill_null(False)
    return negative | given_back | matches(lines.status, _STATES).fill_null(False)


def _returned(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    return came_back(lines) & ~CANCELLED.flag(lines, plan)


RETURNED = Ailment(
    name="returned",
    label="Returned",
    summary="These lines are returns: a negative quantity, money given back, or a status that says so.",
    proposed=Treatment.NET,
    options=ALL_TREATMENTS,
    test=_returned,
    advice="Money given back is taken off the customer's value, and a returned line with money above zero is set aside, "
    "because it did not stay revenue; neither counts as a purchase. Set them aside to look at sales before returns.",
)
