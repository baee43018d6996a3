"""What other readers make of a folder of text files. Runs in an environment of its own, started by ``bench_pollock.py``.

Each guesses the dialect and the header itself and reads every cell as text; its result is the header
(None where it finds none) and the rows of each file, or null where it fails.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import measure

Read = tuple[list[str] | None, list[list[str]]]


def _pandas(path: Path) -> Read:
    import pandas as pd

    frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    return [str(name) for name in frame.columns], frame.fillna("").astype(str).values.tolist()


def _sniffer(path: Path) -> Read:
    text = path.read_bytes().decode("utf-8")
    dialect = csv.Sniffer().sniff(text)
    rows = list(csv.reader(text.splitlines(keepends=True), dialect))
    return _parted(rows, csv.Sniffer().has_header(text))


def _clevercsv(path: Path) -> Read:
    import clevercsv

    text = path.read_bytes().decode("utf-8")
    dialect = clevercsv.Sniffer().sniff(text)
    rows = list(clevercsv.reader(text.splitlines(keepends=True), dialect))
    return _parted(rows, clevercsv.Sniffer().has_header(text))


def _duckdb(path: Path) -> Read:
    import duckdb

    found = duckdb.execute("SELECT * FROM read_csv_auto(?, all_varchar=true)", [str(path)])
    names = [column[0] for column in found.description]
    rows = [["" if cell is None else cell for cell in row] for row in found.fetchall()]
    ours = all(name == f"column{at}" for at, name in enumerate(names))
    return None if ours else names, rows


def _parted(rows: list[list[str]], headed: bool) -> Read:
    return (rows[0], rows[1:]) if headed and rows else (None, rows)


READERS = {"pandas sep=None": _pandas, "csv.Sniffer": _sniffer, "CleverCSV": _clevercsv, "DuckDB auto": _duckdb}


def main_part(folder: str, reader: str, out: str) -> dict:
    """Read every file of ``folder`` and write to ``out`` what came of each."""
    import importlib.metadata

    found: dict[str, Read | None] = {}
    failed = 0
    for path in sorted(Path(folder).iterdir()):
        try:
            found[path.name] = READERS[reader](path)
        except Exception:  # noqa: BLE001  whatever a peer raises is a file it cannot read
            found[path.name] = None
            failed += 1
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    versions = {name: importlib.metadata.version(name) for name in ("pandas", "clevercsv", "duckdb")}
    return {"failed": failed, "versions": versions}


if __name__ == "__main__":
    measure.begin(None, main_part)
