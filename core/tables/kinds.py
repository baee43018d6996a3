"""What the cells of a column are, by the vote of all its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Kind, Note, Question
from core.tables.cells import Cells
from core.tables.dates import parse_dates
from core.tables.numbers import MISSING, Parsed, parse_numbers

FLAGS = ({"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"}, {"ja", "nein"}, {"oui", "non"}, {"si", "no"},
         {"sí", "no"}, {"on", "off"}, {"1", "0"}, {"✓", "✗"}, {"1.0", "0.0"})
YES = {"yes", "y", "true", "t", "ja", "oui", "si", "sí", "on", "1", "✓", "1.0"}
_ENOUGH = 0.9
_LEADING_ZERO = r"0\d+"
_LONG = r"[-+]?\d{16,}|\+\d{8,}"
_COUNTED = re.compile(r"(?:^|(?<=[_\s])|(?=[A-Z]))(?i:number|count|num|qty|quantity|rating|score|stars|size|kids|"
                      r"children|years?|age|income|orders|visits|n)(?![a-z])|(?i:^n_)")
_CODED = re.compile(r"(^|[_\s.]|(?<=[a-z]))(region|channel|type|code|class|group|category|browser|systems?|store|zone|"
                    r"occupation|segment|cluster|city|country|coverage)([_\s.]|$)", re.I)
POSTAL = re.compile(r"zip|postcode|postal|\bplz\b|phone", re.I)
_FEW_CODES, NAMED_CODES = 3, 30
_MOST_SPELLINGS = 100  # the words of a flag in upper and lower case: never as many


@dataclass(frozen=True)
class Recognised:
    """``values`` typed as ``Table.frame`` wants them; currency and percent serve the unit."""

    kind: Kind
    values: pd.Series
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    currency: str = ""
    percent: bool = False
    left_out: str = ""


def recognise(cells: Cells, name: str, answers: Mapping[str, str], *, semicolon: bool = False) -> Recognised:
    """Kind, typed values, notes and open questions of a column. ``semicolon``: unclear commas are rather decimal."""
    missing = cells.texts.str.lower().isin(MISSING).to_numpy(dtype=bool)
    present = cells.texts[~missing]
    if not len(present):
        return Recognised(Kind.TEXT, _labels(cells, ~(cells.texts == "").to_numpy(dtype=bool)))
    if len(present) <= _MOST_SPELLINGS and set(present.str.lower()) in FLAGS:
        return _flag(cells, missing, name)
    dates = parse_dates(present.reset_index(drop=True), answers.get(f"date:{name}", ""))
    if dates is not None:
        return _date(cells, missing, name, dates)
    if present.str.fullmatch(_LEADING_ZERO).any() and present.str.fullmatch(r"\d+").mean() > _ENOUGH:
        return _key(cells)
    if present.str.fullmatch(_LONG).mean() > 0.5:
        return _key(cells)
    return _number_or_text(cells, name, answers, semicolon)


def _number_or_text(cells: Cells, name: str, answers: Mapping[str, str], semicolon: bool) -> Recognised:
    parsed = parse_numbers(cells.texts, answers.get(f"comma:{name}", ""))
    present = ~parsed.missing
    if cells.count(np.flatnonzero(parsed.known)) < _ENOUGH * cells.count(np.flatnonzero(present)):
        return _category_or_text(cells)
    if POSTAL.search(name):
        return _key(cells)
    if _are_codes(parsed.values[parsed.known], cells, name):
        note = Note("CODES", f"{name} holds a few whole numbers; they are read as names of groups, not as amounts.",
                    name, cells.count(np.flatnonzero(parsed.known)), tuple(cells.texts[present].iloc[:3]))
        return Recognised(Kind.CATEGORY, _labels(cells, parsed.known), (note,))
    return _number(cells, name, parsed, answers, semicolon)


def _are_codes(values: np.ndarray, cells: Cells, name: str) -> bool:
    """2 or 3 different whole numbers from 1 up, or up to 30 where the name says it is a code; never a counted thing."""
    distinct = np.unique(values)
    if len(distinct) < 2 or not np.isfinite(distinct).all() or (distinct != np.floor(distinct)).any():
        return False
    if len(cells.codes) < 10 * len(distinct) or _COUNTED.search(name):
        return False
    few = len(distinct) <= _FEW_CODES and distinct[0] > 0
    return few or (len(distinct) <= NAMED_CODES and _CODED.search(name) is not None)


def _number(cells: Cells, name: str, parsed: Parsed, answers: Mapping[str, str], semicolon: bool) -> Recognised:
    notes = [_converted(cells, name, what, positions) for what, positions in parsed.converted.items()]
    odd = np.flatnonzero(~parsed.known & ~parsed.missing)
    if len(odd):
        notes.append(_note(cells, odd, name, "NOT_NUMBERS", "cells are not numbers and count as gaps"))
    notes += _missing_note(cells, parsed.missing, name)
    questions = (*_comma_question(cells, name, parsed, semicolon), *_currency_question(name, parsed, answers))
    values = parsed.values
    if parsed.unclear and semicolon:
        values = parse_numbers(cells.texts, "decimal").values
    currency = parsed.currencies.most_common(1)[0][0] if len(parsed.currencies) == 1 else ""
    return Recognised(Kind.NUMBER, pd.Series(cells.spread(values)), tuple(notes), questions, currency,
                      len(parsed.percent) > 0, _mixed(name, parsed, answers))


def _comma_question(cells: Cells, name: str, parsed: Parsed, semicolon: bool) -> tuple[Question, ...]:
    if not parsed.unclear:
        return ()
    shown = cells.texts.iloc[parsed.unclear[0]]
    text = f"In {name}, is the comma in {shown} a decimal or a thousands mark?"
    proposed = "decimal" if semicolon else "thousands"
    return (Question(f"comma:{name}", "UNCLEAR_COMMA", text, ("thousands", "decimal"), proposed, name),)


def _currency_question(name: str, parsed: Parsed, answers: Mapping[str, str]) -> tuple[Question, ...]:
    key = f"currency:{name}"
    if len(parsed.currencies) < 2 or key in answers:
        return ()
    found = " and ".join(sorted(parsed.currencies))
    return (Question(key, "MIXED_CURRENCIES", f"{name} mixes {found}. Treat the amounts as if they were one currency?",
                     ("same", "apart"), "apart", name),)


def _mixed(name: str, parsed: Parsed, answers: Mapping[str, str]) -> str:
    """Why the column stays out while its amounts are in several currencies: they must not be added up."""
    if len(parsed.currencies) < 2 or answers.get(f"currency:{name}") == "same":
        return ""
    return f"left out: amounts in {' and '.join(sorted(parsed.currencies))} cannot be compared"


def _converted(cells: Cells, name: str, what: str, positions: list[int]) -> Note:
    if what == "not finite":
        return not_finite_note(name, cells.count(positions), _examples(cells, positions))
    return _note(cells, positions, name, "CONVERTED", f"cells were read as numbers ({what})")


def _note(cells: Cells, positions: object, name: str, code: str, text: str) -> Note:
    return _counted(name, code, text, count=cells.count(positions), examples=_examples(cells, positions))


def _counted(name: str, code: str, text: str, *, count: int, examples: tuple[str, ...]) -> Note:
    return Note(code, f"{name}: {count:,} {text}.", name, count, examples)


def _examples(cells: Cells, positions: object) -> tuple[str, ...]:
    return tuple(cells.texts.iloc[list(positions)[:3]])


def not_finite_note(name: str, count: int, examples: tuple[str, ...]) -> Note:
    """Numbers beyond reckoning."""
    return _counted(name, "NOT_FINITE", "cells are infinite or too large and count as gaps", count=count,
                    examples=examples)


def missing_note(name: str, count: int, examples: tuple[str, ...]) -> Note:
    """Cells that say in words that nothing is there ("NA", "-")."""
    return _counted(name, "MISSING_TOKENS", "cells say that the value is missing", count=count, examples=examples)


def _missing_note(cells: Cells, missing: np.ndarray, name: str) -> tuple[Note, ...]:
    tokens = np.flatnonzero(missing & (cells.texts != "").to_numpy(dtype=bool))
    return (missing_note(name, cells.count(tokens), _examples(cells, tokens)),) if len(tokens) else ()


def _flag(cells: Cells, missing: np.ndarray, name: str) -> Recognised:
    values = cells.texts.str.lower().isin(YES).to_numpy(dtype=float)
    values[missing] = np.nan
    return Recognised(Kind.FLAG, pd.Series(cells.spread(values)), _missing_note(cells, missing, name))


def _date(cells: Cells, missing: np.ndarray, name: str, dates: object) -> Recognised:
    distinct = pd.Series(pd.NaT, index=cells.texts.index, dtype="datetime64[us]")
    distinct[~missing] = dates.values.astype("datetime64[us]").to_numpy()
    notes = [Note("DATES", f"{name} was read as dates ({dates.format}).", name, cells.count(np.flatnonzero(~missing)),
                  tuple(cells.texts[~missing].iloc[:3]))]
    odd = np.flatnonzero(distinct.isna().to_numpy() & ~missing)
    if len(odd):
        notes.append(_note(cells, odd, name, "NOT_DATES", "cells are not dates and count as gaps"))
    asked = Question(f"date:{name}", "UNCLEAR_DATE", f"In {name}, does the day or the month come first?",
                     ("day", "month"), "day", name)
    return Recognised(Kind.DATE, pd.Series(cells.spread(distinct.to_numpy())), tuple(notes),
                      (asked,) if dates.ambiguous else ())


def _key(cells: Cells) -> Recognised:
    return Recognised(Kind.KEY, _labels(cells, (cells.texts != "").to_numpy(dtype=bool)))


def _category_or_text(cells: Cells) -> Recognised:
    """Repeated short values are categories; values nearly all different are keys (no spaces) or text."""
    filled = (cells.texts != "").to_numpy(dtype=bool)
    present = cells.texts[filled]
    rows = cells.count(np.flatnonzero(filled))
    values = _labels(cells, filled)
    if len(present) <= max(2, min(20, rows // 2)) or len(present) <= min(1_000, 0.3 * rows):
        return Recognised(Kind.CATEGORY, values)
    single_words = ~present.str.contains(r"\s", regex=True)
    if len(present) == rows and single_words.all():
        return Recognised(Kind.KEY, values)
    return Recognised(Kind.TEXT, values)


def _labels(cells: Cells, keep: np.ndarray) -> pd.Series:
    """Object column of str, None where ``keep`` is False."""
    distinct = np.where(keep, cells.texts.to_numpy(dtype=object), None)
    return pd.Series(cells.spread(distinct), dtype=object)
