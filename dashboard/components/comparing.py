"""The Compare page's result: the finding, the strip of numbers, the chosen candidate, the board."""

from __future__ import annotations

import math
from typing import Any

from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.errors import SegmentationError
from core.model import Candidate, Comparison
from dashboard.address import Address
from dashboard.components.board import ANY, RANK, best_at, board, choices_for_k, words
from dashboard.components.choosing import choosing, reach_card, tree_card
from dashboard.components.closer import closer
from dashboard.components.forms import field, select
from dashboard.components.parts import card, explain, head, tag
from dashboard.components.segments import k_strip
from dashboard.components.setup import setup_form
from dashboard.components.side import proposed, side_by_side
from dashboard.figures import groups_at

TREE, CROWDS = "ward", "dbscan"
VERDICTS = {
    "natural": "Natural segments are separated and come out again from other customers: there are groups.",
    "reproducible": "Reproducible segments come out again from other customers, but are not separated: the same cut "
    "through a continuum each time.",
    "constructive": "Constructive segments neither are separated nor come out again: a cut through a continuum that can "
    "still be useful, if it serves a purpose.",
}
MOST = 1e300  # heights beyond were not dragged; sums of them would not be finite


def results(comparison: Comparison, here: Address, *, chosen: str | None, mode: str, narrow: bool) -> list:
    """The whole page below the context bar; ``here`` names dataset and run, ``chosen`` the candidate looked at."""
    address = Address(here.dataset, here.run)
    form = setup_form(comparison.plan, opened=False, action="Compare again")
    picks = here.picked or proposed(comparison)
    if chosen is None and (best := best_at(comparison)) is not None:
        chosen = best.key
    if chosen is None:
        back = dcc.Link("Back to Data", href=address.to("/"), className="btn btn-secondary")
        title = head("No segments were found", comparison.because, back)
        return [title, _kept(None, picks), _board_card(comparison, address, picks), form]
    candidate = comparison.candidate(chosen)
    return [
        _finding(comparison, address),
        *_verdict(comparison),
        _kept(chosen, picks),
        _k_card(comparison, candidate),
        html.Div(closer(comparison, candidate, address, mode=mode), id="closer"),
        *choosing(comparison, mode=mode, narrow=narrow),
        html.Div(cuts(comparison, candidate, mode=mode), id="cuts", className="sa-grid"),
        _board_card(comparison, address, picks),
        html.H2("Side by side", id="side-heading"),
        html.Div(side_by_side(comparison, picks, mode=mode, narrow=narrow), id="side", className="sa-page"),
        form,
    ]


def _kept(chosen: str | None, picks: tuple[str, ...]) -> html.Div:
    """What the callbacks of the page remember: the candidate looked at, and those side by side."""
    return html.Div([dcc.Store(id="compare-choice", data=chosen), dcc.Store(id="compare-picks", data=list(picks))])


def _finding(comparison: Comparison, address: Address) -> html.Header:
    best = comparison.recommended
    if best is None:
        return head("Nothing can be recommended", comparison.because)
    go = dcc.Link("Open in Atlas", href=address.to("/atlas", choice=best), className="btn btn-primary")
    export = dcc.Link("Export", href=address.to("/export", choice=best), className="btn btn-secondary")
    label = comparison.candidate(best).label
    title = f"{label} is recommended" if comparison.structured else "No real segments here; the best available cut"
    return head(title, comparison.because, [export, go])


def _verdict(comparison: Comparison) -> list[html.Div]:
    """What kind of segments these are, in one word and explained."""
    if comparison.verdict not in VERDICTS:
        return []
    words = explain("What does that mean", VERDICTS[comparison.verdict], "https://doi.org/10.1007/978-981-10-8818-6")
    return [html.Div([tag(f"Verdict: {comparison.verdict}", "accent"), words], className="sa-row")]


def _k_card(comparison: Comparison, chosen: Candidate) -> html.Section:
    names = {ANY: "Any algorithm"} | {name: ALGORITHMS[name].label for name in comparison.plan.algorithms}
    pick = field("Algorithm", select(names, ANY, id="compare-algorithm"))
    return card(
        "How many segments?",
        html.Div(strip(comparison, chosen, ANY), id="k-panel"),
        help="For each number: how well separated its best candidate is (silhouette, at most 1); one without crumbs, where there is any. Pick one to look closer.",
        actions=pick,
    )


def strip(comparison: Comparison, chosen: Candidate, algorithm: str) -> html.Ol:
    """The numbers of segments with the best candidate of each."""
    return k_strip(choices_for_k(comparison, algorithm=algorithm, chosen=chosen), label="Numbers of segments")


def cuts(comparison: Comparison, chosen: Candidate, *, mode: str) -> list[html.Div]:
    """The tree and the reach: whatever the comparison has of them."""
    crowds = chosen if "eps" in chosen.facts else best_at(comparison, algorithm=CROWDS)
    parts = tree_card(comparison, chosen, mode=mode)
    parts += reach_card(comparison, crowds, mode=mode) if crowds else []
    return [html.Div(part, className="sa-col-6" if len(parts) > 1 else "sa-col-12") for part in parts]


def _board_card(comparison: Comparison, address: Address, picks: tuple[str, ...]) -> html.Section:
    names = {ANY: "All algorithms"} | {name: ALGORITHMS[name].label for name in comparison.plan.algorithms}
    save = html.A(
        "Download the board (CSV)", href=f"/board/{address.run}", className="btn btn-secondary btn-sm", download=""
    )
    return card(
        "All candidates",
        dcc.Store(id="board-order", data={"order": RANK, "falling": True}),
        html.Div(board(comparison, address, picks=picks), id="board-box"),
        words(),
        help="All scores are measured in one space on the same customers, so they can be compared.",
        actions=[field("Show", select(names, ANY, id="board-algorithm")), save],
    )


def aimed_at(comparison: Comparison, asked: Any, value: Any, *, choice: str, algorithm: str) -> Candidate | None:
    """The candidate that a pressed, typed or dragged thing means; None where there is no such one.

    ``asked`` is the id of the thing, ``value`` what it says now; ``choice`` the candidate looked at so far.
    """
    if asked == "compare-algorithm":
        try:
            now = comparison.candidate(choice).n_segments
        except SegmentationError:
            now = 0
        return best_at(comparison, algorithm=algorithm, k=now) or best_at(comparison, algorithm=algorithm)
    kind = asked.get("type") if isinstance(asked, dict) else ""
    if kind == "pick-k":
        return best_at(comparison, algorithm=algorithm, k=_int(asked.get("index"))) if value else None
    if kind == "tree-cut":
        return best_at(comparison, algorithm=TREE, k=_int(value))
    height, tree = dragged(value), comparison.evidence.get("tree")
    if height is None or tree is None:
        return None
    return best_at(comparison, algorithm=TREE, k=groups_at(tree, height))


def _int(value: Any) -> int:
    """A number of segments that was sent; -1, which no candidate has, for anything else (0 would mean any)."""
    return int(value) if isinstance(value, (int, float)) and 1 <= value < math.inf else -1


def dragged(move: Any) -> float | None:
    """Where a person left the line of a figure, from its ``relayoutData``; None where something else changed."""
    move = move if isinstance(move, dict) else {}
    ends = [move.get(f"shapes[0].{end}") for end in ("y0", "y1")]
    return sum(ends) / 2 if all(isinstance(end, (int, float)) and abs(end) < MOST for end in ends) else None
