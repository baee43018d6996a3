"""Exports as files: written in full aside, then sent; a broken one is never offered."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, Response, request, send_file

from core.errors import BadRequest
from core.model import Segmentation
from dashboard.address import Address
from dashboard.atlas import look
from dashboard.current import current
from dashboard.services import owner, services
from dashboard.store import NotFound

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/download/<run>/<candidate>/<name>")
def download(run: str, candidate: str, name: str) -> Response:
    """One export of one candidate as its owner shaped it; ``?raw=1`` leaves formula-like cells as they are."""
    from core.exports import EXPORTS

    store = services().store
    comparison = store.comparison(owner(), run)
    try:
        export, _ = EXPORTS[name], comparison.choose(candidate)
    except BadRequest as problem:
        raise NotFound("export") from problem
    segmentation = _present(Address(run=run), candidate)
    dataset = store.dataset(owner(), store.run(owner(), run).dataset)
    table = store.table(owner(), dataset.id, comparison.plan.recipe.answers)
    # has no name, so it is gone when the response closes it, whatever happens before
    stream: BinaryIO = tempfile.TemporaryFile(dir=store.directory / "temp")  # noqa: SIM115
    try:
        export.write(table, segmentation, stream, raw=request.args.get("raw") == "1")
        stream.seek(0)
        return send_file(
            stream, mimetype=export.mimetype, as_attachment=True,
            download_name=file_name(dataset.name, candidate, export.filename),
        )  # fmt: skip
    except BaseException:
        stream.close()
        raise


def _present(address: Address, candidate: str) -> Segmentation:
    """The candidate as a person shaped it last; raises :class:`BadRequest` while a job still describes that shape."""
    looked = look(current(address), candidate)
    if looked is None or looked.key != candidate:
        raise NotFound("export")
    if looked.shaping.shape.edits and not looked.present:  # the file would hold the segments of another version
        raise BadRequest(
            "These segments were changed and are not described yet.", "Wait on the Export page until they are, then try again."
        )
    return looked.segmentation


@blueprint.get("/board/<run>")
def download_board(run: str) -> Response:
    """One row per candidate of a comparison, scores at full precision."""
    from core.exports.board import board
    from core.exports.csv_text import write_csv

    store = services().store
    comparison = store.comparison(owner(), run)
    dataset = store.dataset(owner(), store.run(owner(), run).dataset)
    stream = io.BytesIO()
    write_csv(board(comparison), stream, raw=False)
    stream.seek(0)
    name = file_name(dataset.name, "", "board.csv")
    return send_file(stream, mimetype="text/csv", as_attachment=True, download_name=name)


@blueprint.get("/lines/<dataset>/<which>")
def download_lines(dataset: str, which: str) -> Response:
    """The lines of a file that could not become rows (``aside``), or that were put right to become rows (``repaired``)."""
    from core.exports.csv_text import write_csv

    store = services().store
    table = store.table(owner(), dataset)
    if which not in ("aside", "repaired"):
        raise NotFound("list of lines")
    stream = io.BytesIO()
    write_csv((table.quarantine if which == "aside" else table.repairs).astype(str), stream, raw=False)
    stream.seek(0)
    name = file_name(store.dataset(owner(), dataset).name, "", f"lines-{which}.csv")
    return send_file(stream, mimetype="text/csv", as_attachment=True, download_name=name)


def file_name(dataset: str, candidate: str, export: str) -> str:
    """A name made of letters, digits, dots and hyphens: whatever the data is called, headers and disks can bear it."""
    stem = "".join(mark if mark.isalnum() else "-" for mark in Path(dataset).stem[:60])
    return "-".join(part for part in (stem.strip("-"), candidate, export) if part)
