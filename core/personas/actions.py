"""What to do with a segment: retain, grow, win back, thank or test, by stated rules, each with its numbers."""

from __future__ import annotations

from collections.abc import Callable

from core.personas.facts import Facts
from core.personas.reading import Reading
from core.personas.rules import RULES
from core.personas.said import Cell, Part, Said
from core.personas.telling import difference

MOST = 2
Rule = Callable[[Reading], "Said | None"]


def actions(facts: Facts, segment: int) -> tuple[tuple[str, Said], ...]:
    """One or two words with their reasons, in the order of ``ACTIONS``; where none applies, a test.

    Each word stands once, with the reason of the first rule that applies.
    """
    reading, found = Reading(facts, segment), {}
    for word, rule in ACTIONS:
        if word not in found and len(found) < MOST and (said := rule(reading)) is not None:
            found[word] = said
    return tuple(found.items()) or (("test", _small(reading) or _nothing_known(reading)),)


def _unstable(reading: Reading) -> Said | None:
    """Bootstrap Jaccard under 0.60: try before anything else."""
    trust = Cell("candidate", reading.segment, "", "trust")
    if not reading.facts.value(trust) < RULES["trust floor"]:
        return None
    return reading.facts.say(
        "Its bootstrap Jaccard of ", trust, " is under ", Cell("rules", 0, "trust floor", "value"),
        "; other customers would be grouped another way, so try every offer on a random part of them, and keep the rest "
        "to compare with.",
    )  # fmt: skip


def _win_back(reading: Reading) -> Said | None:
    """Long silent, and worth at least their share."""
    if not reading.silent or reading.recency is None or reading.little or reading.weight < 1:
        return None
    worth: list[Part] = [", and ", *reading.bringing()] if reading.bringing() else []
    return reading.facts.say(*difference(reading.facts, reading.recency), *worth, "; they are worth asking back.")


def _cheaply(reading: Reading) -> Said | None:
    """Long silent, and worth less than their share: only a cheap attempt can pay."""
    if not reading.silent or reading.recency is None or not (reading.little or reading.weight < 1):
        return None
    return reading.facts.say(
        *difference(reading.facts, reading.recency), ", and ", *(reading.bringing() or ["they spend less than others"]),
        "; only an attempt that costs next to nothing can pay, so send it to a random part and compare.",
    )  # fmt: skip


def _retain(reading: Reading) -> Said | None:
    """They bring clearly more than their share, and are not silent."""
    if not reading.much or reading.silent:
        return None
    trend = reading.named("trend")
    falling: list[Part] = []
    if trend is not None and trend.meets("buying less than before"):
        falling = ["; and ", *difference(reading.facts, trend)]
    return reading.facts.say(*reading.bringing(), *falling, "; losing one of them costs more than losing another customer.")


def _slowing(reading: Reading) -> Said | None:
    """They bring their share, and buy less than before."""
    trend = reading.named("trend")
    if trend is None or reading.silent or reading.weight < 1 or not trend.meets("buying less than before"):
        return None
    return reading.facts.say(*difference(reading.facts, trend), "; ask what has changed before they are gone.")


def _thank(reading: Reading) -> Said | None:
    """They bring at least their share, and bought lately or order often."""
    frequency = reading.named("frequency")
    seen = reading.recency if reading.lately else frequency if reading.meets(frequency, "frequent buyers") else None
    if seen is None or not (reading.much or (reading.by_money and reading.weight >= 1)):
        return None
    return reading.facts.say(*difference(reading.facts, seen), "; thank them rather than pay them a discount.")  # fmt: skip


def _expected(reading: Reading) -> Said | None:
    """Clearly more is expected of them than they brought."""
    expected = Cell("money", reading.segment, "", "expected_value", "share", over=Cell("money", 0, "", "expected_value"))
    facts = reading.facts
    if not facts.known(expected, reading.revenue) or reading.silent:
        return None
    if not 0 < facts.value(reading.revenue) * RULES["more than their share"] <= facts.value(expected):
        return None
    return facts.say("They brought ", reading.revenue, " of all revenue so far, and ", expected,
                     " of all expected value is theirs; more is to be had from them than so far.")  # fmt: skip


def _grow(reading: Reading) -> Said | None:
    """They bring clearly less than their share, but bought lately, or earn clearly more than others."""
    able = reading.recency if reading.lately else reading.earned if reading.meets(reading.earned, "high") else None
    if not reading.little or able is None or not reading.bringing():
        return None
    return reading.facts.say(*difference(reading.facts, able), ", yet ", *reading.bringing(),
                             "; there is room for a second product or a larger order.")  # fmt: skip


def _small(reading: Reading) -> Said | None:
    """They bring clearly less than their share, and nothing says why."""
    if not reading.little or not reading.bringing():
        return None
    return reading.facts.say(*reading.bringing(), "; nothing here says that they could bring more, so try one offer on a random "
                             "half of them, and keep the other half to compare with.")  # fmt: skip


def _nothing_known(reading: Reading) -> Said:
    size = Cell("candidate", reading.segment, "", "size", "whole")
    return reading.facts.say("Nothing in these columns says what the ", size, " customers would answer to: try one offer on a "
                             "random half of them, and keep the other half to compare with.")  # fmt: skip


ACTIONS: tuple[tuple[str, Rule], ...] = (
    ("test", _unstable),
    ("win back", _win_back),
    ("retain", _retain),
    ("retain", _slowing),
    ("thank", _thank),
    ("grow", _expected),
    ("grow", _grow),
    ("test", _cheaply),
)
"""Every rule with the word it gives, in the order in which they are asked."""
