"""Where runs are told to, and what the process that tells them may know. Imports nothing of MLflow."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path

from dashboard.settings import Settings

FOLDER = "tracking"
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_ENABLE_ASYNC_LOGGING": "false",
}
"""Set before MLflow is imported, which asks for some of it right then."""
_KEPT_BACK = ("SECRET_KEY", "REDIS_URL")
_OWN = ("MLFLOW_HTTP_REQUEST_TIMEOUT",)


def folder(data_dir: Path) -> Path:
    """Where the embedded store lies, made for its owner alone."""
    made = data_dir / FOLDER
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def uri_of(settings: Settings) -> str:
    """The server of the settings, else the embedded SQLite file."""
    return settings.tracking_uri or f"sqlite:///{settings.data_dir / FOLDER / 'mlflow.sqlite'}"


def mark(settings: Settings) -> str:
    """Which store this is, without its address: that may hold a password."""
    return hashlib.sha256(uri_of(settings).encode()).hexdigest()[:12] if settings.tracking_uri else "embedded"


def installed() -> bool:
    """True when MLflow can be imported; looks for it without importing it."""
    return importlib.util.find_spec("mlflow") is not None


def surroundings(settings: Settings, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of the sender: ours without secrets, telemetry off, few and short requests."""
    given = {name: value for name, value in environ.items() if name not in _KEPT_BACK}
    shorter = {name: given[name] for name in _OWN if name in given}
    return given | QUIET | shorter | {"DATA_DIR": str(settings.data_dir), "MLFLOW_TRACKING_URI": settings.tracking_uri,
                                      "TRACKING_MODELS": str(int(settings.tracking_models)), "HOST": "127.0.0.1"}  # fmt: skip
