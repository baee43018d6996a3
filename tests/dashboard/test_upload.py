"""Uploads: in pieces, resumable, bounded, and only one's own."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace

import pytest

from dashboard.routes import upload
from dashboard.services import EXTENSION

MARK = {"X-Atlas": "upload"}
CONTENT = b"customer,spend\n" + b"".join(b"%d,%d\n" % (i, i * 7 % 90) for i in range(500))
SIZE = len(CONTENT)


def begin(client, total=SIZE, name="shop.csv"):
    return client.post("/upload", json={"name": name, "total": total}, headers=MARK)


def piece(client, identity, content, offset):
    return client.put(f"/upload/{identity}", data=content, headers=MARK | {"X-Offset": str(offset)})


def store_of(app):
    return app.extensions[EXTENSION].store


def test_pieces_in_order_become_the_file_byte_for_byte(app, client):
    identity = begin(client).json["upload"]
    assert piece(client, identity, CONTENT[:1000], 0).json == {"offset": 1000}
    answer = piece(client, identity, CONTENT[1000:], 1000)
    row = store_of(app).database.row("SELECT * FROM datasets WHERE id = ?", answer.json["dataset"])
    assert row["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert (row["name"], row["bytes"]) == ("shop.csv", len(CONTENT))
    assert list((store_of(app).directory / "uploads").glob(identity)) == []


def test_a_wrong_offset_answers_with_the_true_one_and_writes_nothing(client):
    identity = begin(client).json["upload"]
    piece(client, identity, CONTENT[:1000], 0)
    for wrong in (0, 999, 1001, 10**14):
        answer = piece(client, identity, b"x", wrong)
        assert (answer.status_code, answer.json) == (409, {"offset": 1000})
    assert "dataset" in piece(client, identity, CONTENT[1000:], 1000).json


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "9" * 30, "٣"])
def test_an_offset_that_is_no_number_is_refused(client, offset):
    identity = begin(client).json["upload"]
    headers = MARK | {"X-Offset": offset.encode("utf-8").decode("latin-1")}
    assert client.put(f"/upload/{identity}", data=b"x", headers=headers).status_code == 400


@pytest.mark.parametrize("body", [None, [], {}, {"name": 1, "total": 1}, {"name": "a", "total": "1"},
                                  {"name": "a", "total": True}, {"name": "a", "total": -1}, {"name": "a", "total": 0}])  # fmt: skip
def test_a_beginning_without_name_and_size_is_refused_in_words(client, body):
    answer = client.post("/upload", json=body, headers=MARK)
    assert answer.status_code == 400
    assert answer.json["error"].endswith(".")


def test_more_than_the_limit_is_refused_before_a_byte_is_taken(client):
    answer = begin(client, total=10**12)
    assert answer.status_code == 413
    assert "500 MB" in answer.json["error"]


def test_a_piece_beyond_the_piece_size_or_the_announced_size_is_refused(client, monkeypatch):
    identity = begin(client, total=10).json["upload"]
    assert piece(client, identity, b"x" * 11, 0).status_code == 400
    monkeypatch.setattr(upload, "CHUNK", 5)
    assert piece(client, identity, b"x" * 6, 0).status_code == 413


def test_a_nearly_full_disk_is_told(client, monkeypatch):
    monkeypatch.setattr(upload.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    answer = begin(client)
    assert answer.status_code == 507
    assert "disk" in answer.json["error"]


def test_another_session_can_neither_write_nor_drop(app, client):
    identity = begin(client).json["upload"]
    stranger = app.test_client()
    assert piece(stranger, identity, b"x", 0).status_code == 404
    assert stranger.delete(f"/upload/{identity}", headers=MARK).status_code == 404
    assert client.delete(f"/upload/{identity}", headers=MARK).status_code == 200
    assert piece(client, identity, b"x", 0).status_code == 404


def test_without_our_header_nothing_is_taken(client):
    assert client.post("/upload", json={"name": "a", "total": 1}).status_code == 403


def test_too_many_begun_uploads_push_out_the_oldest(client):
    begun = [begin(client).json["upload"] for _ in range(6)]
    assert piece(client, begun[0], b"x", 0).status_code == 404
    assert piece(client, begun[-1], b"x", 0).json == {"offset": 1}


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\r\nX: y.csv", "<b>.csv", "\u202egpj.csv", "名前.csv", ""])
def test_a_hostile_name_is_only_ever_text(app, client, name):
    identity = begin(client, name=name).json["upload"]
    dataset = piece(client, identity, CONTENT, 0).json["dataset"]
    assert (store_of(app).directory / "datasets" / dataset / "source").read_bytes() == CONTENT


def whole(client, content: bytes, name: str = "shop.csv"):
    return piece(client, begin(client, total=len(content), name=name).json["upload"], content, 0)


@pytest.fixture()
def quota(app, monkeypatch):
    """Set what one session may keep."""
    services = app.extensions[EXTENSION]

    def allow(**limits):
        monkeypatch.setitem(app.extensions, EXTENSION, replace(services, settings=replace(services.settings, **limits)))

    return allow


def test_a_session_keeps_so_many_files_and_is_told_which_to_delete(client, quota):
    """The largest is named; after deleting one there is room again."""
    quota(quota_files=2)
    whole(client, CONTENT + b"9,9\n" * 9000, "large.csv")
    whole(client, CONTENT, "small.csv")
    answer = begin(client)
    assert answer.status_code == 413
    assert "2 files" in answer.json["error"] and "Delete" in answer.json["error"] and "large.csv" in answer.json["error"]


def test_a_session_keeps_so_many_megabytes(client, quota):
    """Counted with the file that comes; another session has its own."""
    quota(quota_mb=1)
    assert whole(client, b"a,b\n" * 200_000, "first.csv").status_code == 200
    answer = begin(client, total=300_000)
    assert answer.status_code == 413 and "first.csv" in answer.json["error"]
    assert begin(client, total=100_000).status_code == 200
    assert begin(client.application.test_client(), total=300_000).status_code == 200
    assert "one session" in begin(client.application.test_client(), total=2_000_000).json["error"]


def test_uploads_side_by_side_cannot_exceed_the_quota_together(app, client, quota):
    """Both begin while there is room; the second to arrive is refused and leaves nothing."""
    quota(quota_files=1)
    first, second = (begin(client, total=SIZE + extra).json["upload"] for extra in (0, 4))
    assert piece(client, first, CONTENT, 0).status_code == 200
    assert piece(client, second, CONTENT + b"1,1\n", 0).status_code == 413
    assert not (store_of(app).directory / "uploads" / second).exists()


def test_files_without_an_upload_are_tidied_away_and_begun_ones_stay(app, client):
    """What a killed process left goes; what may be waiting for its row stays."""
    store = store_of(app)
    folder = store.directory / "uploads"
    mine = begin(client).json["upload"]
    for name in ("abandoned", "fresh"):
        (folder / name).write_bytes(b"x")
    for path in (folder / "abandoned", folder / mine):
        os.utime(path, (1, 1))
    store.uploads.tidy()
    assert not (folder / "abandoned").exists() and (folder / "fresh").exists() and (folder / mine).exists()
    (folder / "fresh").unlink()


def test_one_that_sends_too_slowly_is_cut_off_and_goes_on_later(client, monkeypatch):
    """What arrived stays, and the answer says how much."""
    monkeypatch.setattr(upload, "_PATIENCE", -1e9)
    monkeypatch.setattr(upload, "_BLOCK", 1000)
    identity = begin(client).json["upload"]
    answer = piece(client, identity, CONTENT, 0)
    assert (answer.status_code, answer.json) == (409, {"offset": 1000})
    monkeypatch.undo()
    assert "dataset" in piece(client, identity, CONTENT[1000:], 1000).json
