"""What every fault test asks afterwards: is the store still whole?"""

from __future__ import annotations

import time
from pathlib import Path

from dashboard.store import artefacts
from dashboard.store.database import Database
from dashboard.store.processes import alive, this_host

DRAFT_SECONDS = 60.0


def verify(directory: Path, database: Database) -> tuple[str, ...]:
    """One line for each thing that is wrong: damaged bytes, left-overs older than a minute, runs without a process."""
    found = [f"database: {row[0]}" for row in database.rows("PRAGMA integrity_check") if row[0] != "ok"]
    found += _damaged_runs(directory, database) + _damaged_data(directory, database)
    old = time.time() - DRAFT_SECONDS
    found += [f"left-over: {path.name}" for path in (directory / "temp").iterdir() if path.stat().st_mtime < old]
    for row in database.rows("SELECT * FROM runs WHERE state IN ('running', 'saving')"):
        if row["host"] == this_host() and not alive(row["pid"], row["birth"]):
            found.append(f"run {row['id']}: {row['state']} without a process")
    return tuple(found)


def _damaged_runs(directory: Path, database: Database) -> list[str]:
    found = []
    for row in database.rows("SELECT id, digest FROM runs WHERE state = 'done' AND kind <> 'load'"):
        found += _broken(f"run {row['id']}", directory / "runs" / row["id"], row["digest"])
    return found


def _damaged_data(directory: Path, database: Database) -> list[str]:
    found = []
    for row in database.rows("SELECT id, sha256 FROM datasets"):
        source = directory / "datasets" / row["id"] / "source"
        if not source.exists() or artefacts.file_digest(source) != row["sha256"]:
            found.append(f"dataset {row['id']}: the file is damaged")
    for row in database.rows("SELECT * FROM tables"):
        place = directory / "datasets" / row["dataset"] / "tables" / row["key"]
        found += _broken(f"table {row['dataset']}", place, row["digest"])
    for row in database.rows("SELECT id, digest FROM models"):
        found += _broken(f"model {row['id']}", directory / "models" / row["id"], row["digest"])
    return found


def _broken(what: str, place: Path, digest: str) -> list[str]:
    try:
        artefacts.check(place, digest)
    except artefacts.Broken as problem:
        return [f"{what}: {problem} is damaged"]
    return []
