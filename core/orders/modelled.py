"""What is worked out from customer features: scores, groups, and what a model expects; described like the features."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalogue import Catalogue
from core.model import Kind


@dataclass(frozen=True)
class Modelled:
    """A column that is made of features, with the words a feature has, too."""

    name: str
    label: str
    unit: str
    kind: Kind
    formula: str


_SCORE = "1 to 5, 5 the best fifth of customers by {0}, or by the break points chosen; equal values get equal scores"

MODELLED: Catalogue[Modelled] = Catalogue(
    "modelled figure",
    Modelled("recency_score", "Recency score", "", Kind.NUMBER, _SCORE.format("recency (few days are good)")),
    Modelled("frequency_score", "Frequency score", "", Kind.NUMBER, _SCORE.format("frequency")),
    Modelled("monetary_score", "Monetary score", "", Kind.NUMBER, _SCORE.format("monetary")),
    Modelled("rfm_score", "RFM score", "", Kind.KEY, "recency, frequency and monetary score side by side: 543"),
    Modelled(
        "rfm_group", "RFM group", "", Kind.CATEGORY,
        "Champions, Loyal, At risk ...: recency score against the mean of frequency and monetary score",
    ),
    Modelled(
        "expected_purchases", "Expected purchases", "purchase days", Kind.NUMBER,
        "days with a purchase expected within the horizon, by the model of value",
    ),
    Modelled(
        "expected_value", "Expected value", "money", Kind.NUMBER,
        "expected purchases times the money expected of one, by the model of value",
    ),
    Modelled(
        "probability_alive", "Probability alive", "share", Kind.NUMBER,
        "how likely the customer still buys at all, by the BG/NBD model",
    ),
    Modelled(
        "silent_since", "Silent since", "", Kind.TEXT,
        "the last purchase of a repeat buyer from whom less is expected than from a one-time buyer of the same age",
    ),
)  # fmt: skip
