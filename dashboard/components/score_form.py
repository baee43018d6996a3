"""The form for one customer, made from the columns of a model, and what was filled in as a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from core.customers.cells import cell_text
from core.model import Column, Kind, Role
from dashboard.components.forms import dom_id, field, select
from dashboard.security.labels import plain

FIELD = "score-field"
UNKNOWN, OTHER = "none", "other"
DEBOUNCE_MS = 250
FLAGS = {"yes": "Yes", "no": "No", UNKNOWN: "Not known"}


def form(fields: Sequence[Any]) -> html.Div:
    """A control per column: a number with its unit and the range of the customers known, else a choice."""
    return html.Div([_control(place, one) for place, one in enumerate(fields)], className="sa-score-fields")


def record(fields: Sequence[Any], values: object) -> dict[str, Any]:
    """What the controls hold, by column; what is empty, unknown or makes no sense is None, a gap.

    ``values`` come from a browser and may be anything.
    """
    given = values if isinstance(values, list) and len(values) == len(fields) else [None] * len(fields)
    return {one.name: _read(one, value) for one, value in zip(fields, given, strict=True)}


def _control(place: int, one: Any) -> html.Div:
    known = {"type": FIELD, "index": place}
    if one.kind is Kind.NUMBER:
        return _number(known, one)
    if one.kind is Kind.FLAG:
        return field(one.name, select(FLAGS, one.default if one.default in FLAGS else UNKNOWN, id=known))
    options = {str(at): plain(level) for at, level in enumerate(one.levels)}
    options |= {OTHER: "Another value", UNKNOWN: "Not known"}
    first = next((str(at) for at, level in enumerate(one.levels) if level == one.default), UNKNOWN)
    return field(one.name, select(options, first, id=known))


def _number(known: dict[str, Any], one: Any) -> html.Div:
    told = f"{dom_id(known)}-help"
    unit = f" {plain(one.unit)}" if one.unit else ""
    named = unit if one.unit not in one.name else ""
    control = dbc.Input(
        id=known, type="number", step="any", value=_plain_number(one.default), debounce=DEBOUNCE_MS,
        inputMode="decimal", autocomplete="off",
    )  # fmt: skip
    label = html.Label([plain(one.name), html.Span(named, className="sa-muted")], htmlFor=dom_id(known))
    column = Column(one.name, one.kind, Role.FEATURE)  # years stand without thousands marks
    reach = f"{plain(cell_text(column, one.low))} to {plain(cell_text(column, one.high))}{unit}"
    return html.Div([label, control, html.Div(reach, className="sa-field-help", id=told)], className="sa-field")


def _plain_number(text: str) -> float | int:
    found = float(text)
    return int(found) if found == int(found) else float(f"{found:.6g}")




def _read(one: Any, value: object) -> Any:
    if one.kind is Kind.NUMBER:
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    text = str(value)
    if one.kind is Kind.FLAG:
        return text if text in FLAGS and text != UNKNOWN else None
    if text == OTHER:
        return _unlisted(one.levels)
    named = text.isascii() and text.isdigit() and len(text) < 8
    return one.levels[int(text)] if named and int(text) < len(one.levels) else None


def _unlisted(levels: Sequence[str]) -> str:
    """A level that the model has not seen, whatever it has seen."""
    name = "another value"
    while name in levels:
        name += "."
    return name
