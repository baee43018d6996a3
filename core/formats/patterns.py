"""What a single cell looks like, and what the cells of a column have in common."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "---", "?", ".", "\\n", "missing"})
_CURRENCY = r"(?:[$€£¥₹₽₺₩]|R\$|US\$|CHF|EUR|USD|GBP|JPY|PLN|SEK|NOK|DKK|kr\.?|zł)"
_PLAIN = r"(?:\d+|\d{1,3}(?:[.,' \u00a0\u202f\u2009]\d{2,3})+)(?:[.,]\d+)?|[.,]\d+"
_DAY = (r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|"
        r"\d{1,2}(?:[- ]|\. ?)[^\W\d_]{3,10}\.?[- ]\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?"
_FORMS = (
    ("number", re.compile(rf"[-+−]?(?:{_PLAIN})(?:[eE][-+]?\d+)?-?|\((?:{_PLAIN})\)")),
    ("money", re.compile(rf"[-+−(]?\s?{_CURRENCY}\s?[-+−]?\s?(?:{_PLAIN})\)?|[-+−(]?(?:{_PLAIN})\s?{_CURRENCY}\)?")),
    ("percent", re.compile(rf"[-+−]?(?:{_PLAIN})\s?%")),
    ("date", re.compile(_DAY)),
    ("time", re.compile(_CLOCK)),
    ("datetime", re.compile(rf"{_DAY}(?:T| {{1,2}}|, ){_CLOCK}(?: ?(?:Z|UTC|[-+]\d{{2}}:?\d{{2}}))?")),
    ("email", re.compile(r"[^@\s,;\"']+@[^@\s,;\"']+\.[A-Za-z]{2,}")),
    ("url", re.compile(r"(?:https?|ftp)://[^\s\"]+|www\.[^\s\"]+", re.IGNORECASE)),
    ("phone", re.compile(r"\+\d[\d ()/-]{5,20}|\(\d{2,5}\)[\d -]{4,15}")),
    ("code", re.compile(r"(?=[^\d\s]*\d)(?=[^A-Za-z\s]*[A-Za-z])[\w./#:-]{2,40}")),
)
TYPED = frozenset(name for name, _ in _FORMS)
_SHARE = 0.8


@lru_cache(maxsize=200_000)
def _form_of_text(text: str) -> str:
    stripped = text.strip()
    if stripped.lower() in MISSING:
        return ""
    if len(stripped) > 200:
        return "text"
    return next((name for name, pattern in _FORMS if pattern.fullmatch(stripped)), "text")


def form(cell: object) -> str:
    """``number``, ``money``, ``date``, ``email``, ``code`` ... , ``text``, or "" for an empty cell or a token for none."""
    if isinstance(cell, str):
        return _form_of_text(cell) if len(cell) < 400 else "text"
    if cell is None:
        return ""
    if isinstance(cell, (bool, dt.time, dt.timedelta)):
        return "time" if not isinstance(cell, bool) else "flag"
    if isinstance(cell, (int, float, Decimal)):
        return "" if cell != cell else "number"
    return "date" if isinstance(cell, dt.date) else "text"


def is_blank(cell: object) -> bool:
    """Nothing stands in the cell: None, or text of white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def half_quoted(cell: object) -> bool:
    """A quotation mark without its partner stands in the cell, as where a row was cut at the wrong places."""
    return isinstance(cell, str) and cell.count('"') % 2 == 1


def common_form(cells: Iterable[object]) -> str:
    """The form of at least 80 % of the cells that hold something; "text" where there is none, "" where all are empty."""
    counts = Counter(map(form, cells))
    counts.pop("", None)
    if not counts:
        return ""
    name, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return name if count >= _SHARE * sum(counts.values()) else "text"


@lru_cache(maxsize=100_000)
def outline(text: str) -> str:
    """The cell with letters as A or a, digits as 9, runs of the same shortened to one: ``MG-8769`` is ``A-9``."""
    marks = "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in text[:80])
    return re.sub(r"(.)\1+", r"\1", marks)
