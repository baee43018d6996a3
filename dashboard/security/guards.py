"""What is refused before anything looks at it: foreign hosts, foreign pages, bodies no browser of ours would send."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import dash
from flask import Flask, Response, jsonify, request

from dashboard.security.callbacks import complaint
from dashboard.settings import Settings

WRITES = ("POST", "PUT", "PATCH", "DELETE")
CALLBACK_PATH = "/_dash-update-component"


def refuse(status: int, text: str) -> Response:
    """A refusal as JSON, with words a person can act on."""
    response = jsonify(error=text)
    response.status_code = status
    return response


def install(server: Flask, settings: Settings) -> None:
    """Register before Dash does, so that these look first."""

    @server.before_request
    def guard() -> Response | None:
        if not settings.knows_host(host_name(request.host)):
            return refuse(421, "This server is not addressed by that name. Add it to ALLOWED_HOSTS.")
        if request.method in WRITES and _foreign():
            return refuse(403, "This request came from another site and was not carried out.")
        return None


def install_callbacks(server: Flask, app: dash.Dash) -> None:
    """Check bodies of callbacks against what is declared; after Dash has collected the callbacks."""

    @server.before_request
    def check() -> Response | None:
        if request.path != CALLBACK_PATH or request.method != "POST":
            return None
        problem = complaint(json_body(), app.callback_map)
        return refuse(400, f"{problem} Reload the page.") if problem else None


def json_body() -> Any:
    """The body as JSON, None when it is none or nested deeper than any of ours."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def host_name(host: str) -> str:
    """The name of a Host header without port and brackets, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _foreign() -> bool:
    """True when a browser says that another page asks. Programs that send neither header hold no cookie of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != request.host.lower()
    except ValueError:  # no browser sends an origin that is no address
        return True
