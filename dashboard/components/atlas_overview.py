"""All segments at once: a heat map, parallel lines or silhouettes, and every figure of every column."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from core.model import Segmentation
from dashboard.components import numbers
from dashboard.components.atlas_arranging import MOST_ROWS, VIEWS, WAYS, Asked, arranged, orders
from dashboard.components.atlas_marks import badge, cautioned, legend, numbers_of
from dashboard.components.atlas_signals import distinct, known, standardised, telling
from dashboard.components.atlas_widths import silhouettes
from dashboard.components.contrast_words import amount, caption, size_of, strength
from dashboard.components.figure import graph
from dashboard.components.forms import field, segmented, select
from dashboard.components.parts import empty, skeleton
from dashboard.components.profile import STATISTICS
from dashboard.figures import segment_heat, segment_heat_height, segment_lines, segment_lines_height
from dashboard.security.labels import plain

MOST_LINES = 12


def overview(looked: Any, view: str, *, mode: str) -> html.Section:
    """The card with its switches; :func:`body` is drawn anew when one of them changes."""
    asked = Asked.of(view, "telling", "size", "down")
    rows, across = orders(looked)
    switches = html.Div(
        [
            field("Columns", select(_plain(rows), "telling", id="overview-rows")),
            field("Segments", select(_plain(across), "size", id="overview-across")),
            field("Sorted by a value", select(WAYS, "down", id="overview-way")),
        ],
        id="overview-orders",
        className="sa-contrast-switches",
        hidden=asked.view == "widths",
    )
    head = html.Div([html.H2("All segments"), html.Div(segmented(VIEWS, asked.view, id="atlas-view"), role="group", **{"aria-label": "View"})], className="sa-overview-head")
    return html.Section(
        [head, switches, html.Div(body(looked, asked, mode=mode), id="atlas-overview"), _figures()],
        className="sa-card sa-overview",
    )


def _figures() -> html.Details:
    """Every figure of every column; drawn when somebody opens it, as it may be long."""
    pick = field("Figure", segmented({"all": "All"} | STATISTICS, "all", id="atlas-statistic"))
    return html.Details(
        [
            html.Summary("All figures of all columns", id="atlas-figures-open", n_clicks=0),
            html.Div([pick, html.Div(skeleton(280), id="atlas-figures")], className="sa-stack"),
        ],
        className="sa-more",
    )


def body(looked: Any, asked: Asked, *, mode: str) -> list:
    """The view that is asked for."""
    if asked.view == "widths":
        return silhouettes(looked, mode=mode)
    facts = distinct(known(looked.segmentation.contrasts))
    if facts.empty:
        return [empty("Nothing to compare", "No number, yes-or-no column or category was compared.")]
    return (_lines if asked.view == "lines" else _heat)(looked, facts, asked, mode)


def _heat(looked: Any, facts: pd.DataFrame, asked: Asked, mode: str) -> list:
    values = arranged(looked, facts, asked, most=MOST_ROWS, value="effect")
    segmentation = looked.segmentation
    drawn = graph(
        segment_heat(values, _words(facts, values, segmentation), captions=_captions(facts, values),
                     colours=segmentation.colours, mode=mode),
        id="atlas-heat",
        title=_finding(facts, segmentation),
        sentence=f"Each segment against everyone else, in standard deviations (d).{_left_out(facts, values)}{cautioned(segmentation)}",
        height=segment_heat_height(len(values)),
        table=_twin(facts, values, segmentation),
        key=legend(looked),
        csv=numbers_of(looked, "contrasts"),
    )  # fmt: skip
    return [drawn]


def _lines(looked: Any, facts: pd.DataFrame, asked: Asked, mode: str) -> list:
    facts = standardised(facts)
    values = arranged(looked, facts, asked, most=MOST_LINES, value="away")
    segmentation = looked.segmentation
    drawn = graph(
        segment_lines(values, _words(facts, values, segmentation), captions=_captions(facts, values),
                      names=segmentation.candidate.names, colours=segmentation.colours, mode=mode),
        id="atlas-lines",
        title=_finding(facts, segmentation),
        sentence=f"The averages of each segment, in standard deviations of everyone.{_left_out(facts, values)}{cautioned(segmentation)}",
        height=segment_lines_height(len(values)),
        table=_twin(facts, values, segmentation),
        key=legend(looked),
        csv=numbers_of(looked, "contrasts"),
    )  # fmt: skip
    return [drawn]


def _captions(facts: pd.DataFrame, values: pd.DataFrame) -> list[str]:
    words = facts.drop_duplicates("caption").set_index("caption")
    return [caption(words.loc[name]) for name in values.index]


def _words(facts: pd.DataFrame, values: pd.DataFrame, segmentation: Segmentation) -> pd.DataFrame:
    """What the pointer tells: segment and column, the original figures, the size of the difference."""
    told: dict[int, dict[str, str]] = {}
    names = segmentation.candidate.names
    for row in facts[facts["caption"].isin(values.index)].itertuples(index=False):
        who = f"{row.segment} {plain(names.get(row.segment, ''), limit=40)}: {caption(row)}"
        told.setdefault(row.segment, {})[row.caption] = f"{who}\n{amount(row.own, row)}, everyone {amount(row.everyone, row)}\n{strength(row)}"
    return pd.DataFrame(told, dtype=object).reindex(index=values.index, columns=values.columns).fillna("")


def _finding(facts: pd.DataFrame, segmentation: Segmentation) -> str:
    """Which column tells the segments apart most, and in which it is highest and lowest."""
    name = telling(facts, 1)[0]
    rows = facts[facts["caption"] == name]
    first = rows.iloc[0]
    shown = plain(first["column"], limit=60)
    if not rows["effect"].astype(float).abs().max() >= 0.2:
        return "Segments hardly differ in any column"
    own = rows.set_index("segment")["own"].astype(float).dropna()
    high, low = (_called(int(one), segmentation) for one in (own.idxmax(), own.idxmin()))
    if first["kind"] != "number":
        return f"{shown} tells the segments apart most: {plain(first['level'] or 'yes', limit=30)} most often in {high}, least in {low}"
    return f"{shown} tells the segments apart most: highest in {high}, lowest in {low}"


def _called(segment: int, segmentation: Segmentation) -> str:
    name = plain(segmentation.candidate.names.get(segment, ""), limit=34)
    return f"{segment} {name}" if name else f"segment {segment}"


def _left_out(facts: pd.DataFrame, values: pd.DataFrame) -> str:
    whole = facts["caption"].nunique()
    if len(values) == whole:
        return ""
    return f" The {len(values)} of {numbers.whole(whole)} columns and values in which segments differ most; the CSV has all."


def _twin(facts: pd.DataFrame, values: pd.DataFrame, segmentation: Segmentation) -> html.Div:
    """Original figures with the effect behind, columns down, segments across."""
    cells = {(row.caption, row.segment): row for row in facts[facts["caption"].isin(values.index)].itertuples(index=False)}
    head = [html.Th("Column", scope="col"), html.Th("Everyone", scope="col", className="sa-num")]
    head += [html.Th(badge(segmentation, int(s)), scope="col", className="sa-num") for s in values.columns]
    body = []
    for name in values.index:
        rows = [cells.get((name, s)) for s in values.columns]
        first = next(row for row in rows if row is not None)
        told = [html.Td(numbers.NOTHING if row is None else _cell(row), className="sa-num") for row in rows]
        body.append(html.Tr([html.Th(caption(first), scope="row"), html.Td(amount(first.everyone, first), className="sa-num"), *told]))
    table = html.Table([html.Caption("Averages and shares; in brackets d against everyone else"), html.Thead(html.Tr(head)), html.Tbody(body)], className="sa-table")
    return html.Div(table, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "All segments"})


def _cell(row: Any) -> str:
    effect = float(row.effect)
    shown = f"{effect:+.2f}".replace("-", "\N{MINUS SIGN}") if effect == effect else numbers.NOTHING
    return f"{amount(row.own, row)} ({shown}{', ' + size_of(effect) if size_of(effect) else ''})"


def _plain(options: list[dict[str, str]]) -> dict[str, str]:
    return {one["value"]: one["label"] for one in options}
