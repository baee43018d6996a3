"""A file in pieces: ``POST /upload`` begins, ``PUT /upload/<id>`` appends at ``X-Offset``, ``DELETE`` gives up.

Pieces go straight to disk. A piece at the wrong offset gets 409 with the true
one, so a broken upload resumes where it stopped; the last piece answers with the
id of the dataset and whether the same content was here ``already``. Problems answer ``{"error": text}``.
"""

from __future__ import annotations

import json
import shutil
import time
from typing import BinaryIO

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from dashboard.components import numbers
from dashboard.security.guards import json_body, refuse
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import Upload, UploadBusy

CHUNK = 16 * 2**20
_BLOCK = 2**18
_SLOWEST, _PATIENCE = 5_000, 20.0
"""Bytes in a second that a piece must bring, after so many seconds."""
MARK = "X-Atlas"
UNNAMED = "file"
MB = 1_000_000
blueprint = Blueprint("upload", __name__)


@blueprint.before_request
def only_our_page() -> Response | None:
    """A header that another site's form or image cannot send."""
    return None if request.headers.get(MARK) == "upload" else refuse(403, "Upload files on the Data page.")


@blueprint.post("/upload")
def begin() -> Response:
    """Body ``{"name": file name, "total": bytes}``; the answer holds the id to send pieces to."""
    body = json_body()
    name, total = (body.get("name"), body.get("total")) if isinstance(body, dict) else (None, None)
    if not isinstance(name, str) or isinstance(total, bool) or not isinstance(total, int) or total < 0:
        return refuse(400, "The upload did not say its name and size. Choose the file again.")
    if total == 0:
        return refuse(400, "The file is empty. Choose another file.")
    refused = _no_room(total) or _over_quota(total)
    if refused:
        return refused
    return jsonify(upload=services().store.uploads.begin(owner(), plain(name) or UNNAMED, total).id, chunk=CHUNK)


@blueprint.put("/upload/<upload>")
def append(upload: str) -> Response:
    """Append the body at ``X-Offset``."""
    request.max_content_length = CHUNK
    text = request.headers.get("X-Offset", "")
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        return refuse(400, "The piece does not say where it belongs. Choose the file again.")
    if request.content_length is None:  # its end could not be compared with what was announced
        return refuse(411, "The piece does not say how long it is. Choose the file again.")
    try:
        return _append(upload, int(text))
    except UploadBusy:
        return _conflict(services().store.uploads.get(owner(), upload).offset)
    except OSError as problem:
        return refuse(507, f"The disk could not take the file ({problem.strerror}). Nothing that was there is lost.")


@blueprint.delete("/upload/<upload>")
def give_up(upload: str) -> Response:
    services().store.uploads.drop(owner(), upload)
    return jsonify(dropped=upload)


def _append(upload: str, offset: int) -> Response:
    store = services().store
    with store.uploads.writing(owner(), upload) as (state, stream):
        if state.offset != offset:
            return _conflict(state.offset)
        length = request.content_length
        refused = _too_long(state, length) or _no_room(length)
        if refused:
            return refused
        try:
            _receive(stream)
        except ClientDisconnected:  # what arrived stays, and the next piece goes on from there
            return _conflict(stream.tell())
        stream.flush()
        at = stream.tell()
    if at < state.total:
        return jsonify(offset=at)
    refused = _over_quota(state.total)  # others may have arrived meanwhile
    if refused:
        store.uploads.drop(owner(), upload)
        return refused
    known = {one.id for one in store.datasets(owner())}
    dataset = store.add_dataset(owner(), state.name, state.path)
    store.uploads.drop(owner(), upload)
    return jsonify(dataset=dataset.id, already=dataset.id in known)


def _receive(stream: BinaryIO) -> None:
    """Write what arrives; one that sends less than a modem would is cut off, as it holds a thread meanwhile."""
    began, received = time.monotonic(), 0
    while block := request.stream.read(_BLOCK):
        stream.write(block)
        received += len(block)
        if received < _SLOWEST * (time.monotonic() - began - _PATIENCE):
            raise ClientDisconnected


def _too_long(state: Upload, length: int) -> Response | None:
    if length > CHUNK:
        raise RequestEntityTooLarge
    if state.offset + length > state.total:
        return refuse(400, "The file grew while it was sent. Choose it again.")
    return None


def _no_room(length: int) -> Response | None:
    """Refuse what is over the limit, or would leave the disk too full to save results."""
    settings = services().settings
    if length > settings.max_upload:
        return refuse(413, f"The file is larger than {settings.max_upload_mb:,} MB. Leave out columns you do not need.")
    free = shutil.disk_usage(settings.data_dir).free - length
    if free < settings.min_free_mb * 1_000_000:
        return refuse(507, "The server's disk is nearly full. Ask whoever runs it to make room, then try again.")
    return None


def _over_quota(length: int) -> Response | None:
    """Refuse what this session has no place for, and name the file that would make most room."""
    here, files = services().settings, services().store.datasets(owner())
    taken = sum(one.bytes for one in files)
    if len(files) < here.quota_files and taken + length <= here.quota_mb * MB:
        return None
    if not files:
        return refuse(413, f"The file is larger than the {here.quota_mb:,} MB that one session may keep.")
    largest = max(files, key=lambda one: one.bytes)
    return refuse(413, f"You keep {numbers.count(len(files), 'file')} of {numbers.size(taken)}; {here.quota_files:,} and "
                       f"{here.quota_mb:,} MB are the most. Delete one that you no longer need, such as "
                       f"{plain(largest.name)} ({numbers.size(largest.bytes)}), and upload again.")


def _conflict(offset: int) -> Response:
    response = Response(json.dumps({"offset": offset}), status=409, mimetype="application/json")
    response.headers["X-Offset"] = str(offset)
    return response
