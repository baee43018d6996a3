"""Text to numbers: every way a spreadsheet writes one, decided for the column as a whole."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

MISSING = frozenset({"", "na", "n/a", "none", "null", "nan", "-", "--", "#n/a", "#na", "#div/0!", "#ref!", "#value!",
                     "#num!", "#name?", "?", ".", "<na>", "nil", "missing", "(null)"})
CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL", "CHF": "CHF", "EUR": "EUR",
              "USD": "USD", "GBP": "GBP", "US$": "USD", "JPY": "JPY", "SEK": "SEK", "NOK": "NOK", "DKK": "DKK",
              "PLN": "PLN", "zł": "PLN", "kr": "kr", "INR": "INR", "BRL": "BRL", "CAD": "CAD", "AUD": "AUD"}
_PLAIN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_SIGN = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_MONEY = re.compile(rf"^([-+(]?)\s*({_SIGN})\s*(.*)$|^(.*?)\s*({_SIGN})(\)?)$")
_SPACED = re.compile(r"(?<=\d)[\s'’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_COMMA_DECIMAL = re.compile(
    r"\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3}){2,}|,\d+"
)
_DOT_DECIMAL = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_COMMA_UNCLEAR = re.compile(r"[1-9]\d{0,2},\d{3}")
_DOT_UNCLEAR = re.compile(r"[1-9]\d{0,2}\.\d{3}")
LARGEST = 1e100  # beyond it squares and sums of squares leave the range of float64; nothing countable is so large
_INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "-infinity", "+infinity"})


@dataclass
class Parsed:
    """Distinct texts as numbers: ``values`` (n,) float64, NaN where ``known`` is False or the text means a gap.

    ``converted`` lists the positions rewritten, by kind of rewriting; ``unclear``
    the positions whose comma may be a decimal or a thousands mark.
    """

    values: np.ndarray
    known: np.ndarray
    missing: np.ndarray
    converted: dict[str, list[int]] = field(default_factory=dict)
    currencies: Counter = field(default_factory=Counter)
    unclear: list[int] = field(default_factory=list)
    percent: set[int] = field(default_factory=set)


def parse_numbers(texts: pd.Series, comma: str = "") -> Parsed:
    """Read distinct, stripped ``texts``; ``comma`` ("decimal" | "thousands") settles unclear commas.

    Cells that show the style by themselves ("1.234,50") decide for those that do not ("1,234").
    """
    lowered = texts.str.lower()
    missing = lowered.isin(MISSING).to_numpy(dtype=bool)
    plain = texts.str.fullmatch(_PLAIN).to_numpy(dtype=bool)
    parsed = Parsed(np.full(len(texts), np.nan), plain.copy(), missing)
    parsed.values[plain] = texts[plain].to_numpy(dtype=object).astype(np.float64)
    others = np.flatnonzero(~plain & ~missing)
    cleaned = {int(i): _clean(texts.iat[i], int(i), parsed) for i in others}
    style = comma or _style(cleaned.values())
    for i, text in cleaned.items():
        _settle(parsed, i, text, style)
    if style == "decimal":
        _reread_dots(parsed, texts, plain)
    _drop_infinite(parsed)
    return parsed


def _clean(text: str, i: int, parsed: Parsed) -> str:
    """Digits with marks, sign in front; what was taken off is recorded."""
    took: list[str] = []
    bare = text
    if bare.startswith("'"):
        bare, _ = bare[1:], took.append("apostrophe")
    bare = bare.translate(_DIGITS)
    if "−" in bare or "–" in bare:
        bare, _ = bare.replace("−", "-").replace("–", "-"), took.append("minus sign")
    bare, currency = _without_currency(bare)
    if currency:
        took.append("currency")
        parsed.currencies[currency] += 1
    if bare.endswith("%"):
        bare, _ = bare[:-1].strip(), took.append("percent")
        parsed.percent.add(i)
    if bare.startswith("(") and bare.endswith(")"):
        bare, _ = "-" + bare[1:-1].strip(), took.append("negative in brackets")
    elif bare.endswith("-") and bare[:1].isdigit():
        bare, _ = "-" + bare[:-1].strip(), took.append("minus at the end")
    joined = _SPACED.sub("", bare)
    if joined != bare:
        took.append("thousands mark")
    for what in took:
        parsed.converted.setdefault(what, []).append(i)
    return joined


_DIGITS = {ord("٠") + d: str(d) for d in range(10)} | {ord("０") + d: str(d) for d in range(10)}


def _without_currency(text: str) -> tuple[str, str]:
    match = _MONEY.match(text)
    if not match:
        return text, ""
    if match.group(2):
        return match.group(1) + match.group(3).strip(), CURRENCIES[match.group(2)]
    return match.group(4).strip() + match.group(6), CURRENCIES[match.group(5)]


def _style(texts: object) -> str:
    """"decimal" or "thousands" for the comma by the vote of clear cells, "" where none is clear."""
    decimal = dot = 0
    for text in texts:
        core = text.lstrip("+-")
        decimal += _COMMA_DECIMAL.fullmatch(core) is not None
        dot += _DOT_DECIMAL.fullmatch(core) is not None
    return "" if decimal == dot else "decimal" if decimal > dot else "thousands"


def _settle(parsed: Parsed, i: int, text: str, style: str) -> None:
    core, sign = text.lstrip("+-"), -1.0 if text.startswith("-") else 1.0
    scale = 0.01 if i in parsed.percent else 1.0
    what = ""
    if core.lower() in _INFINITE:
        parsed.values[i], parsed.known[i] = np.inf, True
        return
    if _COMMA_UNCLEAR.fullmatch(core):
        if not style:
            parsed.unclear.append(i)
        what = "decimal comma" if style == "decimal" else "thousands mark"
        core = core.replace(",", "." if style == "decimal" else "")
    elif _COMMA_DECIMAL.fullmatch(core):
        core, what = core.replace(".", "").replace(",", "."), "decimal comma"
    elif _DOT_DECIMAL.fullmatch(core):
        core, what = core.replace(",", ""), "thousands mark"
    if re.fullmatch(_PLAIN, core):
        parsed.values[i], parsed.known[i] = sign * float(core) * scale, True
        if what:
            parsed.converted.setdefault(what, []).append(i)


def _reread_dots(parsed: Parsed, texts: pd.Series, plain: np.ndarray) -> None:
    """In a column with decimal commas "1.234" is a thousand and some, not one and a bit."""
    for i in np.flatnonzero(plain):
        if _DOT_UNCLEAR.fullmatch(texts.iat[i].lstrip("+-")):
            parsed.values[i] = float(texts.iat[i].replace(".", ""))
            parsed.converted.setdefault("thousands mark", []).append(int(i))


def _drop_infinite(parsed: Parsed) -> None:
    infinite = np.flatnonzero(np.abs(parsed.values) > LARGEST)
    if len(infinite):
        parsed.converted["not finite"] = infinite.tolist()
        parsed.values[infinite] = np.nan
