"""How far each column that shapes the segments has shifted."""

from __future__ import annotations

import pandas as pd
from dash import html

from core.model import Migration
from dashboard.components import numbers
from dashboard.components.migration_top import light
from dashboard.components.parts import explain
from dashboard.components.segments import share_bar
from dashboard.components.tables import table
from dashboard.security.labels import plain

WHAT = (
    "The customers of before are cut into ten equally large groups by the column (or by its levels). The index sums, over the "
    "groups, how the shares of now differ: (now - before) x ln(now / before). Below 0.10 nothing that matters, from 0.25 another "
    "population. What two draws of the same customers reach once in twenty times stands beside it; below that, it may be chance."
)
SOURCE = "Siddiqi (2006), Credit Risk Scorecards; Yurdakul & Naranjo (2020)"
FULL = 0.5


def drift_card(migration: Migration) -> html.Section:
    """One row per column, the most shifted first."""
    frame = migration.drift
    head = html.Div([html.H2("Drift of the columns that shape the segments"), html.P(title(frame), className="sa-help")], className="sa-card-head sa-migration-head")
    shown = pd.DataFrame({
        "Column": [plain(name) for name in frame["column"]], "Verdict": frame["verdict"].tolist(),
        "Index (PSI)": frame["psi"].to_numpy(), "By chance up to": frame["chance"].to_numpy(),
        "Where it changed most": frame["told"].tolist(),
    })  # fmt: skip
    formats = {"Verdict": light, "Index (PSI)": _index, "By chance up to": _decimals, "Where it changed most": _told}
    drawn = table(shown, caption="Population stability index by column", formats=formats)
    return html.Section([head, drawn, explain("Population stability index", WHAT, SOURCE)], className="sa-card sa-stack")


def title(frame: pd.DataFrame) -> str:
    """The finding in one line."""
    moved = frame.loc[frame["verdict"] != "keep", "column"].tolist()
    if not moved:
        return f"None of the {len(frame)} columns has shifted."
    return f"{len(moved)} of {numbers.count(len(frame), 'column')} shifted, {plain(moved[0])} the most."


def _index(value: float) -> html.Span | str:
    if value != value:
        return "cannot be told"
    return html.Span([share_bar(min(value / FULL, 1.0)), html.Span(_decimals(value))], className="sa-psi")


def _told(text: str) -> html.Div:
    return html.Div(plain(text, limit=200), className="sa-psi-told")


def _decimals(value: float) -> str:
    return f"{value:.3f}" if value == value else numbers.NOTHING
