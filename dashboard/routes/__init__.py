"""Addresses beside the pages: upload in pieces, recipes, downloads, health, and the style sheet that comes in a package."""

from __future__ import annotations

from flask import Flask

from dashboard.routes import (
    api,
    atlas_csv,
    audiences,
    customers,
    documents,
    downloads,
    explored,
    health,
    importance_csv,
    migration,
    models,
    ordered,
    picked,
    recipes,
    runs_csv,
    shared,
    upload,
    vendor,
)


def install(server: Flask) -> None:
    for room in (documents, shared, upload, recipes, downloads, atlas_csv, audiences, customers, explored, ordered, picked, importance_csv, migration, runs_csv, health, vendor, api, models):
        server.register_blueprint(room.blueprint)
