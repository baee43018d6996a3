"""The columns of a table as cards: what each is, how it is spread, and what it is used for."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from core.model import Column, Kind, Recipe, Role, Table
from dashboard.components import numbers
from dashboard.components.forms import field, fields, select
from dashboard.components.parts import card
from dashboard.components.segments import sparkbars
from dashboard.security.labels import plain

ROLE_LABELS = {
    Role.FEATURE: "Shapes the segments",
    Role.PROFILE: "Describes only",
    Role.OUTCOME: "Outcome",
    Role.ID: "Customer id",
    Role.IGNORE: "Ignore",
}
AT_ONCE = 60
KIND_LABELS = {
    Kind.NUMBER: "number",
    Kind.CATEGORY: "category",
    Kind.DATE: "date",
    Kind.FLAG: "yes/no",
    Kind.TEXT: "text",
    Kind.KEY: "id-like",
}


def column_cards(table: Table, recipe: Recipe | None) -> html.Section:
    """One card for each column in the order of the file, with its kind, role and unit to set; 60 at a time.

    The choices of all columns are held beside the cards, so that those not shown keep theirs.
    """
    given_roles, given_units = (recipe.roles, recipe.units) if recipe else ({}, {})
    roles = [str(given_roles.get(column.name, column.role)) for column in table.columns]
    units = [given_units.get(column.name, column.unit) for column in table.columns]
    return card(
        "Columns",
        dcc.Store(id="roles", data=roles),
        dcc.Store(id="units", data=units),
        _finder(len(table.columns)),
        html.Div(column_list(table, roles, units), id="column-list"),
        help="Only columns that shape the segments decide who belongs together; the others still describe them.",
    )


def _finder(columns: int) -> html.Div:
    """Where columns are looked for; hidden where all are shown."""
    starts = range(0, max(columns, 1), AT_ONCE)
    pages = {str(start): f"Columns {start + 1:,} to {min(start + AT_ONCE, columns):,}" for start in starts}
    find = dcc.Input(id="column-find", type="search", debounce=0.4, maxLength=100, placeholder="part of a name",
                     className="form-control form-control-sm")  # fmt: skip
    shown = fields(field("Find a column", find), field("Show", select(pages, "0", id="column-page", size="sm")))
    return html.Div(shown, hidden=columns <= AT_ONCE, className="sa-finder")


def column_list(
    table: Table, roles: Sequence[str], units: Sequence[str], *, page: str = "", find: str = ""
) -> list[html.Ul | html.P]:
    """The cards from the column ``page`` on, or of the columns whose names hold ``find``; at most 60, the rest counted."""
    wanted = find.strip().casefold()
    places = [place for place, column in enumerate(table.columns) if wanted in column.name.casefold()]
    start = int(page) if page.isdecimal() and page.isascii() and len(page) < 8 and not wanted else 0
    shown = places[start : start + AT_ONCE]
    rows, made = len(table), table.made is not None
    cards = [_card(place, table.columns[place], str(roles[place]), str(units[place]), rows=rows, made=made) for place in shown]
    told = []
    if not shown:
        told = [html.P("No column has this in its name.", className="sa-muted")]
    elif wanted and len(places) > len(shown):
        told = [html.P(f"The first {len(shown)} of {len(places):,} columns with this in their name.", className="sa-muted")]
    return [html.Ul(cards, className="sa-columns"), *told]


def _card(place: int, column: Column, role: str, unit: str, *, rows: int, made: bool) -> html.Li:
    """``made`` is True for what was made of order lines, which cannot be read as another kind."""
    name = plain(column.name)
    roles = select(
        {str(key): label for key, label in ROLE_LABELS.items()},
        role,
        id={"type": "role", "index": place},
        size="sm",
    )
    units = dcc.Input(
        id={"type": "unit", "index": place},
        value=unit,
        type="text",
        placeholder="unit",
        maxLength=12,
        className="form-control form-control-sm",
    )
    fields = [_labelled(f"Use of {name}", roles)]
    if column.kind == Kind.NUMBER:
        fields.append(_labelled(f"Unit of {name}", units))
    else:
        fields.append(html.Div(units, hidden=True))
    kinds = select(
        {str(kind): label for kind, label in KIND_LABELS.items()},
        str(column.kind),
        id={"type": "kind", "index": place},
        size="sm",
        className="sa-kind",
    )
    said = html.Span(KIND_LABELS[column.kind], className="sa-muted sa-small")
    kind = said if made else _labelled(f"Kind of {name}", kinds, wide=False)
    return html.Li(
        [
            html.Div(
                [html.H3(name, className="sa-column-name"), kind],
                className="sa-column-head",
            ),
            _spread(column),
            html.Div(_facts(column, rows), className="sa-muted sa-small"),
            html.Div(fields, className="sa-column-fields"),
        ],
        className="sa-column",
    )


def _spread(column: Column) -> html.Div:
    if column.kind in (Kind.KEY, Kind.TEXT) and column.distinct:
        return html.Div(numbers.count(column.distinct, "different value"), className="sa-muted sa-small")
    return sparkbars(column.bars, label=column.name)


def _labelled(label: str, control: object, *, wide: bool = True) -> html.Label:
    named = html.Span(label, className="sa-visually-hidden")
    return html.Label([named, control], className="sa-wide" if wide else "")


def _facts(column: Column, rows: int) -> str:
    facts = []
    if column.left_out:
        why = column.left_out
        facts.append(why[:1].upper() + why[1:])
    if column.gaps:
        facts.append(f"{numbers.count(column.gaps, 'gap')} ({numbers.share(column.gaps / max(rows, 1))} of rows)")
    if column.outliers:
        facts.append(numbers.count(column.outliers, "extreme value"))
    return plain("; ".join(facts), limit=300) or "Complete"
