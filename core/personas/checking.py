"""The checker of personas: it reads the text, and looks every number and judging word up in the frames anew."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.model import Segmentation
from core.personas.money import money_name
from core.personas.persona import Persona
from core.personas.rules import RULES
from core.personas.said import Cell, Claim, Label, Said, Trusted, label
from core.personas.words import WORDS
from core.personas.written import written
from core.selection.wording import trust_words

_LETTERS = re.compile("|".join(rf"\b{word}\b" for word in sorted(WORDS, key=len, reverse=True)), re.IGNORECASE)


def check(persona: Persona, segmentation: Segmentation) -> tuple[str, ...]:
    """What is wrong with a persona, () where nothing is.

    Each digit of each sentence must belong to a declared number, which must be the value of its cell, rounded as
    stated, or to a name that the data know; each judging word must be declared and be carried by its contrast.
    """
    names = _names(segmentation)
    found = [f"{said.text}: {problem}" for said in persona.said for problem in _wrong(said, segmentation, names)]
    unmet = [claim for claim in persona.named_for if not _carried(claim, segmentation)]
    return (*found, *(f"{persona.name}: {claim.word} is not carried by {claim.caption}" for claim in unmet))


def _wrong(said: Said, segmentation: Segmentation, names: set[str]) -> Iterator[str]:
    covered = np.zeros(len(said.text), dtype=bool)
    for quote in said.quotes:
        shown = said.text[quote.start : quote.stop]
        if covered[quote.start : quote.stop].any() or not shown:
            yield f"{shown!r} is declared twice or is empty"
        covered[quote.start : quote.stop] = True
        if problem := _unfounded(shown, quote.of, segmentation, names):
            yield problem
    for place, mark in enumerate(said.text):
        if not covered[place] and mark.isnumeric():
            yield f"{mark!r} at {place} stands on no cell"
    for match in _LETTERS.finditer(said.text):
        if not covered[match.start() : match.end()].all():
            yield f"{match.group()!r} stands on no contrast"


def _unfounded(shown: str, of: Cell | Label | Claim | Trusted, segmentation: Segmentation, names: set[str]) -> str:
    """Why what is shown is not what it is said to be, "" where it is."""
    if isinstance(of, Label):
        return "" if shown.casefold() == label(of.text).casefold() and of.text in names else f"{shown!r} is no name in the data"
    if isinstance(of, Claim):
        right = shown.casefold() == of.word and _carried(of, segmentation)
        return "" if right else f"{shown!r} is not carried by {of.caption}"
    if isinstance(of, Trusted):
        return "" if shown == of.word == trust_words(segmentation.candidate.trust.get(of.segment)) else f"{shown!r} is not how stable it is"
    value = looked_up(of, segmentation)
    if not math.isfinite(value):
        return f"{shown!r} has no cell {of}"
    expected = written(value, of.form)
    return "" if shown.casefold() == expected.casefold() else f"{shown!r} should be {expected!r}"


def looked_up(cell: Cell, segmentation: Segmentation) -> float:
    """The number in a cell, straight from the frames; NaN where there is none."""
    value = _single(cell, segmentation)
    if cell.over is not None:
        base = looked_up(cell.over, segmentation)
        return value / base if base else math.nan
    return value


def _single(cell: Cell, segmentation: Segmentation) -> float:
    candidate = segmentation.candidate
    if cell.frame == "rules":
        return RULES.get(cell.column, math.nan)
    if cell.frame == "segmentation":
        return float(segmentation.resamples) if cell.figure == "resamples" else math.nan
    if cell.frame == "money":
        return _money(cell, segmentation)
    if cell.frame in ("profile", "contrasts"):
        named = "column" if cell.frame == "profile" else "caption"
        return _in(getattr(segmentation, cell.frame), cell, named)
    if cell.frame != "candidate":
        return math.nan
    if cell.figure == "trust":
        return float(candidate.trust.get(cell.segment, math.nan))
    size = len(candidate.labels) if cell.segment == 0 else int((np.asarray(candidate.labels) == cell.segment).sum())
    return size / len(candidate.labels) if cell.figure == "share" else float(size)


def _in(frame: pd.DataFrame, cell: Cell, named: str = "") -> float:
    if cell.figure not in frame:
        return math.nan
    here = frame["segment"] == cell.segment
    rows = frame.loc[here & (frame[named] == cell.column) if named else here, cell.figure]
    return float(rows.iloc[0]) if len(rows) == 1 and pd.notna(rows.iloc[0]) else math.nan


def _money(cell: Cell, segmentation: Segmentation) -> float:
    """A figure of :mod:`core.personas.money`: of orders a cell of that frame, else mean times customers of the profile."""
    if not segmentation.orders.empty:
        return _in(segmentation.orders, cell)
    column = money_name(segmentation)

    def revenue(segment: int) -> float:
        mean, customers, gaps = (
            _in(segmentation.profile, Cell("profile", segment, column, figure), "column") for figure in ("mean", "customers", "gaps")
        )
        return 0.0 if customers == gaps else mean * (customers - gaps)

    if not column or cell.figure not in ("revenue", "revenue_share"):
        return math.nan
    own, whole = revenue(cell.segment), revenue(0)
    if cell.figure == "revenue":
        return own
    return own / whole if whole > 0 else math.nan


def _carried(claim: Claim, segmentation: Segmentation) -> bool:
    effect, steady, own = (
        _in(segmentation.contrasts, Cell("contrasts", claim.segment, claim.caption, figure), "caption")
        for figure in ("effect", "steady", "own")
    )
    return claim.word in WORDS and WORDS[claim.word].met(effect=effect, steady=steady, own=own)


def _names(segmentation: Segmentation) -> set[str]:
    """Everything the data call by a name."""
    found: set[str] = set()
    for frame, columns in (
        (segmentation.contrasts, ("column", "caption", "level", "unit")),
        (segmentation.profile, ("column", "unit")),
        (segmentation.outcomes, ("column",)),
    ):
        for column in columns:
            if column in frame:
                found |= {str(name) for name in frame[column].unique()}
    return found
