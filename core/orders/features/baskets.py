"""What a customer buys: how much at once, how varied, at a discount or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import MONEY_UNITS, Kind, Part
from core.orders.features.entry import Feature, ratio
from core.orders.features.money import customers
from core.orders.features.ranks import commonest

if TYPE_CHECKING:
    import ibis

    from core.orders.features.stages import Stages


def products(stages: Stages) -> ibis.Table:
    """How many different products every customer has bought."""
    kept = stages.kept
    pairs = kept.filter(kept.purchase & kept.product.notnull()).select("customer", "product").distinct()
    return pairs.group_by("customer").agg(products=pairs.count())


def categories(stages: Stages) -> ibis.Table:
    """How many different categories every customer has bought, and the one with most money."""
    kept = stages.kept
    bought = kept.filter(kept.purchase & kept.category.notnull())
    weighed = bought.group_by("customer", "category").agg(weight=bought.amount.sum())
    return commonest(weighed, "category")


BASKET_SIZE = Feature(
    "basket_size", "Basket size", "items", Kind.NUMBER,
    "Quantity bought divided by the number of orders.",
    "How many items a typical order has.",
    customers, lambda counts: ratio(counts.numbers("items") / MONEY_UNITS, counts.numbers("orders")), (Part.QUANTITY,),
)
PRODUCTS = Feature(
    "products", "Different products", "products", Kind.NUMBER,
    "Number of different products bought.",
    "How much of the range the customer knows.",
    products, lambda counts: counts.numbers("products"), (Part.PRODUCT,),
)
CATEGORIES = Feature(
    "categories", "Different categories", "categories", Kind.NUMBER,
    "Number of different categories bought.",
    "How broadly the customer buys.",
    categories, lambda counts: counts.numbers("category_count"), (Part.CATEGORY,),
)
FAVOURITE_CATEGORY = Feature(
    "favourite_category", "Favourite category", "", Kind.CATEGORY,
    "Category with the most money of purchases; among equals the first in the alphabet.",
    "What the customer spends most on.",
    categories, lambda counts: counts.frame["category"].to_numpy(object), (Part.CATEGORY,),
)
FAVOURITE_CATEGORY_SHARE = Feature(
    "favourite_category_share", "Share of the favourite category", "share", Kind.NUMBER,
    "Money of purchases in the favourite category divided by that in all known categories.",
    "Whether the customer is a specialist.",
    categories, lambda counts: ratio(counts.money("category_most"), counts.money("category_all")),
    (Part.CATEGORY,),
)
DISCOUNT_SHARE = Feature(
    "discount_share", "Discount share", "share", Kind.NUMBER,
    "Purchase lines with a discount above zero divided by all purchase lines.",
    "Whether the customer waits for discounts.",
    customers, lambda counts: ratio(counts.numbers("discounted"), counts.numbers("purchases")), (Part.DISCOUNT,),
)
