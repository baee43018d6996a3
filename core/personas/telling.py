"""Three sentences about a segment: who they are, what else sets them apart, how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence

from core.personas.facts import TOLD, Facts, Trait
from core.personas.rules import RULES
from core.personas.said import Cell, Claim, Label, Part, Said, Trusted
from core.personas.words import CALLED, FAMILY
from core.selection.wording import CAUTION, trust_words

MOST = 2
"""Differences told beside the strongest."""
BARE = ("", "share", "money")
"""Units that say nothing behind a number."""
THEY = "they are "
_WEAK = "Drawn anew, the customers do not give this segment back (bootstrap Jaccard "
NEAR, FURTHEST = 0.05, 100.0  # a ratio nearer to one says nothing, a larger one stands on a base near nothing


def sentences(facts: Facts, segment: int) -> tuple[Said, ...]:
    """The three sentences."""
    told = strongest(facts, segment)
    return _who(facts, segment, told[:1]), _else(facts, segment, told[1 : MOST + 1], len(told)), trusted(facts, segment)


def strongest(facts: Facts, segment: int) -> list[Trait]:
    """The steady differences of at least 0.2 standard deviations, the largest first, one of each column or family.

    What shaped the segments comes before what only describes them; a value of a category counts where it is more common.
    """
    ordered, seen, found = not facts.of.orders.empty, set(), []
    for role in TOLD:
        for trait in plainest(facts.traits(segment)):
            family = FAMILY.get(trait.column, trait.column) if ordered else trait.column
            if trait.role == role and trait.degree and family not in seen:
                seen.add(family)
                found.append(trait)
    return found


def plainest(traits: Sequence[Trait]) -> list[Trait]:
    """Without the values of a category that are rarer than elsewhere, where one is more common: that says it plainly."""
    common = {trait.column for trait in traits if trait.level and trait.effect > 0 and trait.degree}
    return [trait for trait in traits if not (trait.level and trait.effect < 0 and trait.column in common)]


def _who(facts: Facts, segment: int, told: list[Trait]) -> Said:
    counted: list[Part] = [
        Cell("candidate", segment, "", "size", "whole"), " of ", Cell("candidate", 0, "", "size", "whole"),
        " customers (", Cell("candidate", segment, "", "share", "share"), ")", *brought(facts, segment),
    ]  # fmt: skip
    if not told:
        return facts.say(*counted, "; in no column do they differ from everyone else by ",
                         Cell("rules", 0, "small difference", "value"), " standard deviations or more, steadily.")  # fmt: skip
    return facts.say(*counted, "; ", *difference(facts, told[0], whole=True), ".")


def brought(facts: Facts, segment: int) -> list[Part]:
    """Which part of the money they bring, where that is known."""
    part = Cell("money", segment, "", "revenue_share", "share")
    if facts.money is None or not facts.known(part):
        return []
    source: Part = called_of(facts, facts.money.column) if facts.money.column else "revenue"
    return [" with ", part, " of all ", source]


def difference(facts: Facts, trait: Trait, *, whole: bool = False) -> list[Part]:
    """One difference with both numbers; ``whole`` adds the ratio, the effect size and how often it comes out."""
    form = "number" if trait.number else "share"
    own, everyone = (Cell("contrasts", trait.segment, trait.caption, figure, form) for figure in ("own", "everyone"))
    called = called_of(facts, trait.column)
    unit: list[Part] = [" ", Label(trait.unit)] if trait.number and trait.unit not in BARE else []
    claim = Claim(trait.degree, trait.segment, trait.caption)
    if trait.number:
        parts: list[Part] = [THEY, claim, " the others in ", called, ": ", own, *unit, " on average, ",
                             everyone, " over all customers"]  # fmt: skip
    else:
        value: Part = Label(trait.level) if trait.level else "yes"
        parts = [called, " is ", value, " ", claim, " than for the others: for ", own, " of them, ",
                 everyone, " of all customers"]  # fmt: skip
    return [*parts, *(_evidence(facts, own, everyone) if whole else [])]


def called_of(facts: Facts, column: str) -> Part:
    """A column by its name; of customers made of orders by its meaning."""
    return Label(column) if facts.of.orders.empty else CALLED.get(column, Label(column))


def _evidence(facts: Facts, own: Cell, everyone: Cell) -> list[Part]:
    segment, caption = own.segment, own.column
    effect = Cell("contrasts", segment, caption, "effect")
    parts: list[Part] = [" (", *ratio(facts, own, everyone), "effect size d = ", effect]
    steady = Cell("contrasts", segment, caption, "steady", "share")
    if facts.known(steady):
        parts += [", in ", steady, " of resamples"]
    return [*parts, ")"]


def ratio(facts: Facts, own: Cell, everyone: Cell) -> list[Part]:
    """"2.3 times the average, " where both are above zero and it says something."""
    if not (facts.value(own) > 0 and facts.value(everyone) > 0):
        return []
    times = Cell(own.frame, own.segment, own.column, own.figure, "times", over=everyone)
    value = facts.value(times)
    if abs(value - 1) < NEAR or not 1 / FURTHEST <= value <= FURTHEST:
        return []
    return [times, " times the average, " if own.form == "number" else " times the share of all, "]


def _else(facts: Facts, segment: int, told: list[Trait], all_told: int) -> Said:
    if not told:
        much = Cell("rules", 0, "small difference", "value")
        what = "Nothing else sets them apart by " if all_told else "No column tells them apart by "
        return facts.say(what, much, " standard deviations or more, steadily.")
    parts: list[Part] = ["Beside that, "]
    subject = False
    for place, trait in enumerate(told):
        said = difference(facts, trait)
        said = said[1:] if subject and said[0] == THEY else said
        subject = subject or trait.number
        parts += [", and " if place and place == len(told) - 1 else ", " if place else "", *said]
    return facts.say(*parts, ".")


def trusted(facts: Facts, segment: int) -> Said:
    """How often the segment comes back when customers are drawn anew, in the words of Hennig (2007)."""
    trust = Cell("candidate", segment, "", "trust")
    if not facts.known(trust):
        return facts.say("How far to trust this segment has not been measured yet.")
    value = facts.value(trust)
    parts: list[Part] = ["Drawn anew, the customers give this segment back: ", Trusted(trust_words(value), segment),
                         " (bootstrap Jaccard ", trust, " of at most ", Cell("rules", 0, "most trust", "value")]  # fmt: skip
    if facts.of.resamples:
        parts += [", over ", Cell("segmentation", 0, "", "resamples", "whole"), " resamples"]
    if value < RULES["trust floor"]:
        return facts.say(*(_WEAK, trust, *parts[4:]), f"): {CAUTION[0].lower()}{CAUTION[1:]}")
    return facts.say(*parts, ").")
