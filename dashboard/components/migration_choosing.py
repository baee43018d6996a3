"""Which earlier segmentation to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from dashboard.components.parts import card
from dashboard.security.labels import plain


def link(run: str, choice: str, before: str, before_choice: str = "") -> str:
    """The address of a migration; without ``before_choice`` it is the recommended candidate of that run."""
    asked = {"run": run, "choice": choice, "before": before, "before_choice": before_choice}
    return f"/migration?{urlencode({name: value for name, value in asked.items() if value})}"


def chooser(runs: Sequence[tuple[Any, str]], now: str, choice: str) -> html.Section:
    """The finished comparisons, as (run, name of its file) pairs, the newest first, each a link."""
    rows = [
        html.Li([dcc.Link(plain(name), href=link(now, choice, run.id)), html.Span(when(run.created), className="sa-muted sa-num")], className="sa-row")
        for run, name in runs
    ]
    help = "Segments of the chosen run are matched to those of the one you look at; ids say who went where."
    return card("Compare with an earlier run", html.Ul(rows, className="sa-migration-runs"), help=help)


def when(created: float) -> str:
    """A moment in words."""
    return datetime.fromtimestamp(created, UTC).strftime("%d %b %Y, %H:%M UTC")
