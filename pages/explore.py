"""Explore: how each column is spread, which go together, where cells are empty; before anything is fitted."""

from __future__ import annotations

from dash import ALL, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update, register_page

from core.model import Explored
from dashboard import jobs
from dashboard.address import Address
from dashboard.components import empty, head, nothing_yet
from dashboard.components.explore_columns import PAGE, column_list, distribution, picker
from dashboard.components.explore_gaps import gaps_card
from dashboard.components.explore_pairs import MOST, drawable, pairs_card
from dashboard.components.explore_relations import CHOICES, relations_card, relations_figure
from dashboard.components.explore_words import finding
from dashboard.components.live import job_panel, problem_panel
from dashboard.current import Current, current, mode, narrow
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, Run
from dashboard.wanted import ask

TITLE = "What is in this file?"


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    return html.Div(
        [
            dcc.Store(id="explore-stage", data=_stage(here)),
            dcc.Store(id="explore-enter", data=_missing(here)),
            html.Div(_body(here), id="explore-body", className="sa-page"),
            html.Div(id="explore-kept", hidden=True),
        ]
    )


def _latest(here: Current) -> Run | None:
    """The newest look at this file as it is read now, whatever became of it."""
    if not here.loaded:
        return None
    answers = dict(here.answers())
    runs = services().store.runs(owner(), dataset=here.dataset.id, kind="explore")
    return next((run for run in runs if run.request.get("answers") == answers), None)


def _found(run: Run | None) -> Explored | None:
    try:
        return services().store.explored(owner(), run.id) if run is not None and run.state == "done" else None
    except Damaged:
        return None


def _stage(here: Current) -> list:
    run = _latest(here)
    return [run.id, run.state] if run is not None else ["", "none"]


def _missing(here: Current) -> bool:
    """True where nobody has looked yet, so that the page itself asks."""
    return here.loaded and _latest(here) is None


def _body(here: Current) -> list:
    if not here.loaded:
        go = dcc.Link("Go to Data", href=here.address.to("/"), className="btn btn-primary")
        text = "Open a customer file first; then this page shows how its columns are spread and which go together."
        return nothing_yet(TITLE, "Nothing to look at yet", text, go=go, icon_name="explore")
    run = _latest(here)
    found = _found(run)
    if found is not None:
        return _drawn(here, found, run.id)
    return [head(TITLE, "Every column is counted and compared with every other."), _waiting(run)]


def _waiting(run: Run | None) -> html.Section | html.Div:
    if run is None:
        go = html.Button("Look at the file", id="explore-go", className="btn btn-primary")
        return html.Section(empty("Not looked at yet", "It takes a few seconds and is kept.", go, "explore"),
                            className="sa-card")  # fmt: skip
    return job_panel(run) if run.state in LIVE else problem_panel(run)


