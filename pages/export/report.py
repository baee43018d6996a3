"""The report on the Export page: made by a job, read in a tab of its own, kept as HTML or PDF."""

from __future__ import annotations

from functools import lru_cache

from dash import ALL, Input, Output, State, callback, ctx, dcc, html, no_update

from dashboard.address import Address
from dashboard.atlas import Looked, look
from dashboard.components import card, field, gone, segmented
from dashboard.components.report_offered import FORMS, offer
from dashboard.current import current
from dashboard.services import owner, services
from dashboard.store import LIVE, Run
from dashboard.wanted import ask, newest

WITH = {"no": "Leave out", "yes": "Tell of them"}
HELP = (
    "Verdict, segments, map, profiles, each segment in words, method and limits, for people who never open this program. "
    "No single customer is in it; numbers about fewer than five are left out."
)


def section(looked: Looked, *, personal: bool = False) -> html.Section:
    """Both forms of the report as they stand, with the choice about columns that tell who somebody is."""
    choice = field("Columns that tell who a customer is (names, addresses, numbers)",
                   segmented(WITH, "yes" if personal else "no", id="report-personal"))  # fmt: skip
    body = html.Div(_offers(looked, personal), id="report-body", className="sa-report")
    told = dcc.Store(id="report-told", data=_told(looked, personal))
    return card("Report for people who decide", choice, body, told, help=HELP, id="report")


def request(looked: Looked, what: str, personal: bool) -> dict[str, object]:
    """What is asked of the job; another measurement of importance is another report."""
    shape = looked.shaping.shape.to_json()
    runs = services().store.runs(owner(), dataset=looked.here.dataset.id, kind="importance")
    measured = next((run.id for run in runs if run.state == "done" and run.request["run"] == looked.here.run.id
                     and run.request["candidate"] == looked.key), "")  # fmt: skip
    options = {"personal": personal, "measured": measured}
    return {"run": looked.here.run.id, "candidate": looked.key, "shape": shape, "what": what, "options": options}


def latest(looked: Looked, what: str, personal: bool) -> Run | None:
    """The newest job that was asked for just this, whatever became of it."""
    return newest("publish", looked.here.dataset.id, request(looked, what, personal))


@lru_cache(maxsize=1)
def _missing() -> str:
    """Why no PDF can be made here; looked up once, as libraries of the system do not come and go."""
    from core import reports

    return reports.missing()


def _offers(looked: Looked, personal: bool) -> list[html.Div]:
    return [offer(what, latest(looked, what, personal), missing=_missing() if what == "report_pdf" else "") for what in FORMS]


def _told(looked: Looked, personal: bool) -> list[str]:
    """What has to change for the section to be drawn anew."""
    return [f"{run.id} {run.state}" if (run := latest(looked, what, personal)) else "" for what in FORMS]


@callback(
    Output("report-body", "children"),
    Output("report-told", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    Input("report-personal", "value"),
    State("url", "search"),
    State("url", "pathname"),
    State("report-told", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, personal: object, search: str, pathname: str, before: object) -> tuple:
    """Keep progress fresh, and show the ways to the report as soon as it is there."""
    looked = look(current(Address.parse(search))) if pathname == "/export" else None
    if looked is None:
        return no_update, no_update
    now = _told(looked, personal == "yes")
    working = any(told.rpartition(" ")[2] in LIVE for told in now)
    if now == before and not working:
        return no_update, no_update
    return _offers(looked, personal == "yes"), now


@callback(
    Output("publish-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "report-make", "index": ALL}, "n_clicks"),
    State("report-personal", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def make(_clicks: list, personal: object, search: str) -> tuple:
    """Ask for the report in the form whose button was pressed."""
    looked = look(current(Address.parse(search)))
    pressed = ctx.triggered_id
    if not ctx.triggered[0]["value"] or not pressed or pressed.get("index") not in FORMS:
        return no_update, no_update
    if looked is None:
        return no_update, gone()
    return ask("publish", looked.here.dataset.id, request(looked, pressed["index"], personal == "yes"))
