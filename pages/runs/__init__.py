"""Runs: every comparison of the session, to be found again, noted, compared with others and deleted."""

from __future__ import annotations

from dash import dcc, html, register_page

from core.algorithms import ALGORITHMS
from dashboard.address import Address
from dashboard.components import field, nothing_yet, select
from dashboard.components.runs_asked import ANY, FIND, Asked, Past
from dashboard.components.runs_list import ticked
from dashboard.components.tracking_badge import tracking_badge
from dashboard.history import history
from dashboard.services import owner, services
from pages.runs import beside, listing
from pages.runs.picking import picked

EVERY_FILE, EVERY_ALGORITHM = "All files", "All algorithms"


def layout(**params: str) -> html.Div:
    address = Address.of(params)
    pasts = history()
    picks = picked(address.picked, pasts)
    asked = Asked()
    return html.Div(
        [
            dcc.Store(id="runs-asked", data=asked.state()),
            dcc.Store(id="runs-picks", data=list(picks)),
            dcc.Store(id="runs-choices", data={}),
            dcc.Interval(id="runs-clock", interval=2_000, disabled=not listing.asides()),
            html.Div(listing.heading(pasts) if pasts or listing.asides() else _nothing(address), id="runs-head", className="sa-page"),
            _tracked(),
            html.Div(listing.undone(), id="runs-undo", className="sa-page"),
            html.Section(
                [
                    _filters(pasts),
                    html.P(ticked(picks), id="runs-ticked", className="sa-small sa-runs-ticked", role="status"),
                    html.Div(listing.drawn(pasts, asked, picks), id="runs-list", className="sa-stack"),
                ],
                className="sa-card sa-stack", hidden=not (pasts or listing.asides()),
            ),
            html.Div(beside.drawn(picks, {}), id="runs-beside", className="sa-page"),
        ],
        className="sa-page",
    )  # fmt: skip


def _tracked() -> html.Div:
    here = services()
    on, server = here.settings.tracking, bool(here.settings.tracking_uri)
    return tracking_badge(here.store.outbox.standing(owner()), on=on, server=server)


def _nothing(address: Address) -> list:
    go = dcc.Link("Go to Compare" if address.dataset else "Go to Data", href=address.to("/compare" if address.dataset else "/"),
                  className="btn btn-primary")  # fmt: skip
    return nothing_yet(
        "Runs", "No runs yet",
        "Every comparison is kept here with its file, plan, scores and what was made of it, to be opened again and compared.",
        go=go, icon_name="runs",
    )  # fmt: skip


def _filters(pasts: tuple[Past, ...]) -> html.Div:
    """The fields that choose runs; outside of what is drawn anew, so that they keep what was said."""
    files = {past.run.dataset: past.file for past in pasts}
    used = {name for past in pasts if past.run.plan for name in past.run.plan.algorithms}
    algorithms = {name: one.label for name, one in ALGORITHMS.items() if name in used}
    text = dcc.Input(id="runs-find", type="text", debounce=0.4, maxLength=FIND, className="form-control",
                     placeholder="file, plan, note")  # fmt: skip
    favourites = select({ANY: "All runs", "yes": "Favourites alone"}, ANY, id="runs-favourite")
    return html.Div(
        [
            field("Find", text),
            field("File", select({ANY: EVERY_FILE, **files}, ANY, id="runs-file")),
            field("Algorithm", select({ANY: EVERY_ALGORITHM, **algorithms}, ANY, id="runs-algorithm")),
            field("Show", favourites),
        ],
        className="sa-fields sa-runs-filters",
    )


register_page(
    __name__,
    path="/runs",
    order=6,
    name="Runs",
    title="Runs - Segment Atlas",
    icon="runs",
    needs="",
    layout=layout,
)
