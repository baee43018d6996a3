"""The Orders page before anything is examined: which column is which part of an order line, and what is chosen by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from core.errors import BadRequest
from core.model import Examination, Guess, OrderPlan, Part, RfmRule, Table
from core.orders.clues import CLUES
from dashboard.components import numbers
from dashboard.components.forms import field, segmented, select
from dashboard.components.parts import card, explain, more, tag
from dashboard.security.labels import plain

PARTS = tuple(Part)
PART_LABELS: Mapping[Part, str] = {
    Part.CUSTOMER: "Customer", Part.ORDER: "Order number", Part.DATE: "Order date", Part.QUANTITY: "Quantity",
    Part.PRICE: "Unit price", Part.AMOUNT: "Amount of the line", Part.COST: "Cost", Part.PROFIT: "Profit",
    Part.DISCOUNT: "Discount", Part.PRODUCT: "Product", Part.DESCRIPTION: "Description", Part.CATEGORY: "Category",
    Part.COUNTRY: "Country", Part.SHIPPED: "Ship date", Part.CURRENCY: "Currency", Part.STATUS: "Status",
}  # fmt: skip
NEEDED = {
    "customer": "who bought",
    "date": "when they bought",
    "amount": "for how much (an amount, or a quantity and a unit price)",
}
FIRST = (Part.CUSTOMER, Part.ORDER, Part.DATE, Part.QUANTITY, Part.PRICE, Part.AMOUNT)
RULES = {
    RfmRule.QUANTILE: "Fifths of the customers",
    RfmRule.FIXED: "My own limits",
    RfmRule.KMEANS: "Natural steps (1-D K-means)",
}
UNITS = {"lines": "Every line is an order", "days": "A customer's day is one order"}
FIGURES = {"recency": "Recency, days", "frequency": "Frequency, orders", "monetary": "Monetary, money"}
LONG = 300
MOST_OTHERS = 2
NO_COLUMN = "none"


def mapping_card(lines: Table, found: Guess, told: Guess, *, open: bool = False) -> html.Section:
    """Each part of an order line with its column, why it was taken, and the next best one a click away.

    ``found`` is what was guessed, ``told`` what holds now. The rarer parts are folded away unless ``open``.
    """
    taken = {part: column for part, column in told.mapping.items() if column}
    rest = [part for part in PARTS if part not in FIRST]
    used = [PART_LABELS[part].lower() for part in rest if part in taken]
    summary = f"{numbers.count(len(rest), 'further part')}" + (f": {', '.join(used)}" if used else ", none found")
    return card(
        "What the columns are",
        html.Ul([_part(lines, part, found, told) for part in FIRST], className="sa-order-parts"),
        more(summary, html.Ul([_part(lines, part, found, told) for part in rest], className="sa-order-parts"), open=open),
        help="Found by names and by what the cells say. Change what is wrong; the lines are examined anew.",
        id="orders-mapping",
    )


def _part(lines: Table, part: Part, found: Guess, told: Guess) -> html.Li:
    place, column = PARTS.index(part), told.mapping.get(part, "")
    options = {NO_COLUMN: "No column"} | {
        f"c{at}": plain(one.name) for at, one in enumerate(lines.columns) if one.kind in CLUES[part].kinds or one.name == column
    }
    chosen = select(options, value_of(lines, column), id={"type": "order-part", "index": place}, size="sm")
    why = found.reasons.get(part, "") if column == found.mapping.get(part, "") else "Chosen by hand."
    needs = str(part) in told.missing
    parts: list[Any] = [field(PART_LABELS[part], chosen, plain(why, limit=LONG))]
    if needs:
        parts.append(html.Div([tag("needed", "accent"), f" Say {NEEDED[str(part)]}."], className="sa-small"))
    others = [name for name in found.alternatives.get(part, ()) if name != column and value_of(lines, name) in options]
    parts += [_other(lines, place, name) for name in others[:MOST_OTHERS]]
    return html.Li(parts, className="sa-order-part")


def _other(lines: Table, place: int, name: str) -> html.Button:
    at = value_of(lines, name).removeprefix("c")
    words = f"Use {plain(name)}"
    return html.Button(words, id={"type": "order-other", "index": f"{place}-{at}"}, className="sa-text-button sa-small",
                       **{"aria-label": f"{words} as {PART_LABELS[PARTS[place]].lower()}"})  # fmt: skip


def value_of(lines: Table, column: str) -> str:
    """How a select names a column: by its place, as names from the data are no values of ours."""
    return next((f"c{place}" for place, one in enumerate(lines.columns) if one.name == column and column), NO_COLUMN)


def with_part(lines: Table, plan: OrderPlan, place: Any, value: Any) -> OrderPlan:
    """The plan in which part number ``place`` is the column at ``value`` ("c3", or ``NO_COLUMN``).

    A column is one part only: the part that had it before is left without. A place or column that there is not gives
    the plan as it was.
    """
    if not _within(place, PARTS) or not isinstance(value, str):
        return plan
    part, at = PARTS[place], value.removeprefix("c")
    mapping = {one: column for one, column in plan.mapping.items() if one != part}
    if value != NO_COLUMN:
        if not (at.isascii() and at.isdigit() and len(at) < 8 and int(at) < len(lines.columns)):
            return plan
        name = lines.columns[int(at)].name
        mapping = {one: column for one, column in mapping.items() if column != name} | {str(part): name}
    return replace(plan, mapping=mapping)


def _within(place: Any, things: Sequence[Any]) -> bool:
    return isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(things)


def choices_card(plan: OrderPlan, found: Examination, *, numbered: bool) -> html.Section:
    """What only a person can know: the reference date, how far ahead, how scores are made, and what an order is.

    ``numbered`` is True where a column names the orders.
    """
    date = dcc.Input(id=_redo("as_of"), type="date", value=plan.as_of or found.plan.as_of, debounce=True,
                     className="form-control sa-field-narrow")  # fmt: skip
    ahead = dcc.Input(id=_choice("horizon"), type="number", value=plan.horizon_days, min=1, max=3650, step=1,
                      className="form-control sa-field-narrow")  # fmt: skip
    rule = segmented({str(one): words for one, words in RULES.items()}, plan.rfm, id=_choice("rfm"))
    parts = [
        field("Reference date", date, f"Orders are dated {plain(found.first)} to {plain(found.last)}; the proposal is the day after."),
        field("Expect value over [days]", ahead, "365 days is a year ahead of the reference date."),
        field("Scores from 1 to 5 by", rule, "Equal values always get equal scores."),
    ]
    if not numbered:
        parts.append(field("What is an order?", segmented(UNITS, plan.orders_are, id=_redo("orders_are")),
                           "No column numbers the orders."))  # fmt: skip
    limits = [field(words, dcc.Input(id=_choice(f"cuts-{name}"), type="text", value=_shown(plan, name), maxLength=80,
                                     placeholder="four rising numbers", className="form-control"))
              for name, words in FIGURES.items()]  # fmt: skip
    return card(
        "Choices",
        html.Div(parts, className="sa-fields"),
        html.Div([html.P("Four rising limits for each figure, separated by semicolons, such as 7; 30; 90; 365.", className="sa-help"),
                  html.Div(limits, className="sa-fields")], className="sa-if-fixed"),
        explain("RFM", "Recency, frequency and monetary: how long ago a customer last bought, how often, and for how much. "
                "Each becomes a score from 1 to 5, 5 being best.",
                "A. M. Hughes, Strategic Database Marketing, 1994."),
        help="The proposed choices suit most files.",
        id="orders-choices",
    )  # fmt: skip


def _redo(name: str) -> dict[str, str]:
    return {"type": "order-redo", "index": name}


def _choice(name: str) -> dict[str, str]:
    return {"type": "order-choice", "index": name}


def _shown(plan: OrderPlan, figure: str) -> str:
    return "; ".join(f"{point:g}" for point in plan.cuts.get(figure, ()))


def with_choices(plan: OrderPlan, chosen: Mapping[str, Any]) -> OrderPlan:
    """The plan with the values of the choice controls by name; :class:`BadRequest` where one of them is none.

    The four limits count only where scores are made by them.
    """
    horizon, rule = chosen.get("horizon", plan.horizon_days), str(chosen.get("rfm", plan.rfm))
    if not isinstance(horizon, int) or isinstance(horizon, bool):
        raise BadRequest("How far ahead value is expected is a whole number of days.", "Type a number from 1 to 3,650.")
    cuts = dict(plan.cuts)
    if rule == RfmRule.FIXED:
        cuts = {name: _numbers(name, chosen.get(f"cuts-{name}", _shown(plan, name))) for name in FIGURES}
    return replace(plan, horizon_days=horizon, rfm=rule, cuts=cuts if rule == RfmRule.FIXED else {})


def _numbers(figure: str, text: Any) -> tuple[float, ...]:
    try:
        found = tuple(float(one) for one in str(text or "").replace(" ", "").split(";"))
    except ValueError:
        found = ()
    if len(found) != 4:
        raise BadRequest(f"The limits of {figure} must be four rising numbers.", "Separate them by semicolons: 7; 30; 90; 365.")
    return found
