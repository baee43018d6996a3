"""The tab persona of the Atlas: a name, three sentences, what to do, what not to conclude, and where the numbers are from."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from core.model import Segmentation
from core.personas import Cell, Persona, Said, persona
from dashboard.components.parts import icon, more, tag
from dashboard.components.tables import table as as_table
from dashboard.security.labels import plain

FIGURES = {
    "own": "of this segment",
    "everyone": "of all customers",
    "effect": "effect size against everyone else (Cohen's d, in standard deviations)",
    "steady": "share of resamples in which the difference comes out",
    "filled": "customers of whom it is known",
    "size": "customers",
    "share": "share of all customers",
    "trust": "bootstrap Jaccard (0 to 1)",
    "resamples": "resamples drawn",
    "minimum": "lowest value in the segment",
    "maximum": "highest value in the segment",
    "revenue_share": "share of all revenue",
    "expected_value": "expected value",
    "value": "threshold",
}
FRAMES = {
    "profile": "Profile",
    "contrasts": "Differences",
    "candidate": "Segments",
    "segmentation": "Stability",
    "money": "Money",
    "rules": "Rule",
}
_DO = "What to do"
_NOT = "What not to conclude"


def tab(looked: Any, focus: int) -> list:
    """What the tab shows of the segment ``focus``; of the words that a job has still to find, it says so."""
    segmentation: Segmentation = looked.segmentation
    told = persona(segmentation, focus)
    parts = [
        *_name(told, segmentation.candidate.names.get(focus, "")),
        *([html.P(told.warning, className="sa-persona-caution")] if told.warning else []),
        html.Div([sentence(said) for said in told.sentences], className="sa-persona-words"),
        html.H3(_DO),
        html.Ul([_action(word, said) for word, said in told.actions], className="sa-persona-actions"),
        html.H3(_NOT),
        html.Ul([html.Li(sentence(said).children) for said in told.cautions], className="sa-persona-cautions"),
        more("Where do these numbers come from?", sources(told)),
    ]
    if not segmentation.whole and looked.waiting:
        parts.append(html.P("How stable the segments are is being worked out; these words follow it.", className="sa-help"))
    return [html.Div(parts, className="sa-persona")]


def sentence(said: Said) -> html.P:
    """A sentence in which every number says on hover what it is."""
    parts, place = [], 0
    for quote in said.quotes:
        shown = plain(said.text[quote.start : quote.stop])
        parts.append(said.text[place : quote.start])
        number = isinstance(quote.of, Cell)
        parts.append(html.Span(shown, className="sa-persona-number", title=cell_words(quote.of)) if number else shown)
        place = quote.stop
    return html.P([part for part in (*parts, said.text[place:]) if part != ""])


def cell_words(cell: Cell) -> str:
    """What a number is, in words: of which column, which figure, against what."""
    words = FIGURES.get(cell.figure, cell.figure)
    if cell.column:
        words = f"{plain(cell.column)}: {words}"
    if cell.frame != "rules" and cell.segment == 0 and cell.figure in ("size", "share"):
        words = "all customers"
    return f"{words}, divided by {cell_words(cell.over)}" if cell.over else words


def sources(told: Persona) -> html.Div:
    """Every number of a persona with the cell that it is, each once."""
    rows: dict[tuple[str, str, str], None] = {}
    for said in told.said:
        for written, cell in said.numbers:
            rows[written, cell_words(cell), _where(cell)] = None
    frame = pd.DataFrame(list(rows), columns=["Number", "What it is", "Where it stands"])
    return as_table(frame, caption="Numbers of the persona")


def _where(cell: Cell) -> str:
    frame = FRAMES.get(cell.frame, cell.frame)
    return frame if cell.frame in ("rules", "segmentation") else f"{frame}, {'everyone' if cell.segment == 0 else f'segment {cell.segment}'}"


def _name(told: Persona, present: str) -> list:
    """The suggestion, and a button that takes it where the segment is called otherwise."""
    shown = html.Div([html.Span("Suggested name", className="sa-help"), html.Strong(plain(told.name))], className="sa-persona-name")
    if present == told.name:
        return [shown]
    use = html.Button(
        [icon("check", small=True), "Use this name"],
        id={"type": "use-name", "index": told.segment},
        type="button",
        className="btn btn-secondary btn-sm",
    )
    return [html.Div([shown, use], className="sa-persona-head")]


def _action(word: str, said: Said) -> html.Li:
    return html.Li([tag(word.capitalize(), "accent"), sentence(said)])

