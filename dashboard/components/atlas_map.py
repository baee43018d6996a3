"""The one map of the Atlas: 3D, or 2D over a raster of all customers."""

from __future__ import annotations

from dash import html

from core.model import Comparison, Segmentation, Table
from dashboard.address import Address


def map_card(table: Table, comparison: Comparison, segmentation: Segmentation, address: Address, *, mode: str) -> html.Section:
    """The map with its options."""
    return html.Section(className="sa-card")
