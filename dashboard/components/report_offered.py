"""A report on offer: made or being made, ready to read and keep, and the links that let others read it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.components import numbers
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.parts import icon, notice
from dashboard.security.labels import plain
from dashboard.store import LIVE, Run
from dashboard.store.shares import Share

FORMS = {"report_html": "Web page (HTML)", "report_pdf": "PDF"}
HELP = {
    "report_html": "One file that opens in any browser, without a network and without scripts.",
    "report_pdf": "The same for paper and mail: A4, page numbers, bookmarks.",
}
HOUR, DAY = 3_600.0, 86_400.0
LOOPBACK = "This server listens to this computer only: others can open a link once it serves others (HOST, ALLOW_ANONYMOUS in the README)."


def offer(what: str, run: Run | None, *, missing: str = "") -> html.Div:
    """One form of the report: a button to make it, how far its job is, or the ways to it. ``missing`` says why it cannot
    be made here."""
    words = html.Div([html.H3(FORMS[what]), html.P(HELP[what], className="sa-muted sa-small")])
    return html.Div([words, *_state(what, run, missing)], className="sa-report-form")


def _state(what: str, run: Run | None, missing: str) -> list[Any]:
    if missing:
        off = html.Button("PDF not possible here", id={"type": "report-off", "index": what}, className="btn btn-secondary", disabled=True)
        return [off, html.P(plain(missing, limit=300), className="sa-small sa-report-missing")]
    if run is None:
        return [_make(what, "Make it")]
    if run.state in LIVE:
        return [job_panel(run)]
    if run.state != "done":
        return [problem_panel(run)]
    return [html.Div(_ways(what, run), className="sa-actions")]


def _make(what: str, text: str) -> html.Button:
    label = f"{text}: {FORMS[what]}"
    return html.Button(text, id={"type": "report-make", "index": what}, className="btn btn-primary", **{"aria-label": label})


def _ways(what: str, run: Run) -> list[Any]:
    keep = html.A([icon("download", small=True), " Download"], href=f"/document/{run.id}", download="", className="btn btn-primary",
                  **{"aria-label": f"Download the report, {FORMS[what]}"})  # fmt: skip
    if what != "report_html":
        return [keep]
    read = html.A("Read it in a new tab", href=f"/document/{run.id}?view=1", target="_blank", rel="noopener", className="btn btn-secondary")
    return [keep, read]


def links(shares: Sequence[Share], *, now: float | None = None) -> html.Div:
    """One's links with what they open, how long they live, and the way to take each back. Their addresses nobody knows."""
    if not shares:
        return html.Div(html.P("No link opens anything of yours.", className="sa-muted sa-small"))
    at = time.time() if now is None else now
    head = html.Thead(html.Tr([html.Th("Report", scope="col"), html.Th("Ends", scope="col"), html.Th("Take back", scope="col")]))
    body = html.Tbody([_link(one, at) for one in shares])
    told = html.Caption("Links that open a report of yours", className="sa-visually-hidden")
    return html.Div(html.Table([told, head, body], className="sa-table"), className="sa-table-box")


def _link(one: Share, now: float) -> html.Tr:
    back = html.Button("Take back", id={"type": "share-revoke", "index": one.id}, className="btn btn-secondary btn-sm",
                       **{"aria-label": f"Take back the link to {plain(one.title)}, {left(one.expires - now)}"})  # fmt: skip
    return html.Tr([html.Th(plain(one.title), scope="row"), html.Td(left(one.expires - now)), html.Td(back)])


def left(seconds: float) -> str:
    """How long a link still opens, in days, on its last day in hours, rounded."""
    if seconds < HOUR:
        return "in less than an hour"
    count, noun = (round(seconds / DAY), "day") if seconds >= DAY else (round(seconds / HOUR), "hour")
    return f"in {numbers.count(count, noun)}"


def made(address: str, days: int) -> html.Div:
    """The new link, told once, with a button that copies it."""
    copy = html.Button("Copy", className="btn btn-secondary btn-sm", **{"data-sa-copy": "share-address", "data-sa-copied": "Copied"})
    shown = html.Div([html.Code(address, id="share-address", className="sa-share-address"), copy], className="sa-row")
    return notice("good", f"This link opens the report for {numbers.count(days, 'day')}.",
                  "It is shown this once: only its fingerprint is kept.", action=shown)  # fmt: skip


def lifetimes(days: Sequence[int]) -> Mapping[str, str]:
    """The choices of how long a link opens."""
    return {str(one): numbers.count(one, "day") for one in days}
