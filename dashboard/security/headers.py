"""What every response says about itself: who may frame it, what it may load, who may keep it."""

from __future__ import annotations

import base64
import hashlib
import re

import dash
from flask import Flask, Response, request

from dashboard.settings import Settings

YEAR = 31536000
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(server: Flask, app: dash.Dash, settings: Settings) -> None:
    """Add the headers to every response, errors included. Call it when all pages and callbacks are registered."""
    policy = content_policy(inline_hashes(server, app))

    @server.after_request
    def describe(response: Response) -> Response:
        response.headers.update(FIXED)
        response.headers.setdefault("Content-Security-Policy", policy)  # a report has a stricter one of its own
        if settings.https:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        _cache(response)
        return response


def inline_hashes(server: Flask, app: dash.Dash) -> list[str]:
    """Hashes of the scripts that stand inside the page: exactly these may run.

    Dash's pages router adds its script at the first request, so one is acted out before they are counted.
    """
    with server.test_request_context("/", headers={"Host": "localhost"}):
        server.preprocess_request()
        page = app.index()
    hashes = list(app.csp_hashes())
    for script in _SCRIPT.finditer(page):
        if "src=" not in script["attributes"] and "application/json" not in script["attributes"]:
            digest = hashlib.sha256(script["body"].encode()).digest()
            hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    return list(dict.fromkeys(hashes))


def content_policy(hashes: list[str]) -> str:
    """The policy. Styles inside elements are Dash's and Plotly's way; scripts inside the page are known by hash."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {' '.join(hashes)}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _cache(response: Response) -> None:
    """Files whose address changes with their content may be kept for a year, everything else not at all."""
    path = request.path
    suite = path.startswith("/_dash-component-suites/") and response.cache_control.max_age == YEAR
    stamped = path.startswith(("/assets/", "/vendor/")) and "m" in request.args
    if response.status_code == 200 and (suite or stamped):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        response.headers.pop("Set-Cookie", None)
        return
    if path.startswith(("/assets/", "/vendor/", "/_dash-component-suites/")):
        response.headers["Cache-Control"] = "no-cache"
        return
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")
