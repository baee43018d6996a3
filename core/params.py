"""A parameter declared as data: forms, validation and help text all read the same entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import BadRequest


@dataclass(frozen=True)
class Whole:
    """A whole number within ``low`` and ``high`` (both included)."""

    name: str
    label: str
    default: int
    low: int
    high: int
    help: str = ""

    def check(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 != 0:
            raise BadRequest(f"{self.label} must be a whole number, not {value!r}.")
        if not self.low <= value <= self.high:
            raise BadRequest(f"{self.label} must lie between {self.low} and {self.high}, not {int(value)}.")
        return int(value)


@dataclass(frozen=True)
class Real:
    """A finite number within ``low`` and ``high`` (both included); ``None`` default means "found from the data"."""

    name: str
    label: str
    default: float | None
    low: float
    high: float
    help: str = ""

    def check(self, value: Any) -> float | None:
        if value is None and self.default is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self.low <= value <= self.high:
            raise BadRequest(f"{self.label} must lie between {self.low:g} and {self.high:g}, not {value!r}.")
        return float(value)


@dataclass(frozen=True)
class Choice:
    """One of ``options``: (value, what a person reads) pairs."""

    name: str
    label: str
    default: str
    options: tuple[tuple[str, str], ...]
    help: str = ""

    def check(self, value: Any) -> str:
        known = [option for option, _ in self.options]
        if value not in known:
            raise BadRequest(f"{self.label} must be one of {', '.join(known)}, not {value!r}.")
        return str(value)


Param = Whole | Real | Choice


def check_params(params: tuple[Param, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every declared parameter with its checked value, defaults filled in; unknown names are refused."""
    return {param.name: param.default for param in params} | check_given(params, given)


def check_given(params: tuple[Param, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are given, in the order declared, each checked; unknown names are refused."""
    known = {param.name for param in params}
    unknown = sorted(set(given) - known)
    if unknown:
        raise BadRequest(f"Unknown parameter: {', '.join(unknown)}.", f"Known here: {', '.join(sorted(known)) or 'none'}.")
    return {param.name: param.check(given[param.name]) for param in params if param.name in given}
