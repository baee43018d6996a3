"""The list of runs: what is asked of it, and what is done with one of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from dash import ALL, Input, Output, State, callback, ctx, no_update

from core.errors import SegmentationError
from dashboard.components import head, notice, numbers
from dashboard.components.runs_asked import Asked, Past
from dashboard.components.runs_list import listed, undo
from dashboard.history import history
from dashboard.services import owner, services
from dashboard.store import Remark
from dashboard.store.deleting import Aside
from pages.runs.picking import picked


def drawn(pasts: Sequence[Past], asked: Asked, picks: Sequence[str]) -> list:
    """The list as it is asked for."""
    return listed(pasts, asked, picks)


def heading(pasts: Sequence[Past]) -> list:
    """How many comparisons there are, and what can be done with them."""
    files = len({past.run.dataset for past in pasts})
    title = f"{numbers.count(len(pasts), 'comparison')} of {numbers.count(files, 'file')}" if pasts else "No comparisons any more"
    help = "Yours, of this browser session: nobody else sees them. Open one again, tick two to five to see what differs, or delete one with all that was made of it."
    return [head(title, help)]


def asides() -> tuple[Aside, ...]:
    """What was deleted a moment ago."""
    return services().store.deleting.aside(owner())


def undone() -> list:
    """The notices that take back what was deleted."""
    return undo(asides(), {one.id: one.name for one in services().store.datasets(owner())})


@callback(
    Output("runs-asked", "data"),
    Input("runs-find", "value"),
    Input("runs-file", "value"),
    Input("runs-algorithm", "value"),
    Input("runs-favourite", "value"),
    Input({"type": "runs-sort", "index": ALL}, "n_clicks"),
    Input({"type": "runs-turn", "index": ALL}, "n_clicks"),
    State("runs-asked", "data"),
    prevent_initial_call=True,
)
def ask(find: object, dataset: object, algorithm: object, favourite: object, _sorts: list, _turns: list, state: object) -> object:
    """Sort, filter and turn the pages; buttons that were only drawn ask for nothing."""
    asked, pressed = Asked.of(state), ctx.triggered_id
    if isinstance(pressed, dict):
        if not ctx.triggered[0]["value"]:
            return no_update
        if pressed.get("type") == "runs-sort":
            return asked.sorted_by(str(pressed.get("index", ""))).state()
        return Asked.of({**asked.state(), "page": pressed.get("index"), "noting": ""}).state()
    said = {"find": find, "dataset": dataset, "algorithm": algorithm, "favourite": favourite == "yes", "page": 0, "noting": ""}
    return Asked.of({**asked.state(), **said}).state()


@callback(
    Output("runs-asked", "data", allow_duplicate=True),
    Output("runs-undo", "children"),
    Output("runs-clock", "disabled"),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "runs-act", "act": ALL, "index": ALL}, "n_clicks"),
    State({"type": "runs-note", "index": ALL}, "value"),
    State("runs-asked", "data"),
    prevent_initial_call=True,
)
def act(_clicks: list, notes: list, state: object) -> tuple:
    """Star, note, delete or take back the run whose button was pressed."""
    still = (no_update,) * 4
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not ctx.triggered[0]["value"]:
        return still
    run, asked = str(pressed.get("index", "")), Asked.of(state)
    written = str(notes[0] or "") if notes else ""
    try:
        noting = ACTS[pressed["act"]](run, written) if pressed.get("act") in ACTS else None
    except SegmentationError as problem:
        return *still[:3], notice("bad", str(problem), hint=problem.hint)
    if noting is None:
        return still
    # the time makes it a change even where nothing else is asked for
    return {**replace(asked, noting=noting).state(), "at": time.time()}, undone(), not asides(), None


@callback(
    Output("runs-list", "children"),
    Output("runs-head", "children"),
    Input("runs-asked", "data"),
    Input("jobs-state", "data"),
    State("runs-picks", "data"),
    State("url", "pathname"),
    prevent_initial_call=True,
)
def draw(state: object, _jobs: object, picks: object, pathname: object) -> tuple:
    """Draw the list and its heading when something else is asked of it or a job has got on; a note that is being written stays."""
    asked = Asked.of(state)
    if pathname != "/runs" or ctx.triggered_id == "jobs-state" and asked.noting:
        return no_update, no_update
    pasts = history()
    return drawn(pasts, asked, picked(picks, pasts)), heading(pasts) if pasts or asides() else no_update


@callback(
    Output("runs-undo", "children", allow_duplicate=True),
    Output("runs-clock", "disabled", allow_duplicate=True),
    Input("runs-clock", "n_intervals"),
    prevent_initial_call=True,
)
def tell(_n: object) -> tuple:
    """Count down what can be taken back."""
    return undone(), not asides()


def _star(run: str, _written: str) -> str:
    store = services().store
    store.run(owner(), run)
    known = store.remarks.of(run)
    store.remarks.keep(run, Remark(not known.favourite, known.note))
    return ""


def _note(run: str, _written: str) -> str:
    return services().store.run(owner(), run).id


def _keep(run: str, written: str) -> str:
    store = services().store
    store.run(owner(), run)
    store.remarks.keep(run, Remark(store.remarks.of(run).favourite, written.strip()))
    return ""


def _leave(_run: str, _written: str) -> str:
    return ""


def _delete(run: str, _written: str) -> str:
    services().store.deleting.put_aside(owner(), run)
    services().jobs.wake()
    return ""


def _undo(run: str, _written: str) -> str:
    services().store.deleting.take_back(owner(), run)
    return ""


ACTS = {"star": _star, "note": _note, "keep": _keep, "leave": _leave, "delete": _delete, "undo": _undo}
"""What the buttons of the list do; each gives the run whose note is being written then, "" for none."""
