"""Addresses beside the pages: upload in pieces, recipes, downloads, health, and the style sheet that comes in a package."""

from __future__ import annotations

from flask import Flask

from dashboard.routes import (
    api,
    atlas_csv,
    customers,
    downloads,
    explored,
    health,
    importance_csv,
    models,
    ordered,
    picked,
    recipes,
    upload,
    vendor,
)


def install(server: Flask) -> None:
    for room in (upload, recipes, downloads, atlas_csv, customers, explored, ordered, picked, importance_csv, health, vendor, api, models):
        server.register_blueprint(room.blueprint)
