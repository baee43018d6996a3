"""A table, looked at before anything is fitted."""

from __future__ import annotations

from core import explore as steps
from core.algorithms import one_thread
from core.explore.relations import MOST_ROWS
from core.model import Explored, Table
from core.pipeline.compare import Report, nothing


def explore(table: Table, report: Report = nothing) -> Explored:
    """Spreads, relations and gaps of every column of ``table``, and points for pair plots.

    The order of the rows changes nothing but the map of gaps, which follows it.
    """
    rows, every, spreads = len(table), [], []
    for place, column in enumerate(table.columns):
        report("Counting values", place, len(table.columns))
        every.append(steps.cells_of(place, column, table.frame[column.name]))
        spreads.append(steps.spread(every[-1]))
    report("Measuring relations", 0, 1)
    compared = [cells for cells in every if cells.amount or cells.column.kind == "category"]
    order = steps.in_content_order(compared, rows, min(rows, MOST_ROWS))
    with one_thread():
        relations = steps.relate(every, order)
    report("Mapping gaps", 0, 1)
    points, places = steps.points(every, order)
    return Explored(
        fingerprint=table.fingerprint,
        rows=rows,
        spreads=tuple(spreads),
        relations=relations,
        gaps=steps.gap_map(every, rows),
        points=points,
        point_columns=places,
    )
