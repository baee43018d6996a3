"""What is known of the segments, by cell: what sentences are made of."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core.errors import BadRequest
from core.model import NOISE, Kind, Segmentation
from core.personas.money import Money, money_of
from core.personas.rules import RULES
from core.personas.said import Cell, Part, Said, say
from core.personas.words import DEGREES, WORDS
from core.personas.written import written

TOLD = ("feature", "profile")
"""Roles of columns that describe a segment; outcomes are what it is asked about."""


@dataclass(frozen=True)
class Trait:
    """One contrast of a segment with everyone else: a row of ``Segmentation.contrasts``.

    ``own`` and ``everyone`` are means, for a flag or a value of a category shares (0..1); ``effect`` is Cohen's d,
    ``steady`` the share of resamples in which it comes out, NaN where that is unknown.
    """

    segment: int
    column: str
    level: str
    caption: str
    kind: str
    role: str
    unit: str
    own: float
    everyone: float
    effect: float
    steady: float
    filled: float

    @property
    def number(self) -> bool:
        """Whether it is a mean; else it is a share."""
        return self.kind == str(Kind.NUMBER)

    def meets(self, word: str) -> bool:
        """Whether it carries this judging word."""
        return WORDS[word].met(effect=self.effect, steady=self.steady, own=self.own)

    @property
    def degree(self) -> str:
        """"far above", "slightly less often" and so on; "" where the difference is too small or not steady."""
        up = self.effect > 0
        way = ("above" if up else "below") if self.number else ("more often" if up else "less often")
        words = [f"{degree} {way}" for degree, _ in DEGREES]
        return next((word for word in words if self.meets(word)), "")


@dataclass(frozen=True)
class Facts:
    """The stored frames of a segmentation, looked up by cell."""

    of: Segmentation

    def require(self, segment: int) -> None:
        """Raises :class:`BadRequest` for a segment that there is not."""
        if segment == NOISE or segment not in self.of.candidate.sizes:
            raise BadRequest(f"There is no segment {segment!r} here.", "Pick one from the Atlas.")

    @cached_property
    def segments(self) -> tuple[int, ...]:
        """The segments, rising."""
        return tuple(sorted(segment for segment in self.of.candidate.sizes if segment != NOISE))

    @cached_property
    def customers(self) -> int:
        """All customers, those in no segment included."""
        return sum(self.of.candidate.sizes.values())

    @cached_property
    def money(self) -> Money | None:
        """What the segments bring in."""
        return money_of(self.of)

    @cached_property
    def _traits(self) -> dict[int, tuple[Trait, ...]]:
        found: dict[int, list[Trait]] = {}
        for trait in _rows(self.of):
            if all(map(math.isfinite, (trait.own, trait.everyone, trait.effect))):
                found.setdefault(trait.segment, []).append(trait)
        return {segment: tuple(sorted(rows, key=lambda one: -abs(one.effect))) for segment, rows in found.items()}

    def traits(self, segment: int) -> tuple[Trait, ...]:
        """Its contrasts with everyone else, the largest effect first."""
        return self._traits.get(segment, ())

    def trait(self, segment: int, caption: str) -> Trait | None:
        return next((one for one in self.traits(segment) if one.caption == caption), None)

    @cached_property
    def _profile(self) -> dict[tuple[int, str], dict]:
        rows = self.of.profile.to_dict("records")
        return {(int(row["segment"]), str(row["column"])): row for row in rows}

    def value(self, cell: Cell) -> float:
        """The number in a cell, NaN where there is none."""
        found = self._found(cell)
        if cell.over is None:
            return found
        base = self.value(cell.over)
        return found / base if base else math.nan

    def known(self, *cells: Cell) -> bool:
        """Whether all of these can be written."""
        return all(math.isfinite(self.value(cell)) for cell in cells)

    def say(self, *parts: Part) -> Said:
        """The sentence of these parts."""
        return say(lambda cell: written(self.value(cell), cell.form), *parts)

    def _found(self, cell: Cell) -> float:
        if cell.frame == "rules":
            return RULES[cell.column]
        if cell.frame == "contrasts":
            trait = self.trait(cell.segment, cell.column)
            return getattr(trait, cell.figure) if trait else math.nan
        if cell.frame == "profile":
            return _float(self._profile.get((cell.segment, cell.column), {}).get(cell.figure))
        if cell.frame == "money":
            return self.money.figure(cell.segment, cell.figure) if self.money else math.nan
        return self._counted(cell)

    def _counted(self, cell: Cell) -> float:
        candidate = self.of.candidate
        if cell.figure == "resamples":
            return float(self.of.resamples)
        if cell.figure == "trust":
            return _float(candidate.trust.get(cell.segment))
        size = self.customers if cell.segment == 0 else candidate.sizes.get(cell.segment, 0)
        return size / max(self.customers, 1) if cell.figure == "share" else float(size)


def _rows(segmentation: Segmentation) -> Iterator[Trait]:
    frame = segmentation.contrasts
    texts, figures = ("column", "level", "caption", "kind", "role", "unit"), ("own", "everyone", "effect", "steady", "filled")
    if not {"segment", *texts, *figures} <= set(frame.columns):
        return
    columns = [frame[name].tolist() for name in ("segment", *texts, *figures)]
    for segment, *cells in zip(*columns, strict=True):
        words, values = cells[: len(texts)], cells[len(texts) :]
        yield Trait(int(segment), *("" if word != word or word is None else str(word) for word in words), *map(_float, values))


def _float(value: object) -> float:
    return math.nan if value is None else float(value)  # type: ignore[arg-type]
