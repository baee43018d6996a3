"""The candidates of a comparison as a board, a strip of numbers of segments, and curves."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html

from core.metrics import METRICS, Metric
from core.model import Candidate, Comparison
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.parts import explain, tag
from dashboard.components.segments import KChoice
from dashboard.security.labels import plain


def ranked(comparison: Comparison) -> list[Candidate]:
    """The recommended candidate first, then by silhouette; those without segments last."""

    def place(one: Candidate) -> tuple:
        value = one.score("silhouette").value
        return one.key != comparison.recommended, bool(one.problem), value is None, -(value or 0.0)

    return sorted(comparison.candidates, key=place)


def leaders(comparison: Comparison) -> list[Candidate]:
    """The best candidate of each algorithm by silhouette, the recommended one for its own algorithm."""
    best: dict[str, Candidate] = {}
    for one in ranked(comparison):
        if not one.problem and one.n_segments > 1:
            best.setdefault(one.algorithm, one)
    return list(best.values())


def curve_frame(comparison: Comparison) -> pd.DataFrame:
    """One row a candidate with segments: algorithm, name, k, silhouette, inertia; of equal k the better one."""
    rows = [
        {
            "algorithm": one.algorithm,
            "name": one.label.split(",")[0],
            "k": one.n_segments,
            "silhouette": one.score("silhouette").value,
            "inertia": one.score("inertia").value,
        }
        for one in comparison.candidates
        if not one.problem
    ]
    frame = pd.DataFrame(rows, columns=["algorithm", "name", "k", "silhouette", "inertia"])
    frame = frame.astype({"silhouette": float, "inertia": float}).sort_values(
        "silhouette", ascending=False, kind="stable"
    )
    order = {name: place for place, name in enumerate(comparison.plan.algorithms)}
    frame = frame.drop_duplicates(["algorithm", "k"])
    return frame.sort_values(
        ["algorithm", "k"], key=lambda c: c.map(order) if c.name == "algorithm" else c, kind="stable"
    )


def choices_for_k(comparison: Comparison, address: Address) -> list[KChoice]:
    """For each number of segments its best candidate, as the places of a k strip."""
    low, high = comparison.plan.segments
    places = []
    for k in range(low, high + 1):
        at = [one for one in ranked(comparison) if one.n_segments == k and not one.problem]
        if not at:
            places.append(KChoice(k, None, "none"))
            continue
        best = at[0]
        is_best = best.key == comparison.recommended
        places.append(
            KChoice(
                k,
                best.score("silhouette").value,
                best.label.split(",")[0],
                address.to("/atlas", choice=best.key),
                is_best,
            )
        )
    return places


def board(comparison: Comparison, address: Address) -> html.Div:
    """Every candidate with its scores; a score that does not apply says why on pointing at it."""
    heads = ["Candidate", "Segments", *(metric.label for metric in METRICS.values()), "Time"]
    header = html.Tr([html.Th(text, scope="col", className="" if not n else "sa-num") for n, text in enumerate(heads)])
    rows = [_row(one, comparison, address) for one in ranked(comparison)]
    caption = html.Caption("Recommended first, then by separation. Open any candidate in the Atlas.")
    table = html.Table([caption, html.Thead(header), html.Tbody(rows)], className="sa-table sa-board")
    words = [explain(metric.label, metric.help) for metric in METRICS.values()]
    return html.Div(
        [
            html.Div(table, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "All candidates"}),
            html.Div(words, className="sa-explains"),
        ]
    )


def _row(one: Candidate, comparison: Comparison, address: Address) -> html.Tr:
    if one.problem:
        return html.Tr(
            [
                html.Th(plain(one.label), scope="row"),
                html.Td(plain(one.problem, limit=200), colSpan=len(METRICS) + 2, className="sa-muted sa-wrap"),
            ]
        )
    name: list[Any] = [dcc.Link(plain(one.label), href=address.to("/atlas", choice=one.key))]
    chosen = one.key == comparison.recommended
    if chosen:
        name += [" ", tag("Recommended", "accent")]
    if one.notes:
        name.append(html.Div(plain(" ".join(one.notes), limit=300), className="sa-muted sa-small sa-wrap"))
    cells = [_cell(one, metric) for metric in METRICS.values()]
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(numbers.whole(one.n_segments), className="sa-num"),
            *cells,
            html.Td(numbers.seconds(one.seconds), className="sa-num"),
        ],
        className="is-chosen" if chosen else "",
    )


def _cell(one: Candidate, metric: Metric) -> html.Td:
    score = one.score(metric.name)
    shown = numbers.NOTHING if score.value is None else format(score.value, metric.format)
    hint = {"title": plain(score.because, limit=200)} if score.because else {}
    return html.Td(shown, className="sa-num", **hint)
