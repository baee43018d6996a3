"""What to know about customers that were made of order lines, as notes of their table."""

from __future__ import annotations

from collections.abc import Sequence

from core.model import MONEY_UNITS, Effect, MadeOf, Note
from core.orders.ailments import AILMENTS

HINT = "Change what is done with these lines on the Orders page."


def order_notes(done: Effect, made: MadeOf, warnings: Sequence[str], without: int) -> tuple[Note, ...]:
    """How many lines became customers, which were set aside and why, who never bought, and what scores cannot tell.

    Money is told in ``made.currency``; ``without`` counts customers without a purchase.
    """
    return (
        Note("MADE_OF_ORDERS", _made(done, made), count=done.kept.lines),
        *_aside(done, made.currency),
        *_without(without, done.kept.customers),
        *(Note("RFM", text) for text in warnings),
        *_model(made),
    )


def _made(done: Effect, made: MadeOf) -> str:
    kept, money = done.kept, _money(done.kept.revenue, made.currency)
    return (
        f"{kept.customers:,} customers were made of {kept.lines:,} of {done.uploaded.lines:,} order lines: "
        f"{kept.orders:,} orders, {money} net of returns, as of {made.as_of}."
    )


def _aside(done: Effect, currency: str) -> list[Note]:
    return [
        Note(
            f"ASIDE_{name.upper()}",
            f"{AILMENTS[name].label}: {totals.lines:,} order lines ({_money(totals.revenue, currency)}) were set aside.",
            count=totals.lines,
            hint=HINT,
        )
        for name, totals in done.reasons.items()
    ]


def _without(count: int, customers: int) -> list[Note]:
    if not count:
        return []
    text = f"{count:,} of {customers:,} customers have no purchase, only returns: their recency is a gap, their frequency 0."
    return [Note("WITHOUT_PURCHASE", text, count=count)]


def _model(made: MadeOf) -> list[Note]:
    return [Note("EXPECTED_VALUE", made.value.because)] if made.value.because else []


def _money(units: int, currency: str) -> str:
    """Whole ten-thousandths as money to the cent."""
    return f"{units / MONEY_UNITS:,.2f} {currency}".strip()
