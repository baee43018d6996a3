"""The tab money of the Atlas."""

from __future__ import annotations

from typing import Any

from dash import html


def tab(looked: Any, focus: int) -> list:
    """What the tab shows of the segment ``focus``."""
    return [html.P("...")]
