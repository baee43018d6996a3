"""Job processes forked from a small warmed server process that has never computed anything.

A fork of the web process would inherit its sockets and, once anything was fitted
there, GNU OpenMP's dead thread pool, on which the child hangs for ever
(scikit-learn issue 23823). The fork server has only imported.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

from dashboard.settings import ROOT, Allowance
from dashboard.store.processes import alive, kill, this_host

WARM = [
    "core.pipeline", "dashboard.jobs", "fastcluster", "kneed", "pyarrow.parquet", "scipy.cluster.hierarchy",
    "scipy.sparse.csgraph", "sklearn.cluster", "sklearn.ensemble", "sklearn.mixture", "sklearn.neighbors",
    "sklearn.neural_network",
]
STOP_SECONDS = 2.0


class ForkserverLauncher:
    """Starts jobs on this machine; ``slots`` of them at the same time, each with this allowance."""

    def __init__(self, directory: Path, slots: int, allowance: Allowance) -> None:
        self._directory = directory
        self._slots = slots
        self._allowance = allowance
        self._context = multiprocessing.get_context("forkserver")
        self._processes: dict[str, BaseProcess] = {}
        _lead_here()

    def warm(self) -> None:
        """Start the fork server now, so that the first job need not wait for its imports."""
        self._context.set_forkserver_preload(WARM)
        forkserver.ensure_running()

    def free(self, active: set[str]) -> int:
        """Slots left, given the runs that the store shows as active (adopted ones included)."""
        return self._slots - len(active | set(self._processes))

    def start(self, run: str) -> None:
        what = (str(self._directory), run, self._allowance)
        process = self._context.Process(target=main, args=what, name=f"job-{run[:6]}")
        with _no_main():
            process.start()
        self._processes[run] = process

    def started(self, run: str) -> bool:
        return run in self._processes

    def ended(self) -> tuple[str, ...]:
        """Runs whose process has gone since the last call, however it ended."""
        gone = [run for run, process in self._processes.items() if not process.is_alive()]
        for run in gone:
            self._processes.pop(run).close()
        return tuple(gone)

    def stop(self, run: str, host: str, pid: int, birth: int) -> bool:
        """Stop the process of a cancelled run; False when it still lives. A reuser of its number is safe."""
        if host != this_host():
            return True
        kill(pid, birth)
        limit = time.monotonic() + STOP_SECONDS
        while alive(pid, birth) and time.monotonic() < limit:
            time.sleep(0.01)
        return not alive(pid, birth)

    def close(self) -> None:
        """Kill what was started here; a run that was not claimed yet stays in the queue for the next start."""
        for process in self._processes.values():
            process.kill()
            process.join(STOP_SECONDS)
        self._processes.clear()


def _lead_here() -> None:
    """The fork server imports before it learns our search path, so the path goes along in the environment.

    Set for good, while no other thread runs: a change while another thread starts a process would break that start.
    """
    before = os.environ.get("PYTHONPATH", "")
    if str(ROOT) not in before.split(os.pathsep):
        os.environ["PYTHONPATH"] = f"{ROOT}{os.pathsep}{before}" if before else str(ROOT)


@contextmanager
def _no_main() -> Iterator[None]:
    """A new process would run the script that started the server once more, to find functions defined there.

    Ours are defined here, and that script may be anything: it is out of sight while the process is described.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def main(directory: str, run: str, allowance: Allowance) -> None:
    """What a job process does."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _give_way()
    from dashboard import jobs
    from dashboard.store import Store

    jobs.perform(Store(Path(directory), memo_mb=allowance.memo_mb), run, threads=allowance.threads,
                 most=allowance.most, engine=allowance.engine)  # fmt: skip


def _give_way() -> None:
    """Pages stay quick while a job computes, and when memory ends the job goes, not the server."""
    os.nice(5)
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError as problem:
        logging.getLogger(__name__).info("oom_score_adj stays: %s", problem.strerror)
