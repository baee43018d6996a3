"""Importance: which columns drive a segmentation, measured on customers held out."""

from __future__ import annotations

from dash import Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update, register_page

from core.errors import SegmentationError
from core.model import Candidate, Comparison, Explanation, Shape
from dashboard import jobs
from dashboard.address import Address
from dashboard.components import (
    card,
    empty,
    explain,
    field,
    head,
    nothing_yet,
    notice,
    numbers,
    segmented,
    select,
    stat,
    stats,
)
from dashboard.components.board import leaders
from dashboard.components.importance_measures import MEASURES, drawn, measured, side_by_side
from dashboard.components.live import job_panel, problem_panel
from dashboard.current import Current, current, mode
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, Run
from dashboard.wanted import newest

FIRST = next(iter(MEASURES))
PAPER = "https://doi.org/10.1023/A:1010933404324"


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    return html.Div(
        [
            dcc.Store(id="importance-stage", data=_stage(here)),
            html.Div(_body(here), id="importance-body", className="sa-page"),
            html.Div(_switch(), id="importance-switch", className="sa-page sa-importance-part", hidden=not _any_done(here)),
            html.Div(_results(here, FIRST), id="importance-results", className="sa-page sa-importance-part"),
        ]
    )


def _switch() -> html.Section:
    """The measures; outside of what is drawn anew, so that the choice stays."""
    return html.Section(field("What is shuffled", segmented(MEASURES, FIRST, id="importance-measure")), className="sa-card")


def _any_done(here: Current) -> bool:
    return any(state == "done" for _, state in _stage(here))


def _chosen(here: Current) -> tuple[Comparison | None, str | None]:
    comparison = here.comparison()
    return comparison, here.choice(comparison) if comparison else None


def _latest(here: Current, key: str) -> Run | None:
    """The newest measurement of this candidate, whatever became of it."""
    return newest("importance", here.dataset.id, _request(here, key))


def _request(here: Current, key: str) -> dict[str, str]:
    """What is asked of a job about a candidate in its present shape."""
    return {"run": here.run.id, "candidate": key, "shape": _shape(here, key).to_json()}


def _shape(here: Current, key: str) -> Shape:
    return services().store.shaping(owner(), here.run.id, key).shape


def _found(run: Run | None) -> Explanation | None:
    """What a finished measurement found; None while there is none, and when its bytes are damaged."""
    try:
        return services().store.explanation(owner(), run.id) if run is not None and run.state == "done" else None
    except Damaged:
        return None


def _stage(here: Current) -> list:
    """The state of the measurement of every algorithm's best candidate and of the chosen one."""
    comparison, key = _chosen(here)
    if key is None:
        return []
    return [[one, run.state if (run := _latest(here, one)) else "none"] for one in _keys(comparison, key)]


def _keys(comparison: Comparison, key: str) -> list[str]:
    return list(dict.fromkeys([key, *(one.key for one in leaders(comparison))]))


def _body(here: Current) -> list:
    comparison, key = _chosen(here)
    if key is None:
        path, text = ("/compare", "Go to Compare") if here.loaded else ("/", "Go to Data")
        go = dcc.Link(text, href=here.address.to(path), className="btn btn-primary")
        return nothing_yet(
            "What drives the segments?",
            "Nothing to explain yet",
            "Compare segmentations first; then this page shows which columns decide who belongs where.",
            go=go,
            icon_name="importance",
        )
    candidate = comparison.candidate(key)
    return [
        _head(here, candidate),
        _picker(comparison, candidate),
    ]


def _results(here: Current, measure: str) -> list:
    """What was measured of the chosen candidate and of the best of each other algorithm, and all side by side."""
    comparison, key = _chosen(here)
    if key is None:
        return []
    candidate = comparison.candidate(key)
    alone = measure == "segments"  # a chart for each segment is enough for one page
    others = [] if alone else [one for one in leaders(comparison) if one.key != key]
    known = [(one.label, found) for one in [candidate, *others] if (found := _found(_latest(here, one.key))) is not None]
    beside = side_by_side(known) if measure == FIRST else None
    return [
        *_result(here, candidate, measure),
        *(part for one in others for part in _other(here, one, measure)),
        *([card("All algorithms side by side", beside)] if beside is not None else []),
    ]


