"""A store with finished runs full of canaries, and a sender on it; no job, no page."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard import ids
from dashboard.settings import ROOT, Settings
from dashboard.store import Store
from dashboard.tracking import target
from tests.dashboard import made

CANARIES = ("canary.ada@example.com", "Grace Canary-Hopper", "canary_column_4711", "canary-file.csv")


def poisoned() -> Any:
    """A comparison with a canary in every place that holds text from the data or from a person."""
    mail, name, column, _ = CANARIES
    base = made.comparison()
    profile = base.profiles.copy()
    profile["column"] = profile["column"].map(lambda old: f"{column}_{old}")
    profile["segment_name"], profile["most_common"], profile["unit"] = name, mail, mail
    plan = replace(base.plan, recipe=replace(base.plan.recipe, roles={column: "feature"}, fills={column: mail}, answers={mail: name}))
    features = tuple(replace(one, name=f"{column} {mail}", column=column, level=mail) for one in base.features)
    candidates = tuple(
        replace(one, names=dict.fromkeys(one.names, name), label=mail, params={**one.params, "secret": mail},
                problem=mail if one.problem else "", notes=(mail, name))
        for one in base.candidates
    )  # fmt: skip
    return replace(base, plan=plan, features=features, candidates=candidates, profiles=profile, because=f"{mail} {name}")


def finished(store: Store, noun: Any, *, kind: str = "compare", request: dict | None = None, owner: str = "") -> tuple[str, str, str]:
    """(owner, dataset, run) of a run that has left this noun."""
    owner = owner or ids.new_id()
    store.touch(owner)
    source = store.directory / "temp" / ids.new_id()
    source.write_text(f"mail\n{CANARIES[0]}\n{ids.new_id()}\n")
    dataset = store.add_dataset(owner, CANARIES[3], source).id
    asked = request or {"plan": noun.plan.to_json()}
    run, _ = store.ledger.queue(owner, dataset, kind, request=asked, key=ids.new_id(), cap=50, reuse_done=False)
    token = store.ledger.claim(run, host="here", pid=os.getpid(), birth=1)
    store.ledger.saving(run, token)
    store.ledger.finish(run, token, store.save_result(run, token, noun))
    return owner, dataset, run


def send(settings: Settings, store: Store, **environ: str) -> float:
    """Collect, let the sender tell what is due, in a process of its own as in earnest; how many seconds it took."""
    store.outbox.collect()
    begun = time.monotonic()
    command = [sys.executable, "-m", "dashboard.tracking.sender"]
    done = subprocess.run(command, cwd=ROOT, env=target.surroundings(settings) | environ, timeout=120, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return time.monotonic() - begun


def now_due(store: Store) -> None:
    """Let the pause be over."""
    store.database.change("UPDATE outbox SET again = 0")


def found(folder: Path, words: tuple[str, ...]) -> list[str]:
    """Files below a folder whose bytes hold one of these words, whatever the case."""
    every = [path for path in folder.rglob("*") if path.is_file()]
    return [f"{path.name}: {word}" for path in every for word in words if word.lower().encode() in path.read_bytes().lower()]
