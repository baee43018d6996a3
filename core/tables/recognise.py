"""From cells to a kind: flags, dates and numbers are proven by nine of ten cells; all others are words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from core.model import Kind, Note
from core.tables.as_date import as_date
from core.tables.as_flag import as_flag, forced_flag, meaning
from core.tables.as_label import as_key, as_label, code_note
from core.tables.as_number import as_measure, as_number, has_units, inexact, like_codes, parsed_cells, serial_question
from core.tables.cells import Cells, matches
from core.tables.kinds import ENOUGH, POSTAL, SOME, Asked, Recognised, filled, labels
from core.tables.missing import says_missing, tokens
from core.tables.numbers import Parsed
from core.tables.remarks import chosen_note, examples, kind_choice, of_cells
from core.tables.serials import named_as_date, scale_of

_COUNTED = re.compile(r"(?:^|(?<=[_\s])|(?=[A-Z]))(?i:number|count|num|qty|quantity|rating|score|stars|size|kids|"
                      r"children|years?|age|income|orders|visits|n)(?![a-z])|(?i:^n_)")
_CODED = re.compile(r"(^|[_\s.]|(?<=[a-z]))(region|channel|type|code|class|group|category|browser|systems?|store|zone|"
                    r"occupation|segment|cluster|city|country|coverage)([_\s.]|$)", re.I)
_FEW_CODES, NAMED_CODES = 3, 30
_RARE = 0.05


def recognise(cells: Cells, asked: Asked) -> Recognised:
    """Kind, typed values, notes and open questions of a column."""
    missing = says_missing(cells)
    if asked.kind is not None:
        found = _as_wanted(cells, missing, asked, asked.kind)
        at = np.flatnonzero(filled(cells))
        if not len(at):
            return found
        note = chosen_note(asked.name, asked.kind, count=cells.count(at), examples=examples(cells, at))
        return replace(found, notes=(note, *found.notes))
    present = cells.texts[~missing]
    if not len(present):
        return Recognised(Kind.TEXT, labels(cells, filled(cells)))
    if asked.answer("missing") == "text" and len(tokens(cells, missing)):
        return as_label(cells, missing, asked)
    said = meaning(present)
    if said is not None:
        return as_flag(cells, missing, asked, said)
    return as_date(cells, missing, asked) or _code(cells, missing, asked) or _number_or_words(cells, missing, asked)


def _as_wanted(cells: Cells, missing: np.ndarray, asked: Asked, wanted: Kind) -> Recognised:
    """The kind that the owner chose; what cannot be read so is a gap, and told."""
    if wanted is Kind.NUMBER:
        return as_measure(cells, missing, asked) or as_number(cells, parsed_cells(cells, missing, asked), asked)
    if wanted is Kind.DATE:
        return as_date(cells, missing, asked, forced=True) or as_label(cells, missing, asked)
    if wanted is Kind.FLAG:
        return forced_flag(cells, missing, asked)
    if wanted is Kind.KEY:
        return as_key(cells, asked.name)
    return as_label(cells, missing, asked, kind=wanted)


def _code(cells: Cells, missing: np.ndarray, asked: Asked) -> Recognised | None:
    """Digits that are a name: with a zero in front, longer than a number can be told exactly, or a telephone."""
    present = cells.texts[~missing]
    at = np.flatnonzero(~missing)
    digits = matches(present, r"^[-+]?[0-9]+$")
    if not digits.any():
        return None
    padded, long = matches(present, r"^0[0-9]+$"), matches(present, r"^(?:[-+]?[0-9]{16,}|\+[0-9]{8,})$")
    if padded.any() and (digits & ~matches(present, "^[-+]")).mean() > ENOUGH:
        return as_key(cells, asked.name, (code_note(cells, at, asked.name, "zeros in front", at[padded]),))
    if long.mean() > SOME:
        return as_key(cells, asked.name, (code_note(cells, at, asked.name, "too long for amounts"),))
    return None


def _number_or_words(cells: Cells, missing: np.ndarray, asked: Asked) -> Recognised:
    parsed = parsed_cells(cells, missing, asked)
    known, present = np.flatnonzero(parsed.known), np.flatnonzero(~missing)
    if cells.count(known) < ENOUGH * cells.count(present):
        return as_measure(cells, missing, asked) or _words(cells, missing, asked, parsed)
    if POSTAL.search(asked.name):
        return as_key(cells, asked.name)
    if _named_by_letters(cells, parsed, missing) or _open_ended(cells, parsed, missing):
        return _words(cells, missing, asked, parsed)
    if like_codes(cells, parsed):
        return as_label(cells, missing, asked, (code_note(cells, known, asked.name, "they look like codes such as 1E5"),))
    if len(inexact(cells, parsed)):
        return as_key(cells, asked.name, (code_note(cells, known, asked.name, "longer than numbers that can be held exactly"),))
    if _are_codes(parsed.values[parsed.known], cells, asked.name):
        note = Note("CODES", f"{asked.name} holds a few whole numbers; they are read as names of groups, not as amounts.",
                    asked.name, cells.count(known), tuple(cells.texts.iloc[known[:3]]),
                    choice=kind_choice(asked.name, Kind.CATEGORY, Kind.NUMBER))
        return Recognised(Kind.CATEGORY, labels(cells, parsed.known), (note,))
    return _amounts(cells, missing, asked, parsed)


def _named_by_letters(cells: Cells, parsed: Parsed, missing: np.ndarray) -> bool:
    """Whole numbers among which half of the others are such with letters (536365, C536379): numbers of articles, not amounts."""
    odd = cells.texts[~parsed.known & ~missing]
    if not len(odd) or matches(odd, r"^[A-Za-z]{0,4}-?[0-9]+-?[A-Za-z]{0,3}$").mean() < SOME:
        return False
    return bool(matches(cells.texts[parsed.known], "^[0-9]+$").all())


def _open_ended(cells: Cells, parsed: Parsed, missing: np.ndarray) -> bool:
    """A few whole numbers, the last of which is "and more" (0, 1, 2, 3+) and no rarity: as gaps the largest would be lost."""
    if cells.count(np.flatnonzero(~parsed.known & ~missing)) < _RARE * cells.count(np.flatnonzero(~missing)):
        return False
    odd = cells.texts[~parsed.known & ~missing]
    known = cells.texts[parsed.known]
    if not len(odd) or not matches(odd, r"^(?:[0-9]{1,3} ?\+|[<>≥≤]=? ?[0-9]{1,3})$").all():
        return False
    return len(known) <= NAMED_CODES and bool(matches(known, "^[0-9]+$").all())


def _amounts(cells: Cells, missing: np.ndarray, asked: Asked, parsed: Parsed) -> Recognised:
    """Numbers; where they may count days or seconds, that is asked."""
    plainly = not any(what != "not finite" for what in parsed.converted) and not parsed.currencies
    scale = scale_of(parsed.values[parsed.known], asked.name) if plainly and parsed.known[~missing].all() else ""
    if not scale:
        return as_number(cells, parsed, asked)
    proposed = "date" if named_as_date(asked.name) or scale == "milliseconds" else "number"
    question = serial_question(cells, parsed, asked, scale, proposed)
    found = as_number(cells, parsed, asked)
    if proposed == "date":
        found = as_date(cells, missing, asked, forced=True) or found
    return Recognised(found.kind, found.values, found.notes, (*found.questions, question), found.unit, proof=found.proof)


def _words(cells: Cells, missing: np.ndarray, asked: Asked, parsed: Parsed) -> Recognised:
    """Texts, with a remark where many of them are numbers."""
    present = np.flatnonzero(~missing)
    known = np.flatnonzero(parsed.known)
    units = has_units(cells, missing) if cells.texts.iloc[present[0]][:1].isdigit() else np.zeros(0, dtype=np.intp)
    notes: tuple[Note, ...] = ()
    if cells.count(known) > SOME * cells.count(present):
        odd = np.setdiff1d(present, known)
        notes = (of_cells(cells, odd, asked.name, "MIXED_KINDS", "cells are not numbers among many that are; all are kept as "
                          "texts", choice=kind_choice(asked.name, Kind.TEXT, Kind.NUMBER)),)
    elif cells.count(units) >= ENOUGH * cells.count(present):
        notes = (of_cells(cells, units, asked.name, "UNITS_KEPT", "cells are amounts in different units; they are kept as "
                          "texts", choice=kind_choice(asked.name, Kind.TEXT)),)
    return as_label(cells, missing, asked, notes)


def _are_codes(values: np.ndarray, cells: Cells, name: str) -> bool:
    """2 or 3 different whole numbers from 1 up, or up to 30 where the name says it is a code; never a counted thing."""
    distinct = np.unique(values)
    if len(distinct) < 2 or not np.isfinite(distinct).all() or (distinct != np.floor(distinct)).any():
        return False
    if len(cells.codes) < 10 * len(distinct) or _COUNTED.search(name):
        return False
    few = len(distinct) <= _FEW_CODES and distinct[0] > 0
    return few or (len(distinct) <= NAMED_CODES and _CODED.search(name) is not None)
