"""Atlas: one segmentation as a map, a card per segment, and its profile in original units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from dash import Input, Output, State, callback, clientside_callback, dcc, html, register_page

from core.model import NOISE, Candidate, Comparison, Table
from dashboard.address import Address
from dashboard.components import (
    card,
    field,
    fields,
    graph,
    head,
    nothing_yet,
    segment_card,
    segment_cards,
    segment_key,
    segmented,
    select,
    skeleton,
)
from dashboard.components.orders_told import orders_told
from dashboard.components.profile import STATISTICS, contrasts, profile_table
from dashboard.current import Current, current, mode
from dashboard.figures import scatter2d, scatter3d
from dashboard.figures.axes import AXES, NONE, axis_options, axis_title, axis_values, default_axes
from dashboard.security.labels import plain

MAP_HEIGHT = 480
MOST_RINGED = 0.15


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    comparison = here.comparison()
    choice = here.choice(comparison) if comparison else None
    return html.Div(
        _atlas(here, comparison, choice) if choice else _waiting(here),
        className="sa-page",
        **{"data-shown-choice": choice or ""},
    )


def _waiting(here: Current) -> list:
    path, text = ("/compare", "Go to Compare") if here.loaded else ("/", "Go to Data")
    go = dcc.Link(text, href=here.address.to(path), className="btn btn-primary")
    return nothing_yet(
        "Atlas",
        "No segmentation yet",
        "Compare segmentations of a customer file first; then the chosen one is mapped here.",
        go=go,
        icon_name="atlas",
    )


def _atlas(here: Current, comparison: Comparison, choice: str) -> list:
    candidate = comparison.candidate(choice)
    profile = comparison.choose(choice).profile
    address = Address(here.dataset.id, here.run.id, choice)
    go = dcc.Link("Export", href=address.to("/export"), className="btn btn-primary")
    why = dcc.Link("What drives it?", href=address.to("/importance"), className="btn btn-secondary")
    options = {one.key: plain(one.label) for one in comparison.candidates if not one.problem}
    return [
        head(
            f"{candidate.label}: {_sizes_sentence(candidate)}",
            " ".join([_verdict(comparison, choice), *candidate.notes]),
            [why, go],
        ),
        html.Section(
            fields(
                field("Segmentation", select(options, choice, id="atlas-choice")),
                *_axis_fields(here.table(comparison), comparison, here.address),
            ),
            className="sa-card",
        ),
        html.Div(_waiting_maps(), id="atlas-maps", className="sa-grid"),
        card(
            "Segments",
            segment_cards(_cards(comparison, candidate, profile, orders_told(comparison, choice, here.table(comparison)))),
            help="Largest first. The same colour, shape and number everywhere.",
        ),
        card(
            "Profile",
            field("Show", segmented({"all": "All", **STATISTICS}, "mean", id="atlas-statistic")),
            html.Div(id="atlas-profile"),
            help="Every column in its own unit, beside the figure for everyone.",
        ),
    ]


def _waiting_maps() -> list:
    return [html.Section(skeleton(MAP_HEIGHT + 120), className="sa-card sa-col-6") for _ in range(2)]


def _verdict(comparison: Comparison, choice: str) -> str:
    if choice == comparison.recommended:
        return comparison.because
    value = comparison.candidate(choice).score("silhouette").value
    separation = f"separation (silhouette) {value:.2f}" if value is not None else "no separation score"
    best = comparison.candidate(comparison.recommended).label if comparison.recommended else "none of them"
    return f"Chosen by hand: {separation}. Recommended is {best}."


def _sizes_sentence(candidate: Candidate) -> str:
    total = sum(candidate.sizes.values())
    return f"the largest holds {max(n for s, n in candidate.sizes.items() if s != NOISE) / max(total, 1):.0%} of {total:,} customers"


def _cards(comparison: Comparison, candidate: Candidate, profile, bought: Mapping[int, list[str]]) -> list[html.Li]:
    shaping = {feature.column for feature in comparison.features}
    total = max(sum(candidate.sizes.values()), 1)
    placed = sorted(s for s in candidate.sizes if s != NOISE)
    shown = [*placed, *([NOISE] if candidate.sizes.get(NOISE) else [])]
    return [
        segment_card(
            s,
            candidate.names.get(s, ""),
            candidate.sizes[s],
            candidate.sizes[s] / total,
            [*bought.get(s, []), *(contrasts(profile, s, shaping=shaping) if s != NOISE else ["Not close enough to any segment"])],
        )
        for s in shown
    ]


def _axis_fields(table: Table, comparison: Comparison, address: Address) -> list:
    options = axis_options(table, comparison)
    wanted = dict(zip(AXES, default_axes(table, comparison), strict=True))
    return [
        field(
            f"Axis {axis}",
            select(options, getattr(address, axis) if getattr(address, axis) in options else value, id=f"atlas-{axis}"),
        )
        for axis, value in wanted.items()
    ]


@callback(Output("atlas-maps", "children"), *(Input(f"atlas-{axis}", "value") for axis in AXES), State("url", "search"))
def show_maps(x: str, y: str, z: str, search: str) -> list:
    """The map to turn and the flat one beside it, on the chosen axes."""
    here = current(Address.parse(search))
    comparison = here.comparison()
    choice = here.choice(comparison) if comparison else None
    table = here.table(comparison)
    if choice is None or table is None:
        return []
    return maps(table, comparison, comparison.candidate(choice), [x, y, z])


def maps(table: Table, comparison: Comparison, candidate: Candidate, axes: list[str]) -> list:
    """The map to turn and the flat one; with fewer than three axes only the flat one is drawn, honestly."""
    known = axis_options(table, comparison)
    axes = [axis for axis in map(str, axes) if axis in known and axis != NONE]
    axes = axes or [axis for axis in default_axes(table, comparison) if axis != NONE]
    flat = _map(table, comparison, candidate, axes[:2])
    if len(axes) < 3:
        return [html.Section(flat, className="sa-card sa-col-12")]
    solid = _map(table, comparison, candidate, axes)
    return [html.Section(one, className="sa-card sa-col-6") for one in (solid, flat)]


def _map(table: Table, comparison: Comparison, candidate: Candidate, axes: list[str]) -> html.Figure:
    """One map on two or three axes, with its key, what the axes keep, and the segments' middles as its table."""
    points = axis_values(table, comparison, axes)
    titles = [axis_title(table, comparison, axis) for axis in axes]
    solid = len(axes) == 3
    draw = scatter3d if solid else scatter2d
    ringed = comparison.outlier if comparison.outlier.mean() <= MOST_RINGED else None
    drawn = draw(points, candidate.labels, names=candidate.names, axes=titles, mode=mode(), outlier=ringed)
    rings = "Ringed: extreme values." if ringed is not None else "Extreme values are too many to ring."
    told = ["Drag to turn, scroll to zoom." if solid else "", _share(comparison, axes), rings]
    return graph(
        drawn.figure,
        id="atlas-3d" if solid else "atlas-2d",
        title="Map to turn" if solid else "Flat map",
        sentence=" ".join(part for part in (*told, drawn.caption) if part),
        height=MAP_HEIGHT,
        table=middles(points, candidate, titles),
        key=segment_key(candidate.names, noise=NOISE in candidate.names),
        level=2,
    )


