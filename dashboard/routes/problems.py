"""Whatever goes wrong in a request becomes words with a status, never a stack trace."""

from __future__ import annotations

import logging

from dash.exceptions import DependencyException, InvalidCallbackReturnValue
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from core.errors import SegmentationError
from dashboard import ids
from dashboard.runner.lifecycle import FULL, ROOM, out_of_room, where
from dashboard.security.guards import refuse
from dashboard.store import NotFound

log = logging.getLogger(__name__)
WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take such a request.",
    413: "The request is larger than this address takes.",
}


def install(server: Flask) -> None:
    @server.errorhandler(SegmentationError)
    def told(problem: SegmentationError) -> Response:
        return refuse(404 if isinstance(problem, NotFound) else 400, f"{problem} {problem.hint}".strip())

    @server.errorhandler(HTTPException)
    def known(problem: HTTPException) -> Response | HTTPException:
        if problem.code is None or problem.code < 400:
            return problem
        return refuse(problem.code, WORDS.get(problem.code, "The request could not be carried out."))

    @server.errorhandler(DependencyException)
    def no_suite(_problem: DependencyException) -> Response:
        """Dash raises this for a package or file that it does not serve."""
        return refuse(404, WORDS[404])

    @server.errorhandler(InvalidCallbackReturnValue)
    def other_parts(problem: InvalidCallbackReturnValue) -> Response:
        """A request counted other parts of a page than the callback did: it was forged, or the page is out of date."""
        log.warning("a callback was asked for other parts than it draws: %s", where(problem))
        return refuse(400, "The page has other parts by now. Reload it.")

    @server.errorhandler(Exception)
    def defect(problem: Exception) -> Response:
        if out_of_room(problem):
            return refuse(507, f"{FULL} {ROOM}")
        reference = ids.reference()
        log.error("defect %s in %s: %s", reference, request.endpoint, where(problem))
        return refuse(500, f"Something went wrong that should not (reference {reference}). Try again.")
