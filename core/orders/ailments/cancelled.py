"""Orders that were called off: cancellation numbers (C536379 among 536365, 536366 ...) or a status that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Part, Treatment
from core.orders.ailments.entry import ALL_TREATMENTS, Ailment
from core.orders.ailments.wording import matches, mostly

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

_ALONE = "cancel|storno|void|iptal|cancell?ation|annulation|anulación|annullamento|取消|キャンセル"
_WORDS = (
    "cancelled|canceled|voided|storniert|annulliert|annulé|annulée|annule|annulee|annullato|annullata|cancelado|"
    "cancelada|anulado|anulada|geannuleerd|anulowane|anulowany|anulowana|zrušeno|makulerad|avbruten|annulleret|"
    "annullert|peruutettu|отменен|отменён|отменено|已取消"
)
_STATUS = (
    f"{_ALONE}|(?:order |bestellung |commande |pedido |ordine )?"
    f"(?:{_WORDS})"
    "(?: order| edildi|[ _](?:by|from|due|because|von|wegen|par|por|da|door)[ _][^\n]*| ?[:(-][^\n]*)?"
)


def _called_off(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    status = matches(lines.status, _STATUS)
    if not plan.column(Part.ORDER):
        return status
    numbered = mostly(lines, lines.order.re_search("^[0-9]+$"), lines.order.notnull())
    with_c = lines.order.re_search("^[Cc][0-9]+$")
    some = lines.aggregate(some=with_c.any()).as_scalar()  # most files have none, and then no line needs a look
    return status.fill_null(False) | (with_c & numbered & some)


CANCELLED = Ailment(
    name="cancelled",
    label="Cancelled",
    summary="These lines were cancelled: their order number starts with C where others are plain numbers, or their "
    "status says so.",
    proposed=Treatment.NET,
    options=ALL_TREATMENTS,
    test=_called_off,
    advice="Money given back is taken off the customer's value, and a cancelled line with money above zero is set "
    "aside, because it never became revenue; neither counts as a purchase. Keep them only if the status means "
    "something else in your shop.",
)
