"""The from-to matrix: every cell the customers, or their revenue, and the link to the list of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from dash import html

from core.model import NOISE, Migration
from dashboard.components import numbers
from dashboard.components.atlas_marks import marked
from dashboard.components.figure import graph
from dashboard.components.forms import field, segmented
from dashboard.components.parts import notice
from dashboard.components.segments import segment_badge
from dashboard.figures.migration_flows import ABSENT, Ends, migration_flow, migration_flow_height
from dashboard.security.labels import plain

MEASURES = {"customers": "Customers", "revenue_before": "Revenue before", "revenue_now": "Revenue now"}
GONE = "Not in the later file"
FRESH = "Not in the earlier file"


def measures(migration: Migration) -> dict[str, str]:
    """What can be shown: revenue only where a file has a column of money."""
    return {name: label for name, label in MEASURES.items() if name == "customers" or migration.flows[name].notna().any()}


def flows_card(migration: Migration, run: str, ends: Ends, *, measure: str = "customers", mode: str = "light") -> html.Section:
    """The matrix with its switch and the diagram; where nobody can be followed, what stands in for it."""
    head = html.Div(html.H2("Who went where"), className="sa-card-head")
    if migration.by == "centres":
        text = f"{numbers.count(migration.shared, 'customer')} in both files are too few to follow; segments were matched by where their centres lie."
        return html.Section([head, notice("info", "Nobody can be followed from one file to the other.", text, "Bring files whose customers have the same ids.")], className="sa-card sa-stack")
    known = measures(migration)
    switch = [field("Show", segmented(known, measure, id="migration-measure"))] if len(known) > 1 else []
    drawn = html.Div(flows_shown(migration, run, ends, measure=measure, mode=mode), id="migration-flows", className="sa-stack")
    return html.Section([head, *switch, drawn], className="sa-card sa-stack")


def flows_shown(migration: Migration, run: str, ends: Ends, *, measure: object, mode: str) -> list:
    """The matrix and the diagram of one measure; customers where ``measure`` is none that there is."""
    known = measures(migration)
    chosen = str(measure) if measure in list(known) else "customers"
    unit = "customers" if chosen == "customers" else migration.unit
    sums = [migration.flows[side].nunique() for side in ("before", "now")]
    base = "" if chosen == "customers" else f" {plain(migration.money)}{f' in {plain(migration.unit)}' if migration.unit else ''}, summed over the customers of a cell."
    return [
        matrix(migration, run, ends, measure=chosen),
        graph(
            migration_flow(migration.flows, ends, value=chosen, unit=unit, mode=mode),
            id="migration-sankey",
            title=stayed(migration),
            sentence=f"{known[chosen]} by segment before (left) and now (right).{base}",
            height=migration_flow_height(*sums),
            table=twin(migration.flows, ends),
            csv=f"/migration-numbers/{run}.csv",
        ),
    ]


def stayed(migration: Migration) -> str:
    """How many of the followed customers are in the same segment."""
    flows = migration.flows
    followed = flows[(flows["before"] != ABSENT) & (flows["now"] != ABSENT)]
    same = [migration.matched.get(int(row.before), NOISE - 1) == row.now for row in followed.itertuples()]
    return f"{numbers.share(followed['customers'][same].sum() / max(followed['customers'].sum(), 1))} of the customers in both files are in the same segment"


def matrix(migration: Migration, run: str, ends: Ends, *, measure: str) -> html.Div:
    """Rows are segments before, columns those of now, with sums; every cell that somebody is in downloads its list."""
    wide = migration.flows.pivot_table(index="before", columns="now", values=measure, aggfunc="sum", fill_value=0)
    people = migration.flows.pivot_table(index="before", columns="now", values="customers", aggfunc="sum", fill_value=0)
    rows, columns = ordered(wide.index), ordered(wide.columns)
    head = [html.Th("Before, down; now, across", scope="col")]
    head += [html.Th(mark(column, 1, ends), scope="col", className="sa-num") for column in columns]
    drawn = [_row(row, wide.loc[row], people.loc[row], columns=columns, context=(run, ends, measure, migration)) for row in rows]
    total = [_cell(wide[column].sum(), people[column].sum(), (None, column), (run, ends, measure, migration)) for column in columns]
    all_of = html.Td(_text(wide.to_numpy().sum(), measure, migration.unit), className="sa-num sa-flow-sum")
    foot = html.Tr([html.Th("All", scope="row"), *total, all_of], className="sa-flow-total")
    caption = f"{MEASURES[measure]} by segment before and now. Each number downloads the list of its customers."
    table = html.Table(
        [html.Caption(caption), html.Thead(html.Tr([*head, html.Th("All", scope="col", className="sa-num")])), html.Tbody([*drawn, foot])],
        className="sa-table sa-flow-matrix",
    )
    return html.Div(table, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": "Who went where"})


def ordered(segments: pd.Index) -> list[int]:
    """Segments from 1 upwards, then those not placed, then those not in that file."""
    return sorted((int(s) for s in segments), key=lambda s: (s < 1, s == ABSENT, s))


def mark(segment: int, side: int, ends: Ends) -> html.Span:
    """The mark of a segment, or of those who are in none."""
    if segment == ABSENT:
        return html.Span((FRESH, GONE)[side], className="sa-muted")
    return marked(segment, ends.names[side].get(segment, ""), ends.colours[side]) if segment > 0 else segment_badge(segment)


def _row(row: int, values: pd.Series, people: pd.Series, *, columns: list[int], context: tuple) -> html.Tr:
    whole = max(float(people.sum()), 1)
    cells = [_cell(values[column], people[column], (row, column), context, part=people[column] / whole) for column in columns]
    total = _cell(values.sum(), people.sum(), (row, None), context)
    return html.Tr([html.Th(mark(row, 0, context[1]), scope="row"), *cells, total])


def _cell(value: float, people: float, at: tuple[int | None, int | None], context: tuple, *, part: float = 0.0) -> html.Td:
    run, ends, measure, migration = context
    if not people:
        return html.Td("", className="sa-num")
    same = at[0] is not None and migration.matched.get(at[0]) == at[1] and at[1] is not None
    query = "&".join(f"{name}={segment}" for name, segment in zip(("before", "now"), at, strict=True) if segment is not None)
    said = f"Download the list of {numbers.count(people, 'customer')}: {_said(at[0], 0, ends)} before, {_said(at[1], 1, ends)} now"
    text = _text(value, measure, migration.unit)
    link = html.A(text, href=f"/migration-list/{run}.csv?{query}", download="", title=said, **{"aria-label": f"{text}. {said}"})
    return html.Td(link, className=f"sa-num sa-flow-cell{' is-same' if same else ''}", style={"--sa-part": f"{round(100 * part)}%"})


def _said(segment: int | None, side: int, ends: Ends) -> str:
    names: Mapping[int, str] = {NOISE: "not placed", ABSENT: "not in that file"}
    if segment is None:
        return "anywhere"
    return names.get(segment) or plain(ends.names[side].get(segment, f"segment {segment}"))


def _text(value: float, measure: str, unit: str) -> str:
    return numbers.whole(value) if measure == "customers" else numbers.number(value, plain(unit))


def twin(flows: pd.DataFrame, ends: Ends) -> pd.DataFrame:
    """The diagram as a table."""
    frame = pd.DataFrame({
        "Before": [_said(int(s), 0, ends) for s in flows["before"]], "Now": [_said(int(s), 1, ends) for s in flows["now"]],
        "Customers": flows["customers"].to_numpy(),
    })  # fmt: skip
    for name in ("revenue_before", "revenue_now"):
        if flows[name].notna().any():
            frame[MEASURES[name]] = flows[name].to_numpy()
    return frame
