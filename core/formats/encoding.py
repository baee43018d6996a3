"""Bytes to text: which encoding, how sure, and which lines are not written in it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UnreadableFile
from core.formats.letters import likeness
from core.formats.reading import not_a_table
from core.model import Choice, Note

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where two are equally likely, the first is taken: the order of how common they are in office files.
CANDIDATES = ("cp1252", "cp1250", "cp1251", "mac_roman", "cp932", "gb18030", "big5", "cp949", "euc_jp", "cp1253", "cp1254",
              "cp1255", "cp1256", "koi8_r", "cp850", "cp437", "iso8859_2", "iso8859_15")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_WORD = re.compile(r"[^\s,;|\t\"]*[^\x00-\x7f][^\s,;|\t\"]*")
_SAMPLE = 65_536
_SHOWN = 3


@dataclass(frozen=True)
class Decoded:
    """``text``, its ``encoding``, what is told of it, and the numbers of lines (from 1) that are not written in it.

    Bytes that cannot be read stand as ``\\xe9`` in those lines.
    """

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()
    unreadable: frozenset[int] = frozenset()


def decode(data: bytes, wanted: str = "") -> Decoded:
    """The text of a file. ``wanted`` (an answer) overrides the guess.

    A byte-order mark decides; then UTF-16 by its pattern of NUL bytes; then strict UTF-8,
    and UTF-8 with some lines in another encoding; else the encoding under which the
    words look most like words. A guess is always told with examples.
    """
    if wanted:
        return _as_wanted(data, wanted)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, encoding), encoding.removesuffix("-sig"))
    utf16 = _utf16_without_mark(data)
    if utf16:
        text = _strict(data, utf16)
        return Decoded(text, utf16, (_told(text, utf16, ("utf-16-le", "utf-16-be"), "has no byte-order mark"),))
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    mixed = _mostly_utf8(data)
    if mixed:
        return mixed
    plausible = _plausible(data)
    return _by_lines(data, plausible[0], plausible)


def _as_wanted(data: bytes, wanted: str) -> Decoded:
    refused = UnreadableFile("ENCODING", f"The file is not {wanted} text.", "Choose another encoding.")
    try:
        codecs.lookup(wanted)
        return Decoded(data.decode(wanted), wanted)
    except LookupError:
        raise refused from None
    except UnicodeDecodeError:
        if wanted.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
            raise refused from None
    found = _by_lines(data, wanted, (wanted, *CANDIDATES[:4]))
    if len(found.unreadable) * 2 > max(data.count(b"\n"), 1):
        raise refused
    return found


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise not_a_table("The file begins like text but cannot be read as text.") from None


def _utf16_without_mark(data: bytes) -> str:
    """By the half of the bytes that is zero for letters, separators and line ends of Western text."""
    head = data[:_SAMPLE]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    few, many = sorted((even, odd))
    if many < 0.1 * max(len(head) // 2, 1) or few * 20 > many or len(data) % 2:
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = head[: len(head) // 2 * 2].decode(encoding, errors="ignore")
    except UnicodeDecodeError:
        return ""
    strange = sum(ord(c) < 32 and c not in "\r\n\t" for c in text)
    halved = head.count(b"\n") > 2 * text.count("\n") + 1
    return encoding if strange <= 0.01 * len(text) and not halved else ""


def _mostly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 in which some lines are not: at least as many lines with letters beyond ASCII are."""
    good, bad = 0, []
    lines = _LINE.findall(data)
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad.append(number)
    return _by_lines(data, "utf-8", ("utf-8", *_plausible(data)[:3]), lines) if good >= len(bad) else None


def _plausible(data: bytes) -> tuple[str, ...]:
    """Encodings under which the text looks like text, the best first."""
    taken: list[bytes] = []
    for line in _LINE.finditer(data):
        if not line.group().isascii():
            taken.append(line.group())
            if sum(map(len, taken)) > _SAMPLE:
                break
    sample = b"".join(taken)
    scores = [(-_likeness(sample, encoding), at, encoding) for at, encoding in enumerate(CANDIDATES)]
    best = sorted(scores)
    return tuple(encoding for score, _, encoding in best if score < 0)[:6] or ("cp1252", "mac_roman")


def _likeness(sample: bytes, encoding: str) -> float:
    """How much the text under an encoding looks like words; bytes without a letter count against it."""
    text = sample.decode(encoding, errors="replace")
    return likeness(text) - 2.0 * text.count("\ufffd")


def _by_lines(data: bytes, encoding: str, options: Sequence[str], lines: Sequence[bytes] | None = None) -> Decoded:
    """Decoded; lines with bytes that the encoding does not know are named and show them as escapes."""
    unreadable: frozenset[int] = frozenset()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        parts, bad = [], []
        for number, line in enumerate(lines or _LINE.findall(data), start=1):
            try:
                parts.append(line.decode(encoding))
            except UnicodeDecodeError:
                parts.append(line.decode("ascii", errors="backslashreplace"))
                bad.append(number)
        text, unreadable = "".join(parts), frozenset(bad)
    if encoding == "utf-8":
        return Decoded(text, encoding, (), unreadable)
    return Decoded(text, encoding, (_told(text, encoding, options, "is not UTF-8"),), unreadable)


def _told(text: str, encoding: str, options: Sequence[str], why: str) -> Note:
    examples = tuple(dict.fromkeys(word[:40] for word in _WORD.findall(text[:1_000_000])))[:_SHOWN]
    offered = tuple(dict.fromkeys((encoding, *options, "utf-8")))
    return Note("ENCODING", f"The file {why}; it was read as {encoding}. Please check these words.", count=1, examples=examples,
                hint="Choose another encoding if they look wrong.", choice=Choice("encoding", offered, encoding))
