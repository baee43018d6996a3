"""The Orders page in each of its states: what stands above the doctor, the doctor, and what was made."""

from __future__ import annotations

from dash import dcc, html

from core.model import Examination, OrderPlan, Part
from core.orders.effect import effect
from dashboard.address import Address
from dashboard.components import card, empty, head, nothing_yet, notice, numbers
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.orders_doctor import currency_question, doctor_card, effect_parts, open_choices
from dashboard.components.orders_intake import choices_card, mapping_card
from dashboard.components.orders_results import results
from dashboard.components.orders_words import heading, needs_words, not_orders, unit_of
from dashboard.components.parts import fold
from dashboard.current import Current, mode, narrow
from dashboard.orders import Orders, nearly
from dashboard.security.labels import plain
from dashboard.store import LIVE, Run

TITLE = "Turn order lines into customers"


def stage(orders: Orders | None) -> list:
    """The runs that the page shows and how they stand; it is drawn anew where this changes."""
    if orders is None:
        return ["", "", "", "", ""]
    runs = (orders.examined, orders.unmade or orders.made)
    return ["lines", *(part for run in runs for part in ((run.id, run.state) if run is not None else ("", "")))]


def unseen(orders: Orders | None) -> bool:
    """True where the file is one of order lines and nobody has looked yet, so that the page itself asks."""
    return orders is not None and orders.found.is_orders and orders.usable and orders.examined is None


def live(run: Run | None) -> bool:
    """Whether this run is under way."""
    return run is not None and run.state in LIVE


def top(here: Current, orders: Orders | None) -> list:
    """The heading, what stands in the way, and what the columns are."""
    if orders is None:
        go = dcc.Link("Go to Data", href=here.address.to("/"), className="btn btn-primary")
        text = "Open a file of orders first: a row for each order or order line, with a customer, a date and an amount."
        return nothing_yet(TITLE, "Nothing to look at yet", text, go=go, icon_name="orders")
    asked = orders.lines.questions
    title = heading(orders.dataset.name, len(orders.lines), orders.told, orders.examination, _then(orders))
    if _strange(orders):
        title = f"{plain(orders.dataset.name)} does not look like order lines", f"It has {numbers.count(len(orders.lines), 'row')}."
    parts = [head(*title, _next(orders)), *([problem_panel(orders.unmade)] if orders.unmade is not None else [])]
    if asked:
        told = f"{numbers.count(len(asked), 'question')} about this file {'is' if len(asked) == 1 else 'are'} open."
        go = dcc.Link("Answer on the Data page", href=Address(orders.dataset.id).to("/"), className="btn btn-primary btn-sm")
        parts.append(notice("warn", told, "Dates and amounts can be read in more than one way; orders need to know which.", action=go))
    if _strange(orders):
        parts.append(not_orders(orders.found, orders.dataset.id))
    elif orders.told.missing:
        parts.append(needs_words(orders.told, orders.lines))
    return parts if settled(orders) else [*parts, mapping_card(orders.lines, orders.found, orders.told)]


def _strange(orders: Orders) -> bool:
    """Whether the file is no file of orders as far as one can see, and nobody has said otherwise by a choice."""
    if orders.found.is_orders or orders.examined is not None or nearly(orders.lines):
        return False
    return orders.told.mapping == orders.found.mapping


def _then(orders: Orders) -> str:
    if live(orders.made):
        return "Their customers are being made."
    made = orders.customers is not None
    return "Their customers are below." if made else "Check what was found, then make one row for each customer."


def settled(orders: Orders) -> bool:
    """Whether customers are made, or being made, as the page says: what they are made of is then folded away."""
    run = orders.made
    same = orders.usable and orders.examination is not None and run is not None and run.order_plan == orders.plan
    return same and (run.state in LIVE or orders.ordered is not None)


