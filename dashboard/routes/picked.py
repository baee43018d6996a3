"""The customers chosen on the map of the Atlas as CSV: all cells of the file with the segment."""

from __future__ import annotations

from flask import Blueprint, Response, request

from core.errors import BadRequest
from core.exports.labelled import labelled
from dashboard.atlas import named
from dashboard.atlas_picks import Area, picked_rows
from dashboard.routes.sending import file_name, send_csv
from dashboard.store import NotFound

blueprint = Blueprint("picked", __name__)


@blueprint.get("/picked/<run>/<candidate>.csv")
def download(run: str, candidate: str) -> Response:
    """Every customer in the part of the map that the address names (:meth:`dashboard.atlas_picks.Area.parts`)."""
    looked = named(run, candidate)
    try:
        rows = picked_rows(looked, Area.parse(request.args.to_dict()))
    except BadRequest as problem:
        raise NotFound("part of the map") from problem
    frame = labelled(looked.table(), looked.segmentation).iloc[rows]
    name = file_name(looked.here.dataset.name, candidate, "chosen.csv")
    return send_csv(frame, name)
