"""Columns of numbers, with what was assumed on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Choice, Kind, Note, Question
from core.tables.cells import Cells, matches
from core.tables.hints import Proof
from core.tables.kinds import Asked, Recognised
from core.tables.measures import UNIT, without_unit
from core.tables.missing import taken_note
from core.tables.numbers import Marks, Parsed, parse_numbers
from core.tables.remarks import counted, examples, kind_choice, not_finite_note, of_cells

_CODE = r"[0-9]+[eE][0-9]+"
_SERIAL_WORDS = {"days": "days since 1900, as Excel counts them", "seconds": "seconds since 1970",
                 "milliseconds": "milliseconds since 1970"}


def parsed_cells(cells: Cells, missing: np.ndarray, asked: Asked) -> Parsed:
    """The distinct texts as numbers, by the answers and hints there are."""
    return parse_numbers(cells.texts, missing, Marks(asked.answer("comma"), asked.answer("dot"), asked.hints.comma, cells.native))


def as_number(cells: Cells, parsed: Parsed, asked: Asked) -> Recognised:
    """A column of amounts."""
    name, choice = asked.name, kind_choice(asked.name, Kind.NUMBER, Kind.CATEGORY)
    notes = [_converted(cells, name, what, positions) for what, positions in parsed.converted.items()]
    odd = np.flatnonzero(~parsed.known & ~parsed.missing)
    if len(odd):
        notes.append(of_cells(cells, odd, name, "NOT_NUMBERS", "cells are not numbers and count as gaps", choice=choice))
    notes += [*taken_note(cells, parsed.missing, name), *_percent_note(cells, parsed, name)]
    questions = (*_comma_question(cells, parsed, asked), *_dot_question(cells, parsed, asked),
                 *_currency_question(cells, parsed, asked))
    unit = parsed.currencies.most_common(1)[0][0] if len(parsed.currencies) == 1 else ""
    proof = Proof(comma=parsed.proof, currency=unit)
    return Recognised(Kind.NUMBER, pd.Series(cells.spread(parsed.values)), (*notes, *_dot_note(cells, parsed, asked)), questions,
                      unit, len(parsed.percent) > 0, _mixed(parsed, asked), proof)


def _converted(cells: Cells, name: str, what: str, positions: np.ndarray) -> Note:
    if what == "not finite":
        return not_finite_note(name, cells.count(positions), examples(cells, positions))
    if what == "percent":
        what = "percent: 12% is 0.12"
    return of_cells(cells, positions, name, "CONVERTED", f"cells were read as numbers ({what})",
                    choice=kind_choice(name, Kind.NUMBER, Kind.CATEGORY))


def _percent_note(cells: Cells, parsed: Parsed, name: str) -> tuple[Note, ...]:
    bare = np.setdiff1d(np.flatnonzero(parsed.known), parsed.percent)
    if not len(parsed.percent) or not len(bare):
        return ()
    return (of_cells(cells, bare, name, "MIXED_PERCENT", "cells have no % where others have one; they stand as they are",
                     choice=kind_choice(name, Kind.NUMBER)),)


def _comma_question(cells: Cells, parsed: Parsed, asked: Asked) -> tuple[Question, ...]:
    if not len(parsed.unclear):
        return ()
    shown = examples(cells, parsed.unclear)
    text = f"In {asked.name}, is the comma in {shown[0]} a decimal or a thousands mark?"
    return (Question(f"comma:{asked.name}", "UNCLEAR_COMMA", text, ("thousands", "decimal"),
                     asked.hints.comma or "thousands", asked.name, cells.count(parsed.unclear), shown),)


def _dot_question(cells: Cells, parsed: Parsed, asked: Asked) -> tuple[Question, ...]:
    """Asked only in a file whose other numbers have decimal commas."""
    if not len(parsed.dotted) or asked.hints.comma != "decimal":
        return ()
    shown = examples(cells, parsed.dotted)
    text = f"In {asked.name}, is the dot in {shown[0]} a thousands or a decimal mark?"
    return (Question(f"dot:{asked.name}", "UNCLEAR_DOT", text, ("thousands", "decimal"), "thousands", asked.name,
                     cells.count(parsed.dotted), shown),)


def _dot_note(cells: Cells, parsed: Parsed, asked: Asked) -> tuple[Note, ...]:
    if not len(parsed.dotted) or asked.hints.comma == "decimal":
        return ()
    return (of_cells(cells, parsed.dotted, asked.name, "DOTS", "dots before three digits were read as decimal marks",
                     choice=Choice(f"dot:{asked.name}", ("decimal", "thousands"), "decimal")),)


def _currency_question(cells: Cells, parsed: Parsed, asked: Asked) -> tuple[Question, ...]:
    if len(parsed.currencies) < 2 or asked.answer("currency"):
        return ()
    found, marked = " and ".join(sorted(parsed.currencies)), parsed.converted["currency"]
    text = f"{asked.name} mixes {found}. Treat the amounts as if they were one currency?"
    return (Question(f"currency:{asked.name}", "MIXED_CURRENCIES", text, ("same", "apart"), "apart", asked.name,
                     cells.count(marked), examples(cells, marked)),)


def _mixed(parsed: Parsed, asked: Asked) -> str:
    """Why the column stays out while its amounts are in several currencies: they must not be added up."""
    if len(parsed.currencies) < 2 or asked.answer("currency") == "same":
        return ""
    return f"left out: amounts in {' and '.join(sorted(parsed.currencies))} cannot be compared"


def like_codes(cells: Cells, parsed: Parsed) -> bool:
    """Texts such as 1E5 beside nothing that has a decimal mark: a program that means numbers writes 1e+05 or 100000.0."""
    if cells.native is not None or "not finite" in parsed.converted:
        return False
    powers = cells.texts.str.contains("[eE]", regex=True).to_numpy(dtype=bool) & parsed.known
    if not powers.any() or not cells.texts[powers].str.fullmatch(_CODE).all():
        return False
    return not cells.texts[parsed.known].str.contains(r"[.,]", regex=True).any()


def inexact(cells: Cells, parsed: Parsed) -> np.ndarray:
    """Positions of whole numbers that float64 cannot hold: beyond 2**53 it skips every second."""
    large = np.flatnonzero(parsed.known & (np.abs(parsed.values) >= 2**53))
    texts = cells.texts.iloc[large]
    whole = texts.str.fullmatch(r"[+-]?[0-9]+").to_numpy(dtype=bool)
    return np.array([i for i, text in zip(large[whole], texts[whole], strict=True) if int(text) != int(float(text))],
                    dtype=np.intp)


def serial_question(cells: Cells, parsed: Parsed, asked: Asked, scale: str, proposed: str) -> Question:
    """Whether numbers are amounts or moments."""
    at = np.flatnonzero(parsed.known)
    text = f"In {asked.name}, is {cells.texts.iloc[at[0]]} an amount, or a date ({_SERIAL_WORDS[scale]})?"
    return Question(f"kind:{asked.name}", "MAYBE_DATES", text, ("number", "date"), proposed, asked.name, cells.count(at),
                    examples(cells, at))


def as_measure(cells: Cells, missing: np.ndarray, asked: Asked) -> Recognised | None:
    """Numbers that all have the same unit ("12 kg"); ``None`` if they are none."""
    bare, unit = without_unit(cells.texts, missing)
    if not unit:
        return None
    parsed = parse_numbers(bare, missing, Marks(asked.answer("comma"), asked.answer("dot"), asked.hints.comma))
    if not parsed.known[~missing].all():
        return None
    found = as_number(cells, parsed, asked)
    at = np.flatnonzero(~missing)
    note = counted(asked.name, "UNIT", f"cells were read without their unit ({unit})", count=cells.count(at),
                   examples=examples(cells, at), choice=kind_choice(asked.name, Kind.NUMBER, Kind.CATEGORY))
    question = Question(f"kind:{asked.name}", "UNITS", f"In {asked.name}, read {cells.texts.iloc[at[0]]} as an amount in {unit}?",
                        ("number", "text"), "number", asked.name, cells.count(at), examples(cells, at))
    questions = found.questions if asked.answer("kind") else (*found.questions, question)
    return Recognised(Kind.NUMBER, found.values, (*found.notes, note), questions, unit, proof=found.proof)


def has_units(cells: Cells, missing: np.ndarray) -> np.ndarray:
    """Positions of the texts that are a number with a unit."""
    found = matches(cells.texts, UNIT) & ~missing
    return np.flatnonzero(found)
