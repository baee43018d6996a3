"""Sentences whose numbers, names and judging words each point at what they stand on."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LABEL = 60
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True)
class Cell:
    """One number of a segmentation: the ``figure`` of a ``column`` in a ``segment`` (0 is everyone) of a named frame.

    ``frame`` is one of profile, contrasts (``column`` is the caption), orders, money (see :mod:`core.personas.money`),
    candidate (size, customers, share, trust), segmentation (resamples) or rules (:data:`core.personas.rules.RULES`, by
    ``column``). ``form`` says how it is written (number, whole, share, times). With ``over`` it is the ratio to that cell.
    """

    frame: str
    segment: int
    column: str
    figure: str
    form: str = "number"
    over: Cell | None = None


@dataclass(frozen=True)
class Label:
    """A name that came with the data (a column, a value, a unit): its digits are no statement."""

    text: str


@dataclass(frozen=True)
class Claim:
    """A judging word (:data:`core.personas.words.WORDS`) about the contrast ``caption`` of a segment."""

    word: str
    segment: int
    caption: str


@dataclass(frozen=True)
class Trusted:
    """How stable a segment is, in the words of :func:`core.selection.trust_words`."""

    word: str
    segment: int


Part = str | Cell | Label | Claim | Trusted


@dataclass(frozen=True)
class Quote:
    """What stands at ``start`` to ``stop`` of a text, and what it stands on."""

    start: int
    stop: int
    of: Cell | Label | Claim | Trusted


@dataclass(frozen=True)
class Said:
    """One sentence, and each place in it that stands on data, in the order of the text."""

    text: str
    quotes: tuple[Quote, ...] = ()

    @property
    def numbers(self) -> tuple[tuple[str, Cell], ...]:
        """Each number as written, with the cell that it is."""
        return tuple((self.text[q.start : q.stop], q.of) for q in self.quotes if isinstance(q.of, Cell))


def label(text: object, limit: int = LABEL) -> str:
    """A name from the data on one line, without characters that cannot be seen, at most ``limit`` long."""
    kept = "".join(" " if unicodedata.category(mark) in _HIDDEN else mark for mark in str(text)[: 10 * limit])
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def say(write: Callable[[Cell], str], *parts: Part) -> Said:
    """The sentence made of ``parts``; ``write`` turns a cell into its digits. It begins with a capital."""
    text, quotes = "", []
    for part in parts:
        shown = part if isinstance(part, str) else _shown(part, write)
        if not isinstance(part, str):
            quotes.append(Quote(len(text), len(text) + len(shown), part))
        text += shown
    first = text[:1].upper()
    return Said((first if len(first) == 1 else text[:1]) + text[1:], tuple(quotes))


def _shown(part: Cell | Label | Claim | Trusted, write: Callable[[Cell], str]) -> str:
    if isinstance(part, Cell):
        return write(part)
    return label(part.text) if isinstance(part, Label) else part.word
