"""How a session's entries in MLflow stand, in a line."""

from __future__ import annotations

from dash import html

from dashboard.components.numbers import whole
from dashboard.components.parts import tag
from dashboard.store.outbox import Standing

OFF = "MLflow is told nothing: TRACKING=0."
AGAIN = "The runs themselves are done; it is tried again by itself."
LEFT = "Entries of deleted runs could not be deleted from MLflow: {why}. It is tried again by itself."


def tracking_badge(standing: Standing, *, on: bool, server: bool) -> html.Div:
    """Waiting, sent and failed entries with the reason of the last failure; ``server`` is False for the embedded store."""
    where = "an MLflow server" if server else "MLflow's file of this app"
    if not on:
        return _line([OFF])
    parts: list = []
    if standing.failed:
        parts += [tag(f"{_entries(standing.failed)} failed", "accent"), f" Not told to {where}: {standing.problem}. {AGAIN} "]
    if standing.waiting:
        parts += [tag(f"{_entries(standing.waiting)} waiting"), f" To be told to {where}. "]
    if standing.sent:
        parts += [tag(f"{_entries(standing.sent)} sent"), f" Told to {where}. "]
    if standing.unerased:
        parts += [tag("Not deleted", "accent"), " " + LEFT.format(why=standing.unerased)]
    return _line(parts)


def _entries(count: int) -> str:
    return f"{whole(count)} {'entry' if count == 1 else 'entries'}"


def _line(parts: list) -> html.Div:
    return html.Div(parts, id="tracking-badge", className="sa-muted sa-small sa-wrap", role="status", hidden=not parts)
