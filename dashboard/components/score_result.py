"""One customer as a model placed it: where, how sure, why, and whether it is unlike anyone the model knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from core.model import NOISE, Model, Note, Reason
from dashboard.components import numbers
from dashboard.components.atlas_marks import marked
from dashboard.components.parts import explain, notice
from dashboard.components.segments import share_bar
from dashboard.figures.score_map import colour_of, names_of
from dashboard.security.labels import plain

SIMILAR = 25
"""Known customers that a single one is compared with (:class:`core.model.Scored`)."""
CLEAR, BORDER = 0.9, 0.6
ABOUT = (
    "Of all customers that the model keeps as a reference, the 25 most similar to this one are looked at. The confidence is "
    "the share of them in the same segment. It says how near a border a customer is, not how good the segments are."
)


def compared(model: Model) -> int:
    """How many known customers one is compared with: 25, or all that there are."""
    return min(SIMILAR, len(model.references))


def sureness(confidence: float) -> str:
    """The share of similar customers in the same segment, 0..1, as a word."""
    if confidence >= CLEAR:
        return "Clear"
    return "Fairly clear" if confidence >= BORDER else "Near a border"


def mark_of(model: Model, segment: int) -> html.Span:
    """The segment with its mark, number and name in the colour it has everywhere."""
    return marked(segment, names_of(model).get(segment, ""), {segment: colour_of(model, segment)} if segment != NOISE else {})


def placed(model: Model, row: Any, reasons: Sequence[Reason], odd: Sequence[Reason] = (), notes: Sequence[Note] = ()) -> html.Div:
    """What is told of one customer. ``row`` has the columns of :attr:`core.model.Scored.frame`, ``odd`` are the columns
    that make it unlike anyone, with what the known customers have."""
    segment, confidence = int(row.segment), float(row.confidence)
    parts: list[Any] = [html.Div(mark_of(model, segment), className="sa-score-segment")]
    parts += [_set_aside()] if segment == NOISE else [_sure(model, segment, confidence)]
    if int(row.runner_up) > 0:
        words = "Most like" if segment == NOISE else "Next in line"
        parts.append(html.P([f"{words}: ", mark_of(model, int(row.runner_up))], className="sa-score-next"))
    if bool(row.unlike_anyone):
        parts.append(_unlike(odd))
    parts += _why(model, row, reasons)
    parts += [html.Ul([html.Li(_noted(one)) for one in notes], className="sa-notes")] if notes else []
    return html.Div([*parts, explain("How is the confidence measured", ABOUT)], className="sa-stack")


def _sure(model: Model, segment: int, confidence: float) -> html.Div:
    count = compared(model)
    told = f"{numbers.whole(confidence * count)} of the {numbers.whole(count)} most similar customers are in this segment "
    words = [html.Strong(f"{sureness(confidence)}. "), told, f"({numbers.share(confidence)})."]
    return html.Div([html.P(words), share_bar(confidence, colour_of(model, segment))], className="sa-score-sure")


def _set_aside() -> html.P:
    return html.P("In no segment: there are too few customers like this one for the algorithm to place it.")


def _unlike(odd: Sequence[Reason]) -> html.Div:
    named = ", ".join(f"{plain(one.column)} {plain(one.cell)}{_known(one.here)}" for one in odd)
    text = f"What sets it apart from the known customer most like it: {named}." if named else ""
    return notice("warn", "Unlike anyone the model was made with", text, "Take the segment as a guess.")


def _known(span: str) -> str:
    return f" (known: {plain(span)})" if span else ""


def _noted(note: Note) -> str:
    """What was assumed, said of one customer instead of a file."""
    words = {"GAPS_FILLED": "is not known; what is usual is assumed", "UNSEEN_LEVELS": "is something that nobody had when the segments were made",
             "BEYOND_RANGE": "lies outside of what the model has seen"}  # fmt: skip
    return f"{plain(note.column)} {words[note.code]}." if note.code in words and note.column else plain(note.text, limit=300)


def _why(model: Model, row: Any, reasons: Sequence[Reason]) -> list:
    """The strongest columns, each with the cell and what is usual here and there."""
    if not reasons:
        return [] if int(row.segment) == NOISE else [html.P("No column speaks for this segment alone.", className="sa-muted sa-small")]
    rival = int(row.runner_up)
    names = names_of(model)
    there = f"in {plain(names.get(rival, f'segment {rival}'))}" if rival > 0 else ""
    items = [html.Li(_reason(one, there)) for one in reasons]
    return [html.Div([html.H3("Why"), html.Ol(items, className="sa-score-why")])]


def _reason(reason: Reason, there: str) -> list:
    usual = f"usual here {plain(reason.here)}"
    if reason.there and there:
        usual += f", {there} {plain(reason.there)}"
    return [html.Strong(plain(reason.column)), f" {plain(reason.cell)}: {usual}"]
