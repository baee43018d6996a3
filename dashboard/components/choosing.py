"""How many segments: every argument for a number, its vote, and the figures behind it."""

from __future__ import annotations

from collections.abc import Iterator

import dash_bootstrap_components as dbc
import pandas as pd
import plotly.graph_objects as go
from dash import html

from core.algorithms import ALGORITHMS
from core.metrics import METRICS
from core.model import Candidate, Comparison
from core.selection import SUBSTANTIAL
from dashboard.components.board import curve_frame
from dashboard.components.figure import graph
from dashboard.components.forms import field
from dashboard.components.parts import card, more
from dashboard.figures import (
    criterion_curve,
    cut_height,
    dendrogram,
    elbow,
    gap_curve,
    k_distance,
    key_below,
    silhouette_curve,
    stability_boxes,
)
from dashboard.security.labels import plain

HEIGHT = 340
MOST_LABELLED = 6


def choosing(comparison: Comparison, *, mode: str, narrow: bool = False) -> list:
    """The votes, the four main arguments, and the others folded away."""
    main = [
        _separation(comparison, mode, narrow),
        *_stability(comparison, mode),
        *_gap(comparison, mode),
        *_elbow(comparison, mode),
    ]
    rest = [*_criteria(comparison, mode, narrow), *_information(comparison, mode)]
    shown = html.Div([html.Div(one, className="sa-card sa-col-6") for one in main], className="sa-grid")
    folded = html.Div([html.Div(one, className="sa-card sa-col-6") for one in rest], className="sa-grid")
    return [*_votes(comparison), shown, *([more("More arguments for a number", folded)] if rest else [])]


def _votes(comparison: Comparison) -> list[html.Section]:
    votes = comparison.evidence.get("votes")
    if votes is None or not len(votes):
        return []
    low, high = comparison.plan.segments
    counts = votes["k"].dropna().astype(int).value_counts()
    heads = [html.Th("Argument", scope="col")]
    heads += [html.Th(str(k), scope="col", className="sa-vote") for k in range(low, high + 1)]
    rows = [_vote(row, low, high) for row in votes.itertuples()]
    total = [html.Th("Votes", scope="row")]
    total += [html.Td(str(counts.get(k, 0)), className="sa-vote") for k in range(low, high + 1)]
    table = html.Table(
        [
            html.Caption(
                "Each argument's vote for a number of segments. They measure different things and may disagree."
            ),
            html.Thead(html.Tr([*heads, html.Th("Why", scope="col")])),
            html.Tbody(rows),
            html.Tfoot(html.Tr([*total, html.Td()])),
        ],
        className="sa-table sa-votes",
    )
    box = html.Div(table, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "Votes"})
    return [card("What argues for which number", box, help="The recommendation weighs separation and stability.")]


def _vote(row: tuple, low: int, high: int) -> html.Tr:
    voted = None if pd.isna(row.k) else int(row.k)
    mark = html.Span(className="sa-vote-mark", role="img", **{"aria-label": "vote"})
    cells = [html.Td(mark if k == voted else "", className="sa-vote") for k in range(low, high + 1)]
    return html.Tr(
        [html.Th(plain(row.label), scope="row"), *cells, html.Td(plain(row.because, limit=200), className="sa-wrap")]
    )


def _keyed(figure: go.Figure, lines: int, narrow: bool) -> int:
    """Px more than usual that a chart of so many lines needs; their names then stand below."""
    return key_below(figure, narrow=narrow) if narrow or lines > MOST_LABELLED else 0


def _separation(comparison: Comparison, mode: str, narrow: bool) -> html.Figure:
    frame = curve_frame(comparison)
    best = _recommended(comparison)
    drawn = silhouette_curve(
        frame,
        recommended=(best.algorithm, best.n_segments) if best else None,
        names=dict(zip(frame["algorithm"], frame["name"], strict=True)),
        mode=mode,
    )
    more_room = _keyed(drawn, frame["algorithm"].nunique(), narrow)
    return graph(
        drawn,
        id="silhouette-curve",
        title="How well separated the segments are",
        height=HEIGHT + more_room,
        sentence=f"Higher is better; below {SUBSTANTIAL} (dotted) there is no substantial structure.",
        table=frame[["name", "k", "silhouette"]],
    )


def _stability(comparison: Comparison, mode: str) -> Iterator[html.Figure]:
    measured = [one for one in comparison.candidates if one.stability]
    if not measured:
        return
    rows = [(ALGORITHMS[one.algorithm].label, one.n_segments, v) for one in measured for v in one.stability]
    frame = pd.DataFrame(rows, columns=["name", "k", "agreement"])
    best = _recommended(comparison)
    marked = (ALGORITHMS[best.algorithm].label, best.n_segments) if best else None
    twin = frame.groupby(["name", "k"], sort=False)["agreement"].describe()[["min", "25%", "50%", "75%", "max"]]
    yield graph(
        stability_boxes(frame, recommended=marked, mode=mode),
        id="stability-boxes",
        title="How stable the segments are",
        height=HEIGHT,
        sentence="Segments formed again from other customers (bootstrap): 1 is always the same (adjusted Rand).",
        table=twin.reset_index(),
    )


def _gap(comparison: Comparison, mode: str) -> Iterator[html.Figure]:
    frame = comparison.evidence.get("gap")
    if frame is None or not len(frame):
        return
    yield graph(
        gap_curve(frame, recommended=voted(comparison, "gap"), mode=mode),
        id="gap-curve",
        title="More structure than data without segments",
        height=HEIGHT,
        sentence="Gap statistic: how much tighter K-means segments are than in evenly spread data, with its error.",
        table=frame,
    )


