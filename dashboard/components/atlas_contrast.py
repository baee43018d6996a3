"""The focused segment against everyone, column by column."""

from __future__ import annotations

from dash import html

from core.model import Segmentation


def contrast(segmentation: Segmentation, focus: int, *, mode: str) -> html.Section:
    """Columns ordered by this segment's own effect size."""
    return html.Section(className="sa-card")
