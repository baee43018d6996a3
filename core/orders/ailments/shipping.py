"""Shipping that cannot be true."""

from core.model.orders import Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment

LONGEST_DAYS = 365

SHIPPING = Ailment(
    name="shipping",
    label="Impossible shipping",
    summary="These lines were shipped before they were ordered, or more than a year later.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=lambda lines, plan: (lines.shipping_days < 0) | (lines.shipping_days > LONGEST_DAYS),
    advice="They stay, but their shipping days are left out. Many of them mean that the two date columns are "
    "swapped, or that day and month are.",
)
