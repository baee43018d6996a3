"""Orders somebody made to try the shop out."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment
from core.orders.ailments.wording import matches

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

_TRIED = "test|tester|testing|teste|prueba|pruebas|prova|essai|demo|dummy|テスト|测试|тест"
_WHOSE = "user|account|customer|client|kunde|konto|compte|cliente|cuenta|klant|order|bestellung|commande|pedido|login"
_ID = (
    f"(?:{_TRIED})(?:[ _.-]?(?:{_WHOSE}))?[ _.#-]?[0-9]*(?:@[^ @]+)?"
    f"|(?:{_WHOSE})[ _.-](?:de )?(?:{_TRIED})[ _.#-]?[0-9]*(?:@[^ @]+)?"
    "|testkunde[0-9]*|testklant[0-9]*|testkonto[0-9]*|testbestellung[0-9]*"
    "|[^ @]+@(?:test|example)[.](?:com|net|org)|[^ @]+@[^ @]+[.](?:test|example|invalid)"
)
_ARTICLE = "test[ _-]?[0-9]+|test[ _-]?(?:product|article|artikel|item|sku)[ _-]?[0-9]*|(?:this is a )?test product[.]?"


def _trial(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    """By customer, order number or status; by the article's name, or its code where it is called nothing."""
    accounts = [matches(text, _ID).fill_null(False) for text in (lines.customer, lines.order, lines.status)]
    named = matches(lines.description, _ARTICLE).fill_null(False)
    coded = matches(lines.product, _ARTICLE).fill_null(False) & lines.description.isnull()
    return reduce(or_, accounts) | named | coded


TEST_ACCOUNT = Ailment(
    name="test_account",
    label="Test accounts",
    summary="The customer, the order or the article of these lines is called a test.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=_trial,
    advice="They stay until you have looked at the examples. Set them aside if they are your own trial orders.",
)
