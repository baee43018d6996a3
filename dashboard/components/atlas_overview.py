"""All segments at once: a heat map, parallel lines or silhouettes, and every figure of every column."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from dash import html

from core.model import NOISE, Segmentation
from core.selection.wording import CAUTION
from dashboard.components import numbers
from dashboard.components.atlas_contrast import badge, numbers_of, unstable
from dashboard.components.atlas_signals import alike, grid, known, standardised, telling
from dashboard.components.contrast_words import amount, caption, size_of, strength
from dashboard.components.figure import graph
from dashboard.components.forms import field, segmented, select
from dashboard.components.parts import empty, explain, skeleton
from dashboard.components.profile import STATISTICS
from dashboard.figures import (
    segment_heat,
    segment_heat_height,
    segment_lines,
    segment_lines_height,
    silhouette_profile,
    silhouette_profile_height,
)
from dashboard.security.labels import plain

VIEWS = {"heat": "Heat map", "lines": "Lines", "widths": "Silhouettes"}
WAYS = {"down": "Highest first", "up": "Lowest first"}
MOST_ROWS, MOST_LINES = 24, 12


class Asked(NamedTuple):
    """The view, the order of the columns of the data and of the segments, and whether the highest come first."""

    view: str = "heat"
    rows: str = "telling"
    across: str = "size"
    way: str = "down"

    @classmethod
    def of(cls, view: object, rows: object, across: object, way: object) -> Asked:
        """Whatever a callback was sent; the default for anything unknown."""
        said = [one if isinstance(one, str) else "" for one in (view, rows, across, way)]
        return cls(said[0] if said[0] in VIEWS else "heat", said[1], said[2], "up" if said[3] == "up" else "down")


def overview(looked: Any, view: str, *, mode: str) -> html.Section:
    """The card with its switches; :func:`body` is drawn anew when one of them changes."""
    asked = Asked.of(view, "telling", "size", "down")
    rows, across = orders(looked)
    switches = html.Div(
        [
            field("Columns", select(_plain(rows), "telling", id="overview-rows")),
            field("Segments", select(_plain(across), "size", id="overview-across")),
            field("Where sorted by a value", segmented(WAYS, "down", id="overview-way")),
        ],
        id="overview-orders",
        className="sa-contrast-switches",
        hidden=asked.view == "widths",
    )
    head = html.Div([html.H2("All segments"), segmented(VIEWS, asked.view, id="atlas-view")], className="sa-overview-head")
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


def orders(looked: Any) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The orders of columns and of segments that can be asked for, as options of lists; places, never names."""
    names = looked.segmentation.candidate.names
    rows = {"telling": "Differing most first", "file": "As in the file", "alike": "Alike side by side (clustered)"}
    rows |= {f"s{s}": f"By segment {s} {plain(names.get(s, ''), limit=40)}".strip() for s in looked.segments}
    across = {"size": "Largest first", "number": "By number", "alike": "Alike side by side (clustered)"}
    facts = known(looked.segmentation.contrasts)
    words = facts.drop_duplicates("caption").set_index("caption")
    for place, name in enumerate(_signals(facts)):
        across[f"c{place}"] = f"By {caption(words.loc[name])}"
    return _options(rows), _options(across)


def body(looked: Any, asked: Asked, *, mode: str) -> list:
    """The view that is asked for."""
    if asked.view == "widths":
        return _widths(looked, mode)
    facts = known(looked.segmentation.contrasts)
    if facts.empty:
        return [empty("Nothing to compare", "No number, yes-or-no column or category was compared.")]
    return (_lines if asked.view == "lines" else _heat)(looked, facts, asked, mode)


def _heat(looked: Any, facts: pd.DataFrame, asked: Asked, mode: str) -> list:
    values = _arranged(looked, facts, asked, MOST_ROWS, "effect")
    segmentation = looked.segmentation
    drawn = graph(
        segment_heat(values, _words(facts, values, segmentation), captions=_captions(facts, values),
                     colours=segmentation.colours, mode=mode),
        id="atlas-heat",
        title=_finding(facts, segmentation),
        sentence=f"Each segment against everyone else, in standard deviations (d).{_left_out(facts, values)}{_cautioned(segmentation)}",
        height=segment_heat_height(len(values)),
        table=_twin(facts, values, segmentation),
        key=_key(looked),
        csv=numbers_of(looked, "contrasts"),
    )  # fmt: skip
    return [drawn]


