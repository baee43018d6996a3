"""Runs of record: atomic, checksummed, owned. The truth about a run is here and nowhere else."""

from dashboard.store.models import SavedModel
from dashboard.store.records import (
    ACTIVE,
    ENDED,
    FITTING,
    KINDS,
    LIVE,
    READINGS,
    STOPPABLE,
    Damaged,
    Dataset,
    NotFound,
    Outdated,
    Problem,
    Run,
    Superseded,
)
from dashboard.store.remarks import Remark
from dashboard.store.store import Store
from dashboard.store.uploads import Upload, UploadBusy
from dashboard.store.versions import Shaping, Version

__all__ = [
    "ACTIVE",
    "ENDED",
    "FITTING",
    "KINDS",
    "LIVE",
    "READINGS",
    "Damaged",
    "Dataset",
    "NotFound",
    "Outdated",
    "Problem",
    "Run",
    "Remark",
    "STOPPABLE",
    "SavedModel",
    "Shaping",
    "Store",
    "Superseded",
    "Upload",
    "UploadBusy",
    "Version",
]
