"""The workbook on the Export page: at once for few customers, by a job for many."""

from __future__ import annotations

from dash import Input, Output, State, callback, html, no_update

from dashboard.address import Address
from dashboard.atlas import Looked, look
from dashboard.components import gone, numbers
from dashboard.components.export_cards import anchor, book
from dashboard.current import current
from dashboard.store import LIVE, Run
from dashboard.wanted import ask, newest

AT_ONCE = 2_000
"""Customers up to which the web process writes the workbook itself, in about a second."""


def card(looked: Looked, base: str) -> html.Div:
    """The card, redrawn by :func:`follow` in the place with the id ``book-card``."""
    return html.Div(_card(looked, base), id="book-card", className="sa-col-6")


def latest(looked: Looked) -> Run | None:
    """The newest job that was asked for this workbook."""
    return newest("publish", looked.here.dataset.id, _request(looked))


def _request(looked: Looked) -> dict[str, object]:
    shape = looked.shaping.shape.to_json()
    return {"run": looked.here.run.id, "candidate": looked.key, "shape": shape, "what": "workbook_xlsx", "options": {}}


def _card(looked: Looked, base: str) -> html.Section:
    rows = len(looked.comparison.outlier)
    if rows <= AT_ONCE:
        return book(base, rows, state="", action=None)
    run = latest(looked)
    if run is not None and run.state == "done":
        action = anchor(f"/document/{run.id}", "Download", "Download the workbook (workbook.xlsx)")
        return book(base, rows, state="It is ready.", action=action)
    working = run is not None and run.state in LIVE
    go = html.Button("Make it", id="book-go", className="btn btn-primary", disabled=working, **{"aria-label": "Make the workbook"})
    state = f"Being made: {numbers.whole(rows)} customers take some seconds." if working else "Made by a job, then kept here."
    return book(base, rows, state="The last attempt did not end well." if run and not working else state, action=go)


@callback(
    Output("publish-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("book-go", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def make(clicks: int | None, search: str) -> tuple:
    """Ask for the workbook."""
    looked = look(current(Address.parse(search)))
    if not clicks:
        return no_update, no_update
    if looked is None:
        return no_update, gone()
    return ask("publish", looked.here.dataset.id, _request(looked))


@callback(
    Output("book-card", "children"),
    Input("jobs-state", "data"),
    State("url", "search"),
    State("url", "pathname"),
    prevent_initial_call=True,
)
def follow(_jobs: object, search: str, pathname: str) -> object:
    """Draw the card anew when a job has told more."""
    looked = look(current(Address.parse(search))) if pathname == "/export" else None
    if looked is None or len(looked.comparison.outlier) <= AT_ONCE:
        return no_update
    return _card(looked, f"/download/{looked.here.run.id}/{looked.key}")
