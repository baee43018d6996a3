"""Real and ugly files that lie beside the project, and what each shall come to: names and outcomes, no data.

``python -m tests.core.corpus`` shows what differs from ``corpus.json``, with ``--write`` it becomes the expectation.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from core import pipeline
from core.errors import DataProblem
from core.fenced import Limits, fenced, limits_for
from core.model import LoadReport, Outcome

HERE = Path(__file__).resolve()
DATA = HERE.parents[2].parent / "shared" / "data"
EXPECTED = HERE.with_name("corpus.json")
FOLDERS = ("customers", "orders", "messy")
LEFT_OUT = "pollock_half.tar.xz"
TELLING = (Outcome.REFUSED, Outcome.ASKED)


def files() -> list[str]:
    """Paths of all files below the data folder, in order."""
    found = [path for folder in FOLDERS for path in (DATA / folder).rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(DATA)) for path in found if path.name != LEFT_OUT)


def outcome(name: str) -> dict[str, Any]:
    """How a file comes out, the codes of its refusal or questions, and whether its rows add up; read as in the app."""
    path = DATA / name
    try:
        found = fenced(partial(_read, path), limits_for(path.stat().st_size, Limits()))
    except DataProblem as problem:
        found = _told(pipeline.refusal(problem, path.name))
    return found


def _read(path: Path, _step: object) -> dict[str, Any]:
    return _told(pipeline.report(pipeline.load(path, path.name, {})))


def _told(report: LoadReport) -> dict[str, Any]:
    codes = sorted({item.code for item in report.items if item.outcome in TELLING})
    balanced = report.rows_in_file == report.loaded + report.aside + sum(report.skips.values())
    return {"outcome": str(report.outcome), "codes": codes, "balanced": balanced}


def short(found: dict[str, Any]) -> str:
    """The outcome in one line, as it stands in the expectation."""
    return " ".join([found["outcome"], *found["codes"]])


def expected() -> dict[str, str]:
    return json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.exists() else {}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--write", action="store_true", help="make what is found the expectation")
    before, found = expected(), {name: short(outcome(name)) for name in files()}
    for name in sorted({*before, *found}):
        if before.get(name) != found.get(name):
            print(f"{name}: {before.get(name, '-')} -> {found.get(name, '-')}")
    if words.parse_args().write:
        EXPECTED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
