"""Models and runs as files that leave the house: zips of JSON and plain arrays, checked before they are believed."""

from __future__ import annotations

from core.bundles.capsule import Capsule, capsule_of, read_capsule, write_capsule
from core.bundles.model_zip import read_model, write_model

__all__ = ["Capsule", "capsule_of", "read_capsule", "read_model", "write_capsule", "write_model"]
