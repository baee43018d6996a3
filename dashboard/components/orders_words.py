"""What the Orders page says about a file: its finding, what it lacks, and in which currency its money is."""

from __future__ import annotations

from dash import dcc, html

from core.model import Examination, Guess, OrderPlan, Table
from core.orders.lines import money_unit
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.orders_intake import NEEDED
from dashboard.components.parts import notice
from dashboard.security.labels import plain

SHOWN_COLUMNS = 12


def heading(name: str, rows: int, told: Guess, found: Examination | None, then: str = "") -> tuple[str, str]:
    """The h1 and the line below it; ``then`` is what to do next, once the lines are examined."""
    if found is not None:
        whole = found.uploaded
        title = f"{numbers.count(whole.lines, 'order line')} of {numbers.count(whole.customers, 'customer')}"
        help = f"{numbers.count(whole.orders, 'order')} from {found.first} to {found.last} in {plain(name)}."
        return title, f"{help} {then}".strip()
    if told.missing:
        return "A column is needed to make customers", f"{plain(name)} has {numbers.count(rows, 'row')}."
    return f"{numbers.count(rows, 'row')} in {plain(name)}", "Say what the columns are; the lines are then examined."


def not_orders(found: Guess, dataset: str) -> html.Div:
    """That a file does not look like order lines, and that it can be taken for such all the same."""
    why = "Order lines have several rows for each customer, a date, and an amount."
    if found.missing:
        why += f" No column seems to say {' or '.join(NEEDED[part] for part in found.missing)}."
    return notice("info", "This does not look like a file of order lines.", why,
                  "A file of customers is compared as it is. If these are orders, say below what the columns are.",
                  dcc.Link("Go to Data", href=Address(dataset).to("/"), className="btn btn-secondary btn-sm"))  # fmt: skip


def needs_words(told: Guess, lines: Table) -> html.Div:
    """Which parts lack a column, and the columns that there are."""
    columns = [plain(column.name) for column in lines.columns[:SHOWN_COLUMNS]]
    more = len(lines.columns) - len(columns)
    seen = ", ".join(columns) + (f" and {more} more" if more else "")
    return notice("warn", f"No column says {'; or '.join(NEEDED[part] for part in told.missing)}.", f"Columns: {seen}.",
                  "Choose the column below. If the file has none, export the orders once more with it.")  # fmt: skip


def unit_of(lines: Table, plan: OrderPlan, found: Examination) -> str:
    """The unit of the money as shown, "" where none is known."""
    return plain(money_unit(lines, plan, found.currencies), limit=12)
