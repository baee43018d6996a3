"""Columns of two opposites."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Kind
from core.tables.cells import Cells
from core.tables.kinds import Asked, Recognised
from core.tables.missing import taken_note
from core.tables.remarks import kind_choice, of_cells

_PAIRS = (("yes y", "no n"), ("true t", "false f"), ("ja j", "nein n"), ("ja", "nee"), ("ja", "nej"), ("ja", "nei"),
          ("oui o", "non n"), ("si sí s", "no n"), ("sim s", "não nao n"), ("да", "нет"), ("tak t", "nie n"),
          ("wahr", "falsch"), ("vrai", "faux"), ("on", "off"), ("1", "0"), ("1.0", "0.0"), ("✓ ✔ ☑ ✅", "✗ ✘ ☐ ❌ ✕"),
          ("active", "inactive"), ("evet", "hayır"), ("はい", "いいえ"), ("是", "否"))
_MOST_SPELLINGS = 100  # the words of a flag in upper and lower case: never as many


def meaning(present: pd.Series) -> dict[str, float] | None:
    """1.0 or 0.0 for each lower-case word of ``present``, ``None`` unless they are words of one pair of opposites."""
    if not 2 <= len(present) <= _MOST_SPELLINGS:
        return None
    words = set(present.str.lower())
    for yes, no in _PAIRS:
        affirmed, denied = set(yes.split()), set(no.split())
        if words <= affirmed | denied and words & affirmed and words & denied:
            return {word: float(word in affirmed) for word in words}
    return None


def as_flag(cells: Cells, missing: np.ndarray, asked: Asked, said: dict[str, float]) -> Recognised:
    """1.0, 0.0 or NaN by the words ``said`` (lower case); other words are gaps, and told."""
    lowered, name = cells.texts.str.lower(), asked.name
    values = lowered.map(said).to_numpy(dtype=float, copy=True)
    values[missing] = np.nan
    notes = list(taken_note(cells, missing, name))
    known = np.flatnonzero(~np.isnan(values))
    native = cells.native is not None and bool(cells.native[known].all())
    if not native and not set(said) <= {"1", "0", "1.0", "0.0"}:
        yes = " or ".join(sorted(repr(word) for word in said if said[word]))
        notes.append(of_cells(cells, known, name, "FLAG", f"cells were read as yes or no (yes is {yes})",
                              choice=kind_choice(name, Kind.FLAG, Kind.CATEGORY)))
    odd = np.flatnonzero(np.isnan(values) & ~missing)
    if len(odd):
        notes.append(of_cells(cells, odd, name, "NOT_FLAGS", "cells say neither yes nor no and count as gaps"))
    return Recognised(Kind.FLAG, pd.Series(cells.spread(values)), tuple(notes))


def forced_flag(cells: Cells, missing: np.ndarray, asked: Asked) -> Recognised:
    """By the words of any pair; else the second of two different texts, in the order of the alphabet, is the yes."""
    present = cells.texts[~missing]
    said = meaning(present)
    lowered = sorted(set(present.str.lower()))
    if said is None and len(lowered) == 2:
        said = {lowered[0]: 0.0, lowered[1]: 1.0}
    if said is None:
        words = {word: value for pair in reversed(_PAIRS) for value, side in zip((1.0, 0.0), pair, strict=True)
                 for word in side.split()}
        said = {word: words[word] for word in lowered if word in words}
    return as_flag(cells, missing, asked, said)