def middles(points: np.ndarray, candidate: Candidate, titles: list[str]) -> pd.DataFrame:
    """The mean of every segment on the axes of a map: what the map shows, as numbers."""
    frame = pd.DataFrame(points, columns=range(len(titles))).groupby(candidate.labels).mean()
    frame.columns = titles
    names = [candidate.names.get(int(s), "Not placed") for s in frame.index]
    frame.insert(0, "Segment", [f"{s} {name}" if s > 0 else name for s, name in zip(frame.index, names, strict=True)])
    frame.insert(1, "Customers", [candidate.sizes.get(int(s), 0) for s in frame.index])
    return frame.reset_index(drop=True)


def _share(comparison: Comparison, axes: list[str]) -> str:
    parts = [int(axis[1:]) for axis in axes if axis.startswith("p")]
    if not parts:
        return "Each axis is a column of your file, in its own unit."
    kept = sum(comparison.explained[part] for part in parts)
    which = "One principal component keeps" if len(parts) == 1 else f"{len(parts)} principal components keep"
    return f"{which} {kept:.0%} of the differences between customers."


@callback(Output("atlas-profile", "children"), Input("atlas-statistic", "value"), State("url", "search"))
def show_profile(statistic: str, search: str) -> object:
    """The profile table, one statistic or all four."""
    here = current(Address.parse(search))
    comparison = here.comparison()
    choice = here.choice(comparison) if comparison else None
    if choice is None:
        return None
    candidate = comparison.candidate(choice)
    return profile_table(comparison.choose(candidate.key).profile, candidate.names, str(statistic))


clientside_callback(
    "function(choice) { return window.dash_clientside.atlas.choose(choice); }",
    Output("url", "href", allow_duplicate=True),
    Input("atlas-choice", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    "function(x, y, z) { return window.dash_clientside.atlas.keepAxes(x, y, z); }",
    Output("atlas-maps", "className"),
    *(Input(f"atlas-{axis}", "value") for axis in AXES),
    prevent_initial_call=True,
)
register_page(
    __name__,
    path="/atlas",
    order=2,
    name="Atlas",
    title="Atlas - Segment Atlas",
    icon="atlas",
    needs="choice",
    layout=layout,
)
