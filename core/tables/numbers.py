"""Text to numbers: every way a spreadsheet writes one, decided for the column as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core.tables.cells import arrow_texts, matches
from core.tables.currencies import PATTERN, currency_of
from core.tables.digits import western

LARGEST = 1e100  # beyond it squares and sums of squares leave the range of float64; nothing countable is so large
PLAIN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "-infinity", "+infinity"})
_GAP = " \t\u00a0\u2007\u2008\u2009\u200a\u202f\u3000"
_MARKS = f"'’ʼ´`{_GAP}"
_WRITTEN = (
    rf"^(?P<prefix>')?(?P<open>\()?[{_GAP}]*(?P<sign>[+-])?[{_GAP}]*(?P<before>{PATTERN})?[{_GAP}]*(?P<inner>[+(-])?[{_GAP}]*"
    rf"(?P<digits>[0-9][0-9.,{_MARKS}]*[0-9][.,]?|[0-9][.,]?|[.,][0-9]+)(?P<power>[eE][+-]?[0-9]+)?"
    rf"[{_GAP}]*(?P<percent>%)?(?P<late>[-)])?[{_GAP}]*(?P<after>{PATTERN})?[{_GAP}]*(?P<end>-)?[{_GAP}]*(?P<close>\))?$"
)
# The same parts of a number that wears nothing but its sign: much quicker to look for.
_BARE = (r"^(?P<prefix>)(?P<open>)(?P<sign>[+-]?)(?P<before>)(?P<inner>)(?P<digits>[0-9.,]*[0-9][0-9.,]*)(?P<power>)"
         r"(?P<percent>)(?P<late>)(?P<after>)(?P<end>)(?P<close>)$")
_GROUPED = rf"^[1-9][0-9]{{0,2}}(?:[{_MARKS}][0-9]{{3}})+(?:[.,][0-9]*)?$"
_SIMPLE = r"^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"
_DOT_UNCLEAR = r"^[1-9][0-9]{0,2}\.[0-9]{3}$"
_COMMA_UNCLEAR = r"^[1-9][0-9]{0,2},[0-9]{3}$"
_COMMA_DECIMAL = r"^(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*|[0-9]*,[0-9]+|[0-9]+,|[0-9]{1,3}(?:\.[0-9]{3}){2,})$"
_COMMA_THOUSANDS = (r"^(?:[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*|[0-9]{1,3}(?:,[0-9]{3}){2,}|"
                    r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?)$")
_NONE = np.zeros(0, dtype=np.intp)


@dataclass
class Parsed:
    """Distinct texts as numbers: ``values`` (n,) float64, NaN where ``known`` is False or the text means a gap.

    ``converted`` lists the positions rewritten, by kind of rewriting; ``unclear`` the positions whose comma may be a
    decimal or a thousands mark, ``dotted`` those whose dot may be. ``proof`` is what the column itself says of the
    comma: "decimal", "thousands" or "".
    """

    values: np.ndarray
    known: np.ndarray
    missing: np.ndarray
    converted: dict[str, np.ndarray] = field(default_factory=dict)
    currencies: Counter = field(default_factory=Counter)
    unclear: np.ndarray = field(default_factory=lambda: _NONE)
    dotted: np.ndarray = field(default_factory=lambda: _NONE)
    percent: np.ndarray = field(default_factory=lambda: _NONE)
    proof: str = ""

    def add(self, what: str, positions: np.ndarray) -> None:
        if len(positions):
            earlier = self.converted.get(what)
            self.converted[what] = positions if earlier is None else np.union1d(earlier, positions)


@dataclass(frozen=True)
class Marks:
    """What is known from outside: the ``comma`` ("decimal" | "thousands") and the ``dot`` by answer, ``usual`` by hint.

    An answer settles unclear marks; the hint only where the column proves nothing. ``native`` (n,) is True for texts
    of cells that were numbers already, in which a dot is a decimal mark.
    """

    comma: str = ""
    dot: str = ""
    usual: str = ""
    native: np.ndarray | None = None

    def dots_group(self, proof: str, clear_dot: bool) -> bool:
        """Whether "1.234" is a thousand and some."""
        style = self.comma or proof
        if self.dot or style:
            return self.dot == "thousands" or (style == "decimal" and self.dot != "decimal")
        return self.usual == "decimal" and not clear_dot


def parse_numbers(texts: pd.Series, missing: np.ndarray, marks: Marks = Marks()) -> Parsed:  # noqa: B008 - frozen
    """Read distinct, stripped ``texts``; cells that show the style ("1.234,50") decide for those that do not ("1,234").

    ``missing`` (n,) marks those that say that nothing is there.
    """
    plain = matches(texts, f"^{PLAIN}$")
    parsed = Parsed(np.full(len(texts), np.nan), plain.copy(), missing)
    parsed.values[plain] = texts[plain].to_numpy(dtype=object).astype(np.float64)
    dotted = np.flatnonzero(plain)[matches(texts[plain].str.lstrip("+-"), _DOT_UNCLEAR)]
    if marks.native is not None:
        dotted = dotted[~marks.native[dotted]]
    clear_dot = _any_dot(texts, plain, dotted)
    others = np.flatnonzero(~plain & ~missing)
    _read_written(parsed, texts.iloc[others], others, marks, clear_dot)
    if marks.dots_group(parsed.proof, clear_dot):
        _reread_dots(parsed, texts, dotted)
    if not marks.comma and not marks.dot and not parsed.proof and not clear_dot:
        parsed.dotted = np.union1d(parsed.dotted, dotted)
    else:
        parsed.dotted = _NONE
    if not parsed.proof and clear_dot and "decimal comma" not in parsed.converted and marks.native is None:
        parsed.proof = "thousands"
    infinite = np.flatnonzero(np.abs(parsed.values) > LARGEST)
    parsed.add("not finite", infinite)
    parsed.values[infinite] = np.nan
    return parsed


def _any_dot(texts: pd.Series, plain: np.ndarray, dotted: np.ndarray) -> bool:
    """Whether a plain number has a dot that can only be a decimal mark."""
    clear = plain.copy()
    clear[dotted] = False
    return bool(texts[clear].str.contains(".", regex=False).any())


def _read_written(parsed: Parsed, texts: pd.Series, at: np.ndarray, marks: Marks, clear_dot: bool) -> None:
    """Fill ``parsed`` at the positions ``at`` with the ``texts`` that are numbers in some dress."""
    if not len(texts):
        return
    infinite = texts.str.lower().isin(_INFINITE).to_numpy(dtype=bool)
    parsed.values[at[infinite]], parsed.known[at[infinite]] = np.inf, True
    at, parts = _parts(_western(parsed, texts, at), at)
    if not len(at):
        return
    core, fits = _undressed(parsed, parts, at)
    at, core, parts = at[fits], core[fits], parts.filter(fits)
    shapes = _Shapes.of(core)
    parsed.proof = _proof(shapes, core, clear_dot)
    commas = (marks.comma or parsed.proof or marks.usual) == "decimal"
    dots = marks.dots_group(parsed.proof, clear_dot)
    if not (marks.comma or parsed.proof):
        parsed.unclear, parsed.dotted = at[shapes.unclear], at[shapes.dotted]
    parsed.add("decimal comma", at[shapes.decimal | (shapes.unclear & commas)])
    parsed.add("thousands mark", at[shapes.thousands | (shapes.unclear & (not commas)) | (shapes.dotted & dots)])
    numbers = shapes.plain(core, commas=commas, dots=dots) + pd.Series(_text(parts, "power"), dtype="str")
    known = shapes.known
    values = np.full(len(at), np.nan)
    values[known] = numbers[known].to_numpy(dtype=object).astype(np.float64)
    parsed.values[at] = values * _signs(parts) / np.where(_has(parts, "percent"), 100.0, 1.0)
    parsed.known[at] = known
    _record(parsed, parts, at, known)


def _parts(texts: Any, at: np.ndarray) -> tuple[np.ndarray, Any]:
    """Which positions hold something like a number, and its parts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.match_substring_regex(texts, "^[+-]?[0-9.,]*[0-9][0-9.,]*$")
    plainly = bare.to_numpy(zero_copy_only=False)
    found = [(at[plainly], pc.extract_regex(texts.filter(bare), _BARE))]
    dressed = texts.filter(pc.invert(bare))
    dressed, at = _with_digit(dressed, at[~plainly])
    parts = pc.extract_regex(dressed, _WRITTEN)
    valid = pc.is_valid(parts)
    found.append((at[valid.to_numpy(zero_copy_only=False)], parts.filter(valid)))
    both = np.concatenate([positions for positions, _ in found])
    order = np.argsort(both, kind="stable")
    return both[order], pa.concat_arrays([part for _, part in found]).take(pa.array(order))


