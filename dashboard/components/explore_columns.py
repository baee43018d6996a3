"""The columns of a table to pick from, and the one that is picked with its distribution."""

from __future__ import annotations

import numpy as np
import pandas as pd
from dash import dcc, html

from core.model import Explored, Kind, Spread
from dashboard.components import numbers
from dashboard.components.columns import KIND_LABELS
from dashboard.components.explore_words import amount, day, spread_title
from dashboard.components.figure import graph
from dashboard.components.parts import empty, explain, stat, stats
from dashboard.figures import spread_bars, spread_height
from dashboard.figures.explore_histograms import between
from dashboard.security.labels import plain

PAGE = 12
TUKEY = "https://doi.org/10.1080/00031305.1978.10479236"


def picker(explored: Explored, chosen: int) -> html.Section:
    """The searchable list beside the distribution of the chosen column."""
    search = dcc.Input(
        id="explore-search",
        type="search",
        value="",
        placeholder="Find a column",
        debounce=0.3,
        maxLength=80,
        className="form-control",
    )
    label = html.Label("Find a column", htmlFor="explore-search", className="sa-visually-hidden")
    listed = html.Div(column_list(explored, chosen, "", chosen // PAGE), id="explore-list", className="sa-stack")
    return html.Section(
        [html.H2(numbers.count(len(explored.spreads), "column")), label, search, listed],
        className="sa-card sa-stack sa-explore-picker",
    )


def column_list(explored: Explored, chosen: int, search: str, page: int) -> list:
    """One page of the columns whose name holds ``search``, with the buttons to the others."""
    wanted = search.strip().casefold()
    found = [spread for spread in explored.spreads if wanted in plain(spread.name).casefold()]
    last = max(0, (len(found) - 1) // PAGE)
    page = min(max(page, 0), last)
    items = [html.Li(_item(spread, spread.place == chosen)) for spread in found[page * PAGE : (page + 1) * PAGE]]
    parts: list = [html.Ul(items, className="sa-plain-list sa-explore-columns")]
    if not found:
        parts = [html.P("No column has such a name.", className="sa-muted", role="status")]
    if last:
        parts.append(_pages(page, last))
    return parts


def _item(spread: Spread, chosen: bool) -> html.Button:
    gaps = numbers.count(spread.gaps, "gap") if spread.gaps else "complete"
    facts = html.Span(f"{KIND_LABELS[spread.kind]}, {gaps}", className="sa-muted sa-small")
    pressed = {"aria-current": "true"} if chosen else {}
    return html.Button(
        [html.Span(plain(spread.name) or "(no name)", className="sa-column-name"), facts],
        id={"type": "explore-column", "index": spread.place},
        type="button",
        className="sa-explore-column",
        **pressed,
    )


def _pages(page: int, last: int) -> html.Div:
    def turn(word: str, to: int) -> html.Button:
        return html.Button(
            word,
            id={"type": "explore-page", "index": to},
            type="button",
            className="btn btn-secondary btn-sm",
            disabled=not 0 <= to <= last,
        )

    told = html.Span(f"Page {page + 1} of {last + 1}", className="sa-muted sa-small", role="status")
    return html.Div([turn("Back", page - 1), told, turn("Next", page + 1)], className="sa-row")


def distribution(explored: Explored, place: int, run: str, *, mode: str) -> list:
    """Facts, chart and table of one column."""
    spread = explored.spreads[place]
    title = spread_title(spread)
    if not spread.counts:
        why = (
            "There is no value to draw."
            if not spread.filled
            else "Each value names one customer or is text of its own."
        )
        return [empty(title, why, None, "explore"), _facts(spread, explored.rows)]
    drawn = graph(
        spread_bars(spread, mode=mode),
        id="explore-spread",
        title=title,
        sentence=_sentence(spread),
        height=spread_height(spread),
        table=spread_table(spread),
        level=2,
        csv=f"/explored/{run}/distribution.csv?column=c{place}",
    )
    return [drawn, _facts(spread, explored.rows), *_extremes(spread)]


def _extremes(spread: Spread) -> list:
    if spread.box is None:
        return []
    return [
        explain(
            "What do box and whiskers mean",
            "The box holds the middle half of the customers, the line in it is the median. The whiskers end at the "
            "outermost values within one and a half box lengths; what lies beyond counts as extreme, which is no "
            "mistake by itself. The bars end three box lengths out.",
            TUKEY,
        )
    ]


def _sentence(spread: Spread) -> str:
    if spread.kind is Kind.NUMBER:
        words = "Customers by value; the box above holds the middle half."
        if spread.below or spread.above:
            words += f" {numbers.whole(spread.below + spread.above)} lie outside the bars."
        return words
    if spread.kind is Kind.DATE:
        return f"Customers by {spread.period}."
    if spread.rest:
        return f"Customers by value; {numbers.whole(spread.rest)} have one of the rarer values, which are not drawn."
    return "Customers by value, the commonest first." if spread.kind is not Kind.FLAG else "Customers by answer."


def _facts(spread: Spread, rows: int) -> html.Div:
    tiles = [
        stat("Filled", numbers.whole(spread.filled), base=f"{numbers.share(spread.filled / max(rows, 1))} of rows")
    ]
    tiles.append(stat("Different values", numbers.whole(spread.distinct)))
    unit, box = plain(spread.unit, limit=12), spread.box
    if box is not None:
        tiles += [
            stat("Median", amount(spread, box.median), unit, base=f"mean {amount(spread, box.mean)}"),
            stat("Lowest", amount(spread, box.minimum), unit),
            stat("Highest", amount(spread, box.maximum), unit),
        ]
    return stats(*tiles)


def spread_table(spread: Spread) -> pd.DataFrame:
    """The bars as rows: value, customers, share of the filled cells; what has no bar comes last."""
    rows = list(zip(_values(spread), spread.counts, strict=True))
    beside = {"lower": spread.below, "higher": spread.above, "rarer values": spread.rest}
    rows += [(word, count) for word, count in beside.items() if count]
    values = [value for value, _ in rows]
    counts = [count for _, count in rows]
    shares = [numbers.share(count / max(spread.filled, 1)) for count in counts]
    return pd.DataFrame({"Value": values, "Customers": np.array(counts, dtype=np.int64), "Share": shares})


def _values(spread: Spread) -> list[str]:
    if spread.kind is Kind.DATE:
        return [f"{label} (from {day(edge)})" for label, edge in zip(spread.labels, spread.edges, strict=False)]
    if not spread.edges:
        return [plain(label) or "(blank)" for label in spread.labels]
    return between(spread)
