"""Reports that their owner lets others read: no session, no cookie, nothing to press, one answer for every dead link."""

from __future__ import annotations

from flask import Blueprint, Response

from dashboard.routes.documents import shown
from dashboard.services import services
from dashboard.store import Damaged, NotFound

blueprint = Blueprint("shared", __name__)


@blueprint.get("/shared/<token>")
def shared(token: str) -> Response:
    """The report behind a link; unknown, expired and revoked ones are the same 404."""
    store = services().store
    try:
        return shown(store.result(*store.shares.opened(token), "publish"))
    except (NotFound, Damaged):
        raise NotFound("page") from None