def _drawn(here: Current, found: Explored, run: str) -> list:
    look, slim = mode(), narrow()
    column, measure = _column(found, here.address.column), _measure(here.address.measure)
    pairs = drawable(found, here.address.pairs.split("."))
    return [
        head(
            finding(found),
            "Spreads, relations and gaps as they are in the file; nothing is fitted here.",
            _steps(here),
        ),
        dcc.Store(id="explore-column", data=column),
        dcc.Store(id="explore-pairs", data=list(pairs)),
        dcc.Store(id="explore-page", data=column // PAGE),
        html.Div(
            [
                picker(found, column),
                html.Section(
                    distribution(found, column, run, mode=look), id="explore-distribution", className="sa-card sa-stack"
                ),
            ],
            className="sa-explore",
        ),
        relations_card(found, measure, run, mode=look, narrow=slim),
        gaps_card(found, run, mode=look, narrow=slim),
        html.Section(
            pairs_card(found, pairs, run, mode=look, narrow=slim), id="explore-pairs-card", className="sa-card sa-stack"
        ),
    ]


def _steps(here: Current) -> list[dcc.Link]:
    """Where to go from here: to the comparison that there is, or to where one is begun."""
    if here.run is None:
        return [dcc.Link("Prepare and compare", href=here.address.to("/"), className="btn btn-primary")]
    data = dcc.Link("Set what columns are used for", href=here.address.to("/"), className="btn btn-secondary")
    return [data, dcc.Link("Compare", href=here.address.to("/compare"), className="btn btn-primary")]


def _column(found: Explored, said: object) -> int:
    """The place that an address ("c7") or a callback (7) names, else the first column that has a chart."""
    text = said.removeprefix("c") if isinstance(said, str) else str(said)
    if text.isascii() and text.isdigit() and len(text) < 8 and int(text) < len(found.spreads):
        return int(text)
    return next((spread.place for spread in found.spreads if spread.counts), 0)


def _measure(said: object) -> str:
    return said if isinstance(said, str) and said in CHOICES else next(iter(CHOICES))


def _shown(search: object) -> tuple[Explored, str] | None:
    run = _latest(current(Address.parse(search)))
    found = _found(run)
    return None if found is None else (found, run.id)


@callback(
    Output("explore-request", "data"),
    Output("said", "children", allow_duplicate=True),
    Input("explore-enter", "data"),
    State("url", "search"),
    prevent_initial_call="initial_duplicate",
)
def enter(missing: object, search: str) -> tuple:
    """Look at a file that nobody has looked at, as soon as its page is opened."""
    return _asked(search) if missing is True else (no_update, no_update)


@callback(
    Output("explore-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("explore-go", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def look(clicks: int | None, search: str) -> tuple:
    """The same on request, where the queue was full before."""
    return _asked(search) if clicks else (no_update, no_update)


def _asked(search: object) -> tuple:
    here = current(Address.parse(search))
    if not _missing(here):
        return no_update, no_update
    return ask("explore", here.dataset.id, {"answers": dict(here.answers())})


@callback(
    Output("explore-body", "children"),
    Output("explore-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("explore-stage", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, stage: list) -> tuple:
    """Keep progress fresh and show what was found as soon as it is there."""
    if pathname != "/explore":
        return no_update, no_update
    here = current(Address.parse(search))
    now = _stage(here)
    if now == stage and now[1] not in LIVE:
        return no_update, no_update
    return _body(here), now


@callback(
    Output("explore-column", "data"),
    Input({"type": "explore-column", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def choose_column(clicks: list) -> object:
    """The column whose button was pressed."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update
    return ctx.triggered_id.get("index")


@callback(
    Output("explore-distribution", "children"),
    Input("explore-column", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def show_column(column: object, search: str) -> object:
    """Its distribution."""
    shown = _shown(search)
    if shown is None:
        return no_update
    found, run = shown
    return distribution(found, _column(found, column), run, mode=mode())


@callback(
    Output("explore-list", "children"),
    Output("explore-page", "data"),
    Input("explore-search", "value"),
    Input({"type": "explore-page", "index": ALL}, "n_clicks"),
    Input("explore-column", "data"),
    State("explore-page", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def list_columns(wanted: str, turns: list, column: object, page: object, search: str) -> tuple:
    """The columns whose names hold what is searched, a page at a time."""
    shown = _shown(search)
    if shown is None:
        return no_update, no_update
    page = page if isinstance(page, int) else 0
    if ctx.triggered_id == "explore-search":
        page = 0
    elif isinstance(ctx.triggered_id, dict):
        if not any(turns):
            return no_update, no_update
        turned = ctx.triggered_id.get("index")
        page = turned if isinstance(turned, int) else 0
    text = wanted if isinstance(wanted, str) else ""
    return column_list(shown[0], _column(shown[0], column), text, page), page


@callback(
    Output("explore-relations", "children"),
    Input("explore-measure", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def show_relations(measure: object, search: str) -> object:
    """The heat map by the chosen measure."""
    shown = _shown(search)
    if shown is None:
        return no_update
    return relations_figure(shown[0], _measure(measure), shown[1], mode=mode(), narrow=narrow())


@callback(
    Output("explore-pairs", "data"),
    Input("explore-pair-add", "value"),
    Input({"type": "explore-pair-drop", "index": ALL}, "n_clicks"),
    State("explore-pairs", "data"),
    prevent_initial_call=True,
)
def choose_pairs(added: object, drops: list, pairs: object) -> object:
    """One column more, or one less."""
    now = [place for place in pairs if isinstance(place, int)] if isinstance(pairs, list) else []
    if isinstance(ctx.triggered_id, dict):
        return [place for place in now if place != ctx.triggered_id.get("index")] if any(drops) else no_update
    text = added.removeprefix("c") if isinstance(added, str) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 8) or int(text) in now or len(now) >= MOST:
        return no_update
    return [*now, int(text)]


@callback(
    Output("explore-pairs-card", "children"),
    Input("explore-pairs", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def show_pairs(pairs: object, search: str) -> object:
    """The pair plot of the chosen columns."""
    shown = _shown(search)
    if shown is None:
        return no_update
    found, run = shown
    said = [f"c{place}" for place in pairs] if isinstance(pairs, list) else []
    return pairs_card(found, drawable(found, said), run, mode=mode(), narrow=narrow())


callback(
    Output("explore-finished", "data"),
    Input("explore-request", "data"),
    background=True,
    prevent_initial_call=True,
)(jobs.explore)
clientside_callback(
    "function(column, measure, pairs) { return window.dash_clientside.atlas.keepExplored(column, measure, pairs); }",
    Output("explore-kept", "children"),
    Input("explore-column", "data"),
    Input("explore-measure", "value"),
    Input("explore-pairs", "data"),
    prevent_initial_call=True,
)
register_page(
    __name__,
    path="/explore",
    order=0.5,
    name="Explore",
    title="Explore - Segment Atlas",
    icon="explore",
    needs="table",
    layout=layout,
)
