"""On the Data page: that a file holds order lines, or that its customers were made of such."""

from __future__ import annotations

from dash import dcc, html

from core.model import Guess, Part, Table
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.parts import card, icon, notice
from dashboard.security.labels import plain

LONG = 400


def nearly_orders(dataset: str, found: Guess) -> html.Div:
    """That a file would be one of order lines, if it said for how much."""
    who, when = plain(found.mapping["customer"]), plain(found.mapping["date"])
    go = dcc.Link("Say which column", href=Address(dataset).to("/orders"), className="btn btn-secondary btn-sm")
    return notice("warn", "These look like order lines, but no column says for how much.",
                  f"{who} comes back in several rows and {when} says when; an amount, or a quantity and a unit price, is missing.",
                  "Export the orders once more with it, or say which column it is.", go)  # fmt: skip


def these_are_orders(dataset: str, found: Guess) -> html.Div:
    """What makes the file one of order lines, and the way to customers."""
    amount = found.mapping.get(Part.AMOUNT) or f"{found.mapping.get(Part.QUANTITY)} x {found.mapping.get(Part.PRICE)}"
    told = f"{found.mapping[Part.CUSTOMER]} comes back in several rows, {found.mapping[Part.DATE]} says when, {amount} for how much."
    go = dcc.Link("Turn them into customers", href=Address(dataset).to("/orders"), className="btn btn-primary")
    return notice("info", "These are order lines: several rows for each customer.", plain(told, limit=LONG),
                  "Comparing the lines themselves would give groups of purchases, not of customers.", action=go)  # fmt: skip


def made_card(table: Table, dataset: str) -> html.Section:
    """Of how many lines the customers were made, what was set aside, and the ways back."""
    made = table.made
    told = [note for note in table.notes if not note.column]
    items = [html.Li([icon("info", small=True), html.Div([
        html.Div(plain(note.text, limit=LONG)), html.Div(note.hint, className="sa-muted sa-small")], className="sa-item-words")],
        className="sa-item") for note in told]  # fmt: skip
    change = dcc.Link("Change how", href=Address(dataset).to("/orders"), className="btn btn-secondary btn-sm")
    back = html.Button("Go back to the order lines", id="lines-back", className="btn btn-secondary btn-sm")
    return card(
        "Made of order lines",
        html.P(f"{numbers.count(made.lines, 'order line')} in {numbers.count(made.orders, 'order')} became "
               f"{numbers.count(len(table), 'customer')}, as of {made.as_of}.", className="sa-balance"),
        html.Ul(items, className="sa-items"),
        help="Each row is a customer; each column says something about their orders.",
        actions=[change, back],
    )  # fmt: skip
