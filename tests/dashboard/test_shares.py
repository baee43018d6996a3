"""Laws of shared reports: unguessable, ending, revocable; nothing else opens, and nothing is said of why."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.errors import BadRequest
from core.model import Document
from dashboard import ids
from dashboard.routes.documents import POLICY
from dashboard.store import NotFound, shares
from tests.dashboard import made

PAGE = b"<!DOCTYPE html><html lang=en><title>t</title><p>told"
DAY = 86_400.0


@pytest.fixture
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


def written(desk, what="report_html", mimetype="text/html"):
    """A finished run that wrote a document."""
    dataset, run = desk.finished()
    asked = {"run": run, "candidate": "kmeans-2", "shape": "", "what": what, "options": {"personal": False, "n": ids.new_id()}}
    job = desk.jobs.request(desk.owner, "publish", dataset, asked)
    return desk.end(job, Document("report.html", mimetype, np.frombuffer(PAGE, dtype=np.uint8)))


def answer(desk, address, owner=""):
    client = desk.app.test_client()
    if owner:
        with client.session_transaction() as session:
            session["owner"] = owner
    return client.get(address)


def test_a_token_has_256_bits_and_only_its_hash_is_kept(desk):
    """43 characters of base64; neither they nor a part of them stand in the database or its log."""
    run = written(desk)
    token = desk.store.shares.add(desk.owner, run.id, "t", days=7)
    other = desk.store.shares.add(desk.owner, run.id, "t", days=7)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token) and token != other
    for path in desk.store.directory.glob("atlas.sqlite*"):
        assert token.encode() not in path.read_bytes()
    assert desk.store.shares.opened(token) == (desk.owner, run.id)


def test_a_link_shows_the_report_to_strangers_without_a_session(desk):
    """No cookie comes or goes, no session begins; the page may do nothing, be kept nowhere and found by no engine."""
    token = desk.store.shares.add(desk.owner, written(desk).id, "t", days=1)
    before = len(desk.store.database.rows("SELECT id FROM sessions"))
    given = answer(desk, f"/shared/{token}")
    assert given.status_code == 200 and given.data == PAGE and given.mimetype == "text/html"
    assert "Set-Cookie" not in given.headers and len(desk.store.database.rows("SELECT id FROM sessions")) == before
    assert given.headers["Content-Security-Policy"] == POLICY and "sandbox" in POLICY and "default-src 'none'" in POLICY
    assert given.headers["Cache-Control"] == "no-store" and given.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in given.headers["X-Robots-Tag"] and given.headers["X-Frame-Options"] == "DENY"


def test_dead_links_of_all_kinds_are_one_answer(desk, monkeypatch):
    """Unknown, misspelt, revoked, expired, of a deleted run, of a deleted file, of a run put aside: byte for byte the same."""
    store = desk.store
    runs = [written(desk) for _ in range(5)]
    tokens = [store.shares.add(desk.owner, run.id, "t", days=1) for run in runs]
    store.shares.revoke(desk.owner, store.shares.listed(desk.owner)[-1].id)
    store.database.change("UPDATE shares SET expires = 1 WHERE run = ?", runs[1].id)
    store.database.change("DELETE FROM runs WHERE id = ?", runs[2].id)
    store.delete_dataset(desk.owner, runs[3].dataset)
    store.deleting.put_aside(desk.owner, runs[4].request["run"])
    given = [answer(desk, f"/shared/{token}") for token in (*tokens, "x", "A" * 43, tokens[0] + "x")]
    told = {(one.status_code, one.data, tuple(sorted(one.headers.items()))) for one in given}
    assert len(told) == 1 and given[0].status_code == 404 and "Set-Cookie" not in given[0].headers


def test_a_link_taken_back_ends_at_once_and_only_its_owner_can(desk):
    """Another's session can neither see nor end it; a second time there is nothing to end."""
    token = desk.store.shares.add(desk.owner, written(desk).id, "t", days=30)
    (share,) = desk.store.shares.listed(desk.owner)
    assert desk.store.shares.listed(ids.new_id()) == ()
    with pytest.raises(NotFound):
        desk.store.shares.revoke(ids.new_id(), share.id)
    assert answer(desk, f"/shared/{token}").status_code == 200
    desk.store.shares.revoke(desk.owner, share.id)
    assert answer(desk, f"/shared/{token}").status_code == 404
    for gone in (share.id, "\ud800", ""):
        with pytest.raises(NotFound):
            desk.store.shares.revoke(desk.owner, gone)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_link_lives_as_long_as_was_said(desk, monkeypatch, days):
    """A second before its end it opens, at its end no more, and the list forgets it."""
    began = 1_800_000_000.0
    monkeypatch.setattr(shares.time, "time", lambda: began)
    run = written(desk)
    monkeypatch.setattr(shares.time, "time", lambda: began)
    token = desk.store.shares.add(desk.owner, run.id, "t", days=days)
    monkeypatch.setattr(shares.time, "time", lambda: began + days * DAY - 1)
    assert desk.store.shares.opened(token)[1] == run.id and len(desk.store.shares.listed(desk.owner)) == 1
    monkeypatch.setattr(shares.time, "time", lambda: began + days * DAY)
    with pytest.raises(NotFound):
        desk.store.shares.opened(token)
    assert desk.store.shares.listed(desk.owner) == () and not desk.store.database.rows("SELECT * FROM shares")


