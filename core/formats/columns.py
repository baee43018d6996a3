"""What the cells of each column are like, learned from the rows that are whole: how likely a cell is in a column."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence

from core.formats.patterns import TYPED, form, outline

_SEEN = 3_000
_FLOOR = 0.05
_WORST = 7.0
_FEW = 6
_KNOWN = 20_000


class ColumnModel:
    """Learned from the cells of one column. :meth:`cost` is small for a cell like them, at most about 10."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.count = len(cells)
        self.forms = Counter(map(form, cells))
        filled = [cell for cell in cells if cell.strip()]
        self.blanks = len(cells) - len(filled)
        self.typed = sum(self.forms[name] for name in TYPED) >= 0.8 * max(len(filled), 1) and bool(filled)
        self.outlines = Counter(map(outline, filled)) if self.typed else Counter()
        self.values = Counter(filled)
        self.repeats = len(filled) >= 8 and len(self.values) <= len(filled) / 3
        self.lengths = Counter(map(len, filled))
        logs = [math.log(len(cell)) for cell in filled] or [0.0]
        self.middle, self.spread = statistics.fmean(logs), max(statistics.pstdev(logs), 0.25)
        self._known: dict[str, float] = {}
        self.typical = min((self.cost(value) for value, _ in self.values.most_common(3)), default=0.0)

    def cost(self, cell: str) -> float:
        """The surprise of finding ``cell`` here, about its negative logarithmic likelihood."""
        known = self._known.get(cell)
        if known is None:
            known = self._cost(cell)
            if len(self._known) < _KNOWN:
                self._known[cell] = known
        return known

    def _cost(self, cell: str) -> float:
        if not cell.strip():
            return self._surprise(self.blanks)
        paid = self._surprise(self.forms[form(cell)])
        if self.typed:
            if len(self.outlines) <= max(3, self.count // 10):
                paid += min(0.5 * self._surprise(self.outlines[outline(cell)]), 3.0)
            if len(self.lengths) <= _FEW:
                paid += min(0.5 * self._surprise(self.lengths[len(cell)]), 2.0)
            return paid
        if self.repeats and cell not in self.values:
            paid += 2.0
        if cell != cell.strip():
            paid += 0.5
        return paid + min(0.5 * max(abs(math.log(len(cell)) - self.middle) / self.spread - 1.0, 0.0) ** 2, 3.0)

    def _surprise(self, count: int) -> float:
        return min(-math.log((count + _FLOOR) / (self.count + 2 * _FLOOR)), _WORST)


def learn(rows: Sequence[Sequence[str]], width: int) -> list[ColumnModel]:
    """A model for each of ``width`` columns, from at most 3,000 of these rows."""
    taken = rows[:: max(len(rows) // _SEEN, 1)]
    return [ColumnModel([row[at] for row in taken]) for at in range(width)]
