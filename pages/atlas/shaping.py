"""Shaping segments: every change is a new version of the segmentation, and undo leads back to the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dash import ALL, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update

from core.errors import BadRequest, SegmentationError
from core.model import Edit, Shape
from core.shaping import formed, spoken
from dashboard.atlas import Looked, carry_over, look, proposal, propose, require_possible
from dashboard.components import atlas_shape, notice
from dashboard.components.atlas_notes import told
from dashboard.components.parts import more
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import Damaged
from pages.atlas.following import focus_of, looked_at, state_of

NOW = (Output("atlas-state", "data", allow_duplicate=True), Output("said", "children", allow_duplicate=True))
HERE = (State("atlas-state", "data"), State("url", "search"))
UNDO = {"type": "shape-go", "index": "toast"}


def above(looked: Looked) -> html.Div:
    """What stands above the cards: how many segments, undo and redo."""
    return html.Div(atlas_shape.bar(looked), id="atlas-bar")


def below(looked: Looked, focus: int) -> list:
    """What stands below the cards: the form for the segment in focus, and what a dragged card leaves."""
    form = html.Div(_tools(looked, focus), id="atlas-shape", className="sa-stack")
    return [more("Shape this segment", form), dcc.Store(id="atlas-merge"), dcc.Store(id="atlas-chosen")]


def _tools(looked: Looked, focus: int) -> list:
    return atlas_shape.tools(looked, focus, _proposed(looked, focus))


def _proposed(looked: Looked, focus: int) -> list:
    run = proposal(looked, focus)
    found = None
    if run is not None and run.state == "done":
        try:
            found = services().store.result(owner(), run.id, "split")
        except Damaged:
            found = None
    name = looked.segmentation.candidate.names.get(focus, "")
    return atlas_shape.proposal(run, found, (name, "A new segment"))


@callback(
    Output("atlas-bar", "children"),
    Output("atlas-shape", "children"),
    Input("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw(state: object, search: str) -> tuple:
    """The form for another segment or version."""
    looked = looked_at(search, state)
    return (no_update, no_update) if looked is None else (atlas_shape.bar(looked), _tools(looked, focus_of(looked, state)))


@callback(
    Output("atlas-split", "children"),
    Input("jobs-state", "data"),
    State("url", "pathname"),
    State("url", "search"),
    State("atlas-state", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, pathname: str, search: str, state: object) -> object:
    """How far the search for a split is, and what it found."""
    looked = looked_at(search, state) if pathname == "/atlas" else None
    return no_update if looked is None else _proposed(looked, focus_of(looked, state))


@callback(*NOW, Input("atlas-chosen", "data"), *HERE, prevent_initial_call="initial_duplicate")
def carry(_chosen: object, state: object, search: str) -> tuple:
    """Take over what a person made of an earlier fit of the same customers, once, where nothing was made of this one."""
    looked = looked_at(search, state)
    try:
        words = carry_over(looked) if looked is not None else ""
    except SegmentationError:  # it was shaped elsewhere meanwhile
        return no_update, no_update
    return _shown(looked, focus_of(looked, state), words) if words else (no_update, no_update)


@callback(
    *NOW,
    Input({"type": "rename-text", "index": ALL}, "n_submit"),
    State({"type": "rename-text", "index": ALL}, "value"),
    State({"type": "rename-text", "index": ALL}, "id"),
    *HERE,
    prevent_initial_call=True,
)
def rename(_submits: list, names: list, places: list, state: object, search: str) -> tuple:
    """The name that was typed into a card."""
    segment = _pressed()
    given = {place.get("index"): name for place, name in zip(places, names, strict=False) if isinstance(place, dict)}
    return _done(search, state, lambda looked: named(looked, segment, given.get(segment))) if segment else (no_update, no_update)


@callback(*NOW, Input({"type": "use-name", "index": ALL}, "n_clicks"), *HERE, prevent_initial_call=True)
def use_name(_clicks: list, state: object, search: str) -> tuple:
    """The name that a persona suggests."""
    from core.personas import persona

    segment = _pressed()
    if not segment:
        return no_update, no_update
    return _done(search, state, lambda looked: named(looked, segment, persona(looked.segmentation, _known(looked, segment)).name))


@callback(
    *NOW,
    Input({"type": "note-save", "index": ALL}, "n_clicks"),
    State({"type": "note-text", "index": ALL}, "value"),
    *HERE,
    prevent_initial_call=True,
)
def describe(_clicks: list, texts: list, state: object, search: str) -> tuple:
    """The description that was typed into the notes."""
    segment = _pressed()
    if not segment:
        return no_update, no_update
    text = texts[0] if texts and isinstance(texts[0], str) else ""
    return _done(search, state, lambda looked: (Edit("describe", segment, text=text),))


@callback(*NOW, Input("atlas-merge", "data"), *HERE, prevent_initial_call=True)
def merge(dropped: object, state: object, search: str) -> tuple:
    """One card was dropped on another."""
    pair = [dropped.get(name) for name in ("into", "number")] if isinstance(dropped, dict) else []
    if len(pair) != 2 or not all(type(one) is int for one in pair):
        return no_update, no_update
    return _done(search, state, lambda looked: (Edit("merge", pair[0], pair[1]),), focus=pair[0])


@callback(
    *NOW,
    Output("split-request", "data", allow_duplicate=True),
    Input({"type": "shape-do", "index": ALL}, "n_clicks"),
    State("atlas-shape-name", "value"),
    State("atlas-shape-with", "value"),
    State("atlas-shape-colour", "value"),
    State("atlas-shape-reason", "value"),
    State("atlas-picked", "data", allow_optional=True),
    *HERE,
    prevent_initial_call=True,
)
def do(_clicks: list, name: object, other: object, colour: object, reason: object, picked: object, *here: object) -> tuple:  # noqa: PLR0913
    """A button of the form for the segment in focus."""
    state, search = here
    what = _pressed(str)
    looked = looked_at(search, state) if what else None
    if looked is None:
        return (no_update,) * 3
    focus = focus_of(looked, state)
    if what == "propose":
        return _proposing(looked, focus)
    wanted = {"rename": name, "merge": other, "colour": colour, "move": picked}.get(what)
    because = reason if isinstance(reason, str) else ""
    return *_done(search, state, lambda seen: edits_of(seen, focus, what, wanted=wanted), because=because[:200]), no_update


@callback(*NOW, Input({"type": "shape-go", "index": ALL}, "n_clicks"), *HERE, prevent_initial_call=True)
def go(_clicks: list, state: object, search: str) -> tuple:
    """Undo, redo, or return to a version."""
    way = _pressed(str)
    looked = looked_at(search, state) if way else None
    if looked is None:
        return no_update, no_update
    number = version_of(looked, way)
    if number is None:
        return no_update, notice("info", "There is nothing to undo." if way != "redo" else "There is nothing to redo.")
    try:
        services().store.go_to_version(owner(), looked.here.run.id, looked.key, number)
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)
    words = "As it was fitted." if number == 0 else f"Version {number} of the segments."
    return _shown(looked, focus_of(looked, state), words, undo=False)


def version_of(looked: Looked, way: str) -> int | None:
    """The number of the version that a button leads to; None where there is none."""
    if way in ("undo", "toast"):
        return looked.shaping.undone
    if way == "redo":
        return looked.shaping.redone or None
    return int(way[1:]) if way[:1] == "v" and way[1:].isdecimal() and len(way) < 6 else None


def named(looked: Looked, segment: int, name: object) -> tuple[Edit, ...]:
    """The edit that names a segment; raises :class:`BadRequest` for a name that another segment shows."""
    text = " ".join(name.split()) if isinstance(name, str) else ""
    known = looked.segmentation.candidate.names
    if text == known.get(segment):
        return ()
    clash = next((s for s, other in known.items() if s != segment and spoken(other) == spoken(text)), None)
    if clash is not None:
        raise BadRequest(f"Segment {clash} is called “{plain(known[clash])}” already.", "Give every segment a name of its own.")
    return (Edit("rename", segment, text=text),)


def edits_of(looked: Looked, focus: int, what: str, *, wanted: Any) -> tuple[Edit, ...]:
    """The edits that a button of the form stands for; raises :class:`BadRequest` where it asks for nothing possible."""
    if what == "rename":
        return named(looked, focus, wanted)
    if what in ("lock", "unlock") and (what == "lock") == (focus in looked.segmentation.locked):
        return ()
    if what in ("lock", "unlock", "split"):
        return (Edit(what, focus),)
    if what == "move":
        return (Edit("move", focus, rows=_picked(looked, wanted)),)
    if what not in ("merge", "colour") or not str(wanted).isdecimal() or len(str(wanted)) > 5:
        raise BadRequest("Choose a segment or a colour first.")
    return (Edit(what, focus, int(wanted)),)


def _picked(looked: Looked, selection: object) -> tuple[int, ...]:
    from dashboard.atlas_picks import picked_rows

    if not selection:
        raise BadRequest("No customers are chosen.", "Draw around some on the flat map (2D) first.")
    if not looked.present:
        raise BadRequest("The segments are being worked out.", "Move customers when that is done.")
    labels = looked.segmentation.candidate.labels
    rows = picked_rows(looked, selection)
    return tuple(int(row) for row in rows if 0 <= row < len(labels))


def _proposing(looked: Looked, focus: int) -> tuple:
    try:
        require_possible(looked, Shape((*looked.shaping.shape.edits, Edit("split", focus))))
        run = propose(looked, focus)
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint), no_update
    return state_of(looked, focus) | {"split": run.id}, no_update, run.id


def _done(
    search: object, state: object, edits: Callable[[Looked], tuple[Edit, ...]], *, because: str = "", focus: int = 0
) -> tuple:
    """Make a new version with these edits, show it, and offer the way back; or say why not."""
    looked = looked_at(search, state)
    if looked is None:
        return no_update, no_update
    try:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        made = [replace(edit, at=at, reason=because) for edit in edits(looked)]
        if not made:
            return no_update, no_update
        if formed(Shape(tuple(made))).edits and _unseen(looked, state):  # a second click, or another tab was quicker
            return state_of(looked, focus_of(looked, state)), notice("info", "The segments were changed meanwhile: look at them as they are now.")
        shape = Shape((*looked.shaping.shape.edits, *made))
        require_possible(looked, shape)
        services().store.reshape(owner(), looked.here.run.id, looked.key, shape, after=looked.shaping.now)
    except SegmentationError as problem:
        return no_update, notice("bad", plain(str(problem), limit=240), hint=problem.hint)
    return _shown(looked, focus or focus_of(looked, state), f"{told(made[-1])}.")


def _unseen(looked: Looked, state: object) -> bool:
    """Whether the page that asks shows another version than the present one."""
    seen = state.get("version") if isinstance(state, dict) else None
    return type(seen) is int and seen != looked.shaping.now


def _shown(looked: Looked, focus: int, words: str, *, undo: bool = True) -> tuple:
    """The state of the page after a change, and what is said about it."""
    now = look(looked.here, looked.key)
    way = html.Button("Undo", id=UNDO, className="btn btn-sm btn-secondary") if undo else None
    return state_of(now, now.focus(focus)), notice("good", plain(words, limit=600), action=way)


def _known(looked: Looked, segment: int) -> int:
    if segment not in looked.segments:
        raise BadRequest(f"There is no segment {segment} any more.", "Look at the segments as they are now.")
    return segment


def _pressed(kind: type = int) -> Any:
    """The index of what was pressed; None where nothing was: parts that are drawn anew call callbacks, too."""
    if not isinstance(ctx.triggered_id, dict) or not ctx.triggered[0]["value"]:
        return None
    index = ctx.triggered_id.get("index")
    return index if type(index) is kind else None


clientside_callback(
    "function(state, chosen) { return window.dash_clientside.atlasCards.chosen(state, chosen); }",
    Output("atlas-chosen", "data"),
    Input("atlas-state", "data"),
    State("atlas-chosen", "data"),
)
