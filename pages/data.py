"""Data: bring a file in, see what was understood, decide how customers are compared."""

from __future__ import annotations

import dash
from dash import ALL, Input, Output, State, callback, ctx, dcc, html, no_update, register_page

from core.errors import BadRequest, SegmentationError
from core.model import ORDERS, Table, of_lines
from core.prepare import saved
from core.tables.reporting import report
from dashboard import data_view as view
from dashboard import jobs, samples
from dashboard.address import Address
from dashboard.components import answers, notice
from dashboard.components.columns import column_list
from dashboard.components.preparation import effect_panel, plan_of, recalled, recipe_of
from dashboard.components.tuning import form_states
from dashboard.current import current
from dashboard.orders import renewed
from dashboard.services import forget, machine, owner, services
from dashboard.store import NotFound

FORM = form_states()
READ_OTHERWISE = (
    "The recipe reads this file in another way than the comparison that is open.",
    "Open the file anew from the start page, then load the recipe again.",
)
FORM_INPUTS = {name: Input(state.component_id, state.component_property) for name, state in FORM.items()}


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    return html.Div(
        [
            dcc.Store(id="data-stage", data=view.stage(here)),
            dcc.Store(id="recipe-loaded"),
            html.Div(view.body(here), id="data-body", className="sa-page"),
        ]
    )


