"""Results that need not be computed twice. ``core`` is handed a memo and knows nothing of where it keeps things."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Kept:
    """A result as plain arrays and plain JSON: what a memo can keep without executing anything on reading."""

    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


class Memo(Protocol):
    """``memo(key, make)`` is the result kept under ``key``, else ``make()``, kept from then on.

    Called from several threads at once. ``key`` comes from :func:`key_of`;
    what raises is not kept.
    """

    def __call__(self, key: str, make: Callable[[], Kept]) -> Kept: ...


def no_memo(key: str, make: Callable[[], Kept]) -> Kept:
    """Keeps nothing."""
    return make()


class _Unknown(Exception):
    """Nothing is kept under a key."""


def known(memo: Memo, key: str) -> Kept | None:
    """What ``memo`` keeps under ``key``, None where that is nothing."""

    def refuse() -> Kept:
        raise _Unknown

    try:
        return memo(key, refuse)
    except _Unknown:
        return None


def recalling(memo: Memo) -> Memo:
    """A memo that also holds in memory what it was asked for, as long as it lives: for one run."""
    held: dict[str, Kept] = {}

    def ask(key: str, make: Callable[[], Kept]) -> Kept:
        if key not in held:
            held[key] = memo(key, make)
        return held[key]

    return ask


def key_of(*parts: Any) -> str:
    """The same 40 hex digits for equal ``parts``; each is plain JSON."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:40]
