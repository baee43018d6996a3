"""Notes about a column in the words of a colleague, each with its count, examples and way back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.model import Choice, Kind, Note
from core.tables.cells import Cells


def counted(name: str, code: str, text: str, *, count: int, examples: tuple[str, ...], hint: str = "",
            choice: Choice | None = None) -> Note:
    """"``name``: ``count`` ``text``."""
    return Note(code, f"{name}: {count:,} {_one(text) if count == 1 else text}.", name, count, examples, hint=hint,
                choice=choice)


def _one(text: str) -> str:
    """"cells are empty" of a single cell."""
    noun, verb, *rest = text.split(" ")
    singular = {"are": "is", "were": "was", "have": "has", "say": "says", "stand": "stands", "lie": "lies", "differ": "differs"}
    sentence = " ".join((noun.removesuffix("s"), singular.get(verb, verb), *rest))
    return (sentence.replace("count as gaps", "counts as a gap").replace("they are kept", "it is kept")
            .replace("they stand as they are", "it stands as it is").replace("their text", "its text"))


def of_cells(cells: Cells, positions: Sequence[int] | np.ndarray, name: str, code: str, text: str,
             **more: object) -> Note:
    """A note about the cells that hold the distinct texts at ``positions``."""
    return counted(name, code, text, count=cells.count(positions), examples=examples(cells, positions), **more)


def examples(cells: Cells, positions: Sequence[int] | np.ndarray) -> tuple[str, ...]:
    """Up to three of the texts at ``positions``."""
    return tuple(cells.texts.iloc[list(positions[:3])])


def kind_choice(name: str, taken: Kind, *others: Kind) -> Choice:
    """The way back from a kind: the texts as they stand, or one of ``others``."""
    options = dict.fromkeys((taken, *others, Kind.TEXT))
    return Choice(f"kind:{name}", tuple(kind.value for kind in options), taken.value)


def chosen_note(name: str, kind: Kind, *, count: int, examples: tuple[str, ...]) -> Note:
    """What the owner chose, so that it can be chosen otherwise again."""
    choice = Choice(f"kind:{name}", tuple(one.value for one in Kind), kind.value)
    return counted(name, "KIND_CHOSEN", f"cells are read as {kind.value}, as chosen", count=count, examples=examples,
                   choice=choice)


def missing_choice(name: str, taken: str = "missing") -> Choice:
    """Whether words like "NA" mean that nothing is there, or are words like all others."""
    return Choice(f"missing:{name}", ("missing", "text"), taken)


def not_finite_note(name: str, count: int, examples: tuple[str, ...]) -> Note:
    """Numbers beyond reckoning."""
    return counted(name, "NOT_FINITE", "cells are infinite or too large and count as gaps", count=count,
                   examples=examples, choice=kind_choice(name, Kind.NUMBER))


def missing_note(name: str, count: int, examples: tuple[str, ...]) -> Note:
    """Cells that say in words that nothing is there ("NA", "-")."""
    return counted(name, "MISSING_TOKENS", "cells say that the value is missing", count=count, examples=examples,
                   choice=missing_choice(name))
