"""Every measure of importance as CSV, at full precision."""

from __future__ import annotations

import io

from flask import Blueprint, Response, send_file

from core.exports.importance_csv import write_importance
from dashboard.routes.downloads import file_name
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
    found, stream = store.explanation(owner(), run), io.BytesIO()
    write_importance(found, stream)
    stream.seek(0)
    name = file_name(store.dataset(owner(), asked.dataset).name, found.candidate, "importance.csv")
    return send_file(stream, mimetype="text/csv", as_attachment=True, download_name=name)
