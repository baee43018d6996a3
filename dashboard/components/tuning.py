"""What the form holds, and what can be set for one column at a time: its gaps, its skew, the order of its levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import ALL, State, dcc, html

from core.errors import BadRequest
from core.model import Column, Kind, Recipe, Role, Table
from core.prepare import natural
from dashboard.components.forms import field, select
from dashboard.security.labels import plain

PLACED = ("fill", "skew", "order")
MOST = 24
MOST_LEVELS = 20
FOR_ALL = "all"
_SKEW = {FOR_ALL: "As chosen above", "none": "As it is", "log": "Logarithm", "yeojohnson": "Yeo-Johnson"}
_TITLES = {"fill": "Value for gaps in", "skew": "Long tail of", "order": "Levels from low to high of"}


def form_states() -> dict[str, State]:
    """Everything on the page that a recipe is made of, by the name :func:`recipe_of` knows it by."""
    names = ("gaps", "outliers", "scaling", "encoding", "duplicates", "neighbours", "gap_flags", "marks", "skew", "weights", "money")
    return {
        "roles": State("roles", "data"),
        "units": State("units", "data"),
        **{name: State(name.replace("_", "-"), "value") for name in names},
        **{f"{name}s": State({"type": name, "index": ALL}, "value") for name in PLACED},
        **{f"{name}_places": State({"type": name, "index": ALL}, "id") for name in PLACED},
    }


def column_fields(table: Table, what: str, at: Recipe) -> list:
    """One field for each column that ``what`` (fill, skew, order) is about, set to ``at``; at most 24."""
    places = [place for place, column in enumerate(table.columns) if _about(column, what, at)]
    shown = []
    for place in places[:MOST]:
        title = f"{_TITLES[what]} {plain(table.columns[place].name)}"
        shown.append(field(title, _control(table, place, what, at)))
    if len(places) > MOST:
        shown.append(html.Div(f"{len(places) - MOST} more columns follow the rule for all.", className="sa-field-help"))
    return shown


def _about(column: Column, what: str, at: Recipe) -> bool:
    role = at.roles.get(column.name, column.role)
    if role != Role.FEATURE:
        return False
    if what == "fill":
        return bool(column.gaps) and column.kind in (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)
    return column.kind is (Kind.NUMBER if what == "skew" else Kind.CATEGORY)


def _control(table: Table, place: int, what: str, at: Recipe) -> Any:
    column, known = table.columns[place], {"type": what, "index": place}
    if what == "skew":
        return select(_SKEW, at.skews.get(column.name, FOR_ALL), id=known, size="sm")
    value = at.fills.get(column.name, "") if what == "fill" else " < ".join(at.orders.get(column.name, ()))
    hint = {"fill": "median if left empty" if column.kind is Kind.NUMBER else "commonest if left empty"}.get(what)
    return dcc.Input(
        id=known,
        type="text",
        value=value,
        placeholder=hint or _known_order(table, column),
        maxLength=500 if what == "order" else 60,
        className="form-control form-control-sm",
    )


def _known_order(table: Table, column: Column) -> str:
    """The order that everybody knows, else what to write."""
    if column.distinct > MOST_LEVELS:
        return "low < middle < high"
    levels = [str(level) for level in table.frame[column.name].dropna().unique()]
    return " < ".join(plain(level) for level in natural(levels) or ()) or "low < middle < high"


def by_column(table: Table, what: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of ``what`` say by column, empty ones left away. Raises :class:`BadRequest` for a field of no column."""
    values, ids = form.get(f"{what}s") or [], form.get(f"{what}_places") or []
    if not isinstance(values, list) or not isinstance(ids, list) or len(values) != len(ids):
        raise BadRequest("The page no longer fits the file.", "Reload the page.")
    found: dict[str, Any] = {}
    for value, known in zip(values, ids, strict=True):
        place = known.get("index") if isinstance(known, Mapping) else None
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(table.columns):
            raise BadRequest("The page no longer fits the file.", "Reload the page.")
        text = str(value or "").strip()
        if text and (what, text) != ("skew", FOR_ALL):
            found[table.columns[place].name] = _levels(text) if what == "order" else text
    return found


def _levels(text: str) -> tuple[str, ...]:
    """ "S < M < L", or the same with commas."""
    mark = "<" if " < " in text or "," not in text else ","
    levels = (level.strip() for level in text.split(f" {mark} " if mark == "<" else mark))
    return tuple(dict.fromkeys(level for level in levels if level))
