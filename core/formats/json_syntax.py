"""JSON text to values with their lines: exact numbers, no key lost, no recursion without end."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from core.errors import UnreadableFile
from core.formats.reading import truncated

MAX_DEPTH = 100
BLANK = "a blank line"
_SPACE = re.compile(r"[ \t\r\n]*")
_LONGEST_WHOLE = 4_000  # digits; Python refuses to read more
_EXACT = 17  # digits that a double always gives back
_HALF = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[c-fC-F][0-9a-fA-F]{2}))")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


class Value(NamedTuple):
    """``value`` begins in ``line`` (from 1); where it could not be read, ``problem`` says why and ``text`` how it stands."""

    value: Any
    line: int
    text: str = ""
    problem: str = ""


class Document:
    """``text`` of JSON, read from position to position; counts what was noticed on the way.

    ``repeated`` counts keys that one object holds twice, ``constants`` NaN and Infinity, ``long`` numbers with more
    digits than a float holds, kept as text, ``halves`` escapes of half a character, kept as they are written.
    """

    def __init__(self, text: str) -> None:
        self.repeated: Counter[str] = Counter()
        self.constants: Counter[str] = Counter()
        self.long: list[str] = []
        self.text, self.halves = _without_halves(text)
        self.end = 0
        self._counted = (0, 1)
        self._scan = json.JSONDecoder(object_pairs_hook=self._object, parse_int=self._whole, parse_float=self._float,
                                      parse_constant=self._constant).scan_once

    def skip(self, at: int) -> int:
        """The first position from ``at`` on that is no white space."""
        return _SPACE.match(self.text, at).end()

    def line(self, at: int) -> int:
        """The line (from 1) of a position; quick when asked in order."""
        before, line = self._counted if self._counted[0] <= at else (0, 1)
        self._counted = (at, line + self.text.count("\n", before, at))
        return self._counted[1]

    def value(self, at: int) -> tuple[Any, int]:
        """The value that begins at ``at`` and the position behind it; raises :class:`UnreadableFile`."""
        try:
            return self._scan(self.text, at)
        except StopIteration as stop:
            raise self.wrong(stop.value) from None
        except json.JSONDecodeError as problem:
            raise self.wrong(problem.pos, problem.msg) from None
        except RecursionError:
            raise too_deep() from None

    def alone(self, text: str, line: int) -> Value:
        """A line that should be one value; an empty one has the problem ``BLANK``."""
        if not text:
            return Value(None, line, "", BLANK)
        try:
            value, end = self._scan(text, 0)
        except StopIteration as stop:
            return Value(None, line, text, f"no JSON from character {stop.value + 1:,} on")
        except json.JSONDecodeError as problem:
            return Value(None, line, text, f"no JSON at character {problem.pos + 1:,}: {self._cause(problem.pos, problem.msg, text)}")
        except RecursionError:
            raise too_deep() from None
        return Value(value, line, text, "" if end == len(text) else f"something follows from character {end + 1:,} on")

    def merged(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """One record of these entries, with nothing lost where a key is there twice."""
        return self._object(pairs)

    def elements(self, at: int) -> Iterator[Value]:
        """The elements of the array that begins at ``at``, one by one; afterwards ``self.end`` is the position behind it."""
        at = self.skip(at + 1)
        if self.text.startswith("]", at):
            self.end = at + 1
            return
        while True:
            line = self.line(at)
            value, at = self.value(at)
            yield Value(value, line)
            at = self.skip(at)
            mark = self.text[at:at + 1]
            if mark == "]":
                self.end = at + 1
                return
            if mark != ",":
                raise self.wrong(at, "Expecting ',' delimiter")
            at = self.skip(at + 1)

    def entries(self, at: int) -> Iterator[tuple[str, Any, int]]:
        """Keys, values and lines of the object that begins at ``at``; afterwards ``self.end`` is the position behind it."""
        at = self.skip(at + 1)
        while not self.text.startswith("}", at):
            if not self.text.startswith('"', at):
                raise self.wrong(at, "Expecting property name enclosed in double quotes")
            key, at = self.value(at)
            at = self.skip(at)
            if not self.text.startswith(":", at):
                raise self.wrong(at, "Expecting ':' delimiter")
            at = self.skip(at + 1)
            line = self.line(at)
            value, at = self.value(at)
            yield key, value, line
            at = self.skip(at)
            if self.text.startswith(",", at):
                comma, at = at, self.skip(at + 1)
                if self.text.startswith("}", at):
                    raise self.wrong(comma, "Illegal trailing comma before end of object")
            elif not self.text.startswith("}", at):
                raise self.wrong(at, "Expecting ',' delimiter")
        self.end = at + 1

    def wrong(self, at: int, said: str = "") -> UnreadableFile:
        """What is wrong at a position, in words, with its line."""
        if self.skip(at) >= len(self.text) or "Unterminated string" in said:
            return truncated("The JSON text ends before it is complete.")
        line = self.line(at)
        column = at - self.text.rfind("\n", 0, at)
        cause = self._cause(at, said, self.text)
        what = f"The JSON text cannot be read at line {line:,}, character {column:,}: {cause}."
        hint = "Correct that place, or export the file again from the program that wrote it."
        return UnreadableFile("JSON_SYNTAX", what, hint, line)

    def _cause(self, at: int, said: str, text: str) -> str:
        here, before = text[at:at + 2], text[max(0, at - 1_000):at].rstrip()[-1:]
        if here in ("//", "/*") or here[:1] == "#":
            return "there is a comment, which JSON does not allow"
        if "trailing comma" in said or (before == "," and here[:1] in "]}"):
            return "there is a comma behind the last entry"
        if here[:1] == "'":
            return "there is a single quote; JSON uses double quotes"
        if "property name" in said:
            return "a name in double quotes is missing"
        return said[:1].lower() + said[1:] if said else f"{text[at:at + 12]!r} is no value"

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """All entries: the second of a name is called ``name (2)``."""
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        found = {}
        for key, value in pairs:
            name, turn = key, 1
            while name in found:
                turn += 1
                name = f"{key} ({turn})"
            self.repeated[key] += turn > 1
            found[name] = value
        return found

    def _whole(self, digits: str) -> int | str:
        if len(digits) <= _LONGEST_WHOLE:
            return int(digits)
        self.long.append(digits[:40])
        return digits

    def _float(self, written: str) -> float | str:
        """The number, or its text where a float would not give it back."""
        value = float(written)
        if len(written) <= _EXACT and "e" not in written.lower():
            return value
        if value in (float("inf"), float("-inf")) or not _same(written, value):
            self.long.append(written)
            return written
        return value

    def _constant(self, name: str) -> float:
        self.constants[name] += 1
        return float(name)


def _same(written: str, value: float) -> bool:
    """Up to 17 digits are what a program writes for a float; more must be its exact value."""
    exact = Decimal(written)
    return len(exact.normalize().as_tuple().digits) <= _EXACT and (value != 0.0 or exact == 0) or exact == Decimal(value)


def _without_halves(text: str) -> tuple[str, int]:
    """Escapes of half a character (a lone surrogate) become the text of the escape: no such character can be stored."""
    if "\\ud" not in text and "\\uD" not in text:
        return text, 0
    pieces, count, at = [], 0, 0
    for pair in [*_PAIR.finditer(text), None]:
        mended, found = _HALF.subn(r"\1\\\2", text[at:pair.start() if pair else len(text)])
        pieces += [mended, pair.group() if pair else ""]
        count, at = count + found, pair.end() if pair else at
    return "".join(pieces), count


def too_deep() -> UnreadableFile:
    return UnreadableFile("TOO_DEEP", f"The JSON text nests records deeper than {MAX_DEPTH} levels.",
                          "Export one flat record per customer and upload that.")


def is_deep(value: Any) -> bool:
    """Deeper than ``MAX_DEPTH``? Goes through level by level, without recursion."""
    level, depth = [value], 0
    while level:
        level = [inner for outer in level if isinstance(outer, (dict, list))
                 for inner in (outer.values() if isinstance(outer, dict) else outer)]
        depth += 1
        if depth > MAX_DEPTH:
            return True
    return False
