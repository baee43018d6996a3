"""The small parts of a page: cards, stats, notices, explanations, empty and waiting states."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.security.labels import plain

KINDS = ("info", "good", "warn", "bad")


def icon(name: str, *, small: bool = False) -> html.Span:
    """A line icon from ``assets/icons``; decorative, so a label must stand beside it."""
    extra = " sa-icon-small" if small else ""
    return html.Span(className=f"sa-icon sa-icon-{name}{extra}", **{"aria-hidden": "true"})


def card(title: str, *children: Any, help: str = "", actions: Any = None, id: Any = None) -> html.Section:
    """A titled surface; ``help`` is one line of plain words, ``actions`` stand at the right of the title."""
    words = [html.H2(plain(title))]
    if help:
        words.append(html.P(help, className="sa-help"))
    head = [html.Div(words)]
    if actions is not None:
        head.append(html.Div(actions, className="sa-actions"))
    return html.Section([html.Div(head, className="sa-card-head"), *children], className="sa-card", **_known(id))


def head(title: str, help: str = "", actions: Any = None) -> html.Header:
    """The top of a page: its finding or task as the one h1, a line of help, the primary action."""
    parts = [html.H1(title, tabIndex=-1)]
    if help:
        parts.append(html.P(help, className="sa-help"))
    if actions is not None:
        parts.append(html.Div(actions, className="sa-actions"))
    return html.Header(parts, className="sa-head")


def stat(label: str, value: str, unit: str = "", base: str = "") -> html.Div:
    """One number with what it counts, its unit and what it is measured against; put several in ``div.sa-stats``."""
    shown = [html.Span(value)]
    if unit:
        shown.append(html.Span(unit, className="sa-stat-unit"))
    parts = [html.Div(label, className="sa-stat-label"), html.Div(shown, className="sa-stat-value")]
    if base:
        parts.append(html.Div(base, className="sa-stat-base"))
    return html.Div(parts, className="sa-stat")


def stats(*tiles: html.Div) -> html.Div:
    """A band of :func:`stat` tiles."""
    return html.Div(list(tiles), className="sa-stats")


def notice(kind: str, title: str, text: str = "", hint: str = "", action: Any = None) -> html.Div:
    """What happened, where, and what to do next. ``kind``: info, good, warn or bad; only bad interrupts a reader."""
    if kind not in KINDS:
        raise ValueError(f"a notice is one of {', '.join(KINDS)}, not {kind!r}")
    words = [html.Div(title, className="sa-notice-title")]
    if text:
        words.append(html.P(text, className="sa-notice-text"))
    if hint:
        words.append(html.P(hint, className="sa-notice-hint"))
    parts = [icon(kind), html.Div(words)]
    if action is not None:
        parts.append(action)
    return html.Div(parts, className=f"sa-notice sa-notice-{kind}", role="alert" if kind == "bad" else "status")


def gone() -> html.Div:
    """A button was pressed on a page whose run, file or model was deleted since it was drawn: in another window, mostly."""
    return notice("info", "What this page shows is no longer there.", hint="It was deleted meanwhile, perhaps in another window. Reload the page.")


def empty(title: str, text: str, action: Any = None, icon_name: str = "data") -> html.Div:
    """What a card shows before there is anything to show: what it will hold and what to do first."""
    parts = [icon(icon_name), html.H2(title), html.P(text)]
    if action is not None:
        parts.append(html.Div(action, className="sa-actions"))
    return html.Div(parts, className="sa-empty")


def nothing_yet(heading: str, title: str, text: str, *, go: Any, icon_name: str) -> list:
    """A whole page that waits for an earlier step: its heading, what it will hold, and ``go``, the link to that step."""
    return [head(heading), html.Section(empty(title, text, go, icon_name), className="sa-card")]


def skeleton(height: int = 280, label: str = "Loading") -> html.Div:
    """A placeholder as tall (px) as what will replace it, so that the page does not jump."""
    words = html.Span(label, className="sa-visually-hidden")
    return html.Div(words, className="sa-skeleton", style={"height": f"{height}px"}, role="status")


def explain(term: str, text: str, reference: str | None = None) -> html.Details:
    """A small "What is ...?" for a term: one paragraph of plain words, a link to the reference (https only)."""
    question = f"{term}?"
    words: list[Any] = [html.Strong(f"{term}. "), text]
    if reference and reference.startswith("https://"):
        words += [" ", html.A("Reference", href=reference, target="_blank", rel="noopener noreferrer")]
    elif reference:
        words.append(f" Reference: {reference}")
    return html.Details([html.Summary(question), html.P(words)], className="sa-explain")


def more(summary: str, *children: Any, open: bool = False) -> html.Details:
    """Something that can be unfolded."""
    return html.Details([html.Summary(summary), html.Div(list(children))], className="sa-more", open=open)


def fold(title: str, help: str, *children: Any, id: Any = None) -> html.Details:
    """Whole cards behind one line: what is settled, says what it is, and can be opened and changed."""
    line = html.Summary([html.H2(plain(title)), html.Span(help, className="sa-help")])
    return html.Details([line, html.Div(list(children), className="sa-stack-page")], className="sa-fold", **_known(id))


def tag(text: str, kind: str = "") -> html.Span:
    """A short label; ``kind`` is "" or accent."""
    return html.Span(plain(text), className=f"sa-tag sa-tag-{kind}" if kind else "sa-tag")


def _known(id: Any) -> dict[str, Any]:
    return {} if id is None else {"id": id}
