"""What a segment's numbers say about money, silence and habit: what rules about actions ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from core.customers.kinds import RANKED
from core.personas.facts import Facts, Trait
from core.personas.money import EARNED
from core.personas.rules import RULES
from core.personas.said import Cell, Part
from core.personas.telling import called_of, difference

SPENT = re.compile(r"spend|spent|purchas|\bmnt|revenue|sales|amount|turnover|expend|monetary|umsatz|ausgaben", re.IGNORECASE)
COUNTED = re.compile(r"count|num(?:ber)?(?![a-z])|rate|freq|share|days?|trx|visits?", re.IGNORECASE)
UNLIKE = re.compile(r"\b(?:age|alter|year|score|rating|month|recency|tenure|kids?|teens?|children|size|id|z)(?![a-z])|home$", re.IGNORECASE)
SILENCE = re.compile(r"recency|days[ _]since|inactiv|last[ _](?:purchase|order|visit)", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One segment, asked by the rules about actions."""

    facts: Facts
    segment: int

    @cached_property
    def recency(self) -> Trait | None:
        """How long ago they bought, where a number says so."""
        return next((one for one in self.numbers if SILENCE.search(one.column) and not RANKED.search(one.column)), None)

    @cached_property
    def spent(self) -> Trait | None:
        """What they spend by the strongest number whose name speaks of it, where no column is money."""
        return next((one for one in self.numbers if SPENT.search(_words(one.column)) and not COUNTED.search(_words(one.column))), None)

    @cached_property
    def earned(self) -> Trait | None:
        """What they earn or own, by the strongest number whose name speaks of it."""
        return next((one for one in self.numbers if EARNED.search(one.column)), None)

    @cached_property
    def numbers(self) -> tuple[Trait, ...]:
        return tuple(one for one in self.facts.traits(self.segment) if one.number)

    def named(self, column: str) -> Trait | None:
        """The contrast of a column of customers made of orders."""
        if self.facts.of.orders.empty:
            return None
        return next((one for one in self.numbers if one.column == column), None)

    def meets(self, trait: Trait | None, word: str) -> bool:
        return trait is not None and trait.meets(word)

    @cached_property
    def silent(self) -> bool:
        """Whether they bought long ago: at least 0.5 standard deviations longer than everyone else, steadily."""
        return self.meets(self.recency, "silent for long")

    @cached_property
    def lately(self) -> bool:
        return self.meets(self.recency, "bought lately")

    @cached_property
    def share(self) -> Cell:
        return Cell("candidate", self.segment, "", "share", "share")

    @cached_property
    def revenue(self) -> Cell:
        return Cell("money", self.segment, "", "revenue_share", "share")

    @cached_property
    def by_money(self) -> bool:
        """Whether their part of the money is known and no chance of the draw."""
        if self.facts.money is None or not self.facts.known(self.revenue):
            return False
        trait = next((one for one in self.numbers if one.column == (self.facts.money.column or "monetary")), None)
        return trait is None or bool(trait.degree)

    @cached_property
    def weight(self) -> float:
        """Share of money over share of customers; 1 where that is unknown or may be chance."""
        return self.facts.value(self.revenue) / self.facts.value(self.share) if self.by_money else 1.0

    @cached_property
    def much(self) -> bool:
        """Whether they bring clearly more than their share."""
        if self.by_money:
            return self.weight >= RULES["more than their share"]
        return self.facts.money is None and self.meets(self.spent, "high")

    @cached_property
    def little(self) -> bool:
        """Whether they bring clearly less than their share."""
        if self.by_money:
            return self.weight <= 1 / RULES["more than their share"]
        return self.facts.money is None and self.meets(self.spent, "low")

    def bringing(self) -> list[Part]:
        """Their part of the money against their part of the customers; else how their spending differs."""
        if not self.by_money:
            return difference(self.facts, self.spent) if self.spent and self.spent.degree else []
        column = self.facts.money.column if self.facts.money else ""
        source: Part = called_of(self.facts, column) if column else "revenue"
        return [self.share, " of the customers bring ", self.revenue, " of all ", source]


def may_be_money(column: str) -> bool:
    """Whether a number of this name could be what customers bring in: no age, score or count, and not what they earn or owe."""
    words = _words(column)
    return not (EARNED.search(words) or COUNTED.search(words) or UNLIKE.search(words))


def _words(column: str) -> str:
    """The words of a name that were written as one."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column)