def test_only_finished_reports_of_ones_own_can_be_shared(desk):
    """Not another's, not a comparison, not for ever; and not without end in number."""
    run = written(desk)
    for owner, what, days in ((ids.new_id(), run.id, 1), (desk.owner, run.request["run"], 1), (desk.owner, "\ud800", 1)):
        with pytest.raises(NotFound):
            desk.store.shares.add(owner, what, "t", days=days)
    for days in (0, 2, -1, 365):
        with pytest.raises(BadRequest):
            desk.store.shares.add(desk.owner, run.id, "t", days=days)
    for _ in range(shares.MOST):
        desk.store.shares.add(desk.owner, run.id, "t", days=1)
    with pytest.raises(BadRequest):
        desk.store.shares.add(desk.owner, run.id, "t", days=1)


def test_a_document_that_is_no_page_is_never_shown(desk):
    """A link to a PDF or a workbook opens nothing: those may hold customers and cannot be kept from acting."""
    token = desk.store.shares.add(desk.owner, written(desk, "report_pdf", "application/pdf").id, "t", days=1)
    assert answer(desk, f"/shared/{token}").status_code == 404


def test_the_owner_keeps_a_document_as_a_file_or_reads_it(desk):
    """As an attachment under a harmless name, or shown under the policy of shared ones; to others it does not exist."""
    run = written(desk)
    kept = answer(desk, f"/document/{run.id}", desk.owner)
    assert kept.data == PAGE and kept.headers["Content-Disposition"] == "attachment; filename=shop-kmeans-2-report.html"
    read = answer(desk, f"/document/{run.id}?view=1", desk.owner)
    assert read.data == PAGE and read.headers["Content-Security-Policy"] == POLICY and "attachment" not in str(read.headers)
    for address in (f"/document/{run.id}", f"/document/{run.request['run']}", "/document/x"):
        assert answer(desk, address, ids.new_id()).status_code == 404
    assert answer(desk, f"/document/{run.request['run']}", desk.owner).status_code == 404


def test_foreign_hosts_are_refused_before_any_link_is_looked_at(desk):
    """The guard stands before this route, too: a name that is not ours could be one that an attacker rebinds."""
    token = desk.store.shares.add(desk.owner, written(desk).id, "t", days=1)
    given = desk.app.test_client().get(f"/shared/{token}", headers={"Host": "evil.example"})
    assert given.status_code == 421 and PAGE not in given.data
