"""What the running app holds, and whose request this is. Tests put fakes here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app, g, session

from core.pipeline.machine import Machine, free_memory, this_machine
from dashboard import ids
from dashboard.settings import Settings
from dashboard.store import Store
from dashboard.workspace import Workspace

if TYPE_CHECKING:
    from dashboard.runner.desk import Jobs

EXTENSION = "atlas"


@dataclass(frozen=True)
class Services:
    """The parts that pages and routes work with."""

    settings: Settings
    store: Store
    workspace: Workspace
    jobs: Jobs


def services() -> Services:
    """Those of the app that answers this request."""
    return current_app.extensions[EXTENSION]


def machine() -> Machine:
    """What a job of this server has to work with; its speed is measured once, its free memory each time."""
    return replace(_measured(services().settings.allowance.threads), free=free_memory())


@lru_cache(maxsize=4)
def _measured(threads: int) -> Machine:
    return this_machine(threads)


def owner() -> str:
    """The id of this request's session, made on first use. It lives in a signed cookie and nowhere in an address."""
    if "owner" not in g:
        if not ids.is_id(session.get("owner")):
            session["owner"] = ids.new_id()
        session.permanent = True
        services().store.touch(session["owner"])
        g.owner = session["owner"]
    return g.owner


def forget() -> None:
    """Delete everything of this session and the session itself; the next request starts a new one."""
    here = owner()
    services().store.delete_all(here)
    services().workspace.forget(here)
    services().jobs.wake()
    session.clear()
    g.pop("owner", None)
