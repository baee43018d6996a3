"""Bytes to text: which encoding, and how sure."""

from __future__ import annotations

import codecs
import re

from core.errors import UnreadableFile
from core.formats.reading import not_a_table
from core.model import Note

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = set("äöüÄÖÜßéèêëàâáíìîïóòôúùûñçÇÉÈÀÑåÅøØæÆœŒ€£¥§°«»“”‘’–—…·®©™²³½¼ãõÃÕÁÍÓÚâêôýÿ\u00a0")
_WORD = re.compile(r"[^\s,;|\t\"]*[^\x00-\x7f][^\s,;|\t\"]*")
_SAMPLE = 65_536


def decode(data: bytes, wanted: str = "") -> tuple[str, str, list[Note]]:
    """Text, encoding and notes. ``wanted`` (an answer) overrides the guess.

    A byte-order mark decides; then strict UTF-8; then UTF-16 by its pattern of
    NUL bytes; else cp1252 where its letters look Western, else charset-normalizer's
    guess. A guess is always told with examples.
    """
    if wanted:
        return _as_wanted(data, wanted)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding.removesuffix("-sig"), []
    utf16 = _utf16_without_mark(data[:_SAMPLE])
    if utf16:
        text = _strict(data, utf16)
        return text, utf16, [Note("ENCODING", f"The text was read as {utf16} (no byte-order mark).", count=1)]
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        encoding = _guess(data)
    text = data.decode(encoding, errors="replace")
    return text, encoding, [_told(text, encoding)]


def _as_wanted(data: bytes, wanted: str) -> tuple[str, str, list[Note]]:
    try:
        return data.decode(wanted), wanted, []
    except (UnicodeDecodeError, LookupError):
        raise UnreadableFile("ENCODING", f"The file is not {wanted} text.", "Choose another encoding.") from None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise not_a_table("The file begins like text but cannot be read as text.") from None


def _utf16_without_mark(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _guess(data: bytes) -> str:
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    foreign = [c for c in western if ord(c) > 127]
    if foreign and sum(c in _WESTERN for c in foreign) >= 0.9 * len(foreign):
        return "cp1252"
    from charset_normalizer import from_bytes

    at = next(i for i, byte in enumerate(data) if byte > 127)
    best = from_bytes(data[max(at - _SAMPLE // 2, 0): at + _SAMPLE // 2]).best()
    if best is not None and best.encoding not in ("utf_8", "ascii"):
        return best.encoding
    return "cp1252"


def _told(text: str, encoding: str) -> Note:
    examples = tuple(dict.fromkeys(word[:40] for word in _WORD.findall(text[:1_000_000])))[:3]
    broken = text.count("\ufffd")
    lost = f"; {broken:,} bytes could not be read" if broken else ""
    return Note("ENCODING", f"The file is not UTF-8; it was read as {encoding}{lost}. Please check these words.",
                count=max(broken, 1), examples=examples)
