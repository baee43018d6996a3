"""The head of the Atlas: the verdict, and the ways to another candidate."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.model import NOISE, Candidate, Comparison
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.board import best_at, choices_for_k, ranked
from dashboard.components.forms import field, select
from dashboard.components.live import problem_panel
from dashboard.components.parts import explain, head, icon, tag
from dashboard.components.segments import k_strip
from dashboard.security.labels import plain

VERDICTS = {
    "natural": ("Natural segments", "Your customers fall into groups of themselves: there is less between the segments than within "
                "them, and they come out again in new draws of customers."),
    "reproducible": ("Reproducible segments", "There are no gaps between the segments, yet something in the data makes the same "
                     "segments come out again. Use them, and expect customers near the borders."),
    "constructive": ("Constructive segments", "The data has no segments of itself: they were cut. A cut can still serve you, as "
                     "price bands do, but another draw of customers would be cut elsewhere."),
    "none": ("No segments", "What was found is not told apart from data without any segments. Look at the columns that shape "
             "the segments before you act on them."),
}  # fmt: skip
KEY = "How many segments, and how well each number separates them (silhouette, at most 1)"
SOURCE = "Dolnicar, Gruen & Leisch (2018), Market Segmentation Analysis"


def top(looked: Any, address: Address) -> list:
    """Heading with the verdict and its reason, what was chosen, and whether a job still works on the description.

    ``looked`` is a ``dashboard.atlas.Looked``.
    """
    segmentation, candidate = looked.segmentation, looked.segmentation.candidate
    go = dcc.Link("Export", href=address.to("/export"), className="btn btn-primary")
    why = dcc.Link("What drives it?", href=address.to("/importance"), className="btn btn-secondary")
    parts = [head(f"{candidate.label}: {_sizes(candidate)}", actions=[why, go]), _verdict(looked)]
    notes = [html.Li(plain(note, limit=300)) for note in candidate.notes]
    if notes:
        parts.append(html.Ul(notes, className="sa-notes"))
    if looked.run is not None and not looked.waiting and not segmentation.whole:
        parts.append(problem_panel(looked.run))
    return parts


def _verdict(looked: Any) -> html.Div:
    """The word of the verdict as a tag, the reason, and how it came to be looked at."""
    segmentation = looked.segmentation
    word, meaning = VERDICTS.get(segmentation.verdict, ("", ""))
    recommended = looked.key == looked.comparison.recommended
    chosen = tag("Recommended" if recommended else "Chosen by hand", "accent" if recommended else "")
    told = segmentation.reason or (segmentation.because if recommended else "")
    line: list[Any] = [html.Strong(word, className="sa-verdict-word"), " "] if word else []
    line += [html.Span(plain(told, limit=600))] if told else []
    aside: list[Any] = [chosen]
    if word:
        aside.append(explain(f"What does \u201c{segmentation.verdict}\u201d mean", meaning, SOURCE))
    # always there, so that a screen reader hears it change
    said = html.Div(status(looked), id="atlas-status", className="sa-small sa-atlas-status", role="status")
    return html.Div(
        [
            html.P(line, className="sa-verdict-told") if line else None,
            html.Div([*aside, said], className="sa-row sa-verdict-aside"),
        ],
        className=f"sa-verdict is-{segmentation.verdict}" if word else "sa-verdict",
    )


def status(looked: Any) -> list:
    """That a job tells more, with the way to stop it; nothing where all is told."""
    shown: list[Any] = []
    if looked.run is None or looked.waiting:
        shown = [html.Span("Being described: how far each segment can be trusted, rules, single customers")]
    if looked.waiting:
        stop = {"type": "cancel", "index": looked.run.id}
        shown.append(html.Button("Cancel", id=stop, className="sa-text-button"))
    return shown


def _sizes(candidate: Candidate) -> str:
    total = max(sum(candidate.sizes.values()), 1)
    largest = max((n for s, n in candidate.sizes.items() if s != NOISE), default=0)
    return f"the largest holds {numbers.share(largest / total)} of {numbers.count(total, 'customer')}"


def chooser(looked: Any) -> html.Section:
    """The k strip, a chip for each algorithm, and every other candidate in one list."""
    comparison = looked.comparison
    chosen = comparison.candidate(looked.key)
    choices = choices_for_k(comparison, algorithm=chosen.algorithm, chosen=chosen)
    parts = [
        html.Div(_chips(comparison, chosen), className="sa-chips", role="group", **{"aria-label": "Algorithms"}),
        html.P(KEY, className="sa-muted sa-small sa-atlas-strip-told"),
        k_strip(choices, label="Numbers of segments"),
        field("More candidates", select(_all(comparison), looked.key, id={"type": "atlas-candidate", "index": 0}, size="sm")),
    ]
    return html.Section(parts, className="sa-card sa-atlas-chooser", **{"aria-label": "Other segmentations"})


def _chips(comparison: Comparison, chosen: Candidate) -> list[html.Button]:
    best = comparison.candidate(comparison.recommended).algorithm if comparison.recommended else ""
    return [
        html.Button(
            [ALGORITHMS[name].label, *([icon("check", small=True), _aloud("recommended")] if name == best else [])],
            id={"type": "atlas-algorithm", "index": name}, className="sa-chip",
            **{"aria-pressed": "true" if name == chosen.algorithm else "false"},
        )
        for name in comparison.plan.algorithms if best_at(comparison, algorithm=name) is not None
    ]  # fmt: skip


def _aloud(words: str) -> html.Span:
    return html.Span(f", {words}", className="sa-visually-hidden")


def _all(comparison: Comparison) -> dict[str, str]:
    """Every candidate with segments, the recommended one first."""
    found = [one for one in ranked(comparison) if not one.problem]
    found.sort(key=lambda one: one.key != comparison.recommended)
    return {one.key: f"{one.label} (recommended)" if one.key == comparison.recommended else one.label for one in found}
