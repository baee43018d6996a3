"""Documents that jobs have written, for their owner: as a file, or a report in a page of its own."""

from __future__ import annotations

from flask import Blueprint, Response, request

from core.model import Document
from dashboard.routes.sending import file_name, send
from dashboard.services import owner, services
from dashboard.store import NotFound

blueprint = Blueprint("documents", __name__)
POLICY = "; ".join(
    ("default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "base-uri 'none'", "form-action 'none'",
     "frame-ancestors 'none'", "sandbox")
)  # fmt: skip
"""A report has no scripts, loads nothing and sends nothing; the browser is told to allow none of it."""


@blueprint.get("/document/<run>")
def document(run: str) -> Response:
    """The document that a job has written, to be kept; ``?view=1`` shows a report instead."""
    store = services().store
    made = store.result(owner(), run, "publish")
    if request.args.get("view") == "1":
        return shown(made)
    asked = store.run(owner(), run)
    name = file_name(store.dataset(owner(), asked.dataset).name, asked.request["candidate"], made.filename)
    return send(lambda stream: stream.write(made.content.tobytes()) and None, name, made.mimetype)


def shown(made: Document) -> Response:
    """A report as a page that can do nothing; any other document is none: :class:`NotFound`."""
    if made.mimetype != "text/html":
        raise NotFound("page")
    response = Response(made.content.tobytes(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
