"""What a campaign brought: the results are read by a job, the page follows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import Input, Output, State, callback, dcc, html, no_update

from core.model import Table, Uplift
from dashboard import jobs
from dashboard.address import Address
from dashboard.atlas import Looked, asked, look
from dashboard.components import gone, notice
from dashboard.components.export_uplift import form, result
from dashboard.components.live import job_panel, problem_panel
from dashboard.current import current, mode
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, NotFound, Run
from dashboard.wanted import ask


def section(looked: Looked) -> html.Div:
    """The form with the files of this session but the one segmented, and the latest result."""
    others = [one for one in services().store.datasets(owner()) if one.id != looked.here.dataset.id]
    files = {one.id: plain(one.name) for one in others}
    return html.Div([form(files, _shown(looked), **_read_with(looked)), dcc.Store(id="uplift-told", data=_told(looked))], className="sa-col-12")


@callback(
    Output("uplift-key", "options"),
    Output("uplift-key", "value"),
    Output("uplift-outcome", "options"),
    Output("uplift-outcome", "value"),
    Output("uplift-shown", "children", allow_duplicate=True),
    Input("uplift-file", "value"),
    prevent_initial_call="initial_duplicate",
)
def columns(file: object) -> tuple:
    """The columns of the chosen file, by their place."""
    table = _table(file)
    if table is None:
        words = notice("info", "This file was not read yet.", hint="Open it once on the Data page, then come back.")
        return no_update, no_update, no_update, no_update, words
    listed = [{"value": str(place), "label": plain(column.name)} for place, column in enumerate(table.columns)]
    key = next((str(at) for at, column in enumerate(table.columns) if column.role.value == "id"), "0")
    outcome = next((str(at) for at, column in enumerate(table.columns) if column.kind.value == "flag"), str(len(listed) - 1))
    return listed, key, listed, outcome, no_update


@callback(
    Output("uplift-request", "data"),
    Output("said", "children", allow_duplicate=True),
    Input("uplift-go", "n_clicks"),
    State("uplift-file", "value"),
    State("uplift-key", "value"),
    State("uplift-outcome", "value"),
    State("uplift-share", "value"),
    State("uplift-seed", "value"),
    State("uplift-absent", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def read(clicks: int | None, file: object, key: object, outcome: object, *rest: Any) -> tuple:
    """Ask for the job that reads the results."""
    share, seed, absent, search = rest
    looked, table = look(current(Address.parse(search))), _table(file)
    if not clicks or looked is not None and table is None:
        return no_update, no_update
    if looked is None:
        return no_update, gone()
    names = [_name(table, place) for place in (key, outcome)]
    part = share / 100 if isinstance(share, int | float) and not isinstance(share, bool) and abs(share) <= 100 else share
    options = {"key": names[0], "outcome": names[1], "share": part, "seed": seed, "absent": absent == "no"}
    return ask("uplift", looked.here.dataset.id, asked(looked, results=str(file), options=options))


@callback(
    Output("uplift-shown", "children"),
    Output("uplift-told", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("uplift-told", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, before: object) -> tuple:
    """Show how far the job is, then what it found."""
    looked = look(current(Address.parse(search))) if pathname == "/export" else None
    now = _told(looked) if looked is not None else before
    if looked is None or (now == before and (not now or now[1] not in LIVE)):
        return no_update, no_update
    return _shown(looked), now


def _latest(looked: Looked) -> Run | None:
    """The newest results that were read for these segments."""
    wanted = asked(looked)
    runs = services().store.runs(owner(), dataset=looked.here.dataset.id, kind="uplift")
    return next((run for run in runs if all(run.request.get(name) == value for name, value in wanted.items())), None)


def _read_with(looked: Looked) -> dict[str, int]:
    """Share (per cent) and seed of the results that are shown, so that the form tells of them and not of others."""
    run = _latest(looked)
    if run is None or run.state != "done":
        return {}
    return {"share": round(100 * run.request["options"]["share"]), "seed": run.request["options"]["seed"]}


def _told(looked: Looked) -> list[str]:
    run = _latest(looked)
    return [run.id, run.state] if run else []


def _shown(looked: Looked) -> list:
    run = _latest(looked)
    if run is None:
        return []
    if run.state in LIVE:
        return [job_panel(run)]
    try:
        found = services().store.result(owner(), run.id, "uplift") if run.state == "done" else None
    except Damaged:
        found = None
    if found is None:
        return [problem_panel(run)]
    return result(_named(looked, found), mode=mode(), csv=f"/uplift-numbers/{run.id}.csv")


def _named(looked: Looked, found: Uplift) -> Uplift:
    """With the present names, which no job waits for."""
    names = {0: "Everyone", **looked.segmentation.candidate.names}
    told = [names.get(int(one), name) for one, name in zip(found.frame["segment"], found.frame["segment_name"], strict=True)]
    return replace(found, frame=found.frame.assign(segment_name=told))


def _table(file: object) -> Table | None:
    store = services().store
    try:
        return store.table(owner(), file) if isinstance(file, str) and store.table_ready(owner(), file) else None
    except (NotFound, Damaged):
        return None


def _name(table: Table, place: object) -> str:
    fits = isinstance(place, str) and place.isdecimal() and len(place) < 6 and int(place) < len(table.columns)
    return table.columns[int(place)].name if fits else ""


callback(Output("uplift-finished", "data"), Input("uplift-request", "data"), background=True, prevent_initial_call=True)(
    jobs.uplift
)
