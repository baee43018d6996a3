"""Polluted text files (Pollock) read without a hint: our score with repairs accepted and refused, and that of peers.

``python tests/benchmarks/bench_pollock.py`` makes an environment for the peers below
``.cache/peers`` the first time and writes pollock.json beside this file. Questions are
answered by what is proposed. A file that is refused as empty, or as a header alone, is
read right if there is nothing else in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import measure
import pollock

from core import formats
from core.errors import UnreadableFile

PACKAGES = ("pandas", "clevercsv[full]", "duckdb")
PEERS = ("pandas sep=None", "csv.Sniffer", "CleverCSV", "DuckDB auto")
EMPTY = ("EMPTY_FILE", "NO_ROWS")
SIMPLE, WEIGHTED = 9.97, 9.80
Loaded = Callable[[pollock.Polluted], tuple[bool, list[str], list[list[str]]]]


def environment() -> str:
    """The Python of the peers' environment, made where it is missing; "" where that fails."""
    folder = measure.ROOT / ".cache" / "peers" / "csv"
    python = folder / "bin" / "python"
    check = [str(python), "-c", "import clevercsv, duckdb, pandas"]
    steps = [[sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check]
    if python.exists() and not subprocess.run(check, capture_output=True, check=False).returncode:
        return str(python)
    made = all(not subprocess.run(step, capture_output=True, check=False).returncode for step in steps)
    return str(python) if made else ""


def ours(repairs: str) -> dict:
    """Our scores with the repairs accepted (yes) or refused (no)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        refused: Counter[str] = Counter()

        def loaded(file: pollock.Polluted) -> tuple[bool, list[str], list[list[str]]]:
            path.write_bytes(file.data)
            try:
                reading = formats.read(path, file.name, {"repairs": repairs})
            except UnreadableFile as problem:
                refused[problem.code] += 1
                right = problem.code in EMPTY and not file.rows
                return right, file.header if right else [], []
            return True, list(reading.raw.columns) if reading.source.header_rows else [], reading.raw.to_numpy().tolist()

        return {**scored(loaded), "refused": dict(refused)}


def peer(python: str, reader: str, folder: str) -> dict:
    """A peer's scores."""
    out = Path(folder).parent / "out.json"
    told = measure.alone(measure.HERE / "peer_pollock.py", python=python, folder=folder, reader=reader, out=str(out))
    found = json.loads(out.read_text(encoding="utf-8"))

    def loaded(file: pollock.Polluted) -> tuple[bool, list[str], list[list[str]]]:
        header, rows = found[file.name] or (None, [])
        return found[file.name] is not None, header or [], rows

    return {**scored(loaded), **told}


def scored(loaded: Loaded) -> dict:
    """The simple and the weighted score, those by kind of pollution, and how many files did not load."""
    weights, scores, kinds = pollock.weights(), {}, defaultdict(list)
    failures = 0
    for file in pollock.files():
        well, header, rows = loaded(file)
        failures += not well
        scores[file.name] = pollock.score(file, well, header, rows)
        kind = "_".join(file.name.removesuffix(".csv").split("_")[:3])
        kinds["row_" + kind.split("_")[1] if kind.startswith("row") else kind].append(scores[file.name])
    total = sum(weights[name] for name in scores)
    return {
        "simple": sum(scores.values()) / len(scores),
        "weighted": sum(weights[name] * score for name, score in scores.items()) / total,
        "failures": failures,
        "kinds": {kind: round(sum(found) / len(found), 3) for kind, found in sorted(kinds.items())},
    }


def main(rows: int | None) -> None:
    before = measure.machine()
    results = {"ours": measure.alone(ours, repairs="yes"), "ours, repairs refused": measure.alone(ours, repairs="no")}
    python = environment()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        files.mkdir()
        for file in pollock.files():
            (files / file.name).write_bytes(file.data)
        for reader in PEERS if python else ():
            results[reader] = peer(python, reader, str(files))
    mine = results["ours"]
    claims = [measure.Claim("Pollock, simple score", mine["simple"], "of 10", SIMPLE, at_least=True),
              measure.Claim("Pollock, weighted score", mine["weighted"], "of 10", WEIGHTED, at_least=True),
              measure.Claim("Pollock, files that do not load", mine["failures"], "files", 0)]
    for name, found in list(results.items())[1:]:
        claims += [measure.Claim(f"Pollock, simple score: {name}", found["simple"], "of 10"),
                   measure.Claim(f"Pollock, weighted score: {name}", found["weighted"], "of 10")]
    measure.tell("pollock", claims, {"results": results}, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, ours)
