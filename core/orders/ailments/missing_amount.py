"""Lines whose money is not known."""

from core.model.orders import Treatment
from core.orders.ailments.entry import Ailment

MISSING_AMOUNT = Ailment(
    name="missing_amount",
    label="No amount",
    summary="These lines have neither an amount nor both a quantity and a price that can be read.",
    proposed=Treatment.ASIDE,
    options=(Treatment.ASIDE,),
    test=lambda lines, plan: lines.amount.isnull(),
    advice="They are set aside: an unknown amount is not zero. Check the examples, and correct the column of amounts "
    "or prices if it is the wrong one.",
)
