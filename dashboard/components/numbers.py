"""How a number is written on screen: thousands marks, three significant digits, a unit, a word for "nothing here".

Downloads keep full precision; nothing here is used for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

NOTHING = "–"
_MINUS = "\N{MINUS SIGN}"


def number(value: Any, unit: str = "") -> str:
    """Three significant digits, all digits of whole numbers below a million: ``1,234``, ``0.554``, ``2.3 m EUR``."""
    if _missing(value):
        return NOTHING
    value = float(value)
    text = _digits(abs(value))
    sign = _MINUS if value < 0 and text.strip("0.") else ""
    return f"{sign}{text} {unit}".strip()


def whole(value: Any, unit: str = "") -> str:
    """A count, every digit shown: ``20,000 rows``."""
    if _missing(value):
        return NOTHING
    text = f"{round(float(value)):,}".replace("-", _MINUS)
    return f"{text} {unit}".strip()


def count(value: Any, noun: str) -> str:
    """A count with its noun, plural by adding an s: ``1 customer``, ``200 customers``."""
    return whole(value, noun if value == 1 else f"{noun}s")


def share(value: Any) -> str:
    """A part of one as per cent: ``0.405`` is ``40.5%``; a trace never rounds to 0% and almost all never to 100%."""
    if _missing(value):
        return NOTHING
    part = float(value)
    if 0 < part < 0.001:
        return "<0.1%"
    if 0.999 < part < 1:
        return ">99.9%"
    return f"{100 * part:.1f}".removesuffix(".0").replace("-", _MINUS) + "%"


def seconds(value: Any) -> str:
    """A duration: ``0.04 s``, ``3.2 s``, ``1 min 5 s``, ``2 h 3 min``."""
    if _missing(value):
        return NOTHING
    value = max(0.0, float(value))
    if value < 59.5:
        return f"{value:.2g} s" if value < 9.95 else f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def size(value: Any) -> str:
    """Bytes in decimal units: ``48 kB``, ``1.5 MB``."""
    if _missing(value):
        return NOTHING
    value = float(value)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:,.3g} GB"


def times(value: Any) -> str:
    """A ratio to its base: ``2.3 x``."""
    return NOTHING if _missing(value) else f"{_digits(float(value), digits=2)} x"


def text(value: Any) -> str:
    """Anything else as it is, a gap as a dash."""
    return NOTHING if _missing(value) else str(value)


FORMATS: dict[str, Callable[[Any], str]] = {
    "number": number,
    "whole": whole,
    "share": share,
    "seconds": seconds,
    "size": size,
    "times": times,
    "text": text,
}


def _missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value
    try:
        return not math.isfinite(value)
    except TypeError:
        return bool(pd.isna(value))


def _digits(value: float, digits: int = 3) -> str:
    if value >= 999_500:
        power, mark = (9, "bn") if value >= 999.5e6 else (6, "m")
        return f"{_digits(value / 10**power)} {mark}"
    if value == int(value) or value >= 10 ** (digits - 1):
        return f"{round(value):,}"
    if value < 1e-4:
        return f"{value:.1e}"
    places = digits - 1 - math.floor(math.log10(value))
    return f"{value:,.{places}f}".rstrip("0").rstrip(".")
