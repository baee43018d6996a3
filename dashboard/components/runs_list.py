"""The list of comparisons: sorted, a favourite star, a note written in place, ways to reopen, run again and delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.forms import field
from dashboard.components.parts import empty, notice, tag
from dashboard.components.runs_asked import COLUMNS, PAGE, Asked, Past, found
from dashboard.components.runs_words import TRACKED, made_words, plan_words, state_words, took, when
from dashboard.security.labels import plain
from dashboard.store import LIVE
from dashboard.store.deleting import Aside
from dashboard.store.remarks import LONGEST

NUMBERS = ("rows", "segments", "silhouette", "stability", "seconds")
NOTE_SHOWN = 160
WIDE = len(COLUMNS) + 2


def listed(pasts: Sequence[Past], asked: Asked, picks: Sequence[str] = ()) -> list:
    """One page of the list and the way to the others; in words why it is empty where it is."""
    rows = found(pasts, asked)
    if not rows:
        words = ("No run fits", "Change what is looked for above.") if pasts else ("No run is left", "Compare segmentations again; every comparison is kept here.")
        return [html.Section(empty(*words, icon_name="runs"), className="sa-card")]
    pages = -(-len(rows) // PAGE)
    page = min(asked.page, pages - 1)
    shown = rows[page * PAGE : (page + 1) * PAGE]
    heads = [html.Th("Compare", scope="col", className="sa-runs-pick"), *(_head(name, asked) for name in _order())]
    heads.append(html.Th("Made of it", scope="col"))
    caption = html.Caption("Comparisons of this session. Tick two to five to compare them with one another.")
    body = [part for past in shown for part in _rows(past, asked, picked=past.run.id in picks)]
    drawn = html.Table([caption, html.Thead(html.Tr(heads)), html.Tbody(body)], className="sa-table sa-runs")
    box = html.Div(drawn, className="sa-table-box sa-runs-box", tabIndex=0, role="region", **{"aria-label": "Comparisons"})
    return [box, _foot(len(rows), len(pasts), page=page, pages=pages)]


def undo(asides: Sequence[Aside], names: dict[str, str]) -> list[html.Div]:
    """What was deleted a moment ago, each with the button that takes it back."""
    return [
        notice(
            "info", f"Deleted a comparison of {plain(names.get(one.dataset, 'a file'))}.",
            (f"With it {numbers.count(one.others, 'result')} made of it. " if one.others else "")
            + f"Gone for good in {numbers.count(max(1, round(one.left)), 'second')}.",
            action=press("undo", one.run, "Undo", "btn btn-secondary btn-sm"),
        )
        for one in asides
    ]  # fmt: skip


def press(act: str, run: str, word: str, kind: str = "sa-text-button", **more: Any) -> html.Button:
    """A button of the list: what it does, and to which run."""
    return html.Button(word, id={"type": "runs-act", "act": act, "index": run}, className=kind, type="button", **more)


def _order() -> list[str]:
    """The columns as they stand: the name of the row first."""
    return ["file", *(name for name in COLUMNS if name != "file")]


def _head(name: str, asked: Asked) -> html.Th:
    now = asked.by == name
    sorts = {"aria-sort": ("descending" if asked.falling else "ascending") if now else "none"}
    mark = (" \u2193" if asked.falling else " \u2191") if now else ""
    inside = [COLUMNS[name], html.Span(mark, **{"aria-hidden": "true"})]
    button = html.Button(inside, id={"type": "runs-sort", "index": name}, className="sa-sort", type="button")
    return html.Th(button, scope="col", className="sa-num" if name in NUMBERS else "", **sorts)


def _rows(past: Past, asked: Asked, *, picked: bool) -> list[html.Tr]:
    run, told = past.run, past.summary
    best = [html.Span(numbers.NOTHING)]
    if told is not None and told.key:
        link = dcc.Link(plain(told.label), href=_address(past).to("/atlas", choice=told.key), title="Open in the Atlas")
        best = [link, html.Div(_verdict(past), className="sa-muted sa-small")]
    known = told if told is not None and told.key else None
    cells = [
        html.Td(when(run.created), className="sa-runs-when"), _cell(numbers.whole(told.rows) if told else numbers.NOTHING, number=True), html.Td(best, className="sa-runs-best"),
        _cell(numbers.whole(known.segments) if known else numbers.NOTHING, number=True),
        _cell(_score(known.silhouette if known else None), number=True), _cell(_score(known.stability if known else None), number=True),
        html.Td(numbers.seconds(took(run)), className="sa-num sa-runs-took"), html.Td(_state(past), className="sa-runs-state"),
    ]  # fmt: skip
    made = html.Td(made_words(past.made, past.versions) or numbers.NOTHING, className="sa-wrap sa-small sa-runs-made")
    rows = [html.Tr([html.Td(_tick(past, picked)), _name(past, asked), *cells, made], className="is-chosen" if picked else "")]
    return [*rows, html.Tr(html.Td(_writing(past), colSpan=WIDE), className="sa-runs-writing")] if asked.noting == run.id else rows


def _tick(past: Past, picked: bool) -> Any:
    if past.summary is None or not past.summary.key:
        return html.Span(numbers.NOTHING, className="sa-muted", title="Only comparisons with a result can be compared.")
    words = f"Compare {plain(past.file)}, {when(past.run.created)}"
    return dbc.Checkbox(id={"type": "runs-tick", "index": past.run.id}, value=picked, label=words, label_class_name="sa-visually-hidden")


def _name(past: Past, asked: Asked) -> html.Th:
    """Star, file, plan and note: what tells one run from another."""
    word = "No favourite any more" if past.remark.favourite else "Make a favourite"
    known = {"aria-label": f"{word}: {plain(past.file)}, {when(past.run.created)}", "aria-pressed": str(past.remark.favourite).lower()}
    star = press("star", past.run.id, "★" if past.remark.favourite else "☆", "sa-runs-star", title=word, **known)
    link = dcc.Link(plain(past.file), href=_address(past).to("/compare"), title="Open this comparison again", className="sa-runs-file")
    parts = [html.Div([star, link], className="sa-runs-name"), html.Div(plain(plan_words(past.run.plan), limit=200), className="sa-runs-plan")]
    if past.remark.note and asked.noting != past.run.id:
        parts.append(html.Div(plain(past.remark.note, limit=NOTE_SHOWN), className="sa-runs-note"))
    return html.Th([*parts, _actions(past)], scope="row")


def _writing(past: Past) -> html.Div:
    """The note of a run as a field, in its place in the list."""
    known = {"type": "runs-note", "index": past.run.id}
    words = field(f"Note about {plain(past.file)}", dbc.Textarea(id=known, value=past.remark.note, maxLength=LONGEST, rows=3))
    keep = press("keep", past.run.id, "Keep the note", "btn btn-primary btn-sm")
    leave = press("leave", past.run.id, "Leave it as it was", "btn btn-secondary btn-sm")
    hint = html.Span(f"At most {LONGEST:,} characters; kept on this server beside the run.", className="sa-muted sa-small")
    return html.Div([words, html.Div([keep, leave, hint], className="sa-actions")], className="sa-runs-field")


def _verdict(past: Past) -> str:
    told = past.summary
    if told is None:
        return ""
    return f"Verdict: {told.verdict}" if told.structured or not told.verdict else f"No real segments ({told.verdict})"


def _state(past: Past) -> list:
    run = past.run
    parts: list[Any] = [tag(state_words(run))]
    if run.state == "done" and past.summary is None:
        parts.append(html.Div("Its result cannot be read; run it again.", className="sa-small sa-wrap"))
    if run.problem is not None and run.state == "failed":
        parts.append(html.Div(plain(run.problem.text, limit=120), className="sa-small sa-wrap"))
    if past.tracking in TRACKED:
        parts.append(html.Div(TRACKED[past.tracking], className="sa-muted sa-small"))
    return parts


def _actions(past: Past) -> html.Div:
    run, about = past.run, f"{plain(past.file)}, {when(past.run.created)}"
    word = "Change the note" if past.remark.note else "Add a note"
    parts = [press("note", run.id, "Note", title=word, **{"aria-label": f"{word}: {about}"})]
    if run.state in ("failed", "cancelled", "interrupted") or run.state == "done" and past.summary is None:
        again = {"type": "again", "index": run.id}
        parts.append(html.Button("Retry", id=again, className="sa-text-button", type="button", **{"aria-label": f"Run again: {about}"}))
    gone = "Cancel and delete" if run.state in LIVE else "Delete"
    parts.append(press("delete", run.id, gone, "sa-text-button sa-runs-delete", **{"aria-label": f"{gone}: {about}"}))
    return html.Div(parts, className="sa-runs-do")


def ticked(picks: Sequence[str]) -> list:
    """How many runs are ticked, and the way to them side by side, which stand below the list."""
    if not picks:
        return []
    told = f"{numbers.count(len(picks), 'run')} ticked"
    return [f"{told}; tick another to compare them."] if len(picks) < 2 else [f"{told}. ", html.A("See them side by side", href="#runs-beside")]


def _foot(fitting: int, every: int, *, page: int, pages: int) -> html.Div:
    told = f"{numbers.whole(page * PAGE + 1)} to {numbers.whole(min(fitting, (page + 1) * PAGE))} of {numbers.count(fitting, 'comparison')}"
    told += f" that fit, of {numbers.whole(every)} in all" if fitting != every else ""
    turns = [_turn("Earlier page", page - 1, open=page > 0), _turn("Later page", page + 1, open=page + 1 < pages)]
    link = html.A("Download this list (CSV)", href="/runs-numbers/list.csv", download="")
    return html.Div([html.Span(told, role="status", className="sa-num"), *(turns if pages > 1 else []), link], className="sa-actions sa-runs-foot")


def _turn(word: str, page: int, *, open: bool) -> html.Button:
    known = {"type": "runs-turn", "index": max(page, 0)}
    return html.Button(word, id=known, className="btn btn-secondary btn-sm", type="button", disabled=not open)


def _address(past: Past) -> Address:
    return Address(past.run.dataset, past.run.id)


def _cell(text: str, *, number: bool = False) -> html.Td:
    return html.Td(text, className="sa-num" if number else "")


def _score(value: float | None) -> str:
    return numbers.NOTHING if value is None else f"{value:.2f}"
