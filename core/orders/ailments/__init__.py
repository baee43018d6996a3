"""What can be wrong with order lines. To add one: an entry in a file here, and its name at the end of the list below.

The order decides twice: bit i of a line's mask is the i-th ailment, and a line set aside is put down to the first one.
"""

from core.catalogue import Catalogue
from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.cancelled import CANCELLED
from core.orders.ailments.duplicate import DUPLICATE
from core.orders.ailments.entry import Ailment
from core.orders.ailments.extreme_order import EXTREME_ORDER
from core.orders.ailments.future_date import FUTURE_DATE
from core.orders.ailments.missing_amount import MISSING_AMOUNT
from core.orders.ailments.missing_customer import MISSING_CUSTOMER
from core.orders.ailments.missing_date import MISSING_DATE
from core.orders.ailments.negative_price import NEGATIVE_PRICE
from core.orders.ailments.other_currency import OTHER_CURRENCY
from core.orders.ailments.returned import RETURNED
from core.orders.ailments.service_line import SERVICE_LINE
from core.orders.ailments.shipping import SHIPPING
from core.orders.ailments.test_account import TEST_ACCOUNT
from core.orders.ailments.unclear_date import UNCLEAR_DATE
from core.orders.ailments.zero_price import ZERO_PRICE
from core.orders.ailments.zero_quantity import ZERO_QUANTITY

AILMENTS: Catalogue[Ailment] = Catalogue(
    "ailment of order lines",
    MISSING_CUSTOMER,
    MISSING_DATE,
    MISSING_AMOUNT,
    FUTURE_DATE,
    CANCELLED,
    RETURNED,
    NEGATIVE_PRICE,
    ZERO_PRICE,
    ZERO_QUANTITY,
    DUPLICATE,
    OTHER_CURRENCY,
    UNCLEAR_DATE,
    SHIPPING,
    TEST_ACCOUNT,
    SERVICE_LINE,
    EXTREME_ORDER,
)


def treatments(plan: OrderPlan) -> dict[str, Treatment]:
    """What the plan does about every ailment, in catalogue order; :class:`BadRequest` for unknown names or options."""
    for name in plan.treatments:
        AILMENTS[name]
    return {name: ailment.treatment(plan) for name, ailment in AILMENTS.items()}


__all__ = ["AILMENTS", "Ailment", "treatments"]
