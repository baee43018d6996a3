"""Whoever leads the job loop looks here: collects what is to be told and starts the process that tells it.

Takes milliseconds whatever the tracking server does; a process that takes too long is killed by its number.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time

from dashboard.settings import ROOT, Settings
from dashboard.store import Store
from dashboard.tracking import target

LOOK_SECONDS = 2.0
MOST_SECONDS = 120.0
RETRY_SECONDS = 60.0
TOO_LONG, NOT_INSTALLED = "it took longer than 2 minutes", "MLflow is not installed"
log = logging.getLogger(__name__)


class Post:
    """``look`` at every tick, ``close`` at the end."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._sender: subprocess.Popen | None = None
        self._since = self._looked = 0.0

    def look(self) -> None:
        """Start the sender when something is due and none is under way."""
        now = time.monotonic()
        if not self._settings.tracking or now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        if self._store.outbox.pending():
            self._store.outbox.collect()
        if self._busy(now) or not self._store.outbox.due(time.time(), most=1):
            return
        if target.installed():
            self._start(now)
        else:
            self._store.outbox.hold(NOT_INSTALLED, until=time.time() + RETRY_SECONDS)

    def close(self) -> None:
        """End the sender; what it had not told is told after the next start."""
        if self._sender is not None and self._sender.poll() is None:
            self._end(self._sender)
        self._sender = None

    def _busy(self, now: float) -> bool:
        if self._sender is None:
            return False
        if self._sender.poll() is None:
            if now - self._since < MOST_SECONDS:
                return True
            self._end(self._sender)
            self._store.outbox.hold(TOO_LONG, until=time.time() + RETRY_SECONDS)
            log.warning("the sender to MLflow took too long and was ended")
        self._sender = None
        return False

    def _start(self, now: float) -> None:
        command = [sys.executable, "-m", "dashboard.tracking.sender"]
        nothing = subprocess.DEVNULL  # what libraries print may quote addresses and what was sent
        self._sender = subprocess.Popen(
            command, cwd=ROOT, env=target.surroundings(self._settings), stdin=nothing, stdout=nothing, stderr=nothing
        )
        self._since = now

    @staticmethod
    def _end(sender: subprocess.Popen) -> None:
        sender.kill()
        sender.wait()
