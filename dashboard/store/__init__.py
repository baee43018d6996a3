"""Runs of record: atomic, checksummed, owned. The truth about a run is here and nowhere else."""

from dashboard.store.records import (
    ACTIVE,
    ENDED,
    KINDS,
    LIVE,
    Damaged,
    Dataset,
    NotFound,
    Problem,
    Run,
    Superseded,
)
from dashboard.store.store import Store
from dashboard.store.uploads import Upload, UploadBusy

__all__ = [
    "ACTIVE",
    "ENDED",
    "KINDS",
    "LIVE",
    "Damaged",
    "Dataset",
    "NotFound",
    "Problem",
    "Run",
    "Store",
    "Superseded",
    "Upload",
    "UploadBusy",
]
