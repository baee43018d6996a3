"""A segment profile in words and as a table, from the tidy frame that ``core.profiles`` makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from dash import html

from core.model import NOISE
from core.profiles import EVERYONE
from dashboard.components import numbers
from dashboard.components.atlas_marks import marked
from dashboard.security.labels import plain

STATISTICS = {"mean": "Mean", "median": "Median", "minimum": "Minimum", "maximum": "Maximum"}
STRONGEST = 2
SAME = 0.1


def contrasts(profile: pd.DataFrame, segment: int, *, shaping: Collection[str] = ()) -> list[str]:
    """The two strongest differences of a segment, in original units beside the figure for everyone.

    Columns are ordered by the distance of the means in parts of the column's
    range; a mean within a tenth of everyone's is no difference. Where numbers are among the
    columns ``shaping`` the segments, no other column is told.
    """
    numeric = profile[profile["kind"] == "number"]
    shapes = numeric["column"].isin(set(shaping))
    numeric = numeric[shapes] if shapes.any() else numeric
    own = numeric[numeric["segment"] == segment].set_index("column")
    everyone = numeric[numeric["segment"] == EVERYONE].set_index("column").loc[own.index]
    distance = (own["mean"].astype(float) - everyone["mean"].astype(float)).abs()
    span = (everyone["maximum"].astype(float) - everyone["minimum"].astype(float)).replace(0, np.nan)
    told = distance[distance > SAME * everyone["mean"].astype(float).abs()] / span
    found = [_difference(name, own.loc[name], everyone.loc[name]) for name in told.dropna().nlargest(STRONGEST).index]
    return found or ["Close to everyone in every number"]


def _difference(name: str, own: pd.Series, everyone: pd.Series) -> str:
    mean, base, unit = float(own["mean"]), float(everyone["mean"]), plain(str(own["unit"] or ""))
    unit = "" if unit in name else unit
    text = f"{plain(name)} {numbers.number(mean, unit)} on average; everyone {numbers.number(base, unit)}"
    return f"{text} ({numbers.times(mean / base)})" if base > 0 and mean > 0 else text


def profile_table(
    profile: pd.DataFrame, names: Mapping[int, str], statistic: str, *, colours: Mapping[int, int] | None = None
) -> html.Div:
    """Columns down, segments across, everyone first; ``statistic`` from :data:`STATISTICS` or "all".

    ``colours`` are the numbers in the palette of segments whose colour a person chose.
    """
    chosen = list(STATISTICS) if statistic not in STATISTICS else [statistic]
    segments = [EVERYONE, *sorted(s for s in profile["segment"].unique() if s > 0)]
    segments += [NOISE] if (profile["segment"] == NOISE).any() else []
    cells = profile.drop_duplicates(["segment", "column"]).set_index(["column", "segment"])
    head = [
        html.Th("Column", scope="col"),
        html.Th("Figure", scope="col"),
        html.Th("Everyone", scope="col", className="sa-num"),
        *(html.Th(marked(s, names.get(s, ""), colours or {}), scope="col", className="sa-num") for s in segments[1:]),
    ]
    rows = [row for column in profile["column"].drop_duplicates() for row in _rows(cells, column, segments, chosen)]
    return html.Div(
        html.Table(
            [
                html.Caption("Figures per segment, in the column's own unit"),
                html.Thead(html.Tr(head)),
                html.Tbody(rows),
            ],
            className="sa-table sa-profile",
        ),
        className="sa-table-box",
        tabIndex=0,
        role="region",
        **{"aria-label": "Segment profiles"},
    )


def _rows(cells: pd.DataFrame, column: str, segments: list[int], chosen: list[str]) -> list[html.Tr]:
    first = cells.loc[(column, EVERYONE)]
    unit = plain(str(first["unit"] or ""))
    name = f"{plain(column)} [{unit}]" if unit and unit not in column else plain(column)
    if pd.isna(first["mean"]):
        return [
            html.Tr(
                [
                    html.Th(name, scope="row"),
                    html.Td("Earliest to latest" if first["kind"] == "date" else "Most common"),
                    *(html.Td(_common(cells, column, s), className="sa-num") for s in segments),
                ]
            )
        ]
    return [
        html.Tr(
            [
                html.Th(name, scope="row"),
                html.Td(STATISTICS[statistic]),
                *(html.Td(_value(cells, column, s, statistic), className="sa-num") for s in segments),
            ]
        )
        for statistic in chosen
    ]


def _value(cells: pd.DataFrame, column: str, segment: int, statistic: str) -> str:
    value: Any = cells[statistic].get((column, segment))
    return numbers.share(value) if cells["kind"].get((column, EVERYONE)) == "flag" else numbers.number(value)


def _common(cells: pd.DataFrame, column: str, segment: int) -> str:
    value = cells["most_common"].get((column, segment))
    if value is None or pd.isna(value) or not value:
        return numbers.NOTHING
    part = cells["most_common_share"].get((column, segment))
    return plain(str(value)) if pd.isna(part) else f"{plain(str(value))} ({numbers.share(part)})"
