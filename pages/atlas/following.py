"""What is looked at, kept in ``atlas-state``; every part is drawn anew when it changes, and jobs are asked to tell more."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, callback, clientside_callback, no_update

from core.errors import SegmentationError
from dashboard import jobs
from dashboard.address import Address
from dashboard.atlas import Looked, describe, look
from dashboard.components import notice
from dashboard.current import current
from pages.atlas import slots


def state_of(looked: Looked, focus: int) -> dict[str, Any]:
    """What ``atlas-state`` holds: the candidate, the segment in focus, the version, and the ended job that described it.

    A job that is under way changes nothing yet: :func:`tell` says that it works.
    """
    ended = looked.run is not None and not looked.waiting
    told = [looked.run.id, looked.run.state] if ended else []
    return {"choice": looked.key, "focus": focus, "version": looked.shaping.now, "told": told}


def looked_at(search: object, state: object) -> Looked | None:
    """What the page shows, from its address and ``atlas-state``; either may be anything."""
    key = state.get("choice") if isinstance(state, dict) else None
    return look(current(Address.parse(search)), key if isinstance(key, str) else None)


def focus_of(looked: Looked, state: object) -> int:
    """The segment in focus."""
    return looked.focus(state.get("focus") if isinstance(state, dict) else None)


@callback(
    Output("portray-request", "data"),
    Output("said", "children", allow_duplicate=True),
    Input("atlas-enter", "data"),
    Input("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call="initial_duplicate",
)
def ask(_entered: object, state: object, search: str) -> tuple:
    """Have a segmentation described that nobody has described in its present shape."""
    looked = looked_at(search, state)
    if looked is None or looked.run is not None:
        return no_update, no_update
    try:
        return describe(looked).id, no_update
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)


@callback(
    Output("atlas-state", "data", allow_duplicate=True),
    Input("jobs-state", "data"),
    State("url", "search"),
    State("url", "pathname"),
    State("atlas-state", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, search: str, pathname: str, state: object) -> object:
    """Draw the page anew when a job has told more, and only then."""
    looked = looked_at(search, state) if pathname == "/atlas" else None
    if looked is None:
        return no_update
    now = state_of(looked, focus_of(looked, state))
    return no_update if now == state else now


@callback(
    Output("atlas-status", "children"),
    Input("jobs-state", "data"),
    State("atlas-state", "data"),
    State("url", "search"),
    State("url", "pathname"),
    prevent_initial_call=True,
)
def tell(_jobs: object, state: object, search: str, pathname: str) -> object:
    """That a job describes what is shown, with the way to stop it."""
    looked = looked_at(search, state) if pathname == "/atlas" else None
    return no_update if looked is None else slots.status(looked)


@callback(
    Output("atlas-head", "children"),
    Output("atlas-chooser", "children"),
    Output("atlas-cards", "children"),
    Output("atlas-tab-body", "children"),
    Input("atlas-state", "data"),
    State("atlas-tab", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw(state: object, tab: str, search: str) -> tuple:
    """The head, the ways to others, the cards and the tab, from the stored results; other parts draw themselves."""
    looked = looked_at(search, state)
    if looked is None:
        return (no_update,) * 4
    focus = focus_of(looked, state)
    return (
        slots.head(looked),
        slots.chooser(looked),
        slots.cards(looked, focus),
        slots.tab(looked, focus, str(tab)),
    )


@callback(
    Output("atlas-tab-body", "children", allow_duplicate=True),
    Input("atlas-tab", "value"),
    State("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def open_tab(tab: str, state: object, search: str) -> object:
    """Another tab of the same segment."""
    looked = looked_at(search, state)
    return no_update if looked is None else slots.tab(looked, focus_of(looked, state), str(tab))


callback(
    Output("portray-finished", "data"), Input("portray-request", "data"), background=True, prevent_initial_call=True
)(jobs.portray)
callback(Output("split-finished", "data"), Input("split-request", "data"), background=True, prevent_initial_call=True)(
    jobs.split
)
callback(Output("why-finished", "data"), Input("why-request", "data"), background=True, prevent_initial_call=True)(jobs.why)
clientside_callback(
    "function(state, tab, view) { return window.dash_clientside.atlas.keepAtlas(state, tab, view); }",
    Output("atlas-enter", "className"),
    Input("atlas-state", "data"),
    Input("atlas-tab", "value"),
    Input("atlas-view", "value"),
    prevent_initial_call=True,
)
