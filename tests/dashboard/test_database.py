"""The file that holds the truth stays one file, however many threads and processes come and go."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from dashboard.store.database import Database

VISIT = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('SELECT count(*) FROM sessions').fetchone()[0]); c.close()"


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