def _with_digit(texts: Any, at: np.ndarray) -> tuple[Any, np.ndarray]:
    """Those that could be a number at all: a digit, and at most eight letters."""
    import pyarrow.compute as pc

    likely = pc.match_substring_regex(texts, r"^[^0-9]{0,8}[0-9][^A-Za-z]*[A-Za-z.]{0,4}[^A-Za-z]{0,8}$")
    return texts.filter(likely), at[likely.to_numpy(zero_copy_only=False)]


def _western(parsed: Parsed, texts: pd.Series, at: np.ndarray) -> Any:
    """Arrow texts with the digits 0 to 9 and an ASCII minus."""
    rewritten, changed = western(texts)
    parsed.converted |= {what: at[which] for what, which in changed.items() if which.any()}
    return arrow_texts(rewritten)


def _undressed(parsed: Parsed, parts: Any, at: np.ndarray) -> tuple[pd.Series, np.ndarray]:
    """Digits without spaces and apostrophes between thousands, and where they are a number at all."""
    digits = pd.Series(_text(parts, "digits"), dtype="str")
    marked = matches(digits, f"[{_MARKS}]")
    grouped = np.zeros(len(digits), dtype=bool)
    grouped[marked] = matches(digits[marked], _GROUPED)
    digits[grouped] = digits[grouped].str.replace(f"[{_MARKS}]", "", regex=True)
    # "+49 170 123 456" is a telephone.
    telephone = grouped & (_text(parts, "sign") == "+")
    twice = (_has(parts, "before") & _has(parts, "after")) | (_has(parts, "sign") & _has(parts, "inner"))
    opened = _has(parts, "open").astype(int) + (_text(parts, "inner") == "(")
    closed = _has(parts, "close").astype(int) + (_text(parts, "late") == ")")
    odd = (opened != closed) | (opened > 1) | twice
    fits = ~(marked & ~grouped) & ~telephone & ~odd
    parsed.add("thousands mark", at[grouped & fits])
    return digits, fits


