"""Lines of nothing."""

from core.model.orders import Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

ZERO_QUANTITY = Ailment(
    name="zero_quantity",
    label="Quantity of zero",
    summary="These lines have a quantity of zero: nothing was sold.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=lambda lines, plan: lines.quantity == 0,
    advice="They stay, because some systems write services or deposits that way. Set them aside if they stand for "
    "articles that were never delivered.",
)
