"""Fields, choices and progress, built only from controls that pass axe (see tests/dashboard/test_components.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components import numbers
from dashboard.security.labels import plain

Options = Mapping[str, str] | Iterable[str]
HUNDRED = 100


def field(label: str, control: Any, help: str = "") -> html.Div:
    """A control under its label, with an optional line of help. A group of radio buttons is named by the label too."""
    parts: list[Any] = []
    if isinstance(control, dbc.RadioItems | dbc.Checklist):
        parts += [html.Div(plain(label), className="sa-label", **{"aria-hidden": "true"})]
        parts.append(html.Div(control, role="group", **{"aria-label": plain(label)}))
    else:
        parts += [html.Label(plain(label), htmlFor=dom_id(control.id)), control]
    if help:
        parts.append(html.Div(help, className="sa-field-help"))
    return html.Div(parts, className="sa-field")


def fields(*items: Any) -> html.Div:
    """Several :func:`field` items in columns that collapse on a phone."""
    return html.Div(list(items), className="sa-fields")


def segmented(options: Options, value: str, *, id: Any, **more: Any) -> dbc.RadioItems:
    """A few choices side by side, all visible; wrap it in :func:`field` to name it."""
    return dbc.RadioItems(id=id, options=_listed(options), value=value, className="sa-choice", **_bare(), **more)


def select(options: Options, value: str | None = None, *, id: Any, **more: Any) -> dbc.Select:
    """One of many; wrap it in :func:`field` to name it."""
    return dbc.Select(id=id, options=_listed(options), value=value, **more)


def progress(value: float | None, total: float | None, label: str, *, id: Any = None) -> html.Div:
    """How far a job is: "``label`` 14 of 37", of a hundred in per cent. Without ``total`` the bar promises nothing."""
    known = total is not None and total > 0 and value is not None
    amount = {"value": str(value), "max": str(total)} if known else {}
    bar = html.Progress(**amount, **{"aria-label": plain(label)})
    parts = [html.Span(plain(label), role="status")]
    if known:
        far = f"{numbers.whole(value)}%" if total == HUNDRED else f"{numbers.whole(value)} of {numbers.whole(total)}"
        parts.append(html.Span(far, className="sa-progress-count"))
    return html.Div([*parts, bar], className="sa-progress", **({} if id is None else {"id": id}))


def dom_id(id: Any) -> str:
    """The id Dash writes into the page: text as it is, a pattern id as sorted compact JSON."""
    return id if isinstance(id, str) else json.dumps(id, sort_keys=True, separators=(",", ":"))


def _listed(options: Options) -> list[dict[str, str]]:
    pairs = options.items() if isinstance(options, Mapping) else ((option, option) for option in options)
    return [{"value": value, "label": plain(label)} for value, label in pairs]


def _bare() -> dict[str, str]:
    return {"inputClassName": "sa-choice-input", "labelClassName": "sa-choice-label"}
