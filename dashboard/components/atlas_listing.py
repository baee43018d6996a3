"""Which customers a list of the Atlas shows: read from what a browser sent, resolved on the server over all rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from core import prepare
from core.customers.listing import MEASURES, VIEWS, in_order, listed, shown_columns, sought
from core.model import Column, Role, Segmentation, Table

PAGE = 25
MOST_PAGES = 10**6
VIEW_NAMES = {"typical": "Typical", "border": "On the border", "unusual": "Unusual", "all": "All"}


@dataclass(frozen=True)
class Asked:
    """What is asked of a list: ``view``, the column it is sorted ``by`` ("c7" the eighth of the table, or a measure; "" as
    the view has it), ``falling``, the ``page`` from 0, and what ids must hold (``find``)."""

    view: str = "typical"
    by: str = ""
    falling: bool = False
    page: int = 0
    find: str = ""

    @classmethod
    def of(cls, state: Any) -> Asked:
        """Read what a browser sent; anything that makes no sense counts as not said."""
        said = state if isinstance(state, dict) else {}
        page, find, by = said.get("page"), said.get("find"), said.get("by")
        return cls(
            view=said["view"] if said.get("view") in VIEWS else cls.view,
            by=by if isinstance(by, str) and (by in MEASURES or by[:1] == "c" and by[1:].isdecimal() and len(by) < 8) else "",
            falling=said.get("falling") is True,
            page=page if isinstance(page, int) and not isinstance(page, bool) and 0 <= page < MOST_PAGES else 0,
            find=find[:100] if isinstance(find, str) else "",
        )

    def state(self) -> dict[str, Any]:
        return asdict(self)

    def sorted_by(self, by: str) -> Asked:
        """The same list sorted by a column, or the other way round where it is already; from its first page."""
        other = replace(self, by=by, falling=not self.falling if self.by == by else False, page=0)
        return Asked.of(other.state())


@dataclass(frozen=True)
class Listing:
    """``rows`` (m,) of ``table`` in order, of a segment with ``customers`` in all; ``columns`` worth showing with their
    places, the first ``ids`` of them ids."""

    table: Table
    segmentation: Segmentation
    segment: int
    asked: Asked
    rows: np.ndarray
    customers: int
    columns: tuple[tuple[int, Column], ...] = ()
    ids: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.rows) // PAGE))

    @property
    def page(self) -> int:
        return min(self.asked.page, self.pages - 1)

    @property
    def shown(self) -> np.ndarray:
        """Positions of the customers of the page."""
        return self.rows[self.page * PAGE : (self.page + 1) * PAGE]


def listing(looked: Any, segment: int, asked: Asked) -> Listing | None:
    """The customers of ``segment`` that are asked for, from a :class:`dashboard.atlas.Looked`; None without its table."""
    table = looked.table()
    if table is None:
        return None
    segmentation = looked.segmentation
    roles = prepare.roles(table, looked.comparison.plan.recipe)
    columns = shown_columns(table, roles, segmentation, segment)
    places = {id(column): place for place, column in enumerate(table.columns)}
    ids = [column for column in columns if roles[column.name] is Role.ID]
    rows = sought(table, ids, listed(segmentation, segment, asked.view), asked.find)
    if asked.view == "unusual":
        columns = ids  # what makes each of them unusual is told in words
    by = _column(table, segmentation, asked.by)
    if by and asked.view != "unusual":
        rows = in_order(table, segmentation, rows, by, falling=asked.falling)
    size = int(segmentation.candidate.sizes.get(segment, 0))
    return Listing(table, segmentation, segment, asked, rows, size, tuple((places[id(one)], one) for one in columns), len(ids))


def _column(table: Table, segmentation: Segmentation, by: str) -> str:
    """What to sort by: the name of a column, "=margin" for a measure, "" where there is no such thing."""
    if by in MEASURES:
        return f"={by}" if len(segmentation.placing) == len(table) else ""
    place = int(by[1:]) if by else -1
    return table.columns[place].name if 0 <= place < len(table.columns) else ""
