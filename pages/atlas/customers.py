"""The customers of a segment: which list is shown, page by page, and why one of them is here."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, callback, ctx, no_update

from core.errors import SegmentationError
from core.model import Role
from core.prepare import roles
from dashboard.atlas import Looked, asked
from dashboard.components import atlas_why
from dashboard.components.atlas_customers import grid
from dashboard.components.atlas_listing import Asked
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, NotFound, Run
from pages.atlas.following import focus_of, looked_at


def _one(values: Any) -> Any:
    """What the only element of its pattern holds, None where that is not on the page."""
    return values[0] if isinstance(values, list) and len(values) == 1 else None


@callback(
    Output({"type": "list-state", "index": ALL}, "data"),
    Input({"type": "list-view", "index": ALL}, "value"),
    Input({"type": "list-find", "index": ALL}, "value"),
    Input({"type": "list-sort", "index": ALL}, "n_clicks"),
    Input({"type": "list-turn", "index": ALL}, "n_clicks"),
    State({"type": "list-state", "index": ALL}, "data"),
    prevent_initial_call=True,
)
def ask_list(_views: list, _finds: list, _sorts: list, _turns: list, states: list) -> list:
    """Another view, order, page, or search."""
    pressed, value = ctx.triggered_id, ctx.triggered[0]["value"] if ctx.triggered else None
    if not states or not isinstance(pressed, dict) or value is None:
        return [no_update] * len(states)
    now = Asked.of(_one(states))
    kind, index = pressed.get("type"), str(pressed.get("index"))
    if kind == "list-view":
        after = Asked.of({"view": value, "find": now.find})
    elif kind == "list-find":
        after = Asked.of(now.state() | {"find": value, "page": 0})
    elif kind == "list-sort":
        after = now.sorted_by(index)
    else:
        after = Asked.of(now.state() | {"page": max(0, now.page + (1 if index == "later" else -1))})
    return [no_update if after == now else after.state()]


@callback(
    Output({"type": "list-grid", "index": ALL}, "children"),
    Input({"type": "list-state", "index": ALL}, "data"),
    State("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw_list(states: list, state: object, search: str) -> list:
    """One page of the list that is asked for."""
    looked = looked_at(search, state) if states else None
    if looked is None or not isinstance(_one(states), dict):
        return [no_update] * len(states)
    return [grid(looked, focus_of(looked, state), Asked.of(_one(states)))]


@callback(
    Output({"type": "why-state", "index": ALL}, "data"),
    Output("why-request", "data", allow_duplicate=True),
    Input({"type": "why-open", "index": ALL}, "n_clicks"),
    Input({"type": "why-close", "index": ALL}, "n_clicks"),
    State({"type": "why-state", "index": ALL}, "data"),
    State("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def ask_why(_opened: list, _closed: list, states: list, state: object, search: str) -> tuple:
    """Ask for the account of one customer, or close it."""
    pressed = ctx.triggered_id
    if not states or not isinstance(pressed, dict) or not ctx.triggered[0]["value"]:
        return [no_update] * len(states), no_update
    if pressed.get("type") == "why-close":
        return [{}], no_update
    looked, row = looked_at(search, state), pressed.get("index")
    if looked is None or isinstance(row, bool) or not isinstance(row, int) or row < 0:
        return [no_update], no_update
    try:
        run = services().jobs.request(owner(), "why", looked.here.dataset.id, asked(looked, row=row))
    except SegmentationError as problem:
        return [{"row": row, "problem": f"{problem} {problem.hint}".strip()}], no_update
    return [{"row": row, "run": run.id, "state": run.state}], run.id if run.state in LIVE else no_update


@callback(
    Output({"type": "why-state", "index": ALL}, "data", allow_duplicate=True),
    Input("jobs-state", "data"),
    State({"type": "why-state", "index": ALL}, "data"),
    prevent_initial_call=True,
)
def follow_why(_jobs: object, states: list) -> list:
    """Say what became of the job, once it is something else."""
    run = _run(_one(states))
    if run is None or run.state == _one(states).get("state"):
        return [no_update] * len(states)
    return [_one(states) | {"state": run.state}]


@callback(
    Output({"type": "why-panel", "index": ALL}, "children"),
    Input({"type": "why-state", "index": ALL}, "data"),
    State("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw_why(states: list, state: object, search: str) -> list:
    """The account, how far it is, or nothing."""
    said = _one(states)
    looked = looked_at(search, state) if isinstance(said, dict) and said else None
    if looked is None:
        return [None] * len(states)
    title, run = _title(looked, said.get("row")), _run(said)
    if run is None:
        return [atlas_why.panel(title, str(said.get("problem", ""))[:400])]
    if run.state in LIVE:
        return [atlas_why.waiting(title, run)]
    try:
        found = services().store.result(owner(), run.id, "why") if run.state == "done" else None
    except (Damaged, NotFound):
        found = None
    return [atlas_why.failed(title, run) if found is None else atlas_why.account(title, found, looked.segmentation)]


def _run(said: Any) -> Run | None:
    """The job that the page waits for; None for anybody else's."""
    try:
        run = services().store.run(owner(), str(said.get("run", ""))) if isinstance(said, dict) else None
    except NotFound:
        return None
    return run if run is not None and run.kind == "why" else None


def _title(looked: Looked, row: Any) -> str:
    """The heading: the customer by its id, by its place in the file where it has none."""
    table = looked.table()
    if table is None or isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < len(table):
        return "Why here?"
    ids = [name for name, role in roles(table, looked.comparison.plan.recipe).items() if role is Role.ID]
    return f"Why customer {plain(str(table.raw[ids[0]].iat[row]), limit=40)} is here" if ids else f"Why the customer in row {row + 1:,} is here"
