"""Two to six candidates side by side: maps that turn together, sizes, profiles, agreement, and the flow between two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
from dash import html

from core.model import NOISE, Candidate, Comparison
from dashboard.components.board import leaders
from dashboard.components.figure import graph
from dashboard.components.forms import field, fields, select
from dashboard.components.parts import notice
from dashboard.components.tables import table
from dashboard.figures import (
    agreement_heat,
    agreement_heat_height,
    flow,
    flow_height,
    linked_scenes,
    linked_scenes_height,
    profile_heat,
    profile_heat_height,
)
from dashboard.security.labels import plain

LEAST, MOST = 2, 6


def proposed(comparison: Comparison) -> tuple[str, ...]:
    """What is shown before anything is ticked: the best of each algorithm, at most six."""
    return tuple(one.key for one in leaders(comparison)[:MOST])


def side_by_side(comparison: Comparison, picks: tuple[str, ...], *, mode: str, narrow: bool) -> list:
    """Everything about the picked candidates; with too few or too many it says so and shows those that fit."""
    shown = [one for one in comparison.candidates if one.key in picks and not one.problem]
    said = []
    if len(shown) > MOST:
        said = [notice("info", f"The first {MOST} of {len(shown)} ticked candidates are shown.", hint="Untick some.")]
        shown = shown[:MOST]
    if len(shown) < LEAST:
        return [notice("info", "Tick two to six candidates on the board to see them side by side.")]
    shown = _told_apart(shown)
    figures = [_maps(comparison, shown, mode, narrow), *_heat(comparison, shown, mode)]
    pair = html.Div([*_agreement(comparison, shown, mode), _flow_card(shown)], className="sa-grid")
    return [*said, *(html.Section(one, className="sa-card") for one in figures), _sizes(shown), pair]


def _told_apart(shown: list[Candidate]) -> list[Candidate]:
    """With the key behind a label that two have: a caption rounds, so that near settings may read alike."""
    count = Counter(plain(one.label) for one in shown)
    return [
        one if count[plain(one.label)] == 1 else replace(one, label=f"{plain(one.label)} ({one.key})") for one in shown
    ]


def _maps(comparison: Comparison, shown: list[Candidate], mode: str, narrow: bool) -> html.Figure:
    columns = 1 if narrow else 3 if len(shown) != 4 else 2
    drawn = linked_scenes(
        comparison.coordinates, [(one.label, one.labels) for one in shown], mode=mode, columns=columns
    )
    kept = sum(comparison.explained)
    axes = comparison.coordinates.shape[1]
    return graph(
        drawn.figure,
        id="linked-maps",
        title="The same customers, side by side",
        sentence=f"{axes} principal components keep {kept:.0%} of the differences. Drag one map: all turn. {drawn.caption}".strip(),
        height=linked_scenes_height(len(shown), columns),
        table=size_frame(shown),
    )


def _heat(comparison: Comparison, shown: list[Candidate], mode: str) -> Iterator[html.Figure]:
    frame = comparison.evidence.get("contrasts")
    if frame is None or not len(frame):
        return
    order = {one.key: place for place, one in enumerate(shown)}
    part = frame[frame["candidate"].isin(order)]
    part = part.sort_values(
        ["candidate", "segment"], key=lambda c: c.map(order) if c.name == "candidate" else c, kind="stable"
    )
    part = part.assign(candidate=part["candidate"].map({one.key: one.label for one in shown}))
    key = "; ".join(f"{chr(65 + place)} {plain(one.label)}" for place, one in enumerate(shown))
    yield graph(
        profile_heat(part, mode=mode),
        id="profile-heat",
        title="What sets the segments apart",
        sentence=f"Standard deviations above or below everyone. {key if len(shown) > 2 else ''}".strip(),
        height=profile_heat_height(part["column"].nunique()),
        table=part,
    )


def _sizes(shown: list[Candidate]) -> html.Section:
    return html.Section(
        [
            html.H3("How large the segments are", className="sa-figure-head"),
            table(size_frame(shown), caption="Customers by segment"),
        ],
        className="sa-card sa-heads-wrap",
    )


def size_frame(shown: list[Candidate]) -> pd.DataFrame:
    """Customers by segment, a column per candidate."""
    segments = sorted({s for one in shown for s in one.sizes if s != NOISE})
    rows = [*segments, *([NOISE] if any(one.sizes.get(NOISE) for one in shown) else [])]
    frame = pd.DataFrame({"segment": [str(s) if s != NOISE else "not placed" for s in rows]})
    for one in shown:
        frame[plain(one.label)] = pd.array([one.sizes.get(s) for s in rows], dtype="Int64")
    return frame


def _agreement(comparison: Comparison, shown: list[Candidate], mode: str) -> Iterator[html.Div]:
    frame = comparison.evidence.get("agreement")
    if frame is None:
        return
    labels = {one.key: plain(one.label) for one in shown}
    part = frame[frame["first"].isin(labels) & frame["second"].isin(labels)]
    figure = graph(
        agreement_heat(part, labels, mode=mode),
        id="agreement",
        title="How far they agree",
        sentence="1: the same customers are together in both; 0: no more than by chance (adjusted Rand).",
        height=agreement_heat_height(len(shown)),
        table=part,
    )
    yield html.Div(figure, className="sa-card sa-col-6")


def _flow_card(shown: list[Candidate]) -> html.Div:
    options = {one.key: one.label for one in shown}
    choose = fields(
        field("From", select(options, shown[0].key, id="flow-from")),
        field("To", select(options, shown[1].key, id="flow-to")),
    )
    return html.Div([choose, html.Div(id="flow", className="sa-below")], className="sa-card sa-col-6")


def flow_figure(first: Candidate, second: Candidate, *, mode: str) -> html.Figure:
    """Where the customers of one candidate's segments are in the other's."""
    counts = pd.crosstab(pd.Series(first.labels, name="from"), pd.Series(second.labels, name="to")).reset_index()
    counts.columns = [str(column) for column in counts.columns]
    unplaced = "; -1 is not placed" if NOISE in first.sizes or NOISE in second.sizes else ""
    return graph(
        flow(
            first.labels,
            second.labels,
            first_names=first.names,
            second_names=second.names,
            titles=(first.label, second.label),
            mode=mode,
        ),
        id="flow-figure",
        title="Who moves where",
        sentence=f"Customers of {plain(first.label)} on the left, of {plain(second.label)} on the right{unplaced}.",
        height=flow_height(len(first.sizes), len(second.sizes)),
        table=counts,
    )
