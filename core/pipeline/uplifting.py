"""Uplift: what a campaign brought, from a file of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import BadRequest
from core.model import Segmentation, Table, Uplift


def uplift(
    table: Table,
    segmentation: Segmentation,
    results: Table,
    *,
    options: Mapping[str, Any] | None = None,
) -> Uplift:
    """``options``: key and outcome (columns of ``results``), share and seed of the control group."""
    raise BadRequest("This is not there yet.")
