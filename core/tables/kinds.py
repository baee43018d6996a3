"""What the cells of a column are, by the vote of all its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Kind, Note, Question
from core.tables.cells import Cells
from core.tables.hints import Hints, Proof


@dataclass(frozen=True)
class Recognised:
    """``values`` typed as ``Table.frame`` wants them; ``unit`` as the cells say it ("EUR", "kg"), ``percent`` where they
    are shares; ``proof`` is what the column says of its style, ``padded`` counts cells with spaces around their text,
    ``distinct`` different values where that is known already."""

    kind: Kind
    values: pd.Series
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    unit: str = ""
    percent: bool = False
    left_out: str = ""
    proof: Proof = Proof()
    padded: int = 0
    distinct: int | None = None


@dataclass(frozen=True)
class Asked:
    """One column to be understood: its ``name``, what the owner ``answered``, and what the rest of the file suggests."""

    name: str
    answers: Mapping[str, str]
    hints: Hints = Hints()

    def answer(self, key: str) -> str:
        """The answer to ``key:NAME``, "" where none is given."""
        return self.answers.get(f"{key}:{self.name}", "")

    @property
    def kind(self) -> Kind | None:
        """The kind that the owner wants."""
        wanted = self.answer("kind")
        return Kind(wanted) if wanted in tuple(Kind) else None


POSTAL = re.compile(r"zip|postcode|postal|\bplz\b|phone|\btel\b|telefon|mobile|\bfax\b|iban|\bean\b|\bisbn\b", re.I)
ENOUGH = 0.9  # of the filled cells must be numbers, or dates, for the column to be read as such
SOME = 0.5  # of them and the column is remarked upon


def labels(cells: Cells, keep: np.ndarray) -> pd.Series:
    """Object column of str, None where ``keep`` (n_distinct,) is False."""
    distinct = np.where(keep, cells.texts.to_numpy(dtype=object), None)
    return pd.Series(cells.spread(distinct), dtype=object)


def filled(cells: Cells) -> np.ndarray:
    """(n_distinct,) True where the text is not empty."""
    return (cells.texts != "").to_numpy(dtype=bool)
