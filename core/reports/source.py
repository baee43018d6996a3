"""What a report is made of, looked at once: the segmentation as it may be shown, its signs, names and personas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core.model import NOISE, Comparison, Explanation, Segmentation, Table
from core.personal import FEWER, FEWEST, WITHHELD, fit_to_show, names_to_show, small_segments, telling_columns
from core.personas import Money, Persona, money_of, personas
from core.personas.facts import Facts
from core.personas.said import label
from core.personas.words import CALLED
from core.reports.charts import Sign, sign_of

NAME = 60


@dataclass(frozen=True)
class Source:
    """``of`` is fit to show (see :mod:`core.personal.safe`); ``hidden`` are the personal columns left out, ``small`` the
    segments of too few customers, with one more where totals would tell of these; ``explanation`` where importance was
    measured. ``made`` is the date, ``run`` the id."""

    table: Table
    comparison: Comparison
    of: Segmentation
    hidden: tuple[str, ...]
    small: frozenset[int]
    explanation: Explanation | None = None
    made: str = ""
    run: str = ""

    @cached_property
    def customers(self) -> int:
        """All customers, those in no segment included."""
        return int(sum(self.of.candidate.sizes.values()))

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The segments, the largest first."""
        sizes = self.of.candidate.sizes
        return tuple(sorted((one for one in sizes if one != NOISE), key=lambda one: (-sizes[one], one)))

    @cached_property
    def shown(self) -> tuple[Sign, ...]:
        """The segments that are told about, the largest first."""
        return tuple(self.sign(one) for one in self.order if one not in self.small)

    @cached_property
    def personas(self) -> Mapping[int, Persona]:
        """The segments in words, made from what may be shown alone."""
        return {one.segment: one for one in personas(self.of) if one.segment not in self.small}

    @cached_property
    def facts(self) -> Facts:
        """What may be shown, looked up by cell."""
        return Facts(self.of)

    @cached_property
    def money(self) -> Money | None:
        """What the segments bring in, where that is known."""
        return money_of(self.of)

    def sign(self, segment: int) -> Sign:
        return sign_of(segment, self.name(segment), self.of.colours.get(segment, 0))

    def name(self, segment: int) -> str:
        return label(self.of.candidate.names.get(segment, f"Segment {segment}"), NAME)

    def called(self, column: str, otherwise: str = "") -> str:
        """A column in words: of customers made of orders by its meaning, else ``otherwise`` or its name."""
        if self.of.orders.empty:
            return label(otherwise or column)
        level = (otherwise or column).removeprefix(column.replace("_", " "))
        return f"{CALLED.get(column, label(column.replace('_', ' ')))}{label(level) if level.startswith(':') else ''}"

    def size(self, segment: int) -> str:
        """Its customers, "fewer than 5" for so few, "not told" where the number would give those away."""
        size = self.of.candidate.sizes.get(segment, 0)
        if 0 < size < FEWEST:
            return FEWER
        return WITHHELD if segment in self.small else f"{size:,}"

    def share(self, segment: int) -> float:
        """Its share of all customers, 0..1."""
        return self.of.candidate.sizes.get(segment, 0) / max(self.customers, 1)


def source_of(table: Table, comparison: Comparison, segmentation: Segmentation, options: Mapping[str, Any]) -> Source:
    """What may be told. ``options``: personal (True tells of personal columns, too), importance (an
    :class:`core.model.Explanation` or None), made (a date in words) and run (an id), "" where unknown."""
    hidden = frozenset() if options.get("personal") is True else frozenset(telling_columns(table))
    of = fit_to_show(segmentation, hidden)
    of = replace(of, candidate=replace(of.candidate, names=names_to_show(table, segmentation, hidden)))
    told = [column.name for column in table.columns if column.name in hidden]
    explanation = options.get("importance")
    return Source(
        table, comparison, of, tuple(told), small_segments(segmentation),
        explanation if isinstance(explanation, Explanation) else None,
        str(options.get("made", "")), str(options.get("run", "")),
    )  # fmt: skip
