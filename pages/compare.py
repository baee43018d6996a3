"""Compare: every candidate side by side, the recommended one, and why."""

from __future__ import annotations

import pandas as pd
from dash import Input, Output, State, callback, dcc, html, no_update, register_page

from core.errors import SegmentationError
from core.model import Comparison, Recipe
from core.selection import SUBSTANTIAL
from dashboard import jobs
from dashboard.address import Address
from dashboard.components import card, graph, head, k_strip, nothing_yet, notice
from dashboard.components.board import board, choices_for_k, curve_frame, leaders
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.preparation import plan_of
from dashboard.current import Current, current, mode, narrow
from dashboard.figures import elbow, silhouette_curve, small_maps, small_maps_height
from dashboard.services import owner, services
from dashboard.store import LIVE

MAP_COLUMNS = 4


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
        go = html.Button("Compare segmentations", id="compare-now", className="btn btn-primary")
        return nothing_yet(
            "Compare segmentations",
            "Nothing compared yet",
            "Every algorithm, each with 2 to 10 segments, on the same customers. "
            "The proposed preparation is used; change it on the Data page.",
            go=go,
            icon_name="compare",
        )
    if here.run.state in LIVE:
        return [
            head("Comparing segmentations", "Every algorithm, each with 2 to 10 segments, on the same customers."),
            job_panel(here.run),
        ]
    comparison = here.comparison()
    if comparison is None:
        return [head("There is no result yet"), problem_panel(here.run)]
    return _results(here, comparison)


def _results(here: Current, comparison: Comparison) -> list:
    address = Address(here.dataset.id, here.run.id)
    best = comparison.recommended
    if best is None:
        back = dcc.Link("Back to Data", href=address.to("/"), className="btn btn-secondary")
        return [head("No segments were found", comparison.because, back), _board_card(comparison, address)]
    chosen = comparison.candidate(best)
    go = dcc.Link("Open in Atlas", href=address.to("/atlas", choice=best), className="btn btn-primary")
    export = dcc.Link("Export", href=address.to("/export", choice=best), className="btn btn-secondary")
    title = (
        f"{chosen.label} is recommended" if comparison.structured else "No real segments here; the best available cut"
    )
    return [
        head(title, comparison.because, [export, go]),
        card(
            "How many segments?",
            k_strip(choices_for_k(comparison, address), label="Numbers of segments"),
            help="For each number: how well separated the best candidate is (silhouette, at most 1).",
        ),
        html.Div([html.Div(part, className="sa-card sa-col-6") for part in _curves(comparison)], className="sa-grid"),
        _board_card(comparison, address),
        html.Section(_maps(comparison), className="sa-card"),
    ]


def _curves(comparison: Comparison) -> list:
    frame = curve_frame(comparison)
    best = comparison.candidate(comparison.recommended)
    marked = (best.algorithm, best.n_segments)
    names = dict(zip(frame["algorithm"], frame["name"], strict=True))
    inertia = frame.dropna(subset=["inertia"])
    return [
        graph(
            silhouette_curve(frame, recommended=marked, names=names, mode=mode()),
            id="silhouette-curve",
            title="How well separated the segments are",
            height=340,
            sentence=f"Higher is better; below {SUBSTANTIAL} (dotted) there is no substantial structure.",
            table=frame[["name", "k", "silhouette"]],
        ),
        graph(
            elbow(
                inertia, mode=mode(), recommended=best.n_segments if best.score("inertia").value is not None else None
            ),
            id="elbow",
            title="How much spread remains inside segments",
            height=340,
            sentence="K-means only. Look for the bend (elbow) after which more segments gain little.",
            table=inertia[["k", "inertia"]],
        ),
    ]


def _board_card(comparison: Comparison, address: Address) -> html.Section:
    return card(
        "All candidates",
        board(comparison, address),
        help="All scores are measured in one space on the same customers, so they can be compared.",
    )


def _maps(comparison: Comparison) -> html.Figure:
    shown = leaders(comparison)
    columns = 1 if narrow() else min(MAP_COLUMNS, len(shown))
    drawn = small_maps(
        comparison.coordinates[:, :2], [(one.label, one.labels) for one in shown], mode=mode(), columns=columns
    )
    return graph(
        drawn.figure,
        id="small-maps",
        title="The best of each algorithm, side by side",
        sentence=f"The same customers on the first two principal components. {drawn.caption}".strip(),
        height=small_maps_height(len(shown), columns),
        table=_map_table(shown),
    )


def _map_table(shown: list) -> pd.DataFrame:
    rows = [(one.label, s, n) for one in shown for s, n in sorted(one.sizes.items())]
    return pd.DataFrame(rows, columns=["candidate", "segment", "customers"])


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
    Output("compare-request", "data", allow_duplicate=True),
    Output("url", "href", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("compare-now", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def compare_now(clicks: int | None, search: str) -> tuple:
    """Compare with the proposed preparation."""
    here = current(Address.parse(search))
    table = here.table()
    if not clicks or table is None:
        return no_update, no_update, no_update
    if table.questions:
        asked = notice("warn", "One choice is needed first.", hint="Answer it on the Data page.")
        return no_update, Address(here.dataset.id).to("/"), asked
    plan = plan_of(Recipe(answers=here.answers()))
    try:
        run = services().jobs.request(owner(), "compare", here.dataset.id, {"plan": plan.to_json()})
    except SegmentationError as problem:
        return no_update, no_update, notice("bad", str(problem), hint=problem.hint)
    return run.id, Address(here.dataset.id, run.id).to("/compare"), None


callback(
    Output("compare-finished", "data"), Input("compare-request", "data"), background=True, prevent_initial_call=True
)(jobs.compare)

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
