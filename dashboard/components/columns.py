"""The columns of a table as cards: what each is, how it is spread, and what it is used for."""

from __future__ import annotations

from dash import dcc, html

from core.model import Column, Kind, Recipe, Role, Table
from dashboard.components import numbers
from dashboard.components.forms import select
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
KIND_LABELS = {
    Kind.NUMBER: "number",
    Kind.CATEGORY: "category",
    Kind.DATE: "date",
    Kind.FLAG: "yes/no",
    Kind.TEXT: "text",
    Kind.KEY: "id-like",
}


def column_cards(table: Table, recipe: Recipe | None) -> html.Section:
    """One card for each column in the order of the file, with its kind, role and unit to set."""
    cards = [_card(place, column, recipe, rows=len(table)) for place, column in enumerate(table.columns)]
    return card(
        "Columns",
        html.Ul(cards, className="sa-columns"),
        help="Only columns that shape the segments decide who belongs together; the others still describe them.",
    )


def _card(place: int, column: Column, recipe: Recipe | None, *, rows: int) -> html.Li:
    name = plain(column.name)
    role = (recipe.roles if recipe else {}).get(column.name, column.role)
    unit = (recipe.units if recipe else {}).get(column.name, column.unit)
    roles = select(
        {str(key): label for key, label in ROLE_LABELS.items()},
        str(role),
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
    return html.Li(
        [
            html.Div(
                [html.H3(name, className="sa-column-name"), _labelled(f"Kind of {name}", kinds, wide=False)],
                className="sa-column-head",
            ),
            _spread(column),
            html.Div(_facts(column, rows), className="sa-muted sa-small"),
            html.Div(fields, className="sa-column-fields"),
        ],
        className="sa-column",
    )


def _spread(column: Column) -> html.Div:
    if column.kind == Kind.KEY:
        return html.Div(f"{numbers.whole(column.distinct)} different values", className="sa-muted sa-small")
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
