"""How a number stands in a sentence."""

from __future__ import annotations

import math

_MINUS = "\N{MINUS SIGN}"


def written(value: float, form: str) -> str:
    """``value`` (finite) as ``form``: number (three significant digits), whole, share (0..1 as per cent) or times (two)."""
    return {"number": _number, "whole": _whole, "share": _share, "times": _times}[form](float(value))


def _number(value: float) -> str:
    text = _digits(abs(value), 3)
    return f"{_MINUS}{text}" if value < 0 and text.strip("0.") else text


def _whole(value: float) -> str:
    return f"{round(value):,}".replace("-", _MINUS)


def _times(value: float) -> str:
    return _digits(value, 2)


def _share(value: float) -> str:
    """A trace never rounds to 0% and almost all never to 100%."""
    if 0 < value < 0.001:
        return "under 0.1%"
    if 0.999 < value < 1:
        return "over 99.9%"
    return f"{100 * value:.1f}".removesuffix(".0").replace("-", _MINUS) + "%"


def _digits(value: float, digits: int) -> str:
    if value >= 999_500:
        power, mark = next((p, m) for p, m, least in _MARKS if value >= least)
        return f"{_digits(value / 10**power, digits)} {mark}" if value < 1e15 else f"{value:.1e}"
    if value == int(value) or value >= 10 ** (digits - 1):
        return f"{round(value):,}"
    if value < 1e-4:
        return f"{value:.1e}"
    places = max(digits - 1 - math.floor(math.log10(value)), 0)
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_MARKS = ((9, "bn", 999.5e6), (6, "m", 999_500.0))
