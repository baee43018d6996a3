"""The file that holds the truth stays one file, however many threads and processes come and go."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dashboard.store import Store
from dashboard.store.database import SCHEMA_VERSION, Database, NewerStore

VISIT = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('SELECT count(*) FROM sessions').fetchone()[0]); c.close()"

RUN = "r" * 22


def visit(path: Path) -> int:
    """Another process opens the file, counts the sessions and leaves in good order."""
    done = subprocess.run([sys.executable, "-c", VISIT, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def in_a_thread(action) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()


def test_a_process_that_leaves_does_not_take_the_log_of_one_that_stays(tmp_path):
    """Every later write of the one that stays is seen by others: no connection of a thread loosens the others' locks."""
    path = tmp_path / "atlas.sqlite"
    database = Database(path)
    database.change("INSERT INTO sessions VALUES ('a', 1, 1)")
    in_a_thread(lambda: database.rows("SELECT 1"))
    assert visit(path) == 1
    assert path.with_name("atlas.sqlite-wal").exists()
    database.change("INSERT INTO sessions VALUES ('b', 1, 1)")
    assert visit(path) == 2
    database.close()


def test_the_file_is_its_owners_alone(tmp_path):
    Database(tmp_path / "atlas.sqlite").close()
    assert (tmp_path / "atlas.sqlite").stat().st_mode & 0o777 == 0o600


def as_version_1(path: Path) -> None:
    """Make the file what the first version of this program left: no word of stopping, no finished candidates."""
    database = Database(path)
    database.change("INSERT INTO datasets VALUES ('d', 'o', 'shop.csv', 1, 1, 'x')")
    sql = "INSERT INTO runs (id, owner, dataset, kind, request, key, state, created) VALUES (?, 'o', 'd', 'compare', '{}', 'k', 'done', 1)"
    database.change(sql, RUN)
    for statement in (
        "DROP TABLE finished", "ALTER TABLE runs DROP COLUMN stopping", "ALTER TABLE runs DROP COLUMN partial",
        "PRAGMA user_version = 1",
    ):  # fmt: skip
        database.change(statement)
    database.close()


def test_a_file_of_the_first_version_opens_with_everything_in_it(tmp_path):
    """Its runs are whole results that nobody stopped, and new ones are kept beside them."""
    as_version_1(tmp_path / "atlas.sqlite")
    for _ in range(2):
        store = Store(tmp_path)
        run = store.run("o", RUN)
        assert (run.state, run.stopping, run.partial, run.finished) == ("done", 0, False, ())
        assert store.database.row("PRAGMA user_version")[0] == SCHEMA_VERSION
    new, _ = store.ledger.queue("o", "d", "compare", request={}, key="n", cap=9, reuse_done=True)
    token = store.ledger.claim(new, host="h", pid=1, birth=1)
    store.ledger.show(new, token, {"problem": ""}, usable=True)
    assert store.ledger.stop(new)


def test_a_file_of_a_later_version_is_left_alone(tmp_path):
    """Writing into a form that is not known could destroy it."""
    database = Database(tmp_path / "atlas.sqlite")
    database.change(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    database.close()
    with pytest.raises(NewerStore):
        Database(tmp_path / "atlas.sqlite")
