"""All segments at once: heat map, lines, silhouettes."""

from __future__ import annotations

from dash import html

from core.model import Segmentation


def overview(segmentation: Segmentation, view: str, *, mode: str) -> html.Section:
    """One of the three views of all segments."""
    return html.Section(className="sa-card")
