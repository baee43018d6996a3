"""What speaks for a column being a part of an order line: the meanings of its name's words and the kind of its cells."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import Column, Kind
from core.model.orders import Part
from core.orders.words import meanings

_IDS = frozenset({Kind.KEY, Kind.CATEGORY, Kind.TEXT, Kind.NUMBER})
_LABELS = frozenset({Kind.KEY, Kind.CATEGORY, Kind.TEXT})
_DATES = frozenset({Kind.DATE})
_NUMBERS = frozenset({Kind.NUMBER, Kind.FLAG})
ENOUGH = 3.0
"""Points from which a column is taken for a part without anybody's word."""
_UNKNOWN, _TOLERATED = 2.0, 1.0


@dataclass(frozen=True)
class Clue:
    """How a part's columns are named: ``points`` for words that stand together (the best count), ``tolerated`` words
    cost a point; any other known word says that the column is something else."""

    kinds: frozenset[Kind]
    points: dict[str, float]
    tolerated: str = ""


CLUES: dict[Part, Clue] = {
    Part.CUSTOMER: Clue(_IDS, {"person id": 10, "order person id": 9, "person": 8, "person name": 7, "person mail": 6, "mail": 5,
                               "id": 4, "name": 3}, "id name mail"),
    Part.DATE: Clue(_DATES, {"order date": 10, "date": 8, "order": 6, "": 5}, "order sales"),
    Part.ORDER: Clue(_IDS, {"order id": 10, "order": 7}, "sales"),
    Part.QUANTITY: Clue(_NUMBERS, {"quantity": 9, "quantity order": 10, "id of product": 8, "id of line": 8, "unit": 7},
                        "order product line unit returned"),
    Part.PRICE: Clue(_NUMBERS, {"unit price": 10, "product price": 9, "line price": 9, "price": 8}, "order product line sales"),
    Part.DISCOUNT: Clue(_NUMBERS, {"discount": 9, "discount amount": 9, "discount rate": 8}, "order line product"),
    Part.AMOUNT: Clue(_NUMBERS, {"line amount": 10, "sales": 9, "sales amount": 9, "amount price": 9, "amount": 8,
                                 "order amount": 8}, "order product line"),
    Part.COST: Clue(_NUMBERS, {"cost": 9, "cost amount": 9, "unit cost": 8}, "order line product price sales"),
    Part.PROFIT: Clue(_NUMBERS, {"profit": 10, "profit amount": 10}, "order line sales"),
    Part.PRODUCT: Clue(_IDS, {"product id": 10, "art id": 10, "product": 9, "product name": 8, "line name": 7, "product description": 6},
                       "line order"),
    Part.DESCRIPTION: Clue(_LABELS, {"product description": 10, "description": 9, "product name": 9, "line name": 8}, "line order"),
    Part.CATEGORY: Clue(_LABELS, {"category name": 10, "product category": 10, "category": 9, "sub category": 5},
                        "product name id line"),
    Part.COUNTRY: Clue(_LABELS, {"person country": 10, "country": 9}, "order ship name id"),
    Part.SHIPPED: Clue(_DATES, {"ship date": 10, "ship": 8}, "order"),
    Part.CURRENCY: Clue(_LABELS, {"currency": 9, "currency id": 9}, "order sales amount"),
    Part.STATUS: Clue(_LABELS | {Kind.FLAG}, {"order status": 10, "status": 9, "ship status": 4, "cancelled": 6, "returned": 5},
                      "order sales line"),
}  # fmt: skip
WORDS = {
    "person": "customer", "id": "number or id", "mail": "e-mail", "line": "line", "sales": "sales", "unit": "unit", "ship": "shipping",
}  # fmt: skip


def marked(name: str) -> str:
    """What a yes in a column of this name says of its line: "cancelled", "returned", or "" where it says neither."""
    found = set(meanings(name))
    return next((mark for mark in ("cancelled", "returned") if mark in found and not found & {"status", "negated"}), "")


def named(part: Part, column: Column) -> tuple[float, str]:
    """Points for a column's name and kind, 0 where it cannot be this part, and the words that speak for it."""
    clue = CLUES[part]
    if column.kind not in clue.kinds:
        return 0.0, ""
    found = set(meanings(column.name)) - {"neutral"}
    best, words = 0.0, ""
    for together, points in clue.points.items():
        needed = set(together.split())
        left = found - needed - {"of"}
        if needed <= found and left <= {"?", *clue.tolerated.split()}:
            points -= _UNKNOWN * ("?" in left) + _TOLERATED * len(left - {"?"})
            if points > best:
                best, words = points, " and ".join(WORDS.get(word, word) for word in together.split() if word != "of")
    return best, words
