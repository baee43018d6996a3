"""Lines that cost nothing."""

from core.model.orders import Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

ZERO_PRICE = Ailment(
    name="zero_price",
    label="Amount of zero",
    summary="These lines cost nothing.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=lambda lines, plan: (lines.amount == 0) & (lines.quantity.isnull() | (lines.quantity > 0)),
    advice="They stay: gifts and free replacements are honest lines, and they count as purchases. Set them aside if "
    "they are stock corrections or missing prices.",
)
