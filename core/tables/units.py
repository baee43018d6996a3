"""A unit guessed from a column's name and its cells."""

from __future__ import annotations

import re

_NAMED = (
    (re.compile(r"\(([^()]{1,6}[$€£])\)|\(([$€£])\)"), None),
    (re.compile(r"(^|[_\s(])(eur|euros?|€)([_\s)]|$)", re.I), "EUR"),
    (re.compile(r"(^|[_\s(])(usd|dollars?)([_\s)]|$)", re.I), "USD"),
    (re.compile(r"(^|[_\s(])(gbp|pounds|£)([_\s)]|$)", re.I), "GBP"),
    (re.compile(r"^age$|^age_?(in_?)?years$|^customer_?age$|^ageph$", re.I), "years"),
    (re.compile(r"(^|[_\s])years([_\s]|$)", re.I), "years"),
    (re.compile(r"(^|[_\s])days([_\s]|$)|^recency$", re.I), "days"),
    (re.compile(r"^tenure_months$|(^|[_\s])months([_\s]|$)", re.I), "months"),
    (re.compile(r"%|(^|[_\s])(percent|pct)([_\s]|$)", re.I), "%"),
)
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODES = ("CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "INR", "BRL")


def guess_unit(name: str, currency: str = "", percent: bool = False) -> str:
    """"EUR", "k$", "years", "%" ... or "" where neither name nor cells say."""
    if currency:
        return currency
    for pattern, unit in _NAMED:
        match = pattern.search(name)
        if match:
            found = unit or next(group for group in match.groups() if group)
            return _SIGNS.get(found, found)
    for code in _CODES:
        if re.search(rf"(^|[_\s(]){code}([_\s)]|$)", name, re.I):
            return code
    return "share" if percent else ""
