"""Models of the session: made, opened, deleted, and opened to machines."""

from __future__ import annotations

from dash import ALL, Input, Output, State, callback, ctx, no_update

from core.errors import SegmentationError
from dashboard import jobs
from dashboard.address import Address
from dashboard.components import notice
from dashboard.services import owner, services
from dashboard.store import LIVE, NotFound, Run
from pages.score import slots
from pages.score.seen import Seen, request_of, seen

PARTS = 6
"""Outputs of :func:`follow`."""


@callback(
    Output("score-head", "children"),
    Output("score-about", "children"),
    Output("score-one", "children"),
    Output("score-machines", "children"),
    Output("score-models", "children"),
    Output("score-stage", "data"),
    Output("score-model", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    Input("score-poke", "data"),
    State("url", "search"),
    State("url", "pathname"),
    State("score-stage", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, _poke: object, search: str, pathname: str, stage: object) -> tuple:
    """Show a model as soon as it is made. What a person is filling in is left alone while the model stays the same."""
    still = (no_update,) * (PARTS + 1)
    if pathname != "/score":
        return still
    now = seen(search)
    if now.stage == stage:
        live = now.wanted and now.training is not None and now.training.state in LIVE
        return (slots.head(now), *still[1:]) if live else still
    same = isinstance(stage, list) and len(stage) == len(now.stage) and stage[1] == now.stage[1]
    kept = (no_update,) * 3 if same else (slots.about_model(now), slots.one(now), slots.for_machines(now))
    return slots.head(now), *kept, slots.models(now), now.stage, now.shown.id if now.model is not None else ""


@callback(
    Output("train-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Output("url", "href", allow_duplicate=True),
    Input("model-make", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def make(clicks: int | None, search: str) -> tuple:
    """Ask for a model of the segments that are looked at; the address names no other model from then on."""
    now = seen(search)
    if not clicks or now.looked is None:
        return (no_update,) * 3
    try:
        run = services().jobs.request(owner(), "train", now.looked.here.dataset.id, request_of(now.looked))
        _keep_again(run)
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint), no_update
    there = Address(run.dataset, now.looked.here.run.id, now.looked.key)
    return run.id, None, there.to("/score")


def _keep_again(run: Run) -> None:
    """Keep once more what an earlier job made, whose model was deleted since."""
    store = services().store
    if run.state == "done" and all(one.run != run.id for one in store.models.listed(owner())):
        store.models.add(owner(), store.result(owner(), run.id, "train"), run=run.id, dataset=run.dataset)


@callback(
    Output("score-poke", "data"),
    Input({"type": "model-delete", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def delete(_clicks: list) -> object:
    """Delete a model with its key; what it placed stays."""
    if not isinstance(ctx.triggered_id, dict) or not ctx.triggered[0]["value"]:
        return no_update
    model = str(ctx.triggered_id.get("index"))
    try:
        services().store.models.delete(owner(), model)
    except NotFound:
        return no_update
    return model


@callback(
    Output("url", "href", allow_duplicate=True),
    Input("model-opened", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def open_saved(opened: object, search: str) -> object:
    """Show a model that was just uploaded."""
    model = opened.get("model") if isinstance(opened, dict) else None
    here = Address.parse(search)
    return Address(here.dataset, here.run, here.choice, model=model).to("/score") if isinstance(model, str) else no_update


@callback(
    Output("score-machines", "children", allow_duplicate=True),
    Output("score-models", "children", allow_duplicate=True),
    Output("score-stage", "data", allow_duplicate=True),
    Input("model-key-make", "n_clicks"),
    Input("model-key-void", "n_clicks"),
    State("url", "search"),
    State("score-model", "data"),
    prevent_initial_call=True,
)
def change_key(_make: object, _void: object, search: str, model: object) -> tuple:
    """Make a key for machines, shown this once, or revoke the one there is."""
    models = services().store.models
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return (no_update,) * 3
    try:
        key = models.renew_key(owner(), str(model)) if ctx.triggered_id == "model-key-make" else ""
        if not key:
            models.revoke_key(owner(), str(model))
    except NotFound:
        return (no_update,) * 3
    now: Seen = seen(search)
    return slots.for_machines(now, key), slots.models(now), now.stage


callback(Output("train-finished", "data"), Input("train-request", "data"), background=True, prevent_initial_call=True)(jobs.train)
