"""The frame around every page: steps, context bar, jobs dock, and the stores that outlive a page change."""

from __future__ import annotations

import dash
from dash import ALL, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update

from core.errors import SegmentationError
from dashboard.address import Address
from dashboard.components import notice
from dashboard.components.live import job_card
from dashboard.components.numbers import count
from dashboard.current import current
from dashboard.orders import holds_orders, orders_known
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import KINDS, LIVE, NotFound

WAITS = {"table": "Waits for a file", "choice": "Waits for a comparison"}
PART_OF = {"/migration": "/runs"}
"""Pages without a step of their own, and the step from which one gets there."""
PULSE_MS = 700


def layout() -> html.Div:
    """The whole document body; ``page_container`` is the only part that changes with the page."""
    return html.Div(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            *(dcc.Store(id=f"{kind}-request") for kind in KINDS),
            *(dcc.Store(id=f"{kind}-finished") for kind in KINDS),
            dcc.Store(id="jobs-state"),
            dcc.Store(id="uploaded"),
            dcc.Interval(id="pulse", interval=PULSE_MS),
            html.A("Skip to content", href="#main", className="sa-skip"),
            html.Nav(
                [html.A("Segment Atlas", href="/", className="sa-brand"), html.Ol(id="steps", className="sa-steps")],
                className="sa-rail",
                **{"aria-label": "Steps"},
            ),
            html.Div(
                [_context_bar(), html.Main(dash.page_container, id="main", className="sa-main", tabIndex=-1)],
                className="sa-body",
            ),
            html.Aside(id="dock", className="sa-dock", **{"aria-label": "Jobs"}),
            html.Div(id="said", className="sa-toasts", role="status"),
            html.Div(id="unseen", hidden=True),
        ],
        className="sa-frame",
    )


def _context_bar() -> html.Header:
    switch = html.Button(
        html.Span(className="sa-icon sa-icon-moon"),
        id="mode-switch",
        className="sa-icon-button",
        title="Switch between light and dark",
        **{"aria-label": "Switch between light and dark"},
    )
    return html.Header(
        [html.Div(id="context", className="sa-context-facts"), html.Div(switch, className="sa-context-tools")],
        className="sa-context",
    )


@callback(
    Output("steps", "children"),
    Output("context", "children"),
    Input("url", "pathname"),
    Input("url", "search"),
    Input("jobs-state", "data"),
)
def frame(pathname: str | None, search: str | None, _jobs: object) -> tuple[list, list]:
    """The steps as links that keep the address, and one line saying what is looked at."""
    here = current(Address.parse(search))
    comparison = here.comparison()
    choice = here.choice(comparison) if comparison else None
    address = Address(here.dataset.id if here.dataset else "", here.run.id if here.run else "", choice or "")
    have = {"": True, "table": here.loaded, "choice": bool(choice)}
    pages = sorted((page for page in dash.page_registry.values() if page.get("icon")), key=lambda page: page["order"])
    aside = {} if orders_known(here) else {"/orders": "For order files"}
    at = pathname or "/"
    steps = [
        _step(page, address, at=PART_OF.get(at, at), waits="" if have[page["needs"]] else WAITS[page["needs"]],
              aside=aside.get(page["path"], ""))
        for page in pages
    ]  # fmt: skip
    return steps, _facts(here, comparison.candidate(choice).label if choice else "")


def _step(page: dict, address: Address, *, at: str, waits: str, aside: str = "") -> html.Li:
    """A step that can be gone, that waits for another, or that is ``aside`` of the way of this file: dimmed, yet open."""
    inside = [html.Span(className=f"sa-icon sa-icon-{page['icon']}"), html.Span(page["name"])]
    if waits:
        inside.append(html.Span(waits, className="sa-step-wait"))
        return html.Li(html.Span(inside, className="sa-step is-waiting", title=waits))
    if at == page["path"]:
        return html.Li(html.A(inside, href=address.to(at), className="sa-step", **{"aria-current": "page"}))
    if aside:
        inside.append(html.Span(aside, className="sa-step-wait"))
    return html.Li(dcc.Link(inside, href=address.to(page["path"]), className="sa-step is-aside" if aside else "sa-step"))


def _facts(here, candidate: str) -> list:
    if here.dataset is None:
        return [html.Span("No file yet", className="sa-muted")]
    facts = [html.Strong(plain(here.dataset.name))]
    table = here.table()
    if table is not None:
        facts.append(html.Span(count(len(table), "order line" if holds_orders(table) else "customer"), className="sa-muted"))
    if candidate:
        facts.append(html.Span(candidate, className="sa-tag"))
    return facts


@callback(
    Output("jobs-state", "data"),
    Output("dock", "children"),
    Output("pulse", "disabled"),
    Input("pulse", "n_intervals"),
    *(Input(f"{kind}-request", "data") for kind in KINDS),
    State("jobs-state", "data"),
)
def pulse(_n: object, *args: object) -> tuple[object, list, bool]:
    """The truth about this session's jobs, read from the store; the browser asks only while something is under way.

    It must not wait for the background callbacks: Dash would hold it back until they have ended.
    """
    runs = services().store.runs(owner())
    live = [run for run in runs if run.state in LIVE]
    state = [[run.id, run.kind, run.state] for run in runs[:20]]
    return no_update if state == args[-1] else state, [job_card(run) for run in live], not live


@callback(
    Output("unseen", "children"),
    Input({"type": "cancel", "index": ALL}, "n_clicks"),
    Input({"type": "cancel-docked", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def cancel(clicks: list[int | None], docked: list[int | None]) -> object:
    """Cancel the job whose cross was pressed; one that has ended meanwhile stays as it ended."""
    if not any(clicks + docked) or not isinstance(ctx.triggered_id, dict):
        return no_update
    try:
        services().jobs.cancel(owner(), str(ctx.triggered_id.get("index", "")))
    except NotFound:
        return no_update
    return no_update


@callback(
    *(Output(f"{kind}-request", "data", allow_duplicate=True) for kind in KINDS),
    Output("url", "href", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "again", "index": ALL}, "n_clicks"),
    State("url", "pathname"),
    prevent_initial_call=True,
)
def run_again(clicks: list[int | None], pathname: str) -> tuple:
    """Start a run once more that failed, was cancelled or was interrupted, on whichever page it is shown."""
    unchanged = (no_update,) * (len(KINDS) + 1)
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return *unchanged, no_update
    try:
        run = services().jobs.again(owner(), str(ctx.triggered_id.get("index", "")))
    except SegmentationError as problem:
        return *unchanged, notice("bad", str(problem), hint=problem.hint)
    address = Address(run.dataset, run.id if run.kind == "compare" else "")
    if "candidate" in run.request:
        address = Address(run.dataset, str(run.request["run"]), str(run.request["candidate"]))
    return *(run.id if run.kind == kind else no_update for kind in KINDS), address.to(pathname or "/"), None


clientside_callback(
    "function(clicks) { return clicks ? window.dash_clientside.atlas.switchMode() : window.dash_clientside.no_update; }",
    Output("mode-switch", "data-mode"),
    Input("mode-switch", "n_clicks"),
    prevent_initial_call=True,
)
