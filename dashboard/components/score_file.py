"""A whole file that a model shall place: which one, which column is which, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html

from core.model import NOISE, Model, Note, Scored, Table
from dashboard.components import intake, numbers
from dashboard.components.forms import field, fields, select
from dashboard.components.parts import icon, notice, stat, stats
from dashboard.components.score_result import BORDER, mark_of
from dashboard.components.tables import table as as_table
from dashboard.security.labels import plain

FIRST_ROWS = 8
SHOWN_COLUMNS = 12
NONE = "none"
MAP = "score-map"


def choosing(options: Mapping[str, str], chosen: str, limit_mb: int) -> html.Div:
    """The files of the session by id, and a place to drop a new one."""
    known = {NONE: "Choose a file", **{one: plain(name) for one, name in options.items()}}
    return html.Div(
        [fields(field("File of this session", select(known, chosen or NONE, id="score-placed-choice"))), _drop(limit_mb)],
        className="sa-stack",
    )


def _drop(limit_mb: int) -> html.Div:
    """``assets/upload.js`` streams what is dropped here, and tells ``score-uploaded`` of it."""
    return html.Div(
        [
            icon("file"),
            html.Div("Or drop a file of customers here", className="sa-drop-title"),
            html.Div(f"Any table, up to {limit_mb:,} MB. It stays on this server.", className="sa-drop-text"),
            html.Div(id="drop-progress", className="sa-progress"),
            html.Div(id="drop-said", role="alert"),
        ],
        id="drop",
        className="sa-drop sa-score-drop",
        **{"data-store": "score-uploaded"},
    )


def mapping_form(model: Model, table: Table, proposed: Mapping[str, str]) -> list:
    """For each column of the model the column of the file; which are missing is said, what is not needed is left alone."""
    places = {name: f"c{place}" for place, name in enumerate(table.frame.columns)}
    options = {NONE: "Missing", **{place: plain(name) for name, place in places.items()}}
    controls = [
        field(column, select(options, places.get(proposed.get(column, ""), NONE), id={"type": MAP, "index": place}))
        for place, column in enumerate(model.columns)
    ]
    return [*_lacking(model, proposed), html.Div(controls, className="sa-score-fields"), *_extra(model, table, proposed)]


def _lacking(model: Model, proposed: Mapping[str, str]) -> list:
    missing = [name for name in model.columns if not proposed.get(name)]
    if not missing:
        return []
    named = ", ".join(plain(name) for name in missing)
    hint = "Choose the columns that hold the same under another name; without them nobody can be placed."
    return [notice("warn", f"{numbers.count(len(missing), 'column')} of the model not found in the file: {named}.", hint=hint)]


def _extra(model: Model, table: Table, proposed: Mapping[str, str]) -> list:
    rest = len(table.frame.columns) - len({name for name in proposed.values() if name})
    if rest < 1:
        return []
    told = f"{numbers.count(rest, 'other column')} of the file not looked at; {'it is' if rest == 1 else 'they are'} kept in the download."
    return [html.P(told, className="sa-muted sa-small")]


def mapping_of(model: Model, table: Table, values: object) -> dict[str, str]:
    """The column of the file for each column of the model, from what the browser holds; nonsense counts as missing."""
    given = values if isinstance(values, list) and len(values) == len(model.columns) else []
    names = list(table.frame.columns)
    places = {f"c{place}": name for place, name in enumerate(names)}
    return {column: places[value] for column, value in zip(model.columns, given, strict=False) if isinstance(value, str) and value in places}


def outcome(model: Model, scored: Scored, table: Table, *, csv: str) -> list:
    """What came of a file: how many, how sure, by segment, the first rows, and the way to take it along."""
    frame = scored.frame
    return [
        html.Div(
            [html.Span(f"{numbers.count(len(frame), 'customer')} placed.", role="status"),
             html.A("Download all with their segment (CSV)", href=csv, download="", className="btn btn-primary btn-sm sa-push")],
            className="sa-row",
        ),
        _figures(frame),
        *_warned(frame),
        by_segment(model, frame),
        *_notes(scored.notes),
        first_rows(model, frame, table),
    ]  # fmt: skip


def _figures(frame: pd.DataFrame) -> html.Div:
    total, inside = len(frame), frame["segment"] != NOISE
    near = inside & (frame["confidence"] < BORDER)
    tiles = [
        ("Placed in a segment", inside),
        ("Unlike anyone", frame["unlike_anyone"].astype(bool)),
        ("Near a border", near),
    ]
    return stats(*(stat(label, numbers.share(which.mean() if total else 0), base=f"{numbers.whole(which.sum())} of {numbers.count(total, 'customer')}")
                   for label, which in tiles))  # fmt: skip


def _warned(frame: pd.DataFrame) -> list:
    share = float(frame["unlike_anyone"].mean()) if len(frame) else 0.0
    if share < 0.05:
        return []
    text = f"{numbers.share(share)} of these customers are unlike anyone it was made with; 0.5% would be usual."
    return [notice("warn", "The model may not fit these customers", text, hint="Check units and columns first; else make new segments of this file.")]


def by_segment(model: Model, frame: pd.DataFrame) -> html.Div:
    """Customers by segment, beside the shares among the customers the model was made with."""
    counts = frame["segment"].value_counts()
    of_model = {one.number: one.customers for one in model.segments}
    of_model[NOISE] = max(0, model.rows - sum(of_model.values()))
    order = [one.number for one in model.segments] + ([NOISE] if counts.get(NOISE, 0) or of_model[NOISE] else [])
    rows = pd.DataFrame({
        "Segment": pd.Series(order, dtype=object),  # a name, not a number to align
        "Customers": [int(counts.get(segment, 0)) for segment in order],
        "Share": [counts.get(segment, 0) / max(1, len(frame)) for segment in order],
        "Share in the model": [of_model[segment] / max(1, model.rows) for segment in order],
    })  # fmt: skip
    rows["Change"] = rows["Share"] - rows["Share in the model"]
    formats = {"Segment": lambda one: mark_of(model, int(one)), "Share": "share", "Share in the model": "share", "Change": _points}
    return as_table(rows, caption="Customers by segment, beside the customers the model was made with", formats=formats)


def _points(change: float) -> str:
    """A difference of two shares in percentage points."""
    points = round(100 * change, 1)
    return f"{'+' if points > 0 else ''}{points:g}".replace("-", "\N{MINUS SIGN}") + " points"


def _notes(notes: Sequence[Note]) -> list:
    return [html.Ul([html.Li(_told(one)) for one in notes], className="sa-notes")] if notes else []


def _told(note: Note) -> str:
    examples = ", ".join(plain(one) for one in note.examples[:3])
    return plain(note.text, limit=300) + (f" For example: {examples}." if examples and examples not in note.text else "")


def first_rows(model: Model, frame: pd.DataFrame, table: Table) -> html.Div:
    """The first customers of the file: where they belong, then their cells as in the file."""
    head = frame.head(FIRST_ROWS)
    shown: dict[str, Any] = {
        "Row": range(1, len(head) + 1),
        "Segment": pd.Series(head["segment"].to_list(), dtype=object),
        "Confidence": head["confidence"].to_list(),
        "Runner-up": pd.Series(head["runner_up"].to_list(), dtype=object),
        "Unlike anyone": ["yes" if one else "no" for one in head["unlike_anyone"]],
    }
    made = pd.DataFrame(shown)
    cells = intake.cells(table, len(head), SHOWN_COLUMNS).reset_index(drop=True)
    formats = {
        "Segment": lambda one: mark_of(model, int(one)), "Confidence": "share",
        "Runner-up": lambda one: mark_of(model, int(one)) if int(one) > 0 else numbers.NOTHING,
    }  # fmt: skip
    drawn = pd.concat([made, cells.rename(columns=lambda name: f"{name} (file)" if name in shown else name)], axis=1)
    return as_table(drawn, caption=f"First {len(head)} of {numbers.count(len(frame), 'customer')}", formats=formats)
