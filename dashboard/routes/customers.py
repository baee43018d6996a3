"""A list of customers of the Atlas as CSV, whole and at full precision."""

from __future__ import annotations

from flask import Blueprint, Response, request

from core.customers.listing import VIEWS
from dashboard.atlas import named
from dashboard.components.atlas_listing import Asked, listing
from dashboard.routes.sending import file_name, send_csv
from dashboard.store import NotFound

blueprint = Blueprint("customers", __name__)


@blueprint.get("/customers/<run>/<candidate>/<int:segment>/<view>.csv")
def download(run: str, candidate: str, segment: int, view: str) -> Response:
    """The customers of one segment as the list shows them, all pages (``?by=c7&falling=1&find=text``).

    Cells that a spreadsheet would run are made harmless; another's run and an unknown one are the same answer.
    """
    from core.exports.customer_list import customer_list

    looked = named(run, candidate)
    if segment not in looked.segments or view not in VIEWS:
        raise NotFound("list of customers")
    said = request.args
    asked = Asked.of({"view": view, "by": said.get("by", ""), "falling": said.get("falling") == "1", "find": said.get("find", "")})
    found = listing(looked, segment, asked)
    if found is None:
        raise NotFound("table")
    name = file_name(looked.here.dataset.name, candidate, f"segment-{segment}-{view}.csv")
    return send_csv(customer_list(found.table, looked.segmentation, found.rows), name)
