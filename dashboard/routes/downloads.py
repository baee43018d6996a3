"""Exports, the board and the lines of a file, as files."""

from __future__ import annotations

from flask import Blueprint, Response, request

from core.errors import BadRequest
from core.model import Segmentation
from dashboard.address import Address
from dashboard.atlas import look
from dashboard.current import current
from dashboard.routes.sending import file_name, send, send_csv
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
    name = file_name(dataset.name, candidate, export.filename)
    raw = request.args.get("raw") == "1"
    return send(lambda stream: export.write(table, segmentation, stream, raw=raw), name, export.mimetype)


@blueprint.get("/capsule/<run>/<candidate>.zip")
def download_capsule(run: str, candidate: str) -> Response:
    """What makes the segments again on the command line, as their owner shaped them, and tells whether they are the same."""
    from core.bundles import capsule_of, write_capsule

    store = services().store
    dataset = store.dataset(owner(), store.run(owner(), run).dataset)
    kept = capsule_of(_present(Address(run=run), candidate), dataset.sha256)
    return send(lambda stream: write_capsule(kept, stream), file_name(dataset.name, candidate, "capsule.zip"), "application/zip")


def _present(address: Address, candidate: str) -> Segmentation:
    """The candidate as a person shaped it last; raises :class:`BadRequest` while a job still describes that shape."""
    looked = look(current(address), candidate)
    if looked is None or (looked.here.run.id, looked.key) != (address.run, candidate):  # another job's run leads to its file
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

    store = services().store
    comparison = store.comparison(owner(), run)
    dataset = store.dataset(owner(), store.run(owner(), run).dataset)
    return send_csv(board(comparison), file_name(dataset.name, "", "board.csv"))


@blueprint.get("/lines/<dataset>/<which>")
def download_lines(dataset: str, which: str) -> Response:
    """The lines of a file that could not become rows (``aside``), or that were put right to become rows (``repaired``)."""
    store = services().store
    table = store.table(owner(), dataset)
    if which not in ("aside", "repaired"):
        raise NotFound("list of lines")
    name = file_name(store.dataset(owner(), dataset).name, "", f"lines-{which}.csv")
    return send_csv((table.quarantine if which == "aside" else table.repairs).astype(str), name)
