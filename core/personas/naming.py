"""A name for each segment, from its strongest steady differences; every word of it is carried by one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.personas.facts import TOLD, Facts, Trait
from core.personas.rules import RULES
from core.personas.said import Claim
from core.personas.telling import plainest
from core.personas.words import AGE, FAMILY, ORDERED
from core.profiles.naming import AVERAGE, LONGEST, fits, plain

_SPEAKING = re.compile(r"(?!(?:yes|no|true|false|other|unknown)$)[^\W\d]{3,}.*", re.IGNORECASE)
"""Values that say what they are without the name of their column."""
Named = tuple[str, tuple[Claim, ...]]


def suggestions(facts: Facts) -> dict[int, Named]:
    """A name of at most 60 characters for every segment, with what its words stand on.

    No two are equal, and none is the present name of another segment: each can be taken. "Close to average" where no
    difference of at least 0.5 standard deviations is steady.
    """
    given: dict[int, Named] = {}
    for segment in facts.segments:
        others = {name for other, name in facts.of.candidate.names.items() if other != segment}
        taken = {name for name, _ in given.values()} | others
        given[segment] = _free(spoken(facts, segment), taken)
    return given


def spoken(facts: Facts, segment: int) -> list[tuple[str, Claim]]:
    """The words that a name may take and what they stand on, the strongest first, one for each column that says another thing."""
    found: dict[str, tuple[str, Claim]] = {}
    ordered = not facts.of.orders.empty
    for trait in sorted(plainest(facts.traits(segment)), key=lambda one: (TOLD.index(one.role) if one.role in TOLD else 9)):
        family = FAMILY.get(trait.column, trait.column) if ordered else trait.column
        if trait.role not in TOLD or family in found or abs(trait.effect) < RULES["marked difference"]:
            continue
        word, text = _worded(trait, ordered)
        if word and trait.meets(word):
            found[family] = (text, Claim(word, segment, trait.caption))
    return list(found.values())


def _worded(trait: Trait, ordered: bool) -> tuple[str, str]:
    """The judging word of a contrast, and what stands in the name; "" where there is no good one."""
    pair = ORDERED.get(trait.column) if ordered else None
    if pair:
        return (pair[0 if trait.effect > 0 else 1],) * 2
    column = plain(trait.column)
    if trait.number and column.casefold() in AGE:
        return ("older" if trait.effect > 0 else "younger",) * 2
    if trait.number:
        word = "high" if trait.effect > 0 else "low"
        return word, f"{word} {column}" if column else ""
    value = plain(trait.level, lower=False)
    what = f"{column} {value}" if trait.level and not _SPEAKING.fullmatch(value) else value or column
    ways = ("only", "mostly", "often") if trait.effect > 0 else ("never", "rarely", "less often")
    word = next((way for way in ways if trait.meets(way)), "")
    return word, f"{word} {what}"


def _free(words: Sequence[tuple[str, Claim]], taken: set[str]) -> Named:
    """The first name that nobody has: two words, then another second one, then three, then with a number."""
    tries = [words[:2], *([*words[:1], other] for other in words[2:]), words[:3]]
    for tried in [one for one in tries if fits([text for text, _ in one])] or tries[:1]:
        if (name := _joined([text for text, _ in tried])) not in taken:
            return name, tuple(claim for _, claim in tried)
    claims = tuple(claim for _, claim in words[:2])
    first = _joined([text for text, _ in words[:2]])[: LONGEST - 6]
    number = next(n for n in range(2, len(taken) + 3) if f"{first} ({n})" not in taken)
    return f"{first} ({number})", claims


def _joined(words: Sequence[str]) -> str:
    text = ", ".join(words)
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip(' ,')}…"
    text = text or AVERAGE
    return text[0].upper() + text[1:]
