"""What is known of a customer from order lines. To add a feature: an entry in a file here, and its name in the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from core.catalogue import Catalogue
from core.model import OrderPlan
from core.orders.features.baskets import (
    BASKET_SIZE,
    CATEGORIES,
    DISCOUNT_SHARE,
    FAVOURITE_CATEGORY,
    FAVOURITE_CATEGORY_SHARE,
    PRODUCTS,
)
from core.orders.features.circumstances import (
    AFTERNOON_SHARE,
    COUNTRY,
    EVENING_SHARE,
    MORNING_SHARE,
    NIGHT_SHARE,
    SHIPPING_DAYS,
)
from core.orders.features.entry import Counts, Feature
from core.orders.features.money import (
    AVERAGE_ORDER_VALUE,
    FREQUENCY,
    LIFETIME_VALUE,
    MARGIN,
    MARGIN_RATE,
    MONETARY,
    RECENCY,
    RETURN_RATE,
    WEEKEND_SHARE,
    customers,
    orders,
)
from core.orders.features.rhythm import (
    DAYS_BETWEEN,
    DAYS_BETWEEN_SPREAD,
    FIRST_PURCHASE,
    LAST_PURCHASE,
    PURCHASE_FREQUENCY,
    REPEAT_PURCHASES,
    REPEAT_VALUE,
    TENURE,
    TREND,
)
from core.orders.features.stages import Stages

if TYPE_CHECKING:
    import ibis

    from core.orders.engine import Session

FEATURES: Catalogue[Feature] = Catalogue(
    "customer feature",
    RECENCY,
    FREQUENCY,
    MONETARY,
    AVERAGE_ORDER_VALUE,
    LIFETIME_VALUE,
    MARGIN,
    MARGIN_RATE,
    PURCHASE_FREQUENCY,
    DAYS_BETWEEN,
    DAYS_BETWEEN_SPREAD,
    TENURE,
    TREND,
    BASKET_SIZE,
    PRODUCTS,
    CATEGORIES,
    FAVOURITE_CATEGORY,
    FAVOURITE_CATEGORY_SHARE,
    DISCOUNT_SHARE,
    RETURN_RATE,
    WEEKEND_SHARE,
    MORNING_SHARE,
    AFTERNOON_SHARE,
    EVENING_SHARE,
    NIGHT_SHARE,
    SHIPPING_DAYS,
    COUNTRY,
    FIRST_PURCHASE,
    LAST_PURCHASE,
    REPEAT_PURCHASES,
    REPEAT_VALUE,
)


def customer_features(session: Session, kept: ibis.Table, plan: OrderPlan) -> pd.DataFrame:
    """One row for each customer with a kept line, sorted by ``customer_id``; then the features that can be made.

    ``kept`` are the lines that count, with the column ``purchase``; ``plan`` is resolved (``as_of`` is a date).
    Numbers are float64 and NaN where unknown (recency of who never bought), money in currency units, dates
    datetime64, text ``object`` or None. A feature is left out where the plan maps no column it needs; those of the
    time of day where no date has one.
    """
    as_of = (dt.date.fromisoformat(plan.as_of) - dt.date(1970, 1, 1)).days
    made = [feature for feature in FEATURES.values() if _mapped(feature, plan)]
    counts = Counts(session.frame(counted(session, Stages(kept, as_of, session.stored), made)), as_of)
    if "timed" in counts.frame and not counts.frame["timed"].any():
        made = [feature for feature in made if not feature.hours]
    figures = {feature.name: feature.value(counts) for feature in made}
    return pd.DataFrame({"customer_id": counts.frame["customer"].astype(object), **figures})


def counted(session: Session, stages: Stages, features: Iterable[Feature]) -> ibis.Table:
    """Whole numbers by customer, in order of the customers, for all these features.

    What is counted in different ways is counted one after the other, so that little memory is needed at a time.
    """
    whole = session.held(customers(stages))
    for count in dict.fromkeys([orders, *(feature.count for feature in features)]):
        if count is not customers:
            whole = whole.left_join(session.held(count(stages)), "customer").drop("customer_right")
    return whole.order_by("customer")


def _mapped(feature: Feature, plan: OrderPlan) -> bool:
    return not feature.needs or any(plan.column(part) for part in feature.needs)


__all__ = ["FEATURES", "Feature", "customer_features"]
