"""Which process is meant: a number is reused, a number with its time of birth on one boot is not."""

from __future__ import annotations

import os
import signal
import socket
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def this_host() -> str:
    """This machine since its last start; process numbers mean nothing elsewhere."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()}/{boot.read_text().strip() if boot.exists() else ''}"


def birth(pid: int) -> int:
    """When a living process was started, in kernel ticks since boot (no clock change moves them); 0 when it is dead."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    state, *rest = text.rpartition(")")[2].split()  # the name before ")" may hold anything
    return 0 if state in ("Z", "X") else int(rest[18])


def alive(pid: int, born: int) -> bool:
    """True while exactly this process lives."""
    return pid > 0 and born > 0 and birth(pid) == born


def kill(pid: int, born: int) -> bool:
    """SIGKILL this very process; False when it is gone. Results are written atomically, so nothing can be half done."""
    if not alive(pid, born):
        return False
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:  # checked again behind the handle: from here the number cannot be reused
        if not alive(pid, born):
            return False
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True
