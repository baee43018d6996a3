"""The app as a whole: it imports quickly, fits nothing, and answers in words."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


def test_debug_is_off(app):
    assert not app.debug
    assert not app.testing
    assert app.extensions[EXTENSION].settings.on_loopback