def _next(orders: Orders) -> list:
    """The way on: to customers, and from them to segments."""
    found = orders.examination
    if found is not None and orders.usable and not settled(orders):
        able = not open_choices(found, orders.plan.treatments) and effect(found, orders.plan.treatments).kept.customers
        return [_button("make-top", "Make customers")] if able else []
    if orders.customers is None:
        return []
    prepare = dcc.Link("Prepare on the Data page", href=Address(orders.dataset.id).to("/"), className="btn btn-secondary")
    return [prepare, _button("compare-top", "Compare segmentations")]


def _button(name: str, words: str, *, kind: str = "primary", disabled: bool = False) -> html.Button:
    return html.Button(words, id={"type": "orders-go", "index": name}, className=f"btn btn-{kind}", disabled=disabled)


def middle(here: Current, orders: Orders | None) -> list:
    """The doctor: waiting, at work, or what was found with the choices and what they do."""
    if orders is None or not orders.usable:
        return []
    run, found = orders.examined, orders.examination
    if found is None and run is not None:
        return [job_panel(run) if run.state in LIVE else problem_panel(run)]
    if found is None:
        go = _button("examine", "Examine the order lines")
        text = "Cancellations, returns, gaps, duplicates and extremes are counted, in lines, customers and money."
        return [html.Section(empty("Not examined yet", text, go, "orders"), className="sa-card")]
    plan = orders.plan
    cards = [
        *currency_question(found, plan.treatments),
        doctor_card(found, plan.treatments, _unit(orders)),
        choices_card(plan, found, numbered=bool(plan.column(Part.ORDER))),
        html.Div(outcome(orders, plan), id="orders-effect", **{"aria-live": "polite"}),
    ]
    return [_folded(orders, found, cards)] if settled(orders) else cards


def _folded(orders: Orders, found: Examination, cards: list) -> html.Details:
    """What customers are made of, in one line that can be opened."""
    done = effect(found, orders.plan.treatments)
    title = f"Made of {numbers.whole(done.kept.lines)} of {numbers.count(done.uploaded.lines, 'order line')}"
    title += f", {numbers.whole(done.aside.lines)} set aside" if done.aside.lines else ""
    help = "Open to see and change what the columns are, what is done about what was found, and the choices."
    return fold(title, help, mapping_card(orders.lines, orders.found, orders.told), *cards, id="orders-lines")


def _unit(orders: Orders) -> str:
    return unit_of(orders.lines, orders.plan, orders.examination)


def outcome(orders: Orders, plan: OrderPlan) -> list:
    """What these choices do, and the button that carries them out."""
    found = orders.examination
    done = effect(found, plan.treatments)
    waits = bool(open_choices(found, plan.treatments))
    same = orders.made is not None and orders.ordered is not None and orders.made.order_plan == plan
    told = []
    if waits:
        told.append(notice("warn", "One choice is open.", "Choose what to do with the lines in other currencies."))
    elif not done.kept.customers:
        told.append(notice("bad", "No customer is left.", "Every line is set aside.", "Keep some of them above, or map another column."))
    elif same:
        told.append(notice("good", "The customers below are made with these choices."))
    elif orders.ordered is not None:
        told.append(notice("info", "The customers below were made with other choices.", "Make customers to use these."))
    go = _button("make", "Make customers", kind="secondary" if same else "primary", disabled=waits or not done.kept.customers)
    return [card("What this does", *effect_parts(done, _unit(orders)), *told, html.Div(go, className="sa-actions sa-below"))]


def below(orders: Orders | None) -> list:
    """The customers: being made, why they could not be, or everything about them."""
    if orders is None or orders.made is None:
        return []
    run = orders.made
    if run.state in LIVE:
        return [job_panel(run)]
    ordered, table = orders.ordered, orders.customers
    if ordered is None or table is None:
        return [problem_panel(run)]
    aside = html.A(f"Download {numbers.count(len(ordered.aside), 'line')} set aside", className="btn btn-secondary btn-sm",
                   href=f"/ordered/{run.id}/aside.csv", download="")  # fmt: skip
    go = [_button("compare", "Compare segmentations"), *([aside] if len(ordered.aside) else [])]
    return [
        *results(ordered, table, run=run.id, mode=mode(), narrow=narrow()),
        card("Which groups of customers are there?", help="The ticked features shape the segments.", actions=go),
    ]
