"""The order doctor: what is wrong with order lines, whom it touches, what is done about it, and what that does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd
from dash import html

from core.model import MONEY_UNITS, Effect, Examination, Finding, Part, Totals, Treatment
from core.orders.ailments import AILMENTS, Ailment
from dashboard.components import numbers
from dashboard.components.forms import field, segmented
from dashboard.components.parts import card, explain, more, notice, stat, stats
from dashboard.components.tables import table as as_table
from dashboard.security.labels import plain

NAMES = tuple(AILMENTS)
TREATMENTS = {Treatment.NET: "Take off", Treatment.ASIDE: "Set aside", Treatment.KEEP: "Keep"}
WHAT_THEY_DO = {
    Treatment.NET: "their money is taken off the customer's value, and they are no purchases",
    Treatment.ASIDE: "they are left out of every figure",
    Treatment.KEEP: "they count like any other line",
}
EXAMPLE_COLUMNS = {
    "line": "Line", "customer": "Customer", "order": "Order", "date": "Date", "quantity": "Quantity", "price": "Price",
    "amount": "Amount", "product": "Product",
}  # fmt: skip
TOLD_BY = {
    "other_currency": (Part.CURRENCY,), "shipping": (Part.SHIPPED,), "zero_quantity": (Part.QUANTITY,),
    "service_line": (Part.PRODUCT, Part.DESCRIPTION), "cancelled": (Part.ORDER, Part.STATUS),
}  # fmt: skip
"""Ailments that only certain columns tell: any one of them is enough."""


def doctor_card(found: Examination, treatments: Mapping[str, str], unit: str) -> html.Section:
    """Every ailment that some line has, with whom it touches and its switch; the others in one sentence.

    ``treatments`` are those that a person chose, by ailment name; ``unit`` is the currency, "" where none is known.
    """
    ill = [one for one in found.findings if one.touched.lines]
    healthy = _not_found(found, {one.ailment for one in ill})
    parts: list = [html.Ul([_finding(found, one, treatments, unit) for one in ill], className="sa-ailments")] if ill else []
    if healthy:
        parts.append(html.P(f"Also looked for, in 0 lines: {', '.join(healthy)}.", className="sa-muted sa-small sa-below"))
    parts.append(explain(
        "Take off, set aside, keep",
        f"Take off: {WHAT_THEY_DO[Treatment.NET]} (returns and cancellations). Set aside: {WHAT_THEY_DO[Treatment.ASIDE]}; "
        f"they can be downloaded with the reason. Keep: {WHAT_THEY_DO[Treatment.KEEP]}; they are only counted here.",
    ))  # fmt: skip
    told = f"{numbers.count(len(ill), 'thing')} found in these order lines" if ill else "Nothing is wrong with these order lines"
    return card(told, *parts, help="By default only cancellations and returns change money. A line can have several.",
                id="orders-doctor")  # fmt: skip


def _not_found(found: Examination, ill: Iterable[str]) -> list[str]:
    """What no line has, without what could not be looked for, as no column tells it."""
    blind = {name for name, parts in TOLD_BY.items() if not any(found.plan.column(part) for part in parts)}
    return [AILMENTS[name].label.lower() for name in NAMES if name not in {*ill, *blind}]


def _finding(found: Examination, one: Finding, treatments: Mapping[str, str], unit: str) -> html.Li:
    ailment, touched = AILMENTS[one.ailment], one.touched
    share = numbers.share(touched.lines / max(found.uploaded.lines, 1))
    facts = [f"{numbers.count(touched.lines, 'line')} ({share} of all)", numbers.count(touched.orders, "order")]
    facts += [numbers.count(touched.customers, "customer")] if touched.customers else []
    facts.append(f"{money(touched.revenue, unit)} of revenue")
    words = [html.H3(ailment.label), html.P(ailment.summary), html.P(", ".join(facts), className="sa-ailment-facts")]
    return html.Li([html.Div([*words, _examples(found, ailment)], className="sa-stack-small"), _switch(ailment, treatments)],
                   className="sa-ailment")  # fmt: skip


def _examples(found: Examination, ailment: Ailment) -> html.Details:
    rows = found.examples[found.examples["ailment"] == ailment.name]
    shown = rows[list(EXAMPLE_COLUMNS)].rename(columns=EXAMPLE_COLUMNS)
    empty = [name for name in shown.columns if name != "Line" and not shown[name].map(numbers.text).ne(numbers.NOTHING).any()]
    drawn = as_table(shown.drop(columns=empty), caption=f"Examples: {ailment.label}")
    return more("Why, and examples", html.P(ailment.advice, className="sa-help"), drawn)


def _switch(ailment: Ailment, treatments: Mapping[str, str]) -> html.Div:
    """What is done about an ailment; no choice is made ahead where a person has to make it."""
    if len(ailment.options) == 1:
        return html.Div([html.Div(TREATMENTS[ailment.proposed], className="sa-label"),
                         html.Div("There is no other way.", className="sa-field-help")], className="sa-field")  # fmt: skip
    open_ = ailment.asks and ailment.name not in treatments
    chosen = "" if open_ else str(treatments.get(ailment.name, ailment.proposed))
    control = segmented({str(one): TREATMENTS[one] for one in ailment.options}, chosen,
                        id={"type": "order-treatment", "index": NAMES.index(ailment.name)})  # fmt: skip
    told = "Needs your choice." if open_ else f"Proposed: {TREATMENTS[ailment.proposed].lower()}."
    return field(f"What to do with: {ailment.label.lower()}", control, told)


def open_choices(found: Examination, treatments: Mapping[str, str]) -> list[str]:
    """The ailments that only a person can decide about, and has not."""
    asked = (one.ailment for one in found.findings if one.touched.lines and AILMENTS[one.ailment].asks)
    return [name for name in asked if name not in treatments]


def currency_question(found: Examination, treatments: Mapping[str, str]) -> list:
    """That the amounts are in several currencies, which cannot be added; nothing where there is one, or it is decided."""
    if "other_currency" not in open_choices(found, treatments):
        return []
    counted = sorted(found.currencies.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{plain(name) or 'no currency'}: {numbers.count(count, 'line')}" for name, count in counted[:6])
    rest = len(counted) - 6
    return [notice(
        "warn", f"These orders are in {len(counted)} currencies, and their amounts cannot be added.", named + (f", and {rest} more." if rest > 0 else "."),
        "Choose below, under \u201cOther currency\u201d, what to do with the lines that are not in the commonest one.",
    )]  # fmt: skip


def effect_parts(done: Effect, unit: str) -> list:
    """What the treatments do: one sentence, the figures, and the sum that proves that nothing is lost."""
    places = _exact([done.uploaded, done.kept, done.aside, done.purchases, done.returns, *done.reasons.values()])
    return [
        html.P(_sentence(done, unit), className="sa-balance"),
        stats(
            stat("Lines kept", numbers.whole(done.kept.lines), base=f"of {numbers.whole(done.uploaded.lines)} uploaded"),
            stat("Orders kept", numbers.whole(done.kept.orders), base=f"of {numbers.whole(done.uploaded.orders)}"),
            stat("Customers", numbers.whole(done.kept.customers), base=f"of {numbers.whole(done.uploaded.customers)}"),
            stat("Net revenue", numbers.number(done.kept.revenue / MONEY_UNITS, unit),
                 base=f"of {numbers.number(done.uploaded.revenue / MONEY_UNITS, unit)} uploaded"),
        ),
        more("Kept and set aside add up to what was uploaded", _balance(done, unit, places), open=True),
    ]  # fmt: skip


def _sentence(done: Effect, unit: str) -> str:
    told = f"{numbers.count(done.uploaded.lines, 'line')} uploaded = {numbers.whole(done.kept.lines)} kept + "
    told += f"{numbers.whole(done.aside.lines)} set aside. "
    told += f"{numbers.count(done.kept.customers, 'customer')} with {money(done.kept.revenue, unit)} of net revenue"
    if done.returns.lines:
        told += (f": {money(done.purchases.revenue, unit)} bought, {money(-done.returns.revenue, unit)} taken off for "
                 f"{numbers.count(done.returns.lines, 'line')} returned, cancelled or below zero")  # fmt: skip
    return f"{told}."


def _balance(done: Effect, unit: str, places: int) -> html.Div:
    rows = [("Kept", done.kept, True), ("bought", done.purchases, False), ("taken off or below zero", done.returns, False),
            ("Set aside", done.aside, True)]  # fmt: skip
    rows += [(AILMENTS[name].label.lower(), totals, False) for name, totals in done.reasons.items()]
    rows.append(("Uploaded", done.uploaded, True))
    revenue = f"Revenue [{unit}]" if unit else "Revenue"
    frame = pd.DataFrame(
        [(name if whole else f"of which {name}", t.lines, t.orders if whole else None, t.customers if whole else None, t.revenue)
         for name, t, whole in rows],
        columns=["Part", "Lines", "Orders", "Customers", revenue],
    ).astype({"Orders": float, "Customers": float})  # fmt: skip
    formats = {"Orders": _or_blank, "Customers": _or_blank, revenue: lambda amount: _exactly(amount, places)}
    told = as_table(frame, caption="Uploaded = kept + set aside, to the cent", formats=formats)
    told.children[0].className = "sa-table sa-balance-table"
    return html.Div([told, html.P("An order or a customer is kept where at least one of its lines is; parts of an order can be set "
                                  "aside, so orders and customers are not split further.", className="sa-muted sa-small sa-below")])  # fmt: skip


def _or_blank(count: float) -> str:
    return "" if pd.isna(count) else numbers.whole(count)


def money(amount: int, unit: str) -> str:
    """An amount in ten-thousandths, to the cent, with its currency."""
    return f"{_exactly(amount, 2)} {unit}".strip()


def _exactly(amount: int, places: int) -> str:
    value = (Decimal(int(amount)) / MONEY_UNITS).quantize(Decimal(1).scaleb(-places))
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def _exact(all_totals: Iterable[Totals]) -> int:
    """Decimals, at least the cents, with which each of the sums is written in full, so that what is shown adds up."""
    sums = [one.revenue for one in all_totals]
    return next(places for places in (2, 3, 4) if all(one % (MONEY_UNITS // 10**places) == 0 for one in sums))


def with_treatments(treatments: Mapping[str, str], values: Mapping[int, object]) -> dict[str, str]:
    """The treatments with those that switches chose, by place of the ailment; only what differs from the proposal,
    and every choice that a person has to make. What is no option is passed over."""
    chosen = dict(treatments)
    for place, value in values.items():
        ailment = AILMENTS[NAMES[place]] if 0 <= place < len(NAMES) else None
        if ailment is None or not isinstance(value, str) or value not in ailment.options or len(ailment.options) == 1:
            continue
        chosen[ailment.name] = value
    return {name: value for name, value in chosen.items() if AILMENTS[name].asks or value != AILMENTS[name].proposed}
