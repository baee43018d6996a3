"""Two to five runs side by side: what differs, scores, sizes and agreement, and the way to who went where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from urllib.parse import urlencode

import pandas as pd
from dash import dcc, html

from core.metrics import METRICS
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.figure import graph
from dashboard.components.forms import field, select
from dashboard.components.parts import card, explain, notice
from dashboard.components.runs_differences import Beside, agreements, differing, heading, scores, sizes
from dashboard.components.runs_words import plan_words
from dashboard.components.tables import table
from dashboard.figures.heat import agreement_heat, agreement_heat_height
from dashboard.figures.runs_sizes import size_bars, size_bars_height
from dashboard.security.labels import plain

MEANS = (
    "Both compare every two customers: do the two runs put them together or apart alike? 1 is the same segments, 0 what chance "
    "gives. Adjusted Rand counts pairs; adjusted mutual information asks how much one run tells of the other, and listens more to "
    "small segments. Customers that were not placed form a group."
)
FEW = 3
"""Runs up to which scores and sizes have room beside each other."""
PAPER = "https://doi.org/10.1007/BF01908075"


def beside(runs: Sequence[Beside], *, mode: str, narrow: bool) -> list:
    """The whole part of the page; nothing for fewer than two runs."""
    if len(runs) < 2:
        return []
    link = html.A("Link to this comparison", href=Address(picks=_picks(runs)).to("/runs"), className="btn btn-secondary btn-sm")
    return [
        card(f"{len(runs)} runs side by side", _cards(runs), help="What stands for each run can be changed.", actions=link),
        html.Div([_differences(runs), _scores(runs), _sizes(runs, mode, narrow), _agreement(runs, mode), _migrations(runs)], className="sa-grid sa-runs-beside"),
    ]


def csv(runs: Sequence[Beside], what: str) -> str:
    """Where the numbers of a part are found at full precision."""
    query = {"picks": _picks(runs), "choices": ".".join(one.key for one in runs)}
    return f"/runs-numbers/{what}.csv?{urlencode(query)}"


def _picks(runs: Sequence[Beside]) -> str:
    return ".".join(one.run.id for one in runs)


def _cards(runs: Sequence[Beside]) -> html.Div:
    """A card per run: its letter, file and plan, and which candidate stands for it."""
    made = []
    for one in runs:
        options = {found.key: found.label for found in one.comparison.candidates if not found.problem}
        pick = field(f"Stands for {one.letter}", select(options, one.key, id={"type": "runs-choice", "index": one.run.id}))
        open_ = dcc.Link("Open in the Atlas", href=Address(one.run.dataset, one.run.id, one.key).to("/atlas"), className="sa-small")
        words = html.P(plain(plan_words(one.run.plan), limit=200), className="sa-muted sa-small")
        made.append(html.Div([html.H3(plain(heading(one), limit=120)), words, pick, open_], className="sa-runs-card"))
    return html.Div(made, className="sa-runs-cards")


def _differences(runs: Sequence[Beside]) -> html.Div:
    frame = differing(runs)
    if frame.empty:
        inside = notice("info", "Nothing differs", "Same file, columns, preparation, algorithms and seed; the same plan gives the same result.")
        return html.Div(card("What differs", inside), className="sa-col-12")
    body, group = [], ""
    for row in frame.itertuples(index=False):
        if row[0] != group:
            group = row[0]
            body.append(html.Tr(html.Th(group, scope="rowgroup", colSpan=len(runs) + 1), className="sa-runs-group"))
        cells = [html.Td(plain(cell, limit=300) or numbers.NOTHING, className="sa-wrap") for cell in row[2:]]
        body.append(html.Tr([html.Th(row[1], scope="row"), *cells]))
    heads = [html.Th("Parameter", scope="col"), *(html.Th(plain(heading(one), limit=60), scope="col", className="sa-wrap") for one in runs)]
    caption = html.Caption("Only what is not the same for all; what is not listed is equal.")
    drawn = html.Table([caption, html.Thead(html.Tr(heads)), html.Tbody(body)], className="sa-table")
    box = html.Div(drawn, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "What differs"})
    inside = card("What differs", box, help=f"{numbers.count(len(frame), 'parameter')} of the plans.", actions=_file(runs, "parameters"))
    return html.Div(inside, className="sa-col-12")


def _file(runs: Sequence[Beside], what: str) -> html.A:
    return html.A("CSV", href=csv(runs, what), download="", className="sa-text-button", **{"aria-label": f"Download {what} as CSV"})


def _scores(runs: Sequence[Beside]) -> html.Div:
    frame = scores(runs)
    forms = {metric.label: metric.format for metric in METRICS.values()} | {"Stability": ".2f", "Segments": ".0f", "Seconds in all": ".3g"}
    shown = pd.DataFrame({"Measure": frame["measure"]})
    for one in runs:
        cells = [numbers.NOTHING if value is None or value != value else format(value, forms[name])
                 for name, value in zip(frame["measure"], frame[one.letter], strict=True)]  # fmt: skip
        shown[one.letter] = pd.Series(cells, dtype=object)
    caption = "Scores of the candidates that stand for the runs; a dash where one does not apply or was not measured"
    same = len({one.comparison.fingerprint for one in runs}) == 1 and len({str(one.comparison.plan.recipe) for one in runs}) == 1
    words = "" if same else "The runs are not prepared alike, or not of one table: separation is measured in other spaces and compares only roughly."
    return html.Div(card("Scores", table(shown, caption=caption), help=words, actions=_file(runs, "scores")), className=_room(runs))


def _room(runs: Sequence[Beside]) -> str:
    return "sa-col-6" if len(runs) <= FEW else "sa-col-12"


def _sizes(runs: Sequence[Beside], mode: str, narrow: bool) -> html.Div:
    frame = sizes(runs)
    names = {one.letter: f"{one.letter}: {one.candidate.label}" for one in runs}
    largest = frame[frame["segment"] > 0].sort_values("share", ascending=False).iloc[0]
    sentence = f"The largest segment of all is {int(largest['segment'])} of {largest['run']}: {numbers.share(largest['share'])} of its customers."
    twin = frame.rename(columns={"run": "Run", "segment": "Segment", "name": "Name", "customers": "Customers", "share": "Share"})
    figure = graph(
        size_bars(frame, names, mode=mode, narrow=narrow), id="runs-sizes", title=_sizes_title(runs), sentence=sentence,
        height=size_bars_height(len(runs)), table=table(twin, caption="Sizes of segments", formats={"Share": "share"}), level=2,
        csv=csv(runs, "sizes"),
    )  # fmt: skip
    return html.Div(html.Section(figure, className="sa-card"), className=_room(runs))


def _sizes_title(runs: Sequence[Beside]) -> str:
    counts = [one.candidate.n_segments for one in runs]
    if len(set(counts)) == 1:
        return f"All have {counts[0]} segments"
    return "; ".join(f"{one.letter} has {numbers.count(count, 'segment')}" for one, count in zip(runs, counts, strict=True))


def _agreement(runs: Sequence[Beside], mode: str) -> html.Div:
    frame = agreements(runs)
    measured = frame[frame["because"] == ""]
    if measured.empty:
        words = "Agreement counts customers that both runs have placed, so it needs the same rows of the same table."
        link = "Follow customers by their ids instead: the links below."
        return html.Div(card("How far they agree", notice("info", "Not the same customers", words, link)), className="sa-col-12")
    names = {one.letter: f"{one.letter}: {one.candidate.label}" for one in runs}
    low = measured.sort_values("adjusted_rand").iloc[0]
    title = f"{low['first']} and {low['second']} agree least: {low['adjusted_rand']:.2f}" if len(measured) > 1 else (
        f"{low['first']} and {low['second']} agree to {low['adjusted_rand']:.2f}"
    )
    sentence = f"Adjusted Rand; adjusted mutual information is {low['adjusted_information']:.2f}. 1 is the same segments, 0 what chance gives."
    figure = graph(
        agreement_heat(measured, names, mode=mode), id="runs-agreement", title=title, sentence=sentence, level=2,
        height=agreement_heat_height(len(runs)), table=_pairs(frame), csv=csv(runs, "agreement"),
    )  # fmt: skip
    words = html.Div(explain("Agreement", MEANS, PAPER), className="sa-explains")
    return html.Div(html.Section([figure, words], className="sa-card"), className="sa-col-12")


def _pairs(frame: pd.DataFrame) -> html.Div:
    names = {"first": "First", "second": "Second", "adjusted_rand": "Adjusted Rand", "adjusted_information": "Adjusted mutual information",
             "because": "Why not"}  # fmt: skip
    two = {"Adjusted Rand": _two, "Adjusted mutual information": _two}
    return table(frame.rename(columns=names), caption="Agreement of every two runs", formats=two)


def _two(value: float) -> str:
    return numbers.NOTHING if value is None or value != value else f"{value:.2f}"


def _migrations(runs: Sequence[Beside]) -> html.Div:
    """A link for every two runs to who went from which segment to which; the earlier one is before."""
    pairs = [sorted(pair, key=lambda one: (one.run.created, one.run.id)) for pair in combinations(runs, 2)]
    links = [html.Li(dcc.Link(f"From {before.letter} to {now.letter}", href=migration(before, now))) for before, now in pairs]
    inside = html.Ul(links, className="sa-runs-links")
    words = "Segments that stayed, split, merged or are new, who went where, and whether the earlier segments still hold."
    return html.Div(card("Who went where", inside, help=words), className="sa-col-12")


def migration(before: Beside, now: Beside) -> str:
    """The address of the migration page for two runs."""
    said = {"run": now.run.id, "choice": now.key, "before": before.run.id, "before_choice": before.key}
    return f"/migration?{urlencode(said)}"
