"""Exports, the board and the lines of a file, as files."""

from __future__ import annotations

from flask import Blueprint, Response, request

from dashboard.atlas import named, present
from dashboard.routes.sending import file_name, send, send_csv
from dashboard.services import owner, services
from dashboard.store import NotFound

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/download/<run>/<candidate>/<name>")
def download(run: str, candidate: str, name: str) -> Response:
    """One export of one candidate as its owner shaped it; ``?raw=1`` leaves formula-like cells as they are."""
    from core.exports import EXPORTS

    looked = named(run, candidate)
    table = looked.table()
    if name not in EXPORTS or table is None:
        raise NotFound("export")
    export, segmentation, raw = EXPORTS[name], present(looked), request.args.get("raw") == "1"
    name = file_name(looked.here.dataset.name, candidate, export.filename)
    return send(lambda stream: export.write(table, segmentation, stream, raw=raw), name, export.mimetype)


@blueprint.get("/capsule/<run>/<candidate>.zip")
def download_capsule(run: str, candidate: str) -> Response:
    """What makes the segments again on the command line, as their owner shaped them, and tells whether they are the same."""
    from core.bundles import capsule_of, write_capsule

    looked = named(run, candidate)
    dataset = looked.here.dataset
    kept = capsule_of(present(looked), dataset.sha256)
    return send(lambda stream: write_capsule(kept, stream), file_name(dataset.name, candidate, "capsule.zip"), "application/zip")


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
