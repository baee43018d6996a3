"""What a person can do to a segment: name, colour, lock, merge, split, move; and the way back."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from core.model import Segmentation, Split
from core.model.shape import NAME
from core.selection.wording import trust_words
from dashboard.components import numbers
from dashboard.components.atlas_cards import badge
from dashboard.components.forms import field, select
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.parts import more
from dashboard.components.tables import table
from dashboard.security.labels import plain

COLOURS = (
    "Blue", "Vermillion", "Green", "Orange", "Sky blue", "Purple", "Ochre", "Black or white",
    "Blue, second", "Vermillion, second", "Green, second", "Orange, second", "Sky blue, second", "Purple, second",
    "Ochre, second", "Grey",
)  # fmt: skip
HALVES = ("keeps the number", "new segment")
MOST_CONTRASTS = 6


def bar(looked: Any) -> html.Div:
    """The heading of the cards with undo and redo; ``looked`` is a :class:`dashboard.atlas.Looked`."""
    shaping = looked.shaping
    return html.Div(
        [
            html.H2(numbers.count(len(looked.segments), "segment")),
            html.Div([
                _way("undo", "Undo", "Ctrl+Z", off=shaping.undone is None),
                _way("redo", "Redo", "Ctrl+Shift+Z", off=not shaping.redone),
            ], className="sa-actions"),
        ],
        className="sa-atlas-bar",
    )  # fmt: skip


def tools(looked: Any, focus: int, proposed: list) -> list:
    """The form for the segment ``focus``; ``proposed`` is what :func:`proposal` shows."""
    shown: Segmentation = looked.segmentation
    others = {str(s): plain(shown.candidate.names.get(s, f"Segment {s}")) for s in looked.segments if s != focus}
    locked = focus in shown.locked
    return [
        html.P([badge(shown, focus)]),
        _line(field("Name", dbc.Input(id="atlas-shape-name", value=plain(shown.candidate.names.get(focus, "")), maxlength=NAME)),
              _do("rename", "Rename")),
        _line(field("Merge with", select(others, next(iter(others), None), id="atlas-shape-with")), _do("merge", "Merge", off=not others or locked)),
        html.Div([_do("propose", "Look for the best split", off=locked), _do("unlock" if locked else "lock", "Unlock" if locked else "Lock"),
                  _do("move", "Move the chosen customers here", off=locked)], className="sa-actions"),
        html.Div(proposed, id="atlas-split"),
        more("Colour", _swatches(shown, focus), _do("colour", "Use this colour")),
        field("Reason (kept with the next change)", dbc.Input(id="atlas-shape-reason", value="", maxlength=200)),
    ]  # fmt: skip


def proposal(run: Any, split: Split | None, names: tuple[str, str]) -> list:
    """How far the search for a split is, or what it found; ``names`` of the half that stays and of the new one."""
    if run is None:
        return []
    if split is None:
        return [job_panel(run) if run.state in ("queued", "running", "saving") else problem_panel(run)]
    rows = [
        html.Li([
            html.Strong(plain(name)),
            html.Span(f"{numbers.count(size, 'customer')}, {HALVES[at]}"),
            html.Span(f"{trust_words(value)} {numbers.number(value)}", className="sa-tag"),
        ])
        for at, (name, size, value) in enumerate(zip(names, split.sizes, split.trust, strict=True))
    ]  # fmt: skip
    base = f"Jaccard similarity (0 to 1) over {split.resamples} resamples of this segment's customers."
    return [html.Div([html.P(split.because), html.Ul(rows, className="sa-plain-list"), html.P(base, className="sa-muted sa-small"),
                      *_told_apart(split), _do("split", "Split it", primary=True)], className="sa-atlas-split")]  # fmt: skip


def _told_apart(split: Split) -> list:
    """The columns in which the halves differ most."""
    frame = split.contrasts
    if not len(frame):
        return []
    own = frame[frame["segment"] == 2].head(MOST_CONTRASTS)
    shown = own[["caption", "own", "rest", "effect"]].rename(
        columns={"caption": "column", "own": "new segment", "rest": "keeps the number", "effect": "effect (d)"}
    )
    return [table(shown, caption="What would set the halves apart")]


def _swatches(shown: Segmentation, focus: int) -> dbc.RadioItems:
    options = [
        {"value": at, "label": html.Span([html.Span(className=f"sa-swatch sa-tint-{at}"), name])}
        for at, name in enumerate(COLOURS, start=1)
    ]
    now = shown.colours.get(focus, (focus - 1) % len(COLOURS) + 1)
    group = dbc.RadioItems(id="atlas-shape-colour", options=options, value=now, className="sa-swatches")
    return html.Div(group, role="group", **{"aria-label": "Colour"})


def _line(control: Any, button: html.Button) -> html.Div:
    return html.Div([control, button], className="sa-atlas-line")


def _do(what: str, words: str, *, off: bool = False, primary: bool = False) -> html.Button:
    look = "btn-primary" if primary else "btn-secondary"
    return html.Button(words, id={"type": "shape-do", "index": what}, type="button", className=f"btn btn-sm {look}", disabled=off)


def _way(what: str, words: str, keys: str, *, off: bool) -> html.Button:
    return html.Button(
        words, id={"type": "shape-go", "index": what}, type="button", className="btn btn-sm btn-secondary", disabled=off,
        title=f"{words} ({keys})", **{"data-sa-way": what},
    )  # fmt: skip
