"""Is the process alive, and can it do its work?"""

from __future__ import annotations

import tempfile

from flask import Blueprint, Response, jsonify

from dashboard.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when the store can be written and a job runner watches; 503 with what is missing."""
    checks = {"store": _store_writable(), "jobs": services().jobs.alive()}
    ok = all(checks.values())
    return jsonify(status="ready" if ok else "not ready", checks=checks), 200 if ok else 503


def _store_writable() -> bool:
    store = services().store
    try:
        with tempfile.TemporaryFile(dir=store.directory / "temp") as stream:
            stream.write(b"ready")
        with store.database.write():
            return True
    except Exception:  # any reason at all means "not ready": that is the answer, nothing is hidden
        return False
