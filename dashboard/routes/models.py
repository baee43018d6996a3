"""Models on their way out and in, and the files that they placed.

``GET /models/<id>.zip`` sends a model signed by this server. ``POST /models`` takes one: it is checked as data through the
same schema whoever made it, and nothing in it can run; the answer holds its id and whether this server signed it.
"""

from __future__ import annotations

import tempfile
import threading
from typing import BinaryIO

from flask import Blueprint, Response, jsonify, request

from core.exports.placed_rows import write_placed_csv
from dashboard.components.score_models import UPLOAD_MB
from dashboard.routes.sending import file_name, send
from dashboard.routes.upload import MARK
from dashboard.security.guards import refuse
from dashboard.security.signing import MODELS, derived
from dashboard.services import owner, services
from dashboard.store import NotFound

MOST_BYTES = UPLOAD_MB * 1_000_000
MOST_MODELS = 100
_BLOCK = 2**18
_reading = threading.Lock()
blueprint = Blueprint("models", __name__)


def signing_key() -> bytes:
    """What this server signs models with."""
    return derived(services().settings.secret(), MODELS)


@blueprint.get("/models/<model>.zip")
def download(model: str) -> Response:
    """A model as a zip of JSON and plain arrays."""
    from core.bundles import write_model

    store = services().store
    saved, known = store.models.saved(owner(), model), store.models.model(owner(), model)
    key = signing_key() if saved.signed else None  # what came from elsewhere stays marked as such
    return send(lambda stream: write_model(known, stream, key=key), file_name(saved.name, "", "model.zip"), "application/zip")


@blueprint.post("/models")
def upload() -> Response:
    """Keep the model in the body; ``{"model": id, "signed": by this server}``."""
    request.max_content_length = MOST_BYTES
    if request.headers.get(MARK) != "upload":
        return refuse(403, "Open models on the Score page.")
    if request.content_length is None:
        return refuse(411, "The upload does not say how long it is. Choose the file again.")
    if request.content_length > MOST_BYTES:
        return refuse(413, f"The file is larger than {UPLOAD_MB:,} MB, and so no model of ours. Choose a model.zip.")
    if len(services().store.models.listed(owner())) >= MOST_MODELS:
        return refuse(413, f"You keep {MOST_MODELS:,} models, the most there may be. Delete one that you no longer need.")
    with tempfile.TemporaryFile(dir=services().store.directory / "temp") as stream:
        while block := request.stream.read(_BLOCK):
            stream.write(block)
        stream.seek(0)
        return _kept(stream)


def _kept(stream: BinaryIO) -> Response:
    """The models that strangers send are read one at a time, so that together they need no more memory than one."""
    from core.bundles import read_model

    with _reading:
        model, signed = read_model(stream, key=signing_key())
    return jsonify(model=services().store.models.add(owner(), model, signed=signed), signed=signed)


@blueprint.get("/scored/<run>.csv")
def download_scored(run: str) -> Response:
    """Every row and column of a file that was placed, then where each customer belongs; as the command line writes it."""
    store = services().store
    asked = store.run(owner(), run)
    if asked.kind != "score":
        raise NotFound("list of placed customers")
    scored = store.result(owner(), run, "score")
    dataset = store.dataset(owner(), asked.dataset)
    table = store.table(owner(), dataset.id, asked.request["answers"])
    return send(lambda stream: write_placed_csv(table, scored, stream), file_name(dataset.name, "", "scored.csv"))