@dataclass(frozen=True)
class _Shapes:
    """(n,) masks: what the marks of each text are."""

    simple: np.ndarray
    unclear: np.ndarray
    dotted: np.ndarray
    decimal: np.ndarray
    thousands: np.ndarray

    @classmethod
    def of(cls, core: pd.Series) -> _Shapes:
        simple, unclear, dotted = matches(core, _SIMPLE), matches(core, _COMMA_UNCLEAR), matches(core, _DOT_UNCLEAR)
        decimal = matches(core, _COMMA_DECIMAL) & ~unclear & ~simple
        return cls(simple, unclear, dotted, decimal, matches(core, _COMMA_THOUSANDS) & ~unclear)

    @property
    def known(self) -> np.ndarray:
        return self.simple | self.unclear | self.decimal | self.thousands

    def plain(self, core: pd.Series, *, commas: bool, dots: bool) -> pd.Series:
        """The texts as Python writes numbers; unclear ``commas`` are decimal marks, unclear ``dots`` thousands marks."""
        european = self.decimal | (self.unclear & commas) | (self.dotted & dots)
        out = core.reset_index(drop=True)
        out[european] = out[european].str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        english = self.thousands | (self.unclear & (not commas))
        out[english] = out[english].str.replace(",", "", regex=False)
        return out


def _proof(shapes: _Shapes, core: pd.Series, clear_dot: bool) -> str:
    """The style that more texts show clearly, "" where none does or both do equally often."""
    dots = int((shapes.simple & ~shapes.dotted & core.str.contains(".", regex=False).to_numpy(dtype=bool)).sum())
    thousands, decimal = int(shapes.thousands.sum()) + dots + clear_dot, int(shapes.decimal.sum())
    if thousands == decimal:
        return ""
    return "decimal" if decimal > thousands else "thousands"


def _text(parts: Any, name: str) -> np.ndarray:
    return parts.field(name).to_numpy(zero_copy_only=False)


def _has(parts: Any, name: str) -> np.ndarray:
    import pyarrow.compute as pc

    return pc.greater(pc.utf8_length(parts.field(name)), 0).to_numpy(zero_copy_only=False)


def _signs(parts: Any) -> np.ndarray:
    minus = (_text(parts, "sign") == "-") | (_text(parts, "inner") == "-") | _behind(parts) | _bracketed(parts)
    return np.where(minus, -1.0, 1.0)


def _behind(parts: Any) -> np.ndarray:
    return _has(parts, "end") | (_text(parts, "late") == "-")


def _bracketed(parts: Any) -> np.ndarray:
    return _has(parts, "open") | (_text(parts, "inner") == "(")


def _record(parsed: Parsed, parts: Any, at: np.ndarray, known: np.ndarray) -> None:
    """What was taken off to get at the digits."""
    taken = {"apostrophe": _has(parts, "prefix"), "percent": _has(parts, "percent"), "minus at the end": _behind(parts),
             "negative in brackets": _bracketed(parts)}
    for what, which in taken.items():
        parsed.add(what, at[which & known])
    parsed.percent = at[taken["percent"] & known]
    for side in ("before", "after"):
        which = _has(parts, side) & known
        parsed.add("currency", at[which])
        for mark, count in Counter(_text(parts, side)[which].tolist()).items():
            parsed.currencies[currency_of(mark)] += count
    told = np.concatenate([_NONE, *parsed.converted.values()])
    parsed.add("spaces", at[known & ~np.isin(at, told)])


def _reread_dots(parsed: Parsed, texts: pd.Series, dotted: np.ndarray) -> None:
    """In a column with decimal commas "1.234" is a thousand and some, not one and a bit."""
    parsed.values[dotted] = texts.iloc[dotted].str.replace(".", "", regex=False).to_numpy(dtype=object).astype(np.float64)
    parsed.add("thousands mark", dotted)
