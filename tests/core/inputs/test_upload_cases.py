"""File names that try something, and uploads that are cut, doubled or repeated: cases B103 and B104."""

from __future__ import annotations

import threading

import pytest

from dashboard import ids
from dashboard.services import EXTENSION

MARK = {"X-Atlas": "upload"}
CONTENT = b"customer,spend\n" + b"".join(b"%d,%d\n" % (i, i * 7 % 90) for i in range(300))
SIZE = len(CONTENT)
NAMES = [
    "a" * 296 + ".csv", "🛒 Kunden 🙂.csv", "../../../etc/cron.d/x.csv", "..\\..\\x.csv", "/etc/passwd", "nul\0byte.csv",
    "CON", "aux.csv", "-rf.csv", "--out=x.csv", "invoice\u202efdp.exe", "\u200b\u200b", " ", ".", "..", "~", "$(reboot).csv",
    "a;b|c&d.csv", "new\nline.csv", "%2e%2e%2f.csv", "<img src=x onerror=alert(1)>.csv", "c:\\x.csv", "x.csv ", "名前.csv",
]  # fmt: skip


def begin(client, name="shop.csv", total=SIZE) -> str:
    return client.post("/upload", json={"name": name, "total": total}, headers=MARK).json["upload"]


def send(client, identity, content=CONTENT, offset=0):
    return client.put(f"/upload/{identity}", data=content, headers=MARK | {"X-Offset": str(offset)})


def store_of(app):
    return app.extensions[EXTENSION].store


def datasets(app, dataset) -> list:
    """All files of the session that has this one."""
    store = store_of(app)
    return list(store.datasets(store.database.row("SELECT owner FROM datasets WHERE id = ?", dataset)["owner"]))


@pytest.mark.parametrize("name", NAMES)
def test_b103_a_name_is_only_shown_and_never_a_path(app, client, name):
    """The file lies whole under a generated name; what is shown is one line without tricks."""
    before = {path.name for path in store_of(app).directory.iterdir()}
    dataset = send(client, begin(client, name)).json["dataset"]
    (kept,) = datasets(app, dataset)
    place = store_of(app).directory / "datasets" / dataset / "source"
    assert ids.is_id(dataset) and place.read_bytes() == CONTENT
    assert kept.name.strip() and len(kept.name) <= 80
    assert not any(mark in kept.name for mark in "\0\n\u202e\u200b")
    assert {path.name for path in store_of(app).directory.iterdir()} == before


def test_b104_an_upload_that_was_cut_goes_on_or_leaves_nothing(app, client):
    """Half a file is never a file; the rest may follow, and the whole is then what was sent."""
    identity = begin(client)
    assert send(client, identity, CONTENT[:700]).json == {"offset": 700}
    assert store_of(app).database.row("SELECT count(*) AS n FROM datasets WHERE bytes = 700")["n"] == 0
    assert send(client, identity, CONTENT, 0).json == {"offset": 700}, "beginning again is told where to go on"
    answer = send(client, identity, CONTENT[700:], 700).json
    assert answer["already"] is False and datasets(app, answer["dataset"])[0].bytes == len(CONTENT)


def test_b104_the_same_content_again_is_recognised(app, client):
    """Whatever it is called now; the first one stays as it was, and the answer says so."""
    first = send(client, begin(client)).json
    again = send(client, begin(client, "copy of shop.csv")).json
    assert (first["already"], again["already"]) == (False, True)
    assert first["dataset"] == again["dataset"]
    assert [one.name for one in datasets(app, first["dataset"])] == ["shop.csv"]


def test_b104_the_same_name_twice_is_two_files(app, client):
    """Another content is another file, whatever it is called."""
    first = send(client, begin(client)).json["dataset"]
    other = CONTENT + b"9,9\n"
    second = send(client, begin(client, total=len(other)), other).json
    assert second["already"] is False and len(datasets(app, first)) == 2


def test_b104_another_session_with_the_same_content_has_its_own(app, client):
    """Nothing tells one session that another has this file."""
    mine, theirs = (send(one, begin(one)).json for one in (client, app.test_client()))
    assert mine["dataset"] != theirs["dataset"] and theirs["already"] is False


def test_b104_two_tabs_that_send_the_same_file_end_with_one(app, client):
    """The first complete one wins; both tabs are led to it."""
    uploads = [begin(client) for _ in range(2)]
    cookie = client.get_cookie("atlas")
    answers = []

    def tab(identity):
        one = app.test_client()
        one.set_cookie("atlas", cookie.value)
        answers.append(send(one, identity).json)

    threads = [threading.Thread(target=tab, args=(one,)) for one in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one["dataset"] for one in answers}) == 1
    assert len(datasets(app, answers[0]["dataset"])) == 1