@callback(
    Output("data-body", "children"),
    Output("data-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("data-stage", "data"),
    State("recipe-loaded", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, stage: str, loaded: object = None) -> tuple:
    """Show the file as soon as it is read; leave a page alone on which a person is choosing."""
    if pathname != "/" or stage in ("start", "ready", "missing"):
        return no_update, no_update
    here = current(Address.parse(search))
    return view.body(here, loaded), view.stage(here)


@callback(
    Output("load-request", "data"),
    Output("url", "href"),
    Output("said", "children"),
    Input("uploaded", "data"),
    Input({"type": "sample", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def open_file(uploaded: object, clicks: list) -> tuple:
    """Start reading what was uploaded, or a sample, and go to its page."""
    dataset, already = (uploaded.get("dataset"), uploaded.get("already")) if isinstance(uploaded, dict) else (None, None)
    from_sample = isinstance(ctx.triggered_id, dict)
    if not (any(clicks) if from_sample else dataset):
        return no_update, no_update, no_update
    try:
        if from_sample:
            dataset = samples.open_sample(str(ctx.triggered_id.get("index")))
        run = services().jobs.request(owner(), "load", str(dataset), {"answers": {}})
    except SegmentationError as problem:
        return no_update, no_update, notice("bad", str(problem), hint=problem.hint)
    said = notice("info", "This file is already here.", "Its content is the same; it was opened as it stands.")
    return run.id, Address(dataset=run.dataset).to("/"), said if already and not from_sample else None


@callback(Output("effect", "children"), Output("compare-go", "disabled"), FORM_INPUTS, State("url", "search"))
def show_effect(form: dict, search: str) -> tuple:
    """What the chosen preparation touches, in rows, before anything is run."""
    table = current(Address.parse(search)).table()
    if table is None:
        return no_update, no_update
    try:
        return effect_panel(table, recipe_of(table, form), machine()), bool(table.questions)
    except SegmentationError as problem:
        return notice("bad", str(problem), hint=problem.hint), True


@callback(
    Output("compare-request", "data"),
    Output("url", "href", allow_duplicate=True),
    Output("data-said", "children"),
    Input("compare-go", "n_clicks"),
    FORM,
    State("url", "search"),
    prevent_initial_call=True,
)
def start_compare(clicks: int | None, form: dict, search: str) -> tuple:
    """Ask for the comparison and go to where it shows; an equal one already done opens at once."""
    here = current(Address.parse(search))
    table = here.table()
    if not clicks or table is None or table.questions:
        return no_update, no_update, no_update
    try:
        plan = plan_of(recipe_of(table, form, answers=here.answers()))
        run = services().jobs.request(owner(), "compare", here.dataset.id, {"plan": plan.to_json()})
    except SegmentationError as problem:
        return no_update, no_update, notice("bad", str(problem), hint=problem.hint)
    return run.id, Address(here.dataset.id, run.id).to("/compare"), None


@callback(
    Output("recipe-file", "data"),
    Output("data-said", "children", allow_duplicate=True),
    Input("recipe-save", "n_clicks"),
    FORM,
    State("url", "search"),
    prevent_initial_call=True,
)
def save_recipe(clicks: int | None, form: dict, search: str) -> tuple:
    """The recipe as it stands in the form, as a file for next month."""
    here = current(Address.parse(search))
    table = here.table()
    if not clicks or table is None:
        return no_update, no_update
    try:
        kept = saved(table, recipe_of(table, form, answers=here.answers()))
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)
    return {"content": kept.to_json(), "filename": "recipe.json", "type": "application/json"}, None


@callback(
    Output("load-request", "data", allow_duplicate=True),
    Output("customers-request", "data", allow_duplicate=True),
    Output("data-body", "children", allow_duplicate=True),
    Output("data-stage", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("recipe-loaded", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def load_recipe(loaded: object, search: str) -> tuple:
    """Show the form as a loaded recipe has it; where it answers questions otherwise, the file is read once more."""
    here = current(Address.parse(search))
    table = here.table()
    try:
        found = recalled(table, loaded, here.dataset.id) if table is not None else None
        if found is None:
            return (no_update,) * 5
        wanted = {**here.answers(), **found[0].answers}
        again = wanted != dict(here.answers())
        if again and here.address.run:
            raise BadRequest(*READ_OTHERWISE)
        kind = "customers" if ORDERS in wanted else "load"
        run = services().jobs.request(owner(), kind, here.dataset.id, {"answers": renewed(wanted)}).id if again else no_update
    except SegmentationError as problem:
        return *(no_update,) * 4, notice("bad", str(problem), hint=problem.hint)
    here = current(Address(here.dataset.id)) if again else here
    asked = (no_update, run) if kind == "customers" else (run, no_update)
    return *asked, view.body(here, loaded), view.stage(here), None


@callback(
    Output("load-request", "data", allow_duplicate=True),
    Output("url", "href", allow_duplicate=True),
    Output("data-body", "children", allow_duplicate=True),
    Output("data-stage", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "answers", "index": ALL}, "n_clicks"),
    Input({"type": "undo", "index": ALL}, "n_clicks"),
    Input({"type": "reread", "index": ALL}, "value"),
    Input({"type": "kind", "index": ALL}, "value"),
    State({"type": "answer", "index": ALL}, "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def answer(clicks: list, undone: list, _chosen: list, _kinds: list, values: list, search: str) -> tuple:
    """Read the file once more with other answers. Where the address stays the same, the page is drawn from here."""
    here = current(Address.parse(search))
    table = here.table()
    given = _given(table, values, pressed=any(clicks + undone)) if table is not None else {}
    if not given:
        return (no_update,) * 5
    try:
        run = services().jobs.request(owner(), "load", here.dataset.id, {"answers": of_lines(here.answers()) | given})
    except SegmentationError as problem:
        return *(no_update,) * 4, notice("bad", str(problem), hint=problem.hint)
    here = current(Address(here.dataset.id))
    return run.id, here.address.to("/"), view.body(here), view.stage(here), None


def _given(table: Table, values: list, *, pressed: bool) -> dict[str, str]:
    """The answers that a press or a choice stands for, by key; none where nothing was pressed."""
    if not isinstance(ctx.triggered_id, dict):
        return {}
    if table.made is not None:  # customers are made as they are: their columns are not read in other ways
        return {}
    kind, place, value = ctx.triggered_id.get("type"), ctx.triggered_id.get("index"), str(ctx.triggered[0]["value"])
    if kind == "answers":
        return answers.all_given(table, values) if pressed else {}
    if kind == "undo":
        return answers.instead(report(table), place) if pressed else {}
    if kind == "kind":
        return answers.of_kind(table, place, value)
    return answers.instead(report(table), place, value)


@callback(
    Output("load-request", "data", allow_duplicate=True),
    Output("url", "href", allow_duplicate=True),
    Output("data-body", "children", allow_duplicate=True),
    Output("data-stage", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("lines-back", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def lines_again(clicks: int | None, search: str) -> tuple:
    """Look at the order lines again instead of the customers made of them, which are kept."""
    here = current(Address.parse(search))
    if not clicks or here.dataset is None or ORDERS not in here.answers():
        return (no_update,) * 5
    try:
        run = services().jobs.request(owner(), "load", here.dataset.id, {"answers": of_lines(here.answers())})
    except SegmentationError as problem:
        return *(no_update,) * 4, notice("bad", str(problem), hint=problem.hint)
    here = current(Address(here.dataset.id))
    return run.id, here.address.to("/"), view.body(here), view.stage(here), None


@callback(
    Output("column-list", "children"),
    Input("column-find", "value"),
    Input("column-page", "value"),
    State("roles", "data"),
    State("units", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def turn_columns(find: str | None, page: str | None, roles: object, units: object, search: str) -> object:
    """The columns whose names hold what is looked for, or another page of all."""
    table = current(Address.parse(search)).table()
    fits = table is not None and all(isinstance(one, list) and len(one) == len(table.columns) for one in (roles, units))
    return column_list(table, roles, units, page=str(page or ""), find=str(find or "")) if fits else no_update


for name, kind in (("roles", "role"), ("units", "unit")):
    dash.clientside_callback(
        dash.ClientsideFunction("atlas", "keepColumns"),
        Output(name, "data"),
        Input({"type": kind, "index": ALL}, "value"),
        State({"type": kind, "index": ALL}, "id"),
        State(name, "data"),
        prevent_initial_call=True,
    )


@callback(
    Output("url", "href", allow_duplicate=True),
    Input({"type": "delete", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def delete(clicks: list) -> object:
    """Delete one file, or everything of this session, with all that was derived from it."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update
    which = str(ctx.triggered_id.get("index"))
    try:
        if which == "all":
            forget()
        else:
            services().store.delete_dataset(owner(), which)
    except NotFound:
        return no_update
    return "/?"


callback(Output("load-finished", "data"), Input("load-request", "data"), background=True, prevent_initial_call=True)(
    jobs.load
)

register_page(__name__, path="/", order=0, name="Data", title="Data - Segment Atlas", icon="data", needs="", layout=layout)
