"""Models and runs as files that leave the house: zips of JSON and plain arrays, checked before they are believed."""

from __future__ import annotations

from core.bundles.model_zip import read_model, write_model

__all__ = ["read_model", "write_model"]
