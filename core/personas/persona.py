"""A persona: a segment in words, every number of which resolves to a stored cell."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import Segmentation
from core.personas.actions import actions
from core.personas.cautions import cautions
from core.personas.facts import Facts
from core.personas.naming import Named, suggestions
from core.personas.said import Claim, Said
from core.personas.telling import sentences
from core.selection.wording import caution


@dataclass(frozen=True)
class Persona:
    """``name`` is a suggestion, its words standing on the contrasts ``named_for``; ``sentences`` are three: who they are,

    what else sets them apart, how far to trust that. ``actions`` are one or two of retain, grow, win back, thank and test
    with the reason; ``cautions`` say what not to conclude. ``warning`` is :data:`core.selection.CAUTION` where the segment
    is less stable than 0.60, else "".
    """

    segment: int
    name: str
    named_for: tuple[Claim, ...]
    sentences: tuple[Said, ...]
    actions: tuple[tuple[str, Said], ...]
    cautions: tuple[Said, ...]
    warning: str = ""

    @property
    def said(self) -> tuple[Said, ...]:
        """Every sentence."""
        return (*self.sentences, *(reason for _, reason in self.actions), *self.cautions)


def persona(segmentation: Segmentation, segment: int) -> Persona:
    """One segment in words. Raises :class:`BadRequest` for a segment that there is not."""
    facts = Facts(segmentation)
    facts.require(segment)
    return _persona(facts, segment, suggestions(facts)[segment])


def personas(segmentation: Segmentation) -> tuple[Persona, ...]:
    """Every segment in words, by number; who is in none has no persona."""
    facts = Facts(segmentation)
    names = suggestions(facts)
    return tuple(_persona(facts, segment, names[segment]) for segment in facts.segments)


def _persona(facts: Facts, segment: int, named: Named) -> Persona:
    return Persona(
        segment=segment,
        name=named[0],
        named_for=named[1],
        sentences=sentences(facts, segment),
        actions=actions(facts, segment),
        cautions=cautions(facts, segment),
        warning=caution(facts.of.candidate.trust.get(segment)),
    )