def _lines(looked: Any, facts: pd.DataFrame, asked: Asked, mode: str) -> list:
    facts = standardised(facts)
    values = _arranged(looked, facts, asked, MOST_LINES, "away")
    segmentation = looked.segmentation
    drawn = graph(
        segment_lines(values, _words(facts, values, segmentation), captions=_captions(facts, values),
                      names=segmentation.candidate.names, colours=segmentation.colours, mode=mode),
        id="atlas-lines",
        title=_finding(facts, segmentation),
        sentence=f"The averages of each segment, in standard deviations of everyone.{_left_out(facts, values)}{_cautioned(segmentation)}",
        height=segment_lines_height(len(values)),
        table=_twin(facts, values, segmentation),
        key=_key(looked),
        csv=numbers_of(looked, "contrasts"),
    )  # fmt: skip
    return [drawn]


def _widths(looked: Any, mode: str) -> list:
    segmentation = looked.segmentation
    height = max(silhouette_profile_height(len(looked.segments)), 380)
    if not segmentation.whole:
        return [skeleton(height + 90, "Being worked out")]
    frame = segmentation.widths
    if "silhouette" not in frame or frame.empty:
        return [empty("No silhouettes", "They need two segments with more than one customer.")]
    labels = segmentation.candidate.labels[frame["row"].to_numpy(dtype=np.int64)]
    widths = frame["silhouette"].to_numpy(dtype=float)
    drawn = silhouette_profile(widths, labels, names=segmentation.candidate.names, colours=segmentation.colours, mode=mode)
    table = _width_table(widths, labels, segmentation)
    whole = len(segmentation.candidate.labels)
    told = "" if drawn.total == whole else f" Measured on {numbers.whole(drawn.total)} of {numbers.whole(whole)} customers."
    plot = graph(
        drawn.figure,
        id="atlas-widths",
        title=_width_title(table, segmentation),
        sentence=f"A band per segment, a line per customer: 1 is far from every other segment, below 0 is nearer to another.{told}{_cautioned(segmentation)}",
        height=height,
        table=table,
        key=_key(looked),
        csv=numbers_of(looked, "widths"),
    )
    about = explain("What is a silhouette", "For each customer: how much nearer the own segment is than the next one, from -1 to 1.",
                    "https://doi.org/10.1016/0377-0427(87)90125-7")  # fmt: skip
    return [plot, about]


def _arranged(looked: Any, facts: pd.DataFrame, asked: Asked, most: int, value: str) -> pd.DataFrame:
    """``value`` by caption and segment, in the order that is asked for."""
    kept = telling(facts, most)
    values = grid(facts, kept, value)
    return values.loc[_down(looked, facts, values, asked), _across(looked, facts, values, asked)]


def _down(looked: Any, facts: pd.DataFrame, values: pd.DataFrame, asked: Asked) -> list:
    if asked.rows == "alike":
        return alike(values)
    if asked.rows == "file":
        place = {name: at for at, name in enumerate(looked.segmentation.profile.get("column", pd.Series(dtype=object)).unique())}
        columns = facts.drop_duplicates("caption").set_index("caption")["column"]
        return sorted(values.index, key=lambda name: (place.get(columns[name], len(place)), name))
    segment = next((s for s in values.columns if asked.rows == f"s{s}"), None)
    return list(values.index) if segment is None else list(_sorted(values[segment], asked).index)


def _across(looked: Any, facts: pd.DataFrame, values: pd.DataFrame, asked: Asked) -> list:
    by_size = [s for s in looked.segments if s in values.columns]
    if asked.across == "alike":
        return alike(values.T)
    if asked.across == "number":
        return sorted(by_size)
    name = next((name for at, name in enumerate(_signals(facts)) if asked.across == f"c{at}"), None)
    if name is None:
        return by_size
    return [s for s in _sorted(grid(facts, [name]).loc[name, by_size], asked).index]


def _sorted(values: pd.Series, asked: Asked) -> pd.Series:
    return values.sort_values(ascending=asked.way == "up", kind="stable", na_position="last")


def _signals(facts: pd.DataFrame) -> list[str]:
    return sorted(facts["caption"].unique())


def _captions(facts: pd.DataFrame, values: pd.DataFrame) -> list[str]:
    words = facts.drop_duplicates("caption").set_index("caption")
    return [caption(words.loc[name]) for name in values.index]


def _words(facts: pd.DataFrame, values: pd.DataFrame, segmentation: Segmentation) -> pd.DataFrame:
    """What the pointer tells: segment and column, the original figures, the size of the difference."""
    words = pd.DataFrame("", index=values.index, columns=values.columns)
    names = segmentation.candidate.names
    for row in facts[facts["caption"].isin(values.index)].itertuples(index=False):
        who = f"{row.segment} {plain(names.get(row.segment, ''), limit=40)}: {caption(row)}"
        words.at[row.caption, row.segment] = f"{who}\n{amount(row.own, row)}, everyone {amount(row.everyone, row)}\n{strength(row)}"
    return words


