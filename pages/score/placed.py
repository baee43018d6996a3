"""One customer, placed by the web process: a model learns nothing from it, so that it takes milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from dash import html

from core.errors import SegmentationError
from core.model import Model, Reason
from dashboard.components import notice
from dashboard.components.score_form import record
from dashboard.components.score_result import placed


@dataclass(frozen=True)
class Alone:
    """A customer on its own: its ``row`` of :attr:`core.model.Scored.frame`, ``point`` (3,) on the map, or the ``problem``."""

    model: Model
    row: Any
    point: np.ndarray
    reasons: Sequence[Reason] = ()
    odd: Sequence[Reason] = ()
    notes: Sequence[Any] = ()
    problem: SegmentationError | None = None

    @property
    def segment(self) -> int:
        return int(self.row.segment)

    @classmethod
    def usual(cls, model: Model) -> Alone:
        """The customer that a fresh form describes."""
        from core.scoring import fields

        known = fields(model)
        return cls.of(model, {one.name: one.default for one in known})

    @classmethod
    def filled(cls, model: Model, values: object) -> Alone:
        """The customer that the form's controls describe; ``values`` may be anything."""
        from core.scoring import fields

        return cls.of(model, record(fields(model), values))

    @classmethod
    def of(cls, model: Model, cells: Mapping[str, Any]) -> Alone:
        """The customer with these cells; a cell that cannot be read is told as :attr:`problem`."""
        from core import scoring

        try:
            frame, notes = scoring.typed_records(model, [dict(cells)])
            scored = scoring.score(model, frame, notes)
            reasons = scoring.reasons(model, frame)[0]
            odd = scoring.unlike_reasons(model, frame)[0] if bool(scored.frame["unlike_anyone"].iloc[0]) else ()
        except SegmentationError as problem:
            return cls(model, None, np.zeros(3), problem=problem)
        row = next(scored.frame.itertuples(index=False))
        return cls(model, row, scored.coordinates[0], reasons, odd, scored.notes)

    def told(self) -> html.Div:
        """Where it belongs, in words."""
        if self.problem is not None:
            return notice("bad", str(self.problem), hint=self.problem.hint)
        return placed(self.model, self.row, self.reasons, self.odd, self.notes)
