"""The machine that a run has: how fast one core is, how many fits run at once, how much memory is free."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

GROUP = Path("/sys/fs/cgroup")
TRIAL_SECONDS = 0.00145  # of one trial on the machine where costs were measured
TRIALS = 30
REST = 0.2  # speeds beyond a factor of five tell of a disturbed measurement, not of a machine


@dataclass(frozen=True)
class Machine:
    """``speed`` of one core against the one where costs were measured, ``threads`` fits at once, ``free`` bytes."""

    speed: float = 1.0
    threads: int = 1
    free: float = float("inf")


def this_machine(threads: int = 1) -> Machine:
    """What there is now; takes about 50 ms."""
    return Machine(machine_speed(), threads, free_memory())


def machine_speed() -> float:
    """How fast one core is against the one where costs were measured, 0.2 to 5: 2 means half the seconds.

    The best of some trials counts, as whatever else runs can only slow one down.
    """
    shuffled = np.random.default_rng(0).random(100_000)
    square = np.random.default_rng(1).random((150, 150))
    best = min(_trial(shuffled, square) for _ in range(TRIALS))
    return float(np.clip(TRIAL_SECONDS / best, REST, 1 / REST))


def _trial(shuffled: np.ndarray, square: np.ndarray) -> float:
    """Seconds for what fits are made of: sorting, functions of arrays, products without a library, plain Python."""
    started = time.perf_counter()
    np.sort(shuffled)
    np.tanh(shuffled)
    np.einsum("ij,jk->ik", square, square)
    sum(number * number for number in range(20_000))
    return time.perf_counter() - started


def free_memory() -> int:
    """Bytes that a fit can still take: what the system has, or what is left to our control group if that is less."""
    free = psutil.virtual_memory().available
    limit, used = _number("memory.max"), _number("memory.current")
    return free if limit is None or used is None else max(0, min(free, limit - used + _reclaimable()))


def _number(name: str) -> int | None:
    """The number in a file of the control group, None where there is no such file or no limit ("max")."""
    try:
        return int((GROUP / name).read_text())
    except (OSError, ValueError):
        return None


def _reclaimable() -> int:
    """Bytes of files read that the system drops as soon as memory is asked for; they count as used until then."""
    try:
        lines = (GROUP / "memory.stat").read_text().splitlines()
        return int(dict(line.split() for line in lines)["inactive_file"])
    except (OSError, ValueError, KeyError):
        return 0
