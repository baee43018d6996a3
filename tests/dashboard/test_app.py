"""The app as a whole: it imports quickly, fits nothing, and answers in words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.runner.lifecycle import defect_problem
from dashboard.services import EXTENSION


def test_importing_the_app_is_quick_and_brings_no_heavy_library():
    script = (
        "import sys, time; t = time.process_time(); import dashboard.app; took = time.process_time() - t;"
        "heavy = [n for n in ('sklearn', 'scipy', 'fastcluster', 'pyarrow.parquet', 'celery') if n in sys.modules];"
        "assert took < 3, took; assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("path", ["/nowhere", "/data/x", "/_mcp", "/../etc/passwd", "/404"])
def test_an_unknown_address_is_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/explore", "/compare", "/atlas", "/importance", "/export"])
def test_every_page_answers_whatever_the_query(client, path):
    for query in ("", "?run=x", "?dataset=%00", "?choice=" + "a" * 3000, "?run[]=1&run=2"):
        assert client.get(path + query).status_code == 200


def test_the_session_cookie_is_private_and_lasts_thirty_days(app):
    answer = app.test_client().post("/upload", json={"name": "a", "total": 1}, headers={"X-Atlas": "upload"})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires=" in cookie


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_the_document_begins_the_session_that_its_requests_share(app, path):
    """Several first requests at once, each without a cookie, would begin sessions that part a page from its upload."""
    client = app.test_client()
    assert "atlas=" in client.get(path).headers["Set-Cookie"]
    begun = client.get_cookie("atlas").decoded_value
    client.get("/_dash-dependencies")
    assert client.get_cookie("atlas").decoded_value == begun


def test_a_defect_in_a_request_answers_with_a_reference_and_logs_no_value(app, client, monkeypatch, caplog):
    def broken() -> None:
        raise ValueError("cell of Ada Example")

    monkeypatch.setitem(app.view_functions, "health.alive", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert "reference" in answer.json["error"]
    assert "ValueError" in caplog.text
    assert "Ada" not in caplog.text + answer.text


def _full_database() -> None:
    """What SQLite raises where it finds no room for another page."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE t (x)")
        database.execute("PRAGMA max_page_count = 2")
        database.execute("INSERT INTO t VALUES (zeroblob(100000))")


def _full_disk() -> None:
    with Path("/dev/full").open("wb", buffering=0) as stream:
        stream.write(b"x")


@pytest.mark.parametrize("broken", [_full_database, _full_disk])
def test_a_full_disk_is_told_as_one(app, client, monkeypatch, caplog, broken):
    """Downloads are written aside first, so that they need room; a full disk is no defect, and not to be tried again at once."""
    monkeypatch.setitem(app.view_functions, "health.alive", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 507 and "disk is full" in answer.json["error"] and "defect" not in caplog.text
    try:
        broken()
    except (OSError, sqlite3.Error) as problem:
        assert defect_problem(problem).code == "DISK_FULL"


def test_debug_is_off(app):
    assert not app.debug
    assert not app.testing
    assert app.extensions[EXTENSION].settings.on_loopback
