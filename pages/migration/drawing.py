"""The Migration page, from what is stored."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from core.lineage import inherited
from core.model import Edit, Migration
from dashboard.address import Address
from dashboard.atlas import Looked
from dashboard.components import head, nothing_yet, notice, skeleton
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.migration_cells import flows_card
from dashboard.components.migration_choosing import chooser, link, when
from dashboard.components.migration_drift import drift_card
from dashboard.components.migration_fates import fates
from dashboard.components.migration_top import notes, signs, title, verdict
from dashboard.current import mode
from dashboard.security.labels import plain
from dashboard.store import LIVE, Run
from pages.migration.looking import Pair, others, result, run_of


def stage(run: Run | None) -> list[str]:
    """The job and its state: when it changes, the page is drawn anew."""
    return [run.id, run.state] if run is not None else []


def body(pair: Pair) -> list:
    """Everything below the frame of the page."""
    if pair.now is None:
        return _nothing(pair)
    if pair.before is None:
        return _choosing(pair)
    run = run_of(pair)
    found = result(pair, run)
    if found is None:
        ended = run is not None and run.state not in LIVE
        other = [chooser(others(pair), pair.now.here.run.id, pair.now.key)] if ended else []
        return [head("What became of the segments?", _about(pair)), _waiting(run), *other]
    return _found(pair, found, run.id)


def _nothing(pair: Pair) -> list:
    step, path = ("Compare", "/compare") if pair.here.dataset else ("Data", "/")
    go = dcc.Link(f"Go to {step}", href=pair.here.address.to(path), className="btn btn-primary")
    text = "Compare segmentations of a customer file first; then this page shows what became of the segments of an earlier one."
    return nothing_yet("Migration", "Nothing to compare yet", text, go=go, icon_name="runs")


def _choosing(pair: Pair) -> list:
    now, runs = pair.now, others(pair)
    help = f"Now: {_named(now)}. Choose the run that was before it."
    if not runs:
        text = "There is no other finished run. Load next month's file and compare it, or compare this one again with other settings."
        go = dcc.Link("Load a file", href="/", className="btn btn-primary")
        return [head("What became of the segments?", help), notice("info", "Nothing to compare with yet", text, action=go)]
    return [head("What became of the segments?", help), chooser(runs, now.here.run.id, now.key)]


def _waiting(run: Run | None) -> Any:
    if run is None:
        return skeleton(320, "Asking for the comparison")
    return job_panel(run) if run.state in LIVE else problem_panel(run)


def _found(pair: Pair, migration: Migration, run: str) -> list:
    ends = pair.ends
    return [
        head(title(migration), _about(pair), _actions(pair, migration)),
        verdict(migration),
        signs(migration),
        notes(migration),
        fates(migration, ends),
        flows_card(migration, run, ends, mode=mode()),
        drift_card(migration),
    ]


def _actions(pair: Pair, migration: Migration) -> list:
    here = pair.now.here
    atlas = Address(here.dataset.id, here.run.id, pair.now.key).to("/atlas")
    ways = [
        dcc.Link("Another run", href=link(here.run.id, pair.now.key, ""), className="btn btn-secondary"),
        dcc.Link("Open in Atlas", href=atlas, className="btn btn-secondary"),
    ]
    names = html.Button("Use these names", id="migration-names", className="btn btn-primary", disabled=not taken(pair, migration))
    return [*ways, names]


def taken(pair: Pair, migration: Migration) -> tuple[Edit, ...]:
    """The edits that give the segments of now the names, colours and descriptions of before; none where they have them."""
    now, shape = pair.now, pair.now.shaping.shape
    chosen = {edit.segment: edit.text for edit in shape.edits if edit.kind == "rename"}
    shown = now.segmentation
    edits = inherited(migration, now.segments, chosen=chosen, colours=shown.colours)
    as_they_are = {("describe", s, text) for s, text in shown.descriptions.items()}
    as_they_are |= {("rename", s, name) for s, name in shown.candidate.names.items() if s not in chosen}
    return tuple(edit for edit in edits if (edit.kind, edit.segment, edit.text) not in as_they_are)


def _about(pair: Pair) -> str:
    return f"Before: {_named(pair.before)}. Now: {_named(pair.now)}."


def _named(looked: Looked) -> str:
    run = looked.here.run
    return f"{plain(looked.segmentation.candidate.label)} of {plain(looked.here.dataset.name)}, {when(run.created)}"