def _head(here: Current, candidate: Candidate) -> html.Header:
    measure = html.Button("Measure importance", id="importance-go", className="btn btn-primary")
    every = html.Button("Measure all algorithms", id="importance-all", className="btn btn-secondary")
    found = _found(_latest(here, candidate.key))
    title = "What drives the segments?"
    if found is not None:
        top = [] if found.because else [plain(name) for name in found.frame["column"].head(2)]
        title = f"{' and '.join(top)} drive{'s' if len(top) == 1 else ''} the segments most" if top else title
        measure = html.Button("Measure importance", id="importance-go", hidden=True)
    return head(
        title,
        f"{candidate.label}. Each column is shuffled among customers; the more the segments can no longer "
        "be told, the more it matters.",
        [every, measure],
    )


def _picker(comparison: Comparison, candidate: Candidate) -> html.Section:
    options = {one.key: plain(one.label) for one in comparison.candidates if not one.problem}
    words = explain(
        "Permutation importance",
        "A random forest learns the segments from the columns. On customers it has not "
        "seen, one column at a time is shuffled; the loss of accuracy is that column's importance. Columns that "
        "say the same thing share their credit: look at those that go together.",
        PAPER,
    )
    return html.Section(
        [field("Segmentation", select(options, candidate.key, id="importance-choice")), words],
        className="sa-card sa-stack",
        **{"data-shown-choice": candidate.key},
    )


def _result(here: Current, candidate: Candidate, measure: str) -> list:
    run = _latest(here, candidate.key)
    if run is None:
        return [
            html.Section(
                empty("Not measured yet", "It takes a few seconds and is kept.", None, "importance"),
                className="sa-card",
            )
        ]
    if run.state in LIVE:
        return [job_panel(run)]
    found = _found(run)
    return [problem_panel(run) if found is None else _drawn(here, candidate, found, measure, run=run.id)]


def _other(here: Current, candidate: Candidate, measure: str) -> list:
    """The best of another algorithm, once it is measured or being measured."""
    return _result(here, candidate, measure) if _latest(here, candidate.key) else []


def _drawn(here: Current, candidate: Candidate, found: Explanation, measure: str, *, run: str) -> html.Section:
    tiles = stats(
        stat("Segments told apart", numbers.share(found.accuracy), base="balanced accuracy on held-out customers"),
        stat("Customers used", numbers.whole(found.rows), base="held out of learning"),
    )
    renamed = {edit.segment: edit.text for edit in _shape(here, candidate.key).edits if edit.kind == "rename"}
    figures = drawn(found, measure, {**candidate.names, **renamed}, mode=mode(), csv=f"/importance-numbers/{run}.csv")
    told = [html.P(" ".join(found.notes), className="sa-muted sa-small")] if found.notes else []
    return card(candidate.label, tiles, *figures, *told)


@callback(
    Output("importance-body", "children"),
    Output("importance-results", "children"),
    Output("importance-switch", "hidden"),
    Output("importance-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("importance-stage", "data"),
    State("importance-measure", "value"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, stage: list, measure: str) -> tuple:
    """Keep progress fresh and show each result as soon as it is there."""
    still = (no_update,) * 4
    if pathname != "/importance":
        return still
    here = current(Address.parse(search))
    now = _stage(here)
    if now == stage and not any(state in LIVE for _, state in now):
        return still
    return _body(here), _results(here, measured(FIRST, measure)), not _any_done(here), now


@callback(
    Output("importance-results", "children", allow_duplicate=True),
    Input("importance-measure", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def switch(measure: object, search: str) -> list:
    """Draw another measure."""
    return _results(current(Address.parse(search)), measured(FIRST, measure))


@callback(
    Output("importance-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("importance-go", "n_clicks"),
    Input("importance-all", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def measure(one: int | None, every: int | None, search: str) -> tuple:
    """Ask for the chosen candidate, or for the best of each algorithm."""
    here = current(Address.parse(search))
    comparison, key = _chosen(here)
    if not (one or every) or key is None:
        return no_update, no_update
    keys = _keys(comparison, key) if ctx.triggered_id == "importance-all" else [key]
    try:
        runs = [services().jobs.request(owner(), "importance", here.dataset.id, _request(here, name)) for name in keys]
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)
    return runs[0].id, None


callback(
    Output("importance-finished", "data"),
    Input("importance-request", "data"),
    background=True,
    prevent_initial_call=True,
)(jobs.importance)
clientside_callback(
    "function(choice) { return window.dash_clientside.atlas.choose(choice); }",
    Output("url", "href", allow_duplicate=True),
    Input("importance-choice", "value"),
    prevent_initial_call=True,
)
register_page(
    __name__,
    path="/importance",
    order=3,
    name="Importance",
    title="Importance - Segment Atlas",
    icon="importance",
    needs="choice",
    layout=layout,
)
