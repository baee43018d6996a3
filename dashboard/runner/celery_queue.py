"""The twin of the fork server: jobs go through Redis to Celery workers on the same data directory.

What is queued is a run id and nothing else. The state of a run stays in the
store; a lost or doubled message is harmless, because a run can be claimed once.
``celery -A dashboard.runner.celery_queue worker`` is the worker's command.
"""

from __future__ import annotations

import logging
import os
import time

from celery import Celery
from kombu.exceptions import OperationalError

from dashboard import jobs
from dashboard.runner.lifecycle import where
from dashboard.settings import Settings, read

TASK = "segment_atlas.perform"
SEND_AGAIN_SECONDS = 60.0
log = logging.getLogger(__name__)


def make_app(redis_url: str) -> Celery:
    """A Celery app that speaks JSON only and keeps no results: the store does."""
    celery = Celery("segment_atlas", broker=redis_url)
    celery.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 5},
        task_publish_retry=False,
    )
    return celery


class CeleryLauncher:
    """Sends run ids; how many compute at the same time is the workers' concurrency."""

    def __init__(self, settings: Settings) -> None:
        self._celery = make_app(settings.redis_url)
        self._sent: dict[str, float] = {}

    def warm(self) -> None:
        """Nothing to do: workers warm themselves."""

    def free(self, active: set[str]) -> int:
        return 1

    def start(self, run: str) -> None:
        """Send the run to the workers; when the broker is away the run stays queued and is sent later."""
        try:
            self._celery.send_task(TASK, args=[run], task_id=run)
        except (OperationalError, OSError) as problem:
            log.warning("the broker cannot be reached (%s); run %s waits", type(problem).__name__, run)
            return
        self._sent[run] = time.monotonic()

    def started(self, run: str) -> bool:
        """Sent, and not so long ago that a broker that lost it should get it again."""
        return run in self._sent

    def ended(self) -> tuple[str, ...]:
        """Only the workers see processes end; here, what was sent long ago is forgotten."""
        self._sent = {run: at for run, at in self._sent.items() if time.monotonic() - at < SEND_AGAIN_SECONDS}
        return ()

    def stop(self, run: str, host: str, pid: int, birth: int) -> bool:
        try:
            self._celery.control.revoke(run, terminate=pid > 0, signal="SIGKILL")
        except (OperationalError, OSError) as problem:
            log.warning("run %s could not be revoked: %s", run, where(problem))
            return False
        return True

    def close(self) -> None:
        self._celery.close()


def __getattr__(name: str) -> Celery:
    """``app`` for the worker's command, made from the environment when it is asked for."""
    if name not in ("app", "celery"):
        raise AttributeError(name)
    os.umask(0o077)
    celery = globals()["app"] = make_app(read().redis_url)
    celery.task(jobs.perform_queued, name=TASK)
    return celery
