"""What not to conclude from a segment."""

from __future__ import annotations

from core.personas.facts import TOLD, Facts, Trait
from core.personas.rules import RULES
from core.personas.said import Cell, Label, Part, Said
from core.personas.telling import called_of, strongest
from core.selection.wording import CAUTION

MOST_NAMED = 3
_FOUND = {
    "none": "Compared with data without segments, nothing here is more than chance: the groups are a cut, not a discovery.",
    "constructive": "Compared with data without segments, these groups are a useful cut through a continuum, not a discovery.",
    "reproducible": "These groups come back in other draws of the customers, but no gaps lie between them.",
}


def cautions(facts: Facts, segment: int) -> tuple[Said, ...]:
    """The sentences that apply, the gravest first."""
    told = strongest(facts, segment)
    found = [
        _unstable(facts, segment), _few(facts, segment), _verdict(facts), _circular(facts, segment),
        _everyone(facts, segment, told), _known(facts, segment, told), _alike(facts, segment), _outcomes(facts),
    ]  # fmt: skip
    return tuple(said for said in found if said is not None)


def _unstable(facts: Facts, segment: int) -> Said | None:
    trust = Cell("candidate", segment, "", "trust")
    if not facts.value(trust) < RULES["trust floor"]:
        return None
    return facts.say(f"{CAUTION.rstrip('.')}: its bootstrap Jaccard is ", trust, ", and under ",
                     Cell("rules", 0, "trust floor", "value"), " other customers give another group.")  # fmt: skip


def _few(facts: Facts, segment: int) -> Said | None:
    size = Cell("candidate", segment, "", "size", "whole")
    if facts.value(size) >= RULES["few customers"]:
        return None
    return facts.say("Do not rely on its averages: there are ", size, " customers, and under ",
                     Cell("rules", 0, "few customers", "value"), " each single one moves them.")  # fmt: skip


def _verdict(facts: Facts) -> Said | None:
    words = _FOUND.get(facts.of.verdict)
    return facts.say(words) if words else None


def _circular(facts: Facts, segment: int) -> Said | None:
    """Differences in what was clustered on come with any clustering."""
    if not any(trait.role == TOLD[0] for trait in facts.traits(segment)):
        return None
    return facts.say("Do not take its differences for a proof that it exists: the columns that made the segments differ "
                     "between them in any data.")  # fmt: skip


def _everyone(facts: Facts, segment: int, told: list[Trait]) -> Said | None:
    """How far the customers of the segment lie apart in the column that sets them apart most."""
    trait = next((one for one in told if one.number), None)
    if trait is None:
        return None
    low, high = (Cell("profile", segment, trait.column, figure) for figure in ("minimum", "maximum"))
    if not facts.known(low, high) or facts.value(low) == facts.value(high):
        return None
    unit: list[Part] = [" ", Label(trait.unit)] if trait.unit else []
    return facts.say("Do not take the average for every customer: ", called_of(facts, trait.column), " runs from ", low, " to ", high,
                     *unit, " within the segment.")  # fmt: skip


def _known(facts: Facts, segment: int, told: list[Trait]) -> Said | None:
    """That the strongest difference stands on some of the customers only."""
    size = Cell("candidate", segment, "", "size", "whole")
    for trait in told[:1]:
        filled = Cell("contrasts", segment, trait.caption, "filled", "whole")
        if facts.known(filled) and facts.value(filled) < RULES["known"] * facts.value(size):
            return facts.say(called_of(facts, trait.column), " is known of ", filled, " of the ", size,
                             " customers: say nothing about the others.")  # fmt: skip
    return None


def _alike(facts: Facts, segment: int) -> Said | None:
    """In which columns the segment is like everyone else."""
    small = RULES["small difference"]
    most: dict[str, Trait] = {}
    for trait in facts.traits(segment):
        if trait.role in TOLD:
            most.setdefault(trait.column, trait)
    alike = [trait for trait in most.values() if abs(trait.effect) < small][:MOST_NAMED]
    if not alike:
        return None
    names: list[Part] = []
    for place, trait in enumerate(alike):
        names += [" or " if place and place == len(alike) - 1 else ", " if place else "", called_of(facts, trait.column)]
    return facts.say("Do not read anything into ", *names, ": under ", Cell("rules", 0, "small difference", "value"),
                     " standard deviations from everyone else.")  # fmt: skip


def _outcomes(facts: Facts) -> Said | None:
    """Outcomes in which the segments do not differ: no reason to pick one of them."""
    frame = facts.of.outcomes
    if not {"column", "role", "differs"} <= set(frame.columns):
        return None
    same = [str(column) for column, role, differs in zip(frame["column"], frame["role"], frame["differs"], strict=True)
            if str(role) == "outcome" and not differs][:MOST_NAMED]  # fmt: skip
    if not same:
        return None
    names: list[Part] = []
    for place, column in enumerate(same):
        names += [" or " if place and place == len(same) - 1 else ", " if place else "", called_of(facts, column)]
    return facts.say("Do not pick a segment for ", *names, ": the segments do not differ in it more than chance would make them.")
