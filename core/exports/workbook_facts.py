"""What a workbook tells of segments: one row each, their strongest differences, their profiles, without single people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from core.exports.told import segments
from core.model import NOISE, Kind, Segmentation, Table
from core.palette import segment_colour
from core.personal import fit_to_show, names_to_show, personal_columns, small_segments, telling_columns
from core.personas import Money, Persona, money_of, personas

STRONGEST, TOLD = 12, 3
SMALL_EFFECT = 0.2
"""Cohen's d (1988) below which a difference is not told."""


@dataclass(frozen=True)
class BookFacts:
    """``table`` as it is and ``of`` as it may be told (see :func:`book_facts`); ``personal``: whether columns that tell who
    somebody is may be in the book."""

    table: Table
    of: Segmentation
    personal: bool = False

    @cached_property
    def hidden(self) -> Mapping[str, str]:
        """The columns of which no figure tells, with what they hold: those of a report."""
        return {} if self.personal else telling_columns(self.table)

    @cached_property
    def unlisted(self) -> tuple[str, ...]:
        """The columns left out of the list of customers, too: personal ones and free text; it keeps keys, to find people by."""
        personal = {one.column for one in personal_columns(self.table)}
        return tuple(c.name for c in self.table.columns if c.name in self.hidden and (c.name in personal or c.kind is Kind.TEXT))

    @cached_property
    def small(self) -> frozenset[int]:
        """The segments whose figures are left out."""
        return frozenset() if self.personal else small_segments(self.of)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The segments, the largest first."""
        sizes = self.of.candidate.sizes
        return tuple(sorted((one for one in sizes if one != NOISE), key=lambda one: (-sizes[one], one)))

    @cached_property
    def segments(self) -> pd.DataFrame:
        """:func:`core.exports.told.segments` by segment."""
        return segments(self.of).set_index("segment")

    @cached_property
    def money(self) -> Money | None:
        """What the segments bring in; None where it is not known or its column is left out."""
        found = money_of(self.of)
        return found if found is not None and found.column not in self.hidden else None

    @cached_property
    def personas(self) -> Mapping[int, Persona]:
        return {one.segment: one for one in personas(self.of)} if len(self.of.contrasts) else {}

    def size(self, segment: int) -> int:
        return int(self.of.candidate.sizes.get(segment, 0))

    def share(self, segment: int) -> float:
        """0..1 of all customers of the file."""
        return self.size(segment) / len(self.table) if len(self.table) else 0.0

    def colour(self, segment: int) -> str:
        return segment_colour(segment, self.of.colours.get(segment, 0))

    def is_small(self, segment: int) -> bool:
        """Whether its figures would tell of single people."""
        return segment in self.small

    def differences(self, segment: int) -> pd.DataFrame:
        """At most twelve contrasts of at least Cohen's small, the strongest first: caption, own, everyone, unit, effect,
        of columns that may be told."""
        rows = self.of.contrasts
        if "segment" not in rows or self.is_small(segment):
            return pd.DataFrame(columns=["caption", "column", "own", "everyone", "unit", "kind", "effect"])
        rows = rows[(rows["segment"] == segment) & ~rows["column"].isin(list(self.hidden))]
        rows = rows[rows["effect"].abs() >= SMALL_EFFECT]
        return rows.sort_values("effect", key=np.abs, ascending=False, kind="stable").head(STRONGEST)

    def sentence(self, segment: int) -> str:
        """The three strongest differences on one line."""
        rows = self.differences(segment).head(TOLD)
        return "; ".join(f"{row.caption} {'higher' if row.effect > 0 else 'lower'}" for row in rows.itertuples())

    def profile(self, segment: int) -> pd.DataFrame:
        """A row per column that may be told: column, unit, kind, mean, median, most_common, gaps of the segment, and the
        mean, median and most common value of everyone."""
        rows = self.of.profile
        if "column" not in rows or self.is_small(segment):
            return pd.DataFrame()
        rows = rows[~rows["column"].isin(list(self.hidden))]
        here, all_of = (rows[rows["segment"] == one].set_index("column") for one in (segment, 0))
        told = here[["unit", "kind", "mean", "median", "most_common", "most_common_share", "gaps"]].copy()
        for name in ("mean", "median", "most_common"):
            told[f"{name}_everyone"] = all_of[name].reindex(told.index)
        return told.reset_index()


def book_facts(table: Table, segmentation: Segmentation, *, personal: bool = False) -> BookFacts:
    """What a workbook may tell: without ``personal``, what a report would (:mod:`core.personal.safe`)."""
    if personal:
        return BookFacts(table, segmentation, personal)
    hidden = telling_columns(table)
    of = fit_to_show(segmentation, hidden)
    return BookFacts(table, replace(of, candidate=replace(of.candidate, names=names_to_show(table, segmentation, hidden))))
