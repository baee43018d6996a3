"""Every measure of importance as CSV, at full precision."""

from __future__ import annotations

from flask import Blueprint, Response

from core.exports.importance_csv import write_importance
from dashboard.routes.sending import file_name, send
from dashboard.services import owner, services
from dashboard.store import NotFound

blueprint = Blueprint("importance_csv", __name__)


@blueprint.get("/importance-numbers/<run>.csv")
def download(run: str) -> Response:
    """What one finished measurement found; another's run, one of another kind and an unfinished one are not found."""
    store = services().store
    asked = store.run(owner(), run)
    if asked.kind != "importance" or asked.state != "done":
        raise NotFound("download")
    found = store.explanation(owner(), run)
    name = file_name(store.dataset(owner(), asked.dataset).name, found.candidate, "importance.csv")
    return send(lambda stream: write_importance(found, stream), name)
