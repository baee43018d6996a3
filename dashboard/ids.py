"""Names nobody can guess, and the check that a name from outside is one of ours."""

from __future__ import annotations

import re
import secrets

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def new_id() -> str:
    """128 random bits as 22 characters that are safe in an address and in a file name."""
    return secrets.token_urlsafe(16)


def is_id(text: object) -> bool:
    """True for text that has the form of :func:`new_id`; anything else never reaches a path or a query."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def reference() -> str:
    """A short number that links what a person sees to a line in the log."""
    return secrets.token_hex(4).upper()
