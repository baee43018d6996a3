"""A whole file: chosen or dropped, read, its columns found, placed."""

from __future__ import annotations

from dash import ALL, Input, Output, State, callback, no_update

from core.errors import BadRequest, SegmentationError
from dashboard import jobs
from dashboard.components import gone, notice
from dashboard.components.score_file import MAP, NONE, mapping_of
from dashboard.services import owner, services
from pages.score import slots
from pages.score.seen import Placing, placing, seen


def placed_of(search: object, model: object, dataset: object) -> Placing | None:
    """The file under the model that the page shows; None without one."""
    shown = seen(search)
    kept = next((one for one in shown.models if one.id == model and one.model is not None), None)
    return placing(kept, dataset if isinstance(dataset, str) else "") if kept is not None else None


@callback(
    Output("score-file", "children"),
    Output("score-file-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    Input("score-placed", "data"),
    Input("score-model", "data"),
    State("url", "search"),
    State("url", "pathname"),
    State("score-file-stage", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, dataset: object, model: object, search: str, pathname: str, stage: object) -> tuple:
    """Draw what comes next for the file, and progress while a job is at work; a mapping that a person changes is left alone."""
    here = placed_of(search, model, dataset) if pathname == "/score" else None
    if here is None and pathname == "/score" and stage:  # its model was deleted
        return [], []
    if here is None or (here.stage == stage and here.state not in ("reading", "placing")):
        return no_update, no_update
    return slots.whole_file(here), here.stage


@callback(
    Output("score-placed", "data", allow_duplicate=True),
    Output("load-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("score-uploaded", "data"),
    prevent_initial_call=True,
)
def uploaded(told: object) -> tuple:
    """Read a file that was dropped here."""
    dataset = told.get("dataset") if isinstance(told, dict) else None
    return read(dataset) if isinstance(dataset, str) else (no_update,) * 3


@callback(
    Output("score-placed", "data", allow_duplicate=True),
    Output("load-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("score-placed-choice", "value"),
    State("score-placed", "data"),
    prevent_initial_call=True,
)
def choose(dataset: object, before: object) -> tuple:
    """Another file of the session; one that nobody has read yet is read now."""
    if not isinstance(dataset, str) or dataset == (before or NONE):
        return (no_update,) * 3
    return read(dataset) if dataset != NONE else ("", no_update, no_update)


@callback(
    Output("load-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("score-read", "n_clicks"),
    State("score-placed", "data"),
    prevent_initial_call=True,
)
def read_now(clicks: int | None, dataset: object) -> tuple:
    """Read the chosen file."""
    return read(dataset)[1:] if clicks and isinstance(dataset, str) else (no_update, no_update)


def read(dataset: str) -> tuple:
    """The file, the job that reads it where that is needed, and what went wrong."""
    store = services().store
    try:
        if store.table_ready(owner(), dataset):
            return dataset, no_update, no_update
        return dataset, services().jobs.request(owner(), "load", dataset, {"answers": {}}).id, None
    except SegmentationError as problem:
        return no_update, no_update, notice("bad", str(problem), hint=problem.hint)


@callback(
    Output("score-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("score-go", "n_clicks"),
    State({"type": MAP, "index": ALL}, "value"),
    State("score-placed", "data"),
    State("score-model", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def go(clicks: int | None, values: list, dataset: object, model: object, search: str) -> tuple:
    """Place everybody in the file, once every column of the model is found."""
    here = placed_of(search, model, dataset) if clicks else None
    if clicks and (here is None or here.dataset is None):
        return no_update, gone()
    if here is None or here.table is None or here.state in ("asks", "orders"):
        return no_update, no_update
    try:
        mapping = mapping_of(here.kept.model, here.table, values)
        missing = [name for name in here.kept.model.columns if name not in mapping]
        if missing:
            raise BadRequest(f"No column was chosen for: {', '.join(missing[:10])}.", "Choose one for each column of the model.")
        request = {"model": here.kept.id, "answers": services().store.answers(owner(), here.dataset.id), "mapping": mapping}
        run = services().jobs.request(owner(), "score", here.dataset.id, request)
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)
    return run.id, None


callback(Output("score-finished", "data"), Input("score-request", "data"), background=True, prevent_initial_call=True)(jobs.score)
