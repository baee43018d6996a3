"""Judging words, and what each needs: no adjective without an effect size and a stability floor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.personas.rules import RULES

_SMALL, _MARKED, _LARGE = RULES["small difference"], RULES["marked difference"], RULES["large difference"]
_FAR = float("inf")


@dataclass(frozen=True)
class Need:
    """What a word needs of a contrast.

    ``effect`` (standard deviations from everyone else): at least so much in the direction of its sign. ``steady`` (0..1):
    in at least this share of resamples, where that was measured. ``least`` and ``most`` bound the segment's own mean or
    share.
    """

    effect: float
    steady: float = RULES["steady"]
    least: float = -_FAR
    most: float = _FAR

    def met(self, *, effect: float, steady: float, own: float) -> bool:
        """Whether a contrast carries the word."""
        strong = effect >= self.effect if self.effect > 0 else effect <= self.effect
        lasting = not steady < self.steady  # NaN: it was not measured
        return strong and lasting and self.least <= own <= self.most


DEGREES = (("far", _LARGE), ("clearly", _MARKED), ("slightly", _SMALL))
"""The degree of a difference by its size, the largest first."""
_WAYS = (("above", 1), ("below", -1), ("more often", 1), ("less often", -1))
WORDS: dict[str, Need] = {
    **{f"{degree} {way}": Need(sign * least) for degree, least in DEGREES for way, sign in _WAYS},
    "high": Need(_MARKED),
    "low": Need(-_MARKED),
    "older": Need(_MARKED),
    "younger": Need(-_MARKED),
    "only": Need(_MARKED, least=1.0),
    "mostly": Need(_MARKED, least=0.5),
    "often": Need(_MARKED),
    "never": Need(-_MARKED, most=0.0),
    "rarely": Need(-_MARKED, most=0.2),
    "less often": Need(-_MARKED),
    # of customers that were made of orders
    "silent for long": Need(_MARKED),
    "bought lately": Need(-_MARKED),
    "frequent buyers": Need(_MARKED),
    "rare buyers": Need(-_MARKED),
    "big spenders": Need(_MARKED),
    "small spenders": Need(-_MARKED),
    "large orders": Need(_MARKED),
    "small orders": Need(-_MARKED),
    "full baskets": Need(_MARKED),
    "small baskets": Need(-_MARKED),
    "long known": Need(_MARKED),
    "known for a short time": Need(-_MARKED),
    "buying more than before": Need(_MARKED, least=0.05),
    "buying less than before": Need(-_MARKED, most=-0.05),
    "return much": Need(_MARKED),
    "return little": Need(-_MARKED),
    "often at a discount": Need(_MARKED),
    "rarely at a discount": Need(-_MARKED),
    "long pauses": Need(_MARKED),
    "short pauses": Need(-_MARKED),
    "wide range": Need(_MARKED),
    "narrow range": Need(-_MARKED),
}
"""Every judging word a persona may use, with what it needs."""

AGE = ("age", "alter", "years old")
"""Names of columns that say how old a customer is."""

ORDERED: dict[str, tuple[str, str]] = {
    "recency": ("silent for long", "bought lately"),
    "frequency": ("frequent buyers", "rare buyers"),
    "purchase_frequency": ("frequent buyers", "rare buyers"),
    "monetary": ("big spenders", "small spenders"),
    "average_order_value": ("large orders", "small orders"),
    "basket_size": ("full baskets", "small baskets"),
    "tenure": ("long known", "known for a short time"),
    "trend": ("buying more than before", "buying less than before"),
    "return_rate": ("return much", "return little"),
    "discount_share": ("often at a discount", "rarely at a discount"),
    "days_between": ("long pauses", "short pauses"),
    "products": ("wide range", "narrow range"),
    "categories": ("wide range", "narrow range"),
}
"""What customers made of orders are called by a column: well above everyone else, and well below."""

CALLED = {
    "recency": "days since the last purchase",
    "frequency": "number of orders",
    "monetary": "money brought in",
    "lifetime_value": "value so far",
    "average_order_value": "money per order",
    "purchase_frequency": "orders per month",
    "days_between": "days between purchases",
    "tenure": "days since the first purchase",
    "trend": "trend of spending (above zero: more than before)",
    "basket_size": "items per order",
    "products": "different products",
    "categories": "different categories",
    "discount_share": "part of lines at a discount",
    "return_rate": "part of money returned",
    "weekend_share": "part of orders at weekends",
    "shipping_days": "days until the goods are shipped",
    "morning_share": "part of orders in the morning",
    "afternoon_share": "part of orders in the afternoon",
    "evening_share": "part of orders in the evening",
    "night_share": "part of orders at night",
    "margin": "margin",
    "margin_rate": "margin as a part of revenue",
    "days_between_spread": "spread of the days between purchases",
    "favourite_category": "category bought most",
    "favourite_category_share": "part of money for the category bought most",
    "country": "country",
    "first_purchase": "first purchase",
    "last_purchase": "last purchase",
    "repeat_purchases": "orders after the first",
    "repeat_value": "money per day with purchases after the first",
    "recency_score": "score for recency (1 to 5, 5 bought last)",
    "frequency_score": "score for frequency (1 to 5, 5 orders most)",
    "monetary_score": "score for money (1 to 5, 5 brings most)",
    "rfm_score": "scores for recency, frequency and money side by side",
    "rfm_group": "RFM group",
    "expected_purchases": "days with purchases expected next",
    "expected_value": "money expected next",
    "probability_alive": "probability of still being a customer",
    "silent_since": "silent since",
}
"""What a column of customers made of orders is called in a sentence."""
_NAMED = re.compile(rf"""(?<![\w"'])({"|".join(sorted(CALLED, key=len, reverse=True))})(?![\w"'])""")


def in_words(text: str) -> str:
    """``text`` about customers made of orders, its columns called by what they mean; what stands in quotes is a value."""
    return _NAMED.sub(lambda found: CALLED[found[1]], text)


_FAMILIES = (
    ("recency", "last_purchase"),
    ("monetary", "lifetime_value", "margin", "repeat_value"),
    ("frequency", "purchase_frequency", "repeat_purchases", "days_between"),
    ("products", "categories"),
    ("tenure", "first_purchase"),
)
FAMILY = {column: family[0] for family in _FAMILIES for column in family}
"""Columns of customers made of orders that say nearly the same: one of them is told."""
