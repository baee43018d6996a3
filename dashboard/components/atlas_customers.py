"""The tab customers of the Atlas: the real rows of a segment, typical ones, those on a border, unusual ones, all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
import pandas as pd
from dash import dcc, html

from core.customers.cells import cell_text
from core.selection.wording import caution
from dashboard.components import numbers
from dashboard.components.atlas_cards import badge
from dashboard.components.atlas_listing import PAGE, VIEW_NAMES, Asked, Listing, listing
from dashboard.components.forms import field, segmented
from dashboard.components.parts import skeleton
from dashboard.security.labels import plain

HELP = {
    "typical": "The most typical first: those nearest to half of the segment's customers. How far each lies from the border: 0 on it, 1 far from it.",
    "border": "Those nearest to the border first (0 on it, 1 far from it), with the segment that comes second for them.",
    "unusual": "Unlike most customers (isolation forest, score above 0.5), at most 300 of the whole table and 5 % of it.",
    "all": "In the order of the file.",
}
KIND_NAMES = {"very valuable": "Very valuable", "at risk of leaving": "At risk of leaving",
              "suspicious pattern": "Suspicious pattern", "unusual": "Unusual in another way"}  # fmt: skip
ON_BORDER, NEAR = 0.1, 0.3
HEIGHT = 420


def tab(looked: Any, focus: int) -> list:
    """What the tab shows of the segment ``focus``: switches, the list, and room for why a customer is here."""
    asked = Asked()
    views = segmented(VIEW_NAMES, asked.view, id={"type": "list-view", "index": 0})
    find = dbc.Input(id={"type": "list-find", "index": 0}, type="search", debounce=0.4, maxLength=100, size="sm",
                     placeholder="Search by id", autoComplete="off")  # fmt: skip
    return [
        dcc.Store(id={"type": "list-state", "index": 0}, data=asked.state()),
        dcc.Store(id={"type": "why-state", "index": 0}, data={}),
        html.Div([field("Customers shown", views), field("Find a customer", find)], className="sa-list-tools"),
        html.Div(id={"type": "why-panel", "index": 0}, className="sa-why-room"),
        html.Div(grid(looked, focus, asked), id={"type": "list-grid", "index": 0}, className="sa-list"),
    ]


def grid(looked: Any, focus: int, asked: Asked) -> list:
    """One page of the list."""
    if asked.view != "all" and not looked.segmentation.whole:
        return [html.P("Which customers are typical, on a border or unusual is being worked out.", className="sa-muted"),
                skeleton(HEIGHT, "Customers are being looked at")]  # fmt: skip
    found = listing(looked, focus, asked)
    if found is None:
        return [html.P("The file is being read again; its customers follow.", className="sa-muted")]
    return [html.P(HELP[asked.view], className="sa-help"), *_warned(found), _table(found), _foot(looked, found)]


def _warned(found: Listing) -> list:
    words = caution(found.segmentation.candidate.trust.get(found.segment))
    return [html.P(words, className="sa-list-caution")] if words else []


def _table(found: Listing) -> html.Div:
    asked = found.asked
    caption = f"Customers of segment {found.segment}, {VIEW_NAMES[asked.view].lower()}"
    if not len(found.rows):
        none = f"No customer's id holds \"{plain(asked.find)}\" here." if asked.find else "None of this segment."
        return html.Div(html.P(none), className="sa-list-none", role="status")
    head = html.Tr([*_heads(found), html.Th("Here", scope="col", className="sa-list-why")])
    drawn = html.Table(
        [html.Caption(caption, className="sa-visually-hidden"), html.Thead(head), html.Tbody(_body(found))],
        className="sa-table sa-list-table",
    )
    return html.Div(drawn, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": caption})


def _heads(found: Listing) -> list[html.Th]:
    """The columns of the file, each a button that sorts by it, then where the customer lies."""
    sortable = found.asked.view != "unusual"
    shown = [(f"c{place}", plain(column.name), _numeric(column)) for place, column in found.columns]
    if not found.ids:
        shown = [("", "Row", True), *shown]
    if found.segmentation.whole:
        odd = [("", "Why unusual", False)]
        lies = [("margin", "Lies", False), *([("", "Second", False)] if found.asked.view == "border" else [])]
        shown[1:1] = odd if found.asked.view == "unusual" else lies
    return [_head(found.asked, by, name, number=number, sortable=sortable and bool(by)) for by, name, number in shown]


def _head(asked: Asked, by: str, name: str, *, number: bool, sortable: bool) -> html.Th:
    side = "sa-num" if number else ""
    if not sortable:
        return html.Th(name, scope="col", className=side)
    now = {"aria-sort": "descending" if asked.falling else "ascending"} if asked.by == by else {}
    mark = (" ▼" if asked.falling else " ▲") if asked.by == by else ""
    label = html.Span(mark, **{"aria-hidden": "true"})
    press = html.Button([name, label], id={"type": "list-sort", "index": by}, className="sa-list-sort", type="button")
    return html.Th(press, scope="col", className=side, **now)


def _body(found: Listing) -> list[html.Tr]:
    odd = found.segmentation.unusual
    odd = odd.set_index("row") if len(odd) else odd
    rows, kind = [], ""
    wide = len(found.columns) + 2 + (0 if found.ids else 1)
    for row in found.shown.tolist():
        if found.asked.view == "unusual" and odd.at[row, "kind"] != kind:
            kind = odd.at[row, "kind"]
            rows.append(html.Tr(html.Th(KIND_NAMES.get(kind, plain(kind)), scope="rowgroup", colSpan=wide), className="sa-list-kind"))
        rows.append(_row(found, row, odd))
    return rows


def _row(found: Listing, row: int, odd: pd.DataFrame) -> html.Tr:
    frame, units = found.table.frame, found.segmentation.plan.recipe.units
    cells = [(plain(cell_text(column, frame[column.name].iat[row], units.get(column.name, column.unit))), _numeric(column))
             for _, column in found.columns]  # fmt: skip
    if not found.ids:
        cells = [(numbers.whole(row + 1), True), *cells]
    parts: list[Any] = [html.Th(cells[0][0], scope="row", className="sa-num" if cells[0][1] else "")]
    if found.segmentation.whole:
        parts += _lies(found, row, odd)
    parts += [html.Td(text, className="sa-num" if number else "") for text, number in cells[1:]]
    press = html.Button("Why?", id={"type": "why-open", "index": row}, className="sa-text-button", type="button",
                        **{"aria-label": f"Why is customer {cells[0][0]} here?"})  # fmt: skip
    return html.Tr([*parts, html.Td(press, className="sa-list-why")])


def _lies(found: Listing, row: int, odd: pd.DataFrame) -> list[html.Td]:
    if found.asked.view == "unusual":
        return [html.Td(plain(odd.at[row, "told"], limit=600), className="sa-wrap sa-list-told")]
    placed = found.segmentation.placing.iloc[row]
    second = int(placed["second"])
    lies = [html.Td(margin_words(float(placed["margin"])))]
    if found.asked.view == "border":
        lies.append(html.Td(badge(found.segmentation, second) if second > 0 else "none"))
    return lies


def margin_words(margin: float) -> str:
    """How near the border a customer lies, with the number from 0 (on it) to 1 (far from any)."""
    words = "on the border" if margin < ON_BORDER else "near the border" if margin < NEAR else "well inside"
    return f"{words} ({margin:.2f})"


def _foot(looked: Any, found: Listing) -> html.Div:
    """How many there are, the ways to other pages, and the list as a file."""
    first = found.page * PAGE + 1
    last = first + len(found.shown) - 1
    base = f" of {numbers.count(found.customers, 'customer')} in the segment" if len(found.rows) != found.customers else ""
    told = f"{numbers.whole(first)} to {numbers.whole(last)} of {numbers.whole(len(found.rows))}{base}" if len(found.rows) else "0 customers"
    turns = [_turn("Earlier", found.page - 1, open_=found.page > 0), _turn("Later", found.page + 1, open_=found.page + 1 < found.pages)]
    link = html.A("Download this list (CSV)", href=address(looked, found), download="", className="sa-list-file")
    return html.Div([html.Span(told, role="status", className="sa-num"), html.Div(turns, className="sa-list-turns"), link], className="sa-list-foot")


def _turn(word: str, page: int, *, open_: bool) -> html.Button:
    return html.Button(word, id={"type": "list-turn", "index": word.lower()}, className="btn btn-secondary btn-sm", type="button",
                       disabled=not open_, value=str(max(page, 0)))  # fmt: skip


def address(looked: Any, found: Listing) -> str:
    """Where the whole list can be had as a file."""
    asked = found.asked
    said = {name: value for name, value in (("by", asked.by), ("falling", "1" if asked.falling else ""), ("find", asked.find)) if value}
    base = f"/customers/{looked.here.run.id}/{looked.key}/{found.segment}/{asked.view}.csv"
    return f"{base}?{urlencode(said)}" if said else base


def _numeric(column: Any) -> bool:
    return str(column.kind) == "number"
