"""Orders: what order lines are, what is wrong with them, and the customers made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import ALL, Input, Output, State, callback, ctx, dcc, html, no_update, register_page

from core.errors import BadRequest, SegmentationError
from core.model import OrderPlan, Part
from core.orders.guessing import plan_for
from core.pipeline.ordering import customers_recipe
from dashboard import jobs
from dashboard import orders_view as view
from dashboard.address import Address
from dashboard.components import notice
from dashboard.components.orders_doctor import open_choices, with_treatments
from dashboard.components.orders_features import ticked_of, ticked_words
from dashboard.components.orders_intake import with_choices, with_part
from dashboard.components.preparation import plan_of
from dashboard.current import current
from dashboard.orders import Orders, mapped, orders_of
from dashboard.services import owner, services
from dashboard.store import Run

FORM = (
    State({"type": "order-treatment", "index": ALL}, "value"),
    State({"type": "order-treatment", "index": ALL}, "id"),
    State({"type": "order-choice", "index": ALL}, "value"),
    State({"type": "order-choice", "index": ALL}, "id"),
)


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    orders = orders_of(here)
    return html.Div(
        [
            dcc.Store(id="orders-stage", data=view.stage(orders)),
            dcc.Store(id="orders-kept"),
            dcc.Store(id="orders-enter", data=view.unseen(orders)),
            html.Div(view.top(here, orders), id="orders-top", className="sa-stack-page"),
            html.Div(view.middle(here, orders), id="orders-middle", className="sa-stack-page"),
            html.Div(view.below(orders), id="orders-results", className="sa-stack-page"),
        ],
        className="sa-page",
    )


@callback(
    Output("examine-request", "data"),
    Output("said", "children", allow_duplicate=True),
    Input("orders-enter", "data"),
    State("url", "search"),
    prevent_initial_call="initial_duplicate",
)
def enter(unseen: object, search: str) -> tuple:
    """Examine order lines that nobody has looked at, as soon as their page is opened."""
    orders = orders_of(current(Address.parse(search))) if unseen is True else None
    if not view.unseen(orders):
        return no_update, no_update
    try:
        return _examine(orders, orders.plan).id, no_update
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)


def _examine(orders: Orders, plan: OrderPlan) -> Run:
    request = {"answers": dict(orders.answers), "plan": plan.to_json()}
    return services().jobs.request(owner(), "examine", orders.dataset.id, request)


@callback(
    Output("orders-top", "children"),
    Output("orders-middle", "children"),
    Output("orders-results", "children"),
    Output("orders-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("orders-stage", "data"),
    State("orders-kept", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, stage: object, kept: object) -> tuple:
    """Keep progress fresh and show what was found as soon as it is there; leave alone what a person is choosing."""
    if pathname != "/orders" or not isinstance(stage, list) or len(stage) != 5:
        return (no_update,) * 4
    here = current(Address.parse(search))
    orders = orders_of(here, kept)
    now = view.stage(orders)
    examined, made = (orders.examined, orders.made) if orders else (None, None)
    if now != stage:
        return view.top(here, orders), view.middle(here, orders), view.below(orders), now
    middle = view.middle(here, orders) if view.live(examined) else no_update
    return no_update, middle, view.below(orders) if view.live(made) else no_update, no_update


@callback(
    Output("examine-request", "data", allow_duplicate=True),
    Output("orders-top", "children", allow_duplicate=True),
    Output("orders-middle", "children", allow_duplicate=True),
    Output("orders-results", "children", allow_duplicate=True),
    Output("orders-stage", "data", allow_duplicate=True),
    Output("orders-kept", "data"),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "order-part", "index": ALL}, "value"),
    Input({"type": "order-other", "index": ALL}, "n_clicks"),
    Input({"type": "order-redo", "index": ALL}, "value"),
    *FORM,
    State("orders-kept", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def redo(_parts: list, _others: list, _redone: list, *form: Any) -> tuple:
    """Take other columns for parts, or another reference date or idea of an order, and examine the lines anew."""
    *form, kept, search = form
    here = current(Address.parse(search))
    orders = orders_of(here, kept)
    if orders is None or not isinstance(ctx.triggered_id, dict):
        return (no_update,) * 7
    try:
        plan = _changed(orders, _formed(orders, form))
        if plan is None:
            return (no_update,) * 7
        usable = not mapped(orders.lines, plan).missing and not orders.lines.questions
        run = _examine(orders, plan).id if usable else no_update
    except SegmentationError as problem:
        return no_update, view.top(here, orders), *(no_update,) * 4, notice("bad", str(problem), hint=problem.hint)
    orders = orders_of(here, plan.to_json())
    return run, view.top(here, orders), view.middle(here, orders), view.below(orders), view.stage(orders), plan.to_json(), None


def _changed(orders: Orders, plan: OrderPlan) -> OrderPlan | None:
    """The plan after what was pressed or chosen; None where that is how it is already."""
    kind, index, value = ctx.triggered_id.get("type"), ctx.triggered_id.get("index"), ctx.triggered[0]["value"]
    if kind == "order-redo":
        return _redone(orders, plan, index, value)
    if kind == "order-other":
        place, _, at = str(index).partition("-")
        known = bool(value) and place.isdecimal() and place.isascii() and len(place) < 4
        index, value = (int(place), f"c{at}") if known else (None, None)
    new = with_part(orders.lines, plan, index, value)
    if new.mapping == plan.mapping:
        return None
    told = mapped(orders.lines, new)
    renewed = plan_for(orders.lines, told, orders.answers)
    if new.column(Part.DATE) != plan.column(Part.DATE):
        new = replace(new, as_of="", unclear_dates=renewed.unclear_dates)
    return replace(new, orders_are=told.orders_are)


def _redone(orders: Orders, plan: OrderPlan, name: object, value: object) -> OrderPlan | None:
    found = orders.examination
    if name == "orders_are" and isinstance(value, str):
        return replace(plan, orders_are=value) if value != plan.orders_are else None
    if name != "as_of" or found is None:
        return None
    said = value if isinstance(value, str) else ""
    if said == (plan.as_of or found.plan.as_of):
        return None
    return replace(plan, as_of=said)


def _formed(orders: Orders, form: Any) -> OrderPlan:
    """The plan in force with what switches and choices say now; :class:`BadRequest` where that is none."""
    treated, treated_ids, chosen, chosen_ids = form
    plan = with_choices(orders.plan, _named(chosen, chosen_ids, str))
    return replace(plan, treatments=with_treatments(plan.treatments, _named(treated, treated_ids, int)))


def _named(values: object, ids: object, kind: type) -> Mapping[Any, Any]:
    """Values of a pattern by the index of their ids, where that is of this kind."""
    if not isinstance(values, list) or not isinstance(ids, list):
        return {}
    pairs = zip(ids, values, strict=False)
    return {one["index"]: value for one, value in pairs if isinstance(one, dict) and type(one.get("index")) is kind}


@callback(
    Output("orders-effect", "children"),
    Output("orders-kept", "data", allow_duplicate=True),
    Input({"type": "order-treatment", "index": ALL}, "value"),
    Input({"type": "order-choice", "index": ALL}, "value"),
    *FORM,
    State("orders-kept", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def reckon(_treated: list, _chosen: list, *form: Any) -> tuple:
    """What other treatments and choices do, to the line and to the cent, without any job."""
    *form, kept, search = form
    orders = orders_of(current(Address.parse(search)), kept)
    if orders is None or orders.examination is None:
        return no_update, no_update
    try:
        plan = _formed(orders, form)
        return (no_update, no_update) if plan == orders.plan else (view.outcome(orders, plan), plan.to_json())
    except SegmentationError as problem:
        return notice("bad", str(problem), hint=problem.hint), no_update


@callback(
    Output("examine-request", "data", allow_duplicate=True),
    Output("customers-request", "data"),
    Output("compare-request", "data", allow_duplicate=True),
    Output("url", "href", allow_duplicate=True),
    Output("orders-top", "children", allow_duplicate=True),
    Output("orders-middle", "children", allow_duplicate=True),
    Output("orders-results", "children", allow_duplicate=True),
    Output("orders-stage", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "orders-go", "index": ALL}, "n_clicks"),
    *FORM,
    State({"type": "feature-tick", "index": ALL}, "value"),
    State({"type": "feature-tick", "index": ALL}, "id"),
    State("orders-kept", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def go(_clicks: list, *form: Any) -> tuple:
    """Examine, make customers, or compare them: whichever button was pressed."""
    *form, ticks, tick_ids, kept, search = form
    here = current(Address.parse(search))
    orders = orders_of(here, kept)
    # a button that only appeared triggers, too, while another one was pressed before
    if orders is None or not isinstance(ctx.triggered_id, dict) or not ctx.triggered[0]["value"]:
        return (no_update,) * 9
    wanted = str(ctx.triggered_id.get("index"))
    try:
        if wanted.startswith("compare"):
            run = _compare(orders, ticks, tick_ids)
            return no_update, no_update, run.id, Address(run.dataset, run.id).to("/compare"), *(no_update,) * 4, None
        run = _examine(orders, orders.plan) if wanted == "examine" else _make(orders, _formed(orders, form))
    except SegmentationError as problem:
        return *(no_update,) * 8, notice("bad", str(problem), hint=problem.hint)
    orders = orders_of(here, run.order_plan.to_json() if run.kind == "customers" else kept)
    asked = (run.id, no_update) if run.kind == "examine" else (no_update, run.id)
    drawn = view.top(here, orders), view.middle(here, orders), view.below(orders), view.stage(orders)
    return *asked, no_update, no_update, *drawn, None


@callback(
    Output("orders-ticked", "children"),
    Input({"type": "feature-tick", "index": ALL}, "value"),
    prevent_initial_call=True,
)
def tell(ticks: object) -> object:
    """How many features are ticked, as soon as one is clicked."""
    return ticked_words(sum(one is True for one in ticks), len(ticks)) if isinstance(ticks, list) else no_update


def _make(orders: Orders, plan: OrderPlan) -> Run:
    if orders.examination is None or open_choices(orders.examination, plan.treatments):
        raise BadRequest("One choice is open.", "Choose what to do with the lines in other currencies, then make customers.")
    return services().jobs.request(owner(), "customers", orders.dataset.id, {"answers": orders.with_plan(plan)})


def _compare(orders: Orders, ticks: object, ids: object) -> Run:
    table = orders.customers
    if table is None:
        raise BadRequest("There are no customers yet.", "Make customers first.")
    ticked = ticked_of(table, ticks, ids)
    if not ticked:
        raise BadRequest("No feature is ticked.", "Tick at least one feature that shapes the segments.")
    recipe = replace(customers_recipe(table, ticked), answers=dict(orders.made.request["answers"]))
    return services().jobs.request(owner(), "compare", orders.dataset.id, {"plan": plan_of(recipe).to_json()})


for kind, job in (("examine", jobs.examine), ("customers", jobs.customers)):
    callback(Output(f"{kind}-finished", "data"), Input(f"{kind}-request", "data"), background=True, prevent_initial_call=True)(job)

register_page(
    __name__, path="/orders", order=0.3, name="Orders", title="Orders - Segment Atlas", icon="orders", needs="table", layout=layout
)
