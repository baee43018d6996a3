"""The tab notes of the Atlas: a description in a person's words, and what was changed when and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from core.model import Edit
from core.model.shape import TEXT
from dashboard.components import numbers
from dashboard.components.forms import field
from dashboard.components.parts import tag
from dashboard.security.labels import plain

NEAR = 50
"""Versions that are listed before and after the present one: five hundred of them weigh half a megabyte."""


def tab(looked: Any, focus: int) -> list:
    """The description of the segment ``focus``, and the versions near the present one, the latest first."""
    said = looked.segmentation.descriptions.get(focus, "")
    note = {"type": "note-text", "index": focus}
    shown = [
        field("Description", dbc.Textarea(id=note, value=said, maxlength=TEXT, rows=4), "Goes into exports, too."),
        html.Div(html.Button("Save description", id={"type": "note-save", "index": focus}, className="btn btn-sm btn-secondary"),
                 className="sa-actions"),
        html.H3("What was changed"),
        _history(looked.shaping),
    ]  # fmt: skip
    return [html.Div(shown, className="sa-notes")]


def told(edit: Edit) -> str:
    """What an edit did, in words."""
    segment = f"segment {edit.segment}"
    words = {
        "rename": f"Named {segment} “{plain(edit.text)}”",
        "describe": f"Described {segment}" if edit.text.strip() else f"Took the description of {segment} away",
        "colour": f"Gave {segment} colour {edit.number}",
        "lock": f"Locked {segment}",
        "unlock": f"Unlocked {segment}",
        "merge": f"Merged segment {edit.number} into {segment}",
        "split": f"Split {segment}",
        "move": f"Moved {numbers.count(len(edit.rows), 'customer')} to {segment}",
    }
    return words[edit.kind]


def _history(shaping: Any) -> html.Ol:
    shown = [one for one in reversed(shaping.versions) if abs(one.number - shaping.now) <= NEAR]
    rows = [_version(one, here=one.number == shaping.now) for one in shown]
    if len(shown) < len(shaping.versions):
        rows.append(html.Li(f"{len(shaping.versions) - len(shown)} more lie further away: undo or redo leads there.", className="sa-muted sa-small"))
    start = html.Li(_row("As it was fitted", "", number=0, here=shaping.now == 0), className="sa-version")
    return html.Ol([*rows, start], className="sa-versions", reversed=True)


def _version(version: Any, *, here: bool) -> html.Li:
    edits = version.shape.edits
    last = edits[-1] if edits else None
    when = datetime.fromtimestamp(version.created, UTC).strftime("%d %b %Y, %H:%M UTC")
    reason = html.P(plain(last.reason, limit=TEXT), className="sa-muted sa-small") if last is not None and last.reason else None
    row = _row(told(last) if last is not None else "As it was fitted", when, number=version.number, here=here)
    return html.Li([*row, reason], className="sa-version")


def _row(words: str, when: str, *, number: int, here: bool) -> list:
    way = tag("now", "accent") if here else html.Button(
        "Return to this", id={"type": "shape-go", "index": f"v{number}"}, type="button", className="btn btn-sm btn-secondary",
        **{"aria-label": f"Return to version {number}: {words}"},
    )  # fmt: skip
    return [html.Div([html.Div([words, html.Span(when, className="sa-version-when")]), way], className="sa-version-row")]
