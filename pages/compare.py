"""Compare: every candidate side by side, the recommended one and why, and any other looked at closer."""

from __future__ import annotations

from dataclasses import replace

from dash import ALL, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update, register_page

from core.errors import BadRequest, SegmentationError
from core.model import Comparison, Plan, Recipe
from dashboard import jobs
from dashboard.address import Address
from dashboard.components import head, nothing_yet, notice
from dashboard.components.board import ANY, RANK, board
from dashboard.components.closer import closer
from dashboard.components.comparing import CROWDS, aimed_at, cuts, dragged, results, strip
from dashboard.components.live import job_panel, problem_panel, stopped_notice
from dashboard.components.preparation import foreseen, plan_of
from dashboard.components.setup import estimate_lines, plan_from, setup_form, with_setting
from dashboard.components.side import flow_figure, side_by_side
from dashboard.current import Current, current, mode, narrow
from dashboard.services import machine, owner, services
from dashboard.store import LIVE

FORM = {
    "algorithms": State("setup-algorithms", "value"),
    "low": State("setup-low", "value"),
    "high": State("setup-high", "value"),
    "most": State("setup-most", "value"),
    "fewest": State("setup-fewest", "value"),
    "share": State("setup-share", "value"),
    "resamples": State("setup-resamples", "value"),
    "values": State({"type": "setting", "index": ALL}, "value"),
    "ids": State({"type": "setting", "index": ALL}, "id"),
}

ASKED = {name: Input(one.component_id, one.component_property) for name, one in FORM.items()}


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    return html.Div(
        [
            dcc.Store(id="compare-stage", data=_stage(here)),
            html.Div(_body(here), id="compare-body", className="sa-page"),
        ]
    )


def _stage(here: Current) -> str:
    """The state of the run; without one "unread" while the file is, for then there is something to wait for."""
    if here.run:
        return here.run.state
    return "unread" if here.dataset and not here.loaded else "empty"


def _body(here: Current) -> list:
    if here.dataset is None or not here.loaded:
        go = dcc.Link("Go to Data", href="/", className="btn btn-primary")
        return nothing_yet(
            "Compare segmentations",
            "No file yet",
            "Open a customer file or the sample first; then its segmentations are compared here.",
            go=go,
            icon_name="compare",
        )
    if here.run is None:
        help = "Every algorithm on the same customers, judged in one space. Change the preparation on the Data page."
        form = setup_form(plan_of(Recipe()), opened=True, action="Compare segmentations")
        return [head("Compare segmentations", help), form]
    if here.run.state in LIVE:
        return [
            head("Comparing segmentations", "Finished candidates appear at once; cancelling keeps them."),
            job_panel(here.run),
        ]
    comparison = here.comparison()
    if comparison is None:
        return [head("There is no result yet"), problem_panel(here.run)]
    address = replace(here.address, dataset=here.dataset.id, run=here.run.id)
    finding, *rest = results(comparison, address, chosen=here.choice(comparison), mode=mode(), narrow=narrow())
    return [finding, *([stopped_notice(here.run, comparison.stopped)] if comparison.stopped else []), *rest]


def _shown(search: object) -> tuple[Current, Comparison | None]:
    here = current(Address.parse(search))
    return here, here.comparison()


