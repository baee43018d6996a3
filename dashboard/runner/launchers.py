"""Which launcher the settings ask for."""

from __future__ import annotations

from dashboard.runner.forkserver import ForkserverLauncher
from dashboard.runner.loop import Launcher
from dashboard.settings import Settings


def launcher(settings: Settings) -> Launcher:
    """Celery workers when REDIS_URL is set, else processes on this machine."""
    if settings.redis_url:
        from dashboard.runner.celery_queue import CeleryLauncher

        return CeleryLauncher(settings)
    return ForkserverLauncher(settings.data_dir, settings.job_slots, settings.allowance)
