"""Our whole board against PyCaret's single models and Orange's k-means, on the same customers in the same run.

``python tests/benchmarks/bench_peers.py`` makes an environment for each of the two
below ``.cache/peers`` (some minutes and gigabytes the first time) and writes
peers.json beside this file. A peer that cannot be installed or run is told,
recorded as not measured, and left out. Yellowbrick is left out always: 1.5, its
last version, does not accept the scikit-learn of today.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import measure
import numpy as np

from core import pipeline
from core.algorithms import proposed
from core.metrics.silhouette import silhouettes
from core.model import Plan, Recipe

COLUMNS, LOW, HIGH, SEGMENTS = 8, 2, 10, 5
SIZES = (5_000, 20_000)
PATIENCE = 1_800
OURS = "ours.npz"
NOT_WORSE = -1e-3
# six: PyCaret 3.3 needs it and does not ask for it.
PEERS = {"pycaret": ("pycaret>=3.3,<3.4", "six"), "Orange": ("Orange3>=3.40,<3.41",)}
LEFT_OUT = {"Yellowbrick": "1.5, its last version, does not accept the scikit-learn of today"}


def environment(module: str) -> tuple[str, str]:
    """The Python of the peer's environment, made where it is missing; else "" and why there is none."""
    folder = measure.ROOT / ".cache" / "peers" / module.lower()
    python = folder / "bin" / "python"
    steps = [
        [getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS[module]],
    ]
    check = [str(python), "-c", f"import {module}"]
    try:
        if python.exists() and not _failure(check):
            return str(python), ""
        why = next((said for step in [*steps, check] if (said := _failure(step))), "")
    except (OSError, subprocess.TimeoutExpired) as problem:
        why = str(problem)[:300]
    return ("", why) if why else (str(python), "")


def _failure(command: list[str]) -> str:
    """The last words of a command that failed, "" where it did not. PyCaret logs to where it is imported: elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return (done.stderr.strip().splitlines() or ["it says nothing"])[-1][:300] if done.returncode else ""


def ours(folder: str) -> dict:
    """The default board; stability is left out, as peers have none. The labels are left in ``folder``."""
    measure.warm()
    path = Path(folder) / "customers.parquet"
    table = pipeline.load(path, path.name, {})
    plan = Plan(recipe=Recipe(scaling="none"), algorithms=proposed(), segments=(LOW, HIGH), resamples=0)
    found, seconds = measure.timed(lambda: pipeline.compare(table, plan))
    made = {one.key: one.labels for one in found.candidates if not one.problem}
    np.savez(Path(folder) / OURS, **made)
    return {"seconds": seconds, "candidates": len(found.candidates), "recommended": found.recommended}


def exact(folder: str, names: list[str]) -> dict:
    """The silhouette over all customers of every labeling in these files."""
    values = np.load(Path(folder) / "values.npy", allow_pickle=False)
    found: dict[str, np.ndarray] = {}
    for name in names:
        kept = np.load(Path(folder) / name, allow_pickle=False)
        found |= {f"{name}:{key}": kept[key] for key in kept.files} if name.endswith(".npz") else {name: kept}
    lifted = {key: np.where(part < 0, -1, part + 1) for key, part in found.items()}
    usable = {key: part for key, part in lifted.items() if len(np.unique(part[part > 0])) > 1}
    return {"found": {key: float(np.nanmean(widths)) for key, widths in silhouettes(values, usable).items()}}


def against(folder: str, pythons: dict[str, str]) -> dict[str, dict]:
    """What each peer did on the customers in ``folder``; a run that failed says why."""
    values = str(Path(folder) / "values.npy")
    runs = {}
    for model in ("kmeans", "hclust"):
        labels = str(Path(folder) / f"pycaret-{model}.npy")
        given = {"values": values, "labels": labels, "model": model, "segments": SEGMENTS}
        runs[f"pycaret {model}"] = ("pycaret", "peer_pycaret.py", given)
    given = {"values": values, "labels": str(Path(folder) / "orange.npz"), "low": LOW, "high": HIGH}
    runs["Orange k-means with silhouettes"] = ("Orange", "peer_orange.py", given)
    found = {}
    for name, (module, script, words) in runs.items():
        if module not in pythons:
            found[name] = {"not_measured": "its environment could not be made"}
            continue
        try:
            found[name] = measure.alone(measure.HERE / script, python=pythons[module], **words)
        except measure.Failed as problem:
            found[name] = {"not_measured": str(problem)}
    return found


def one_size(rows: int, pythons: dict[str, str]) -> dict:
    """Our board, the peers, and the exact silhouette of every labeling."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "values.npy", measure.customers(rows, COLUMNS))
        measure.write_customers(Path(folder) / "customers.parquet", rows, COLUMNS)
        mine = measure.alone(ours, folder=folder)
        peers = against(folder, pythons)
        names = sorted(path.name for path in Path(folder).glob("*.np[yz]") if path.name != "values.npy")
        return {"ours": mine, "peers": peers, "silhouettes": measure.alone(exact, folder=folder, names=names)["found"]}


def claims_of(rows: int, found: dict) -> list[measure.Claim]:
    mine, name = found["ours"], f"{rows:,} x {COLUMNS}"
    what = f"{name}: our whole board of {mine['candidates']} candidates"
    told = [measure.Claim(what, mine["seconds"], "s")]
    for peer, run in found["peers"].items():
        if "seconds" in run:
            told.append(measure.Claim(what, mine["seconds"], "s", peer=peer, ratio=run["seconds"] / mine["seconds"]))
        else:
            print(f"{name}: {peer} is not measured: {run['not_measured']}")
    scores = found["silhouettes"]
    best = max(value for key, value in scores.items() if key.startswith(OURS))
    others = [value for key, value in scores.items() if not key.startswith(OURS)]
    if others:
        what = f"{name}: exact silhouette, our best less the best of the peers"
        told.append(measure.Claim(what, best - max(others), "", NOT_WORSE, at_least=True))
    return told


def main(rows: int | None) -> None:
    before = measure.machine()
    made = {module: environment(module) for module in PEERS}
    missing = {module: why for module, (_, why) in made.items() if why} | LEFT_OUT
    for module, why in missing.items():
        print(f"{module} is not measured: {why}")
    pythons = {module: python for module, (python, _) in made.items() if python}
    sizes = {size: one_size(size, pythons) for size in ([rows] if rows else SIZES)}
    claims = [claim for size, found in sizes.items() for claim in claims_of(size, found)]
    details = {"not_measured": missing, "columns": COLUMNS, "sizes": {f"{size}": one for size, one in sizes.items()}}
    measure.tell("peers", claims, details, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, ours, exact)
