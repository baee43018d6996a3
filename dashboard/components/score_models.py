"""The models of a session: where each comes from, how well it keeps to its segments, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dash import dcc, html

from core.model import Kind, Model
from dashboard.components import numbers
from dashboard.components.parts import card, empty, explain, icon, more, notice, stat, stats, tag
from dashboard.security.labels import plain

UPLOAD_MB = 64
AGREEMENT = (
    "Algorithms differ in how they place customers they were not fitted with: nearest centre, most likely group, nearest "
    "known customer. The model places the fitted customers once more in that way; the agreement is the share that lands "
    "where the fit, and a person's changes, put them."
)


@dataclass(frozen=True)
class Kept:
    """A model of this session as the page lists it: ``file`` it was made of ("" for one made elsewhere), ``signed`` by this
    server, ``keyed`` whether machines may use it, ``href`` of the page that shows it. ``model`` is None where its bytes are
    damaged."""

    id: str
    name: str
    created: float
    file: str
    signed: bool
    keyed: bool
    href: str
    model: Model | None


def about(kept: Kept) -> html.Div:
    """Four numbers about the model that is shown."""
    model = kept.model
    agreement = numbers.share(model.agreement) if model.compared else numbers.NOTHING
    return html.Div(
        [
            stats(
                stat("Segments", numbers.whole(len(model.segments)), base=plain(model.label)),
                stat("Made of", numbers.whole(model.rows), "customers", plain(kept.file) or "a file of another server"),
                stat("Agreement", agreement, base=f"of {numbers.whole(model.compared)} placed as they were fitted"),
                stat("Needs", numbers.whole(len(model.columns)), "columns", _few(model.columns)),
            ),
            html.Div(explain("What is the agreement", AGREEMENT), className="sa-explains"),
        ]
    )


def listing(models: Sequence[Kept], chosen: str) -> html.Section:
    """All models, the newest first, and the way to bring one."""
    rows = [_row(one, here=one.id == chosen) for one in models]
    known = html.Ul(rows, className="sa-plain-list sa-score-models") if rows else empty(
        "No model yet", "Make one of segments that you look at, or open one that was saved.", None, "score"
    )
    return card(
        "Models", known, _opening(),
        help="A model is data only: numbers and names, nothing that could run. It holds no customer's id or name.",
    )  # fmt: skip


def _row(one: Kept, *, here: bool) -> html.Li:
    name = html.Strong(plain(one.name)) if here else dcc.Link(plain(one.name), href=one.href)
    marks = [tag("Shown", "accent")] if here else []
    marks += [] if one.signed else [tag("Made elsewhere")]
    marks += [tag("Open to machines")] if one.keyed else []
    words = html.Div([html.Div([name, *marks], className="sa-score-model-name"), html.Div(_facts(one), className="sa-muted sa-small")])
    return html.Li([words, html.Div(_doings(one), className="sa-push sa-score-doings")], className="sa-row")


def _facts(one: Kept) -> str:
    when = datetime.fromtimestamp(one.created, UTC).strftime("%d %b %Y, %H:%M UTC")
    if one.model is None:
        return f"{when}. Its bytes are damaged or an earlier version's; delete it and make it again."
    model = one.model
    source = f"{numbers.count(model.rows, 'customer')}{f' of {plain(one.file)}' if one.file else ''}"
    agreement = f"agreement {numbers.share(model.agreement)}" if model.compared else "agreement not measured"
    label = f"{plain(model.label)}; " if model.label != one.name else ""
    return f"{label}{source}; {agreement}; {when}"


def _doings(one: Kept) -> list:
    named = plain(one.name)
    save = html.A("Download", href=f"/models/{one.id}.zip", download="", className="sa-text-button", **{"aria-label": f"Download the model {named}"})
    drop = html.Button("Delete", id={"type": "model-delete", "index": one.id}, className="sa-text-button",
                       **{"aria-label": f"Delete the model {named}"})  # fmt: skip
    return [*([save] if one.model is not None else []), drop]


def _opening() -> html.Div:
    """Where a saved model is opened; ``assets/score-model.js`` puts the file field in."""
    return html.Div(
        [
            html.Div(
                [icon("file"), html.Span("Open a saved model (model.zip)")],
                id="model-drop", className="sa-score-open btn btn-secondary btn-sm", **{"data-limit": str(UPLOAD_MB * 1_000_000)},
            ),
            html.Span("Files of other servers are checked the same way, and marked.", className="sa-muted sa-small"),
            html.Div(id="model-said", role="alert", className="sa-small sa-score-bad"),
        ],
        className="sa-row sa-score-opening",
    )  # fmt: skip


def machines(kept: Kept, key: str = "", *, host: str = "") -> html.Section:
    """The key with which machines may place customers: ``key`` is shown once, when it was just made; only its hash is kept."""
    made = html.Button("Renew the key" if kept.keyed else "Make a key", id="model-key-make", className="btn btn-secondary btn-sm")
    void = html.Button("Revoke the key", id="model-key-void", className="sa-text-button", hidden=not kept.keyed)
    state = "A key exists; only its hash is kept here." if kept.keyed else "No machine may use this model yet."
    parts: list[Any] = [html.Div([html.Span(state, className="sa-muted"), html.Span([void, made], className="sa-push")], className="sa-row")]
    if key:
        told = notice("good", "This is the key of the model. Copy it now: it is shown once.")
        parts.append(html.Div([told, html.Code(key, className="sa-score-key", tabIndex=0)], className="sa-stack"))
    parts.append(more("How to ask", html.Pre(html.Code(_curl(kept, host)), className="sa-score-curl", tabIndex=0), _described()))
    return card(
        "For machines", *parts, help="Programs place up to 1,000 customers in one request (JSON), without a browser."
    )


def _described() -> html.P:
    link = html.A("/api/openapi.json", href="/api/openapi.json")
    return html.P(["The same in the words of machines (OpenAPI 3.1): ", link], className="sa-small")


def _curl(kept: Kept, host: str) -> str:
    cells = ", ".join(f"{json.dumps(plain(one.name), ensure_ascii=False)}: {_example(one)}" for one in kept.model.preparation.columns[:3])
    rest = ", ..." if len(kept.model.columns) > 3 else ""
    return (
        f"curl {host or 'http://127.0.0.1:8050/'}api/score \\\n"
        '  -H "Authorization: Bearer KEY" -H "Content-Type: application/json" \\\n'
        f"  -d '{{\"customers\": [{{{cells}{rest}}}]}}'"
    )


def _example(column: Any) -> str:
    if column.kind is Kind.CATEGORY:
        return json.dumps(plain(column.usual), ensure_ascii=False)
    if column.kind is Kind.FLAG:
        return "true" if column.usual not in ("", "0") else "false"
    return f"{float(column.usual):g}" if column.usual else "null"


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(plain(name, limit=24) for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