def _elbow(comparison: Comparison, mode: str) -> Iterator[html.Figure]:
    frame = curve_frame(comparison).dropna(subset=["inertia"])
    if not len(frame):
        return
    first = frame[frame["algorithm"] == frame["algorithm"].iloc[0]]
    best = _recommended(comparison)
    marked = best.n_segments if best and best.algorithm == first["algorithm"].iloc[0] else None
    name = first["name"].iloc[0]
    yield graph(
        elbow(first, mode=mode, recommended=marked, knee=voted(comparison, "bend")),
        id="elbow",
        title="How much spread remains inside segments",
        height=HEIGHT,
        sentence=f"{name}. Look for the bend (elbow, knee) after which more segments gain little.",
        table=first[["k", "inertia"]],
    )


def _criteria(comparison: Comparison, mode: str, narrow: bool) -> Iterator[html.Figure]:
    frame = curve_frame(comparison)
    for metric in METRICS.values():
        if not metric.better or metric.name in ("silhouette", "share_placed") or frame[metric.name].isna().all():
            continue
        drawn = criterion_curve(
            frame,
            column=metric.name,
            title=metric.label,
            better=metric.better,
            recommended=voted(comparison, metric.name),
            mode=mode,
        )
        more_room = _keyed(drawn, frame["algorithm"].nunique(), narrow)
        yield graph(
            drawn,
            id={"type": "criterion", "index": metric.name},
            title=metric.label,
            height=HEIGHT + more_room,
            sentence=f"{metric.help} {metric.better.capitalize()} is better.",
            table=frame[["name", "k", metric.name]],
        )


def _information(comparison: Comparison, mode: str) -> Iterator[html.Figure]:
    rows = [
        (words, one.n_segments, float(one.facts[fact]))
        for one in comparison.candidates
        for fact, words in (("bic", "BIC"), ("aic", "AIC"))
        if fact in one.facts and not one.problem
    ]
    if not rows:
        return
    frame = pd.DataFrame(rows, columns=["name", "k", "value"]).drop_duplicates(["name", "k"])
    yield graph(
        criterion_curve(
            frame, column="value", title="BIC and AIC", better="lower", recommended=voted(comparison, "bic"), mode=mode
        ),
        id="information-curve",
        title="Fit of the mixture against its size",
        height=HEIGHT,
        sentence="BIC and AIC weigh how likely the customers are against the number of parameters. Lower is better.",
        table=frame,
    )


def tree_card(comparison: Comparison, chosen: Candidate, *, mode: str) -> list[html.Section]:
    """The dendrogram, cut at the chosen number of segments; its cut can be dragged or typed."""
    tree = comparison.evidence.get("tree")
    if tree is None or not len(tree):
        return []
    k = min(max(chosen.n_segments, 2), len(tree) + 1)
    cut = dbc.Input(
        id={"type": "tree-cut", "index": 0},
        type="number",
        min=2,
        max=min(30, len(tree) + 1),
        step=1,
        value=k,
        debounce=True,
    )
    figure = graph(
        dendrogram(tree, cut_at=k, mode=mode),
        id={"type": "tree", "index": 0},
        title=f"The tree of merges, cut at {k} segments",
        height=380,
        sentence="Drag the dashed line, or type a number: long branches at the cut speak for it (Ward).",
        table=tree,
        movable=True,
    )
    words = f"The line lies between two merges, at {cut_height(tree, k):,.3g}."
    return [
        html.Section([figure, html.Div(field("Cut at", cut, words), className="sa-field-narrow")], className="sa-card")
    ]


def reach_card(comparison: Comparison, chosen: Candidate, *, mode: str) -> list[html.Section]:
    """The distances among which DBSCAN's reach lies; it can be dragged or typed, then run."""
    frame = comparison.evidence.get("reach")
    if frame is None or not len(frame):
        return []
    knee = float(frame["knee"].iloc[0])
    eps = float(chosen.facts.get("eps", knee))
    figure = graph(
        k_distance(frame[["share", "distance"]], eps=eps, knee=knee, mode=mode),
        id={"type": "reach", "index": 0},
        title="How near the crowd is",
        height=HEIGHT,
        sentence="Customers left of the line's crossing have their crowd within reach (k-distance). Drag the line or type.",
        table=frame[["share", "distance"]],
        movable=True,
    )
    reach = dbc.Input(
        id={"type": "reach-value", "index": 0},
        type="number",
        min=0,
        step="any",
        value=float(f"{eps:.4g}"),
        debounce=True,
    )
    run = html.Button("Run DBSCAN with this reach", id={"type": "reach-go", "index": 0}, className="btn btn-secondary")
    row = html.Div([field("Reach (eps)", reach, f"That of {plain(chosen.label)}; the bend (knee) lies at {knee:.4g}."), run], className="sa-row")
    return [html.Section([figure, row], className="sa-card")]


def _recommended(comparison: Comparison) -> Candidate | None:
    return comparison.candidate(comparison.recommended) if comparison.recommended else None


def voted(comparison: Comparison, criterion: str) -> int | None:
    """The number of segments a criterion votes for; None where it has none."""
    votes = comparison.evidence.get("votes")
    if votes is None:
        return None
    found = votes.loc[votes["criterion"] == criterion, "k"].dropna()
    return int(found.iloc[0]) if len(found) else None
