"""Columns of words: categories, keys and free text."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd

from core.model import Choice, Kind, Note
from core.neutral import restored
from core.tables.cells import Cells, matches
from core.tables.kinds import Asked, Recognised, filled, labels
from core.tables.missing import kept_note, taken_note
from core.tables.remarks import counted, kind_choice

_SPACE = r"[\s\x{0b}\x{1c}-\x{1f}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
_CLOCK = r"^(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:\s*[AaPp][Mm])?$"
_MOST_LEVELS = 5_000  # beyond it the spellings of a column are no list that a person could go through
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))


def as_key(cells: Cells, name: str, notes: tuple[Note, ...] = ()) -> Recognised:
    """Texts that name one thing each: ids, codes, telephones."""
    keep = filled(cells)
    return Recognised(Kind.KEY, labels(cells, keep), (*notes, *_padded_note(cells, name)), distinct=int(keep.sum()))


def as_label(cells: Cells, missing: np.ndarray, asked: Asked, notes: tuple[Note, ...] = (),
             kind: Kind | None = None) -> Recognised:
    """Repeated short values are categories; values nearly all different are keys (no spaces) or text.

    ``missing`` (n_distinct,) marks words like "NA": here they are words unless the owner says otherwise.
    """
    gone = asked.answer("missing") == "missing"
    cells, unquoted = _restored(cells, asked) if kind is not Kind.TEXT else (cells, ())
    keep = filled(cells) & ~(missing & gone)
    told = (taken_note if gone else kept_note)(cells, missing, asked.name)
    kind = kind or _kind(cells, keep)
    different = cells.texts[keep].nunique() if unquoted else int(keep.sum())
    notes = (*notes, *unquoted, *told, *_clock_note(cells, keep, asked.name))
    if kind is Kind.TEXT and not unquoted:
        return Recognised(kind, labels(cells, keep), notes, padded=cells.padded, distinct=different)
    notes += _padded_note(cells, asked.name)
    if kind is Kind.CATEGORY:
        return _categories(cells, keep, asked, notes)
    return Recognised(kind, labels(cells, keep), notes, distinct=different)


def _restored(cells: Cells, asked: Asked) -> tuple[Cells, tuple[Note, ...]]:
    """Formulas without the apostrophe that our own exports put in front of them."""
    at = np.flatnonzero(cells.texts.str.startswith("'").to_numpy(dtype=bool))
    at = np.array([i for i in at if restored(cells.texts.iat[i]) != cells.texts.iat[i]], dtype=np.intp)
    if not len(at):
        return cells, ()
    texts = cells.texts.copy()
    texts.iloc[at] = [restored(text) for text in texts.iloc[at]]
    note = counted(asked.name, "APOSTROPHES", "cells had an apostrophe in front that keeps spreadsheets from running them; it "
                   "was taken off", count=cells.count(at), examples=tuple(cells.texts.iloc[at[:3]]),
                   choice=kind_choice(asked.name, Kind.CATEGORY))
    return cells._replace(texts=texts), (note,)


def _padded_note(cells: Cells, name: str) -> tuple[Note, ...]:
    if not cells.padded:
        return ()
    return (counted(name, "SPACES", "cells had spaces before or after their text, which were taken off", count=cells.padded,
                    examples=cells.spaced, choice=kind_choice(name, Kind.CATEGORY)),)


def _kind(cells: Cells, keep: np.ndarray) -> Kind:
    present, rows = cells.texts[keep], cells.count(np.flatnonzero(keep))
    if _few(len(present), rows) or (len(present) <= _MOST_LEVELS and _few(len({_folded(text) for text in present}), rows)):
        return Kind.CATEGORY
    if len(present) == rows and not matches(present, _SPACE).any():
        return Kind.KEY
    return Kind.TEXT


def _few(levels: int, rows: int) -> bool:
    """Whether so many different texts in so many rows repeat often enough to name groups."""
    return levels <= max(2, min(20, rows // 2)) or levels <= min(1_000, 0.3 * rows)


def _folded(text: str) -> str:
    """What remains of a text without case, spaces that differ, and invisible characters."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold().split())


def _clock_note(cells: Cells, keep: np.ndarray, name: str) -> tuple[Note, ...]:
    present = cells.texts[keep]
    if not len(present) or not matches(present.iloc[:20], _CLOCK).all() or not matches(present, _CLOCK).all():
        return ()
    return (counted(name, "TIMES", "cells are times of day; they are kept as texts", count=cells.count(np.flatnonzero(keep)),
                    examples=tuple(present.iloc[:3])),)


def _categories(cells: Cells, keep: np.ndarray, asked: Asked, notes: tuple[Note, ...]) -> Recognised:
    """Levels that Unicode holds to be equal are one; those that differ by case or spaces are proposed to be."""
    at = np.flatnonzero(keep)
    if len(at) > _MOST_LEVELS:
        return Recognised(Kind.CATEGORY, labels(cells, keep), notes)
    texts = cells.texts.to_numpy(dtype=object)
    composed = np.array([unicodedata.normalize("NFC", text) if chosen else None
                         for text, chosen in zip(texts, keep, strict=True)], dtype=object)
    changed = at[composed[at] != texts[at]]
    if len(changed):
        notes += (counted(asked.name, "UNICODE", "cells spell letters in another way that Unicode holds to be equal; they "
                          "count as the same", count=cells.count(changed), examples=tuple(texts[changed[:3]])),)
    spellings = _spellings(composed, at, cells.counts)
    if spellings:
        taken = "merge" if asked.answer("spelling") == "merge" else "keep"
        notes += (_spelling_note(cells, spellings, composed, asked.name, taken),)
        if taken == "merge":
            for first, *others in spellings:
                composed[others] = composed[first]
    return Recognised(Kind.CATEGORY, pd.Series(cells.spread(composed), dtype=object), notes)


def _spellings(texts: np.ndarray, at: np.ndarray, counts: np.ndarray) -> list[list[int]]:
    """Positions of levels that differ only by case, spaces and invisible characters, the commonest first."""
    groups: dict[str, list[int]] = {}
    for i in at:
        groups.setdefault(_folded(texts[i]), []).append(int(i))
    # More than one text, not only more than one way of composing the same.
    found = [group for group in groups.values() if len({texts[i] for i in group}) > 1]
    return [sorted(group, key=lambda i: (-counts[i], i)) for group in found]


def _spelling_note(cells: Cells, spellings: list[list[int]], texts: np.ndarray, name: str, taken: str) -> Note:
    others = [i for group in spellings for i in group[1:]]
    shown = tuple(" / ".join(dict.fromkeys(texts[i] for i in group)) for group in spellings[:3])
    what = "cells differ from a commoner spelling only by case, spaces or invisible characters"
    done = {"keep": "; they are kept apart", "merge": "; they were given the commoner one"}[taken]
    return counted(name, "SPELLINGS", what + done, count=cells.count(others), examples=shown,
                   choice=Choice(f"spelling:{name}", ("keep", "merge"), taken))


def code_note(cells: Cells, positions: np.ndarray, name: str, why: str, telling: np.ndarray | None = None) -> Note:
    """Digits that are kept as texts, and why; where only some are the reason (``telling``), these are counted and shown."""
    if telling is not None and cells.count(telling) < cells.count(positions):
        why = f"{why} of {cells.count(telling):,}"
    return counted(name, "KEPT_AS_TEXT", f"cells are kept as texts ({why})", count=cells.count(positions),
                   examples=tuple(cells.texts.iloc[(positions if telling is None else telling)[:3]]),
                   choice=kind_choice(name, Kind.KEY, Kind.NUMBER))
