"""Links on the Export page: anybody who has one may read the report, until it ends or is taken back."""

from __future__ import annotations

from urllib.parse import urlsplit

from dash import ALL, Input, Output, State, callback, ctx, html, no_update
from flask import request as asked

from core.errors import SegmentationError
from dashboard.address import Address
from dashboard.atlas import Looked, look
from dashboard.components import card, field, gone, notice, segmented
from dashboard.components.report_offered import LOOPBACK, lifetimes, links, made
from dashboard.current import current
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store.shares import LIFETIMES
from pages.export import report

HELP = "A link opens the report, and nothing else, for whoever has it: no sign-in, no list of customers, no way back to your files."


def section(looked: Looked) -> html.Section:
    """How long a new link shall open, the button that makes one, and one's links."""
    words = [html.P(LOOPBACK, className="sa-muted sa-small")] if services().settings.on_loopback else []
    go = html.Button("Make a link", id="share-go", className="btn btn-primary")
    return card(
        "Share by a link",
        html.Div([field("It opens for", segmented(lifetimes(LIFETIMES), str(LIFETIMES[1]), id="share-days")), go], className="sa-share-new"),
        html.Div(id="share-made", className="sa-share-made", role="status"),
        html.Div(links(services().store.shares.listed(owner())), id="share-list"),
        *words, help=HELP, id="sharing",
    )  # fmt: skip


@callback(
    Output("share-made", "children"),
    Output("share-list", "children"),
    Input("share-go", "n_clicks"),
    State("share-days", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def share(clicks: int | None, days: object, search: str) -> tuple:
    """Make a link to the report without personal columns, and show it this once."""
    looked = look(current(Address.parse(search)))
    if not clicks:
        return no_update, no_update
    if looked is None:
        return gone(), no_update
    run = report.latest(looked, "report_html", False)
    if run is None or run.state != "done":
        text = "Make the report as a web page first, without columns that tell who a customer is; then a link can open it."
        return notice("info", "There is no report to share yet.", text), no_update
    try:
        lasting = int(days) if str(days) in lifetimes(LIFETIMES) else 0
        title = f"{plain(looked.here.dataset.name)}: {plain(looked.segmentation.candidate.label)}"
        token = services().store.shares.add(owner(), run.id, title, days=lasting)
    except SegmentationError as problem:
        return notice("bad", str(problem), hint=problem.hint), no_update
    return made(_address(token), lasting), links(services().store.shares.listed(owner()))


@callback(
    Output("share-list", "children", allow_duplicate=True),
    Output("share-made", "children", allow_duplicate=True),
    Input({"type": "share-revoke", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def revoke(_clicks: list) -> tuple:
    """End the link whose button was pressed, at once."""
    pressed = ctx.triggered_id
    if not pressed or not ctx.triggered[0]["value"]:
        return no_update, no_update
    try:
        services().store.shares.revoke(owner(), str(pressed.get("index", "")))
        said = notice("good", "The link opens nothing any more.")
    except SegmentationError as problem:
        said = notice("info", str(problem), hint="It may have ended meanwhile.")
    return links(services().store.shares.listed(owner())), said


def _address(token: str) -> str:
    """Where the link leads, by the name under which this page was asked for."""
    scheme = "https" if services().settings.https else urlsplit(asked.host_url).scheme
    return f"{scheme}://{asked.host}/shared/{token}"
