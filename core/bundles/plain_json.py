"""JSON that is believed: of bounded size, without repeated keys, numbers that are none, and halves of characters."""

from __future__ import annotations

import json
import math
from typing import Any

from core.bundles.archive import refused

MOST_BYTES = 4 << 20
"""Bytes of JSON that are read: a list takes 24 times what it is written with."""
_LONGEST_NUMBER = 40


def to_bytes(body: Any) -> bytes:
    """Readable JSON with sorted keys: equal bodies give equal bytes. Raises :class:`BadRequest` where it would not be read."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    content = text.encode("utf-8", "replace") + b"\n"
    if len(content) > MOST_BYTES:
        raise refused(f"its description has {len(content):,} bytes; {MOST_BYTES:,} can be read")
    return content


def from_bytes(content: bytes, name: str) -> Any:
    """What the JSON says. Raises :class:`BadRequest`, naming the member, for anything that is not plain JSON."""
    if len(content) > MOST_BYTES:
        raise refused(f"{name} has {len(content):,} bytes; {MOST_BYTES:,} are allowed")
    try:
        text = content.decode("utf-8")
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_none, parse_int=_whole, parse_float=_number)
    except RecursionError:
        raise refused(f"{name} is nested too deeply") from None
    except ValueError as problem:
        raise refused(f"{name} is not plain JSON") from problem


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _none(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return int(text)


def _number(text: str) -> float:
    value = float(text) if len(text) <= _LONGEST_NUMBER else math.inf
    if not math.isfinite(value):
        raise ValueError("a number is too large or too long")
    return value
