"""The only place where Dash is built: settings in, a server out.

``dashboard.app:server`` is what gunicorn serves; it is made when it is first
asked for, so that importing this module starts nothing.
"""

from __future__ import annotations

import atexit
import os
from datetime import timedelta
from typing import Any

import dash
from flask import Flask, Response, request

from dashboard import routes
from dashboard.routes import compression, problems, vendor
from dashboard.runner.desk import Jobs
from dashboard.runner.launchers import launcher
from dashboard.runner.loop import Runner
from dashboard.runner.manager import RunManager
from dashboard.security import guards, headers
from dashboard.services import EXTENSION, Services, owner
from dashboard.settings import ROOT, Settings, prepare_data_dir, read
from dashboard.store import Store
from dashboard.tracking.post import Post
from dashboard.workspace import Workspace

BODY_LIMIT = 2 * 2**20
CATCH_ALL = "/<path:path>"
INDEX = """<!DOCTYPE html>
<html lang="en">
    <head>
        {{%metas%}}
        <title>{{%title%}}</title>
        <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
        <script src="/assets/boot.js"></script>
        <link rel="stylesheet" href="{bootstrap}">
        {{%css%}}
    </head>
    <body>
        {{%app_entry%}}
        <footer>
            {{%config%}}
            {{%scripts%}}
            {{%renderer%}}
        </footer>
    </body>
</html>"""


class Atlas(dash.Dash):
    """Dash without its version numbers in the page: they help nobody but an attacker."""

    def _config(self) -> dict[str, Any]:
        hidden = ("dash_version", "python_version", "dash_version_url", "ddk_version", "plotly_version")
        return {name: value for name, value in super()._config().items() if name not in hidden}


def create_app(settings: Settings) -> Flask:
    """A server with all pages, ready to answer; jobs start with ``extensions["atlas"].jobs.start()``.

    Dash keeps callbacks and pages in global lists, so a process can hold one app only.
    """
    os.umask(0o077)
    prepare_data_dir(settings.data_dir)
    server = _server(settings)
    parts = services_of(settings)
    server.extensions[EXTENSION] = parts
    guards.install(server, settings)
    app = _dash(server, parts)
    guards.install_callbacks(server, app)
    routes.install(server)
    problems.install(server)
    _session_with_document(server)
    _not_found_status(server, app)
    compression.install(server)
    headers.install(server, app, settings)
    return server


def services_of(settings: Settings) -> Services:
    """Store, cache and jobs on the data directory of these settings."""
    store = Store(settings.data_dir, memo_mb=settings.memo_mb)
    runner = Runner(store, launcher(settings), settings.session_days, post=Post(store, settings))
    jobs = Jobs(store, runner, settings.queue_per_session)
    return Services(settings, store, Workspace(settings.data_dir / "cache"), jobs)


def _server(settings: Settings) -> Flask:
    server = Flask("dashboard", static_folder=None)
    server.config.update(
        SECRET_KEY=settings.secret(),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_NAME="__Host-atlas" if settings.https else "atlas",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
    )
    return server


def _dash(server: Flask, parts: Services) -> Atlas:
    app = Atlas(
        "dashboard",
        server=server,
        title="Segment Atlas",
        update_title="",
        use_pages=True,
        pages_folder="",
        assets_folder=str(ROOT / "assets"),
        assets_ignore=r"^boot\.js$",
        index_string=INDEX.format(bootstrap=vendor.address()),
        suppress_callback_exceptions=True,
        background_callback_manager=RunManager(parts.workspace),
        enable_mcp=False,
        add_log_handler=False,
    )
    import pages  # noqa: F401  registers the pages; Dash must exist before
    from dashboard.shell import layout

    app.layout = layout
    return app


def _session_with_document(server: Flask) -> None:
    """The document brings the session's cookie: the requests that a page sends at once would each begin a session of
    its own, and the last answer to arrive would part the others from what they began."""

    @server.before_request
    def begin() -> None:
        if request.method == "GET" and request.url_rule is not None and request.url_rule.rule in ("/", CATCH_ALL):
            owner()


def _not_found_status(server: Flask, app: dash.Dash) -> None:
    """Dash answers 200 for any address; one that is no page gets 404, with the same friendly page."""
    @server.after_request
    def mark(response: Response) -> Response:
        if request.url_rule is not None and request.url_rule.rule == CATCH_ALL and response.status_code == 200:
            known = {page["path"].strip("/") for page in dash.page_registry.values() if page.get("path")}
            known.discard("404")
            if request.path.strip("/") not in known:
                response.status_code = 404
        return response


def __getattr__(name: str) -> Flask:
    if name != "server":
        raise AttributeError(name)
    server = globals()["server"] = create_app(read())
    atexit.register(server.extensions[EXTENSION].jobs.stop)
    return server
