"""Addresses beside the pages: upload in pieces, downloads, health, and the style sheet that comes in a package."""

from __future__ import annotations

from flask import Flask

from dashboard.routes import downloads, health, upload, vendor


def install(server: Flask) -> None:
    for room in (upload, downloads, health, vendor):
        server.register_blueprint(room.blueprint)
