"""A persona: every number in it resolves to a cell of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.model import Segmentation


@dataclass(frozen=True)
class Said:
    """One sentence; ``numbers`` maps each number as written to the cell it stands for: (frame, segment, column, figure)."""

    text: str
    numbers: Mapping[str, tuple[str, int, str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Persona:
    """``name`` is a suggestion; ``sentences`` three; ``actions`` by word (retain, grow, win back, thank, test) with the
    reason; ``cautions`` what not to conclude."""

    segment: int
    name: str
    sentences: tuple[Said, ...]
    actions: tuple[tuple[str, Said], ...]
    cautions: tuple[Said, ...]


def persona(segmentation: Segmentation, segment: int) -> Persona:
    """Raises :class:`BadRequest` for a segment that there is not."""
    return Persona(segment, segmentation.candidate.names.get(segment, ""), (), (), ())
