"""Names that come from data, made safe to show: one function for HTML, one for Plotly.

React escapes markup, so HTML needs only what markup cannot show: control and
bidirectional characters, and length. Plotly reads ``<a href>`` as a live link
and ``%{...}`` as a template, so both are taken apart.
"""

from __future__ import annotations

import unicodedata
from typing import Any

LIMIT = 80
UNSEEN = "(invisible)"
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain(text: Any, *, limit: int = LIMIT) -> str:
    """``text`` on one line without control, bidirectional and zero-width characters, at most ``limit`` characters.

    A name made of such characters alone would leave a hole in a page: it is shown as :data:`UNSEEN`.
    """
    kept = "".join(" " if unicodedata.category(mark) in _HIDDEN else mark for mark in str(text)[: 10 * limit])
    line = " ".join(kept.split())
    if not line and str(text).strip():
        return UNSEEN
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def plotly(text: Any) -> str:
    """:func:`plain` for any text Plotly draws: no tags, no links, no templates."""
    safe = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("%{", "% {")
