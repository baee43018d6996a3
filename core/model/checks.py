"""What plans and recipes ask of a value before they take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import BadRequest


def require_option(name: str, value: Any, options: Sequence[str]) -> None:
    """Raise :class:`BadRequest` unless ``value`` is one of ``options``; ``name`` says what it is."""
    if not isinstance(value, str) or value not in options:
        raise BadRequest(f"{name} must be one of {', '.join(options)}, not {value!r}.")