@callback(
    Output("compare-body", "children"),
    Output("compare-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("compare-stage", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, stage: str) -> tuple:
    """Keep the progress fresh and show the result as soon as it is there; a finished page is left alone."""
    if pathname != "/compare" or stage not in (*LIVE, "empty", "unread"):
        return no_update, no_update
    here = current(Address.parse(search))
    now = _stage(here)
    if now == stage and now not in LIVE:
        return no_update, no_update
    return _body(here), now


@callback(
    Output("k-panel", "children"),
    Output("closer", "children"),
    Output("cuts", "children"),
    Output("compare-choice", "data"),
    Input({"type": "pick-k", "index": ALL}, "n_clicks"),
    Input("compare-algorithm", "value"),
    Input({"type": "tree-cut", "index": ALL}, "value"),
    Input({"type": "tree", "index": ALL}, "relayoutData"),
    State("compare-choice", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def reflow(_clicks: list, algorithm: str, _typed: list, _moves: list, choice: str, search: str) -> tuple:
    """Look at another number of segments or another algorithm: everything comes from the stored result."""
    here, comparison = _shown(search)
    if comparison is None or not ctx.triggered_id:
        return (no_update,) * 4
    value = ctx.triggered[0]["value"]
    wanted = aimed_at(comparison, ctx.triggered_id, value, choice=str(choice), algorithm=str(algorithm or ANY))
    if wanted is None or (wanted.key == choice and ctx.triggered_id != "compare-algorithm"):
        return (no_update,) * 4
    address = Address(here.dataset.id, here.run.id)
    return (
        strip(comparison, wanted, str(algorithm or ANY)),
        closer(comparison, wanted, address, mode=mode()),
        cuts(comparison, wanted, mode=mode()),
        wanted.key,
    )


@callback(
    Output("board-box", "children"),
    Output("board-order", "data"),
    Input({"type": "sort", "index": ALL}, "n_clicks"),
    State("board-algorithm", "value"),
    State("board-order", "data"),
    State("compare-picks", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def sort_board(_clicks: list, algorithm: str, order: object, picks: object, search: str) -> tuple:
    """Sort by the pressed column, the other way round when pressed again."""
    here, comparison = _shown(search)
    known = order if isinstance(order, dict) else {}
    # a board drawn anew brings buttons that nobody pressed
    acted = [ctx.triggered_prop_ids[one["prop_id"]] for one in ctx.triggered if one["value"] is not None]
    if comparison is None or not any(acted):
        return no_update, no_update
    name, falling = str(known.get("order", RANK)), bool(known.get("falling", True))
    for pressed in [str(one.get("index")) for one in acted if isinstance(one, dict)][:1]:
        name, falling = pressed, not falling if pressed == name else True
    address = Address(here.dataset.id, here.run.id)
    shown = board(comparison, address, order=name, falling=falling, algorithm=str(algorithm or ANY), picks=_keys(picks))
    return shown, {"order": name, "falling": falling}


@callback(
    Output("board-box", "children", allow_duplicate=True),
    Input("board-algorithm", "value"),
    State("board-order", "data"),
    State("compare-picks", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def filter_board(algorithm: str, order: object, picks: object, search: str) -> object:
    """Show one algorithm or all, sorted as before.

    Apart from sorting: drawing the board anew brings sort buttons, and Dash holds
    a callback back whose own output brings its inputs.
    """
    here, comparison = _shown(search)
    if comparison is None:
        return no_update
    known = order if isinstance(order, dict) else {}
    name, falling = str(known.get("order", RANK)), bool(known.get("falling", True))
    address = Address(here.dataset.id, here.run.id)
    return board(comparison, address, order=name, falling=falling, algorithm=str(algorithm or ANY), picks=_keys(picks))


def _keys(picks: object) -> tuple[str, ...]:
    return tuple(str(key) for key in picks) if isinstance(picks, list) else ()


@callback(
    Output("side", "children"),
    Output("compare-picks", "data"),
    Input({"type": "tick", "index": ALL}, "value"),
    State({"type": "tick", "index": ALL}, "id"),
    State("compare-picks", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def pick(values: list, ids: list, picks: object, search: str) -> tuple:
    """Show the ticked candidates side by side; those that a filter hides stay ticked."""
    _here, comparison = _shown(search)
    if comparison is None or len(values) != len(ids):
        return no_update, no_update
    ticked = {str(one.get("index")): bool(value) for one, value in zip(ids, values, strict=True)}
    before = _keys(picks)
    kept = [key for key in before if ticked.get(key, True)]
    now = (*kept, *(key for key, on in ticked.items() if on and key not in kept))
    if set(now) == set(before):
        return no_update, no_update
    return side_by_side(comparison, now, mode=mode(), narrow=narrow()), list(now)


@callback(Output("flow", "children"), Input("flow-from", "value"), Input("flow-to", "value"), State("url", "search"))
def show_flow(first: str, second: str, search: str) -> object:
    """Where the customers of one candidate's segments are in the other's."""
    _here, comparison = _shown(search)
    if comparison is None:
        return no_update
    try:
        return flow_figure(comparison.candidate(str(first)), comparison.candidate(str(second)), mode=mode())
    except SegmentationError as problem:
        return notice("bad", str(problem), hint=problem.hint)


@callback(
    Output({"type": "reach-value", "index": ALL}, "value"),
    Input({"type": "reach", "index": ALL}, "relayoutData"),
    prevent_initial_call=True,
)
def drag_reach(moves: list) -> list:
    """The typed reach follows the dragged line."""
    height = dragged(moves[0] if moves else None)
    return [no_update if height is None else float(f"{max(height, 0.0):.4g}") for _ in ctx.outputs_list]


@callback(
    Output("compare-request", "data", allow_duplicate=True),
    Output("url", "href", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("compare-now", "n_clicks"),
    Input({"type": "reach-go", "index": ALL}, "n_clicks"),
    State({"type": "reach-value", "index": ALL}, "value"),
    FORM,
    State("url", "search"),
    prevent_initial_call=True,
)
def compare_now(clicks: int | None, reached: list, reach: list, form: dict, search: str) -> tuple:
    """Compare with what the form says, on the preparation of the run that is looked at, else on the proposed one."""
    here = current(Address.parse(search))
    table = here.table()
    if not (clicks or any(reached or [])) or table is None:
        return no_update, no_update, no_update
    if table.questions:
        asked = notice("warn", "One choice is needed first.", hint="Answer it on the Data page.")
        return no_update, Address(here.dataset.id).to("/"), asked
    try:
        plan = _plan(here, form)
        if isinstance(ctx.triggered_id, dict):
            plan = with_setting(plan, CROWDS, "eps", reach[0] if reach else None)
        run = services().jobs.request(owner(), "compare", here.dataset.id, {"plan": plan.to_json()})
    except SegmentationError as problem:
        return no_update, no_update, notice("bad", str(problem), hint=problem.hint)
    return run.id, Address(here.dataset.id, run.id).to("/compare"), None


@callback(Output("setup-estimate", "children"), ASKED, State("url", "search"))
def tell_estimate(form: dict, search: str) -> object:
    """What the comparison will take, before it runs."""
    here = current(Address.parse(search))
    table = here.table()
    if table is None:
        return no_update
    try:
        return estimate_lines(foreseen(table, _plan(here, form), machine()))
    except SegmentationError as problem:
        return f"{problem} {problem.hint}"


def _plan(here: Current, form: dict) -> Plan:
    kept = here.run.plan if here.run else None
    base = kept or plan_of(Recipe(answers=here.answers()))
    names, values = [str(one.get("index")) for one in form.get("ids") or ()], form.get("values") or ()
    if len(names) != len(values):
        raise BadRequest("The page no longer fits the program.", "Reload the page.")
    return plan_from(base, {**form, "settings": list(zip(names, values, strict=True))})


callback(
    Output("compare-finished", "data"), Input("compare-request", "data"), background=True, prevent_initial_call=True
)(jobs.compare)

clientside_callback(
    "function(moved) { return window.dash_clientside.atlas.linkScenes(moved); }",
    Output("side", "data-linked"),
    Input("linked-maps", "relayoutData"),
    prevent_initial_call=True,
)
clientside_callback(
    "function(choice, picks) { return window.dash_clientside.atlas.keepComparison(choice, picks); }",
    Output("side-heading", "data-kept"),
    Input("compare-choice", "data"),
    Input("compare-picks", "data"),
    prevent_initial_call=True,
)
register_page(
    __name__,
    path="/compare",
    order=1,
    name="Compare",
    title="Compare - Segment Atlas",
    icon="compare",
    needs="table",
    layout=layout,
)
