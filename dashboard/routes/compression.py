"""Smaller answers: JSON quickly at each request, files that never change once and well."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Hashable

from flask import Flask, Response, request
from flask_compress import Compress

WORTH = 1024
KEPT = ("/_dash-component-suites/", "/vendor/", "/assets/")
TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")


def install(server: Flask) -> None:
    """Install last: functions after a request run in reverse, and headers must be seen before bodies change."""
    server.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=1, COMPRESS_MIN_SIZE=WORTH)
    Compress(server)
    kept: dict[Hashable, bytes] = {}
    lock = threading.Lock()

    @server.after_request
    def shrink(response: Response) -> Response:
        key = (request.full_path, response.get_etag()[0])
        if not _applies(response):
            return response
        response.direct_passthrough = False
        with lock:
            if key not in kept:
                kept[key] = gzip.compress(response.get_data(), 6)
            body = kept[key]
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return response


def _applies(response: Response) -> bool:
    return (
        response.status_code == 200
        and request.method == "GET"
        and request.path.startswith(KEPT)
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(TEXTS)
    )
