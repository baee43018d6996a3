"""Lines that name no customer."""

from core.model.orders import Treatment
from core.orders.ailments.entry import Ailment

MISSING_CUSTOMER = Ailment(
    name="missing_customer",
    label="No customer id",
    summary="These lines do not say who bought (nothing, or a word such as guest or unknown), so they belong to no customer.",
    proposed=Treatment.ASIDE,
    options=(Treatment.ASIDE,),
    test=lambda lines, plan: lines.customer.isnull(),
    advice="They are set aside: guessing an owner would invent customers. If they are guest orders, add an e-mail "
    "address or a phone number as the customer column, and load the file again.",
)