def _finding(facts: pd.DataFrame, segmentation: Segmentation) -> str:
    """Which column tells the segments apart most, and in which it is highest and lowest."""
    name = telling(facts, 1)[0]
    rows = facts[facts["caption"] == name]
    first = rows.iloc[0]
    shown = plain(f"{first['column']}: {first['level']}" if first["level"] else first["column"], limit=60)
    if not rows["effect"].astype(float).abs().max() >= 0.2:
        return "Segments hardly differ in any column"
    own = rows.set_index("segment")["own"].astype(float).dropna()
    high, low = (_called(int(one), segmentation) for one in (own.idxmax(), own.idxmin()))
    return f"{shown} tells the segments apart most: highest in {high}, lowest in {low}"


def _called(segment: int, segmentation: Segmentation) -> str:
    name = plain(segmentation.candidate.names.get(segment, ""), limit=40)
    return f"{segment} {name}" if name else f"segment {segment}"


def _left_out(facts: pd.DataFrame, values: pd.DataFrame) -> str:
    whole = facts["caption"].nunique()
    if len(values) == whole:
        return ""
    return f" The {len(values)} of {numbers.whole(whole)} columns and values in which segments differ most; the CSV has all."


def _cautioned(segmentation: Segmentation) -> str:
    found = unstable(segmentation)
    if not found:
        return ""
    which = ", ".join(map(str, found))
    return f" {'Segment' if len(found) == 1 else 'Segments'} {which} below 0.60 stability: {CAUTION[:1].lower()}{CAUTION[1:]}"


def _twin(facts: pd.DataFrame, values: pd.DataFrame, segmentation: Segmentation) -> html.Div:
    """Original figures with the effect behind, columns down, segments across."""
    cells = facts.drop_duplicates(["caption", "segment"]).set_index(["caption", "segment"])
    head = [html.Th("Column", scope="col"), html.Th("Everyone", scope="col", className="sa-num")]
    head += [html.Th(badge(segmentation, int(s)), scope="col", className="sa-num") for s in values.columns]
    body = []
    for name in values.index:
        rows = [cells.loc[(name, s)] if (name, s) in cells.index else None for s in values.columns]
        first = next(row for row in rows if row is not None)
        told = [html.Td(numbers.NOTHING if row is None else _cell(row), className="sa-num") for row in rows]
        body.append(html.Tr([html.Th(caption(first), scope="row"), html.Td(amount(first.everyone, first), className="sa-num"), *told]))
    table = html.Table([html.Caption("Averages and shares; in brackets d against everyone else"), html.Thead(html.Tr(head)), html.Tbody(body)], className="sa-table")
    return html.Div(table, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "All segments"})


def _cell(row: Any) -> str:
    effect = float(row.effect)
    shown = f"{effect:+.2f}".replace("-", "\N{MINUS SIGN}") if effect == effect else numbers.NOTHING
    return f"{amount(row.own, row)} ({shown}{', ' + size_of(effect) if size_of(effect) else ''})"


def _width_table(widths: np.ndarray, labels: np.ndarray, segmentation: Segmentation) -> pd.DataFrame:
    placed = (labels != NOISE) & np.isfinite(widths)
    found = pd.DataFrame({"segment": labels[placed], "width": widths[placed]}).groupby("segment")["width"]
    names = segmentation.candidate.names
    return pd.DataFrame({
        "Segment": [f"{s} {plain(names.get(s, ''))}".strip() for s in found.groups],
        "Customers measured": found.size().to_numpy(),
        "Average silhouette": found.mean().to_numpy(),
        "Nearer to another segment": [numbers.share(one) for one in found.apply(lambda own: float((own < 0).mean()))],
    })  # fmt: skip


def _width_title(table: pd.DataFrame, segmentation: Segmentation) -> str:
    if table.empty:
        return "No customer has a silhouette"
    worst = table.loc[table["Average silhouette"].idxmin()]
    best = table.loc[table["Average silhouette"].idxmax()]
    if len(table) == 1:
        return f"The silhouette of the segment is {best['Average silhouette']:.2f} on average"
    return (f"{best['Segment']} is set apart best ({best['Average silhouette']:.2f}), "
            f"{worst['Segment']} least ({worst['Average silhouette']:.2f})")  # fmt: skip


def _key(looked: Any) -> html.Ul:
    shown = [html.Li(badge(looked.segmentation, s)) for s in looked.segments]
    return html.Ul(shown, className="sa-key", **{"aria-label": "Legend"})


def _options(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in words.items()]


def _plain(options: list[dict[str, str]]) -> dict[str, str]:
    return {one["value"]: one["label"] for one in options}
