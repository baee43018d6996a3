"""The candidates of a comparison as a board that sorts and filters, a strip of numbers of segments, and curves."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.metrics import METRICS, Metric
from core.model import Candidate, Comparison
from core.selection import keeps, usable, worth
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.parts import explain, tag
from dashboard.components.segments import KChoice
from dashboard.security.labels import plain

STABILITY_HELP = (
    "How much the segments stay the same when they are formed again from other customers: the mean agreement "
    "(adjusted Rand) over resamples. 1 is always the same, 0 is by chance. Measured for the best of each algorithm."
)
ANY = "any"
RANK, SEGMENTS, STABILITY, TIME = "rank", "segments", "stability", "seconds"


def ranked(comparison: Comparison) -> list[Candidate]:
    """The recommended candidate first, then by silhouette times share placed; those without segments last."""

    def place(one: Candidate) -> tuple:
        missing = one.score("silhouette").value is None
        return one.key != comparison.recommended, bool(one.problem), missing, -worth(one)

    return sorted(comparison.candidates, key=place)


def promising(comparison: Comparison) -> list[Candidate]:
    """As :func:`ranked`, but those that can be recommended before all others.

    A giant with crumbs is often separated best; it would stand for a number of segments that others fill well.
    """
    n_rows = sum(comparison.candidates[0].sizes.values()) - len(comparison.aside) if comparison.candidates else 0

    def cannot(one: Candidate) -> bool:
        return bool(one.problem) or not (keeps(one, comparison.plan.limits) and usable(one, n_rows))

    return sorted(ranked(comparison), key=lambda one: (one.key != comparison.recommended, cannot(one)))


def leaders(comparison: Comparison) -> list[Candidate]:
    """The most promising candidate of each algorithm, the recommended one for its own algorithm."""
    best: dict[str, Candidate] = {}
    for one in promising(comparison):
        if not one.problem and one.n_segments > 1:
            best.setdefault(one.algorithm, one)
    return list(best.values())


def best_at(comparison: Comparison, *, algorithm: str = ANY, k: int = 0) -> Candidate | None:
    """The most promising with this algorithm and this number of segments (0 is any); None without one."""
    fits = (
        one
        for one in promising(comparison)
        if not one.problem and algorithm in (ANY, one.algorithm) and k in (0, one.n_segments)
    )
    return next(fits, None)


def curve_frame(comparison: Comparison) -> pd.DataFrame:
    """One row a candidate with segments: algorithm, name, k and every metric; of equal k the better separated one."""
    scores = list(METRICS)
    rows = [
        {"algorithm": one.algorithm, "name": ALGORITHMS[one.algorithm].label, "k": one.n_segments}
        | {name: one.score(name).value for name in scores}
        for one in comparison.candidates
        if not one.problem
    ]
    frame = pd.DataFrame(rows, columns=["algorithm", "name", "k", *scores])
    frame = frame.astype(dict.fromkeys(scores, float)).sort_values("silhouette", ascending=False, kind="stable")
    order = {name: place for place, name in enumerate(comparison.plan.algorithms)}
    frame = frame.drop_duplicates(["algorithm", "k"])
    return frame.sort_values(
        ["algorithm", "k"], key=lambda c: c.map(order) if c.name == "algorithm" else c, kind="stable"
    )


def choices_for_k(comparison: Comparison, *, algorithm: str = ANY, chosen: Candidate | None = None) -> list[KChoice]:
    """For each number of segments its best candidate (of one algorithm, where named), as the places of a k strip.

    The place of the ``chosen`` candidate shows that one, the best or not.
    """
    low, high = comparison.plan.segments
    places = []
    for k in range(low, high + 1):
        is_chosen = chosen is not None and chosen.n_segments == k
        best = chosen if is_chosen else best_at(comparison, algorithm=algorithm, k=k)
        if best is None:
            places.append(KChoice(k, None, "none"))
            continue
        note = ALGORITHMS[best.algorithm].label
        places.append(
            KChoice(
                k,
                best.score("silhouette").value,
                note,
                press=True,
                best=best.key == comparison.recommended,
                chosen=is_chosen,
            )
        )
    return places


def stability(one: Candidate) -> float | None:
    """Mean agreement over the resamples; None where none was made."""
    return float(np.mean(one.stability)) if one.stability else None


def board(
    comparison: Comparison,
    address: Address,
    *,
    order: str = RANK,
    falling: bool = True,
    algorithm: str = ANY,
    picks: tuple[str, ...] = (),
) -> html.Div:
    """Candidates with their scores, sorted by a column; a score that does not apply says why on pointing at it."""
    rows = [
        _row(one, comparison, address, picked=one.key in picks)
        for one in ordered(comparison, order=order, falling=falling)
        if algorithm in (ANY, one.algorithm)
    ]
    heads = [html.Th("Side by side", scope="col"), html.Th("Candidate", scope="col")]
    heads += [_head(name, label, help, order, falling) for name, label, help in _columns()]
    caption = html.Caption(
        "Recommended first, then by separation times the share placed, unless you sort. Tick two to six to see them side by side."
    )
    table = html.Table([caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="sa-table sa-board")
    return html.Div(table, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "All candidates"})


def words() -> html.Div:
    """What each column means."""
    return html.Div([explain(label, help) for _, label, help in _columns() if help], className="sa-explains")


def ordered(comparison: Comparison, *, order: str, falling: bool) -> list[Candidate]:
    """Candidates by a column of the board; those without a value last, equal ones by rank."""
    by_rank = ranked(comparison)
    if order == RANK or order not in {name for name, _, _ in _columns()}:
        return by_rank

    def place(one: Candidate) -> tuple:
        value = _value(one, order)
        return value is None, 0.0 if value is None else (-value if falling else value)

    return sorted(by_rank, key=place)


def _value(one: Candidate, column: str) -> float | None:
    if one.problem:
        return None
    own = {SEGMENTS: one.n_segments, STABILITY: stability(one), TIME: one.seconds}
    return own[column] if column in own else one.score(column).value


def _columns() -> list[tuple[str, str, str]]:
    """(name, label, help) of every column that has numbers."""
    return [
        (SEGMENTS, "Segments", ""),
        *((metric.name, metric.label, metric.help) for metric in METRICS.values()),
        (STABILITY, "Stability", STABILITY_HELP),
        (TIME, "Time", ""),
    ]


def _head(name: str, label: str, help: str, order: str, falling: bool) -> html.Th:
    sorts = {"aria-sort": ("descending" if falling else "ascending") if order == name else "none"}
    mark = (" \u2193" if falling else " \u2191") if order == name else ""
    press = html.Button(
        [label, html.Span(mark, **{"aria-hidden": "true"})],
        id={"type": "sort", "index": name},
        className="sa-sort",
        title=f"Sort by this. {help}".strip(),
    )
    return html.Th(press, scope="col", className="sa-num", **sorts)


def _row(one: Candidate, comparison: Comparison, address: Address, *, picked: bool) -> html.Tr:
    if one.problem:
        told = html.Td(plain(one.problem, limit=200), colSpan=len(_columns()), className="sa-muted sa-wrap")
        return html.Tr([html.Td(), html.Th(plain(one.label), scope="row"), told])
    name: list[Any] = [dcc.Link(plain(one.label), href=address.to("/atlas", choice=one.key, picks=""))]
    chosen = one.key == comparison.recommended
    if chosen:
        name += [" ", tag("Recommended", "accent")]
    if one.notes:
        name.append(html.Div(plain(" ".join(one.notes), limit=300), className="sa-muted sa-small sa-wrap"))
    tick = dbc.Checkbox(
        id={"type": "tick", "index": one.key},
        value=picked,
        label=plain(one.label),
        label_class_name="sa-visually-hidden",
    )
    cells = [_cell(one, metric) for metric in METRICS.values()]
    return html.Tr(
        [
            html.Td(tick),
            html.Th(name, scope="row"),
            html.Td(numbers.whole(one.n_segments), className="sa-num"),
            *cells,
            _stability_cell(one),
            html.Td(numbers.seconds(one.seconds), className="sa-num"),
        ],
        className="is-chosen" if chosen else "",
    )


def _stability_cell(one: Candidate) -> html.Td:
    value = stability(one)
    if value is None:
        return html.Td(numbers.NOTHING, className="sa-num", title="Measured for the best of each algorithm only.")
    low, high = min(one.stability), max(one.stability)
    return html.Td(
        f"{value:.2f}", className="sa-num", title=f"{low:.2f} to {high:.2f} over {len(one.stability)} resamples"
    )


def _cell(one: Candidate, metric: Metric) -> html.Td:
    score = one.score(metric.name)
    shown = numbers.NOTHING if score.value is None else format(score.value, metric.format)
    hint = {"title": plain(score.because, limit=200)} if score.because else {}
    return html.Td(shown, className="sa-num", **hint)
