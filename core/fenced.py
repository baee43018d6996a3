"""Work on what strangers sent, in a process that can be lost: whatever it does to memory, time or disk ends with it.

The child is forked, so that work and arguments need no packing; its answer comes back as JSON, so that nothing
a file holds can run in the parent. Every way in which the child can die becomes an :class:`UnreadableFile`.
"""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import gc
import json
import logging
import os
import resource
import select
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from core import errors
from core.errors import SegmentationError, UnreadableFile

Step = Callable[[str, int, int], None]
GIGABYTE = 1_000_000_000
GRACE_SECONDS, SECONDS_PER_MB = 5, 20
"""Processor time for any file, and for each megabyte more: ten times what the slowest honest file takes."""
_TICK = 1.0
_LEAVING_MS = 2_000
_BLOCK = 65_536
_PR_SET_PDEATHSIG = 1
_NO_MEMORY = (b"memory allocation of", b"bad_alloc", b"out of memory", b"Cannot allocate memory")
_TOLD = 4_096
_CORE = Path(__file__).resolve().parent
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What the child may use: bytes of ``memory`` beyond its parent's, ``seconds`` on the clock, ``cpu`` seconds, bytes in one ``file`` it writes."""

    memory: int = 4 * GIGABYTE
    seconds: float = 600.0
    cpu: int = 600
    file: int = 4 * GIGABYTE


def limits_for(size: int, most: Limits) -> Limits:
    """The limits for reading a file of ``size`` bytes: a small file that takes long is a trap.

    ``most`` is what any file may take; four fifths of the memory that is free now is the most in any case.
    """
    import psutil

    cpu = min(most.cpu, GRACE_SECONDS - 1 + SECONDS_PER_MB * size // 1_000_000)
    free = int(psutil.virtual_memory().available * 0.8)
    return replace(most, memory=min(most.memory, free), seconds=min(most.seconds, 10 * cpu), cpu=cpu)


def fenced(work: Callable[[Step], Any], limits: Limits, *, step: Step | None = None,
           tick: Callable[[], None] | None = None, scratch: Path | None = None) -> Any:
    """What ``work(step)`` gives, computed in a child process; plain JSON.

    ``step`` is called here for every call the child makes of it, ``tick`` about once a second while it works; what
    they raise ends the child. Problems of :mod:`core.errors` come back as they were raised. A child that dies, or
    wants more than ``limits``, raises :class:`UnreadableFile` with TOO_LARGE_TO_READ, TOO_SLOW, DISK_FULL,
    DAMAGED or DEFECT. The child's temporary files lie in a folder under ``scratch`` (None: the system's) that is gone
    afterwards. When this process dies first the child dies, too, and ``scratch`` is left to whoever owns it.
    """
    with tempfile.TemporaryDirectory(prefix="fenced-", dir=scratch) as folder:
        here, there = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            _child(work, there, limits, Path(folder), parent)
        os.close(there)
        watch = _Watch(pid, here, time.monotonic() + limits.seconds)
        try:
            answer = watch.listen(step, tick)
        finally:
            os.close(here)
            status = watch.end()
        return _understood(answer, status, late=watch.late, told=_tail(Path(folder) / "told"))


class _Watch:
    """The parent's view of a child: what it says, until it has said all, is late, or is unwanted."""

    def __init__(self, pid: int, channel: int, deadline: float) -> None:
        self._pid, self._channel, self._deadline = pid, channel, deadline
        self._leaving = self.late = False

    def listen(self, step: Step | None, tick: Callable[[], None] | None) -> dict | None:
        """The last line of the child, None when it left without one."""
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        buffer = b""
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                self.late = True
                return None
            if not poll.poll(1000 * min(_TICK, left)):
                if tick is not None:
                    tick()
                continue
            block = os.read(self._channel, _BLOCK)
            if not block:
                self._leaving = True
                return None
            *lines, buffer = (buffer + block).split(b"\n")
            for line in map(json.loads, lines):
                if "step" not in line:
                    self._leaving = True
                    return line
                if step is not None:
                    step(*line["step"])

    def end(self) -> int:
        """Kill what still lives, and return the wait status."""
        with suppress(ProcessLookupError):
            if not self._gone():
                os.kill(self._pid, signal.SIGKILL)
        try:
            return os.waitpid(self._pid, 0)[1]
        except ChildProcessError:  # somebody else has waited for it
            return 0

    def _gone(self) -> bool:
        """True once the child has ended; waits a moment for one that is just leaving."""
        if not self._leaving:
            return False
        handle = os.pidfd_open(self._pid)
        try:
            waiting = select.poll()
            waiting.register(handle, select.POLLIN)
            return bool(waiting.poll(_LEAVING_MS))
        finally:
            os.close(handle)


def _understood(answer: dict | None, status: int, *, late: bool, told: bytes) -> Any:
    """The answer, or why there is none."""
    if answer is not None and "done" in answer:
        return answer["done"]
    if answer is not None and "problem" in answer:
        name, arguments = answer["problem"]
        raise getattr(errors, name)(*arguments)
    if answer is not None and "defect" in answer:
        log.error("defect while reading: %s", answer["defect"][1])
        raise _defect(answer["defect"][0])
    died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if answer is not None and "full" in answer:
        raise _disk_full()
    if late or died == signal.SIGXCPU:
        raise _too_slow()
    memory = died == signal.SIGKILL or any(words in told for words in _NO_MEMORY)
    if memory or (answer is not None and "memory" in answer):
        raise _too_large()
    raise _damaged()


def _too_slow() -> UnreadableFile:
    return UnreadableFile("TOO_SLOW", "Reading the file took far longer than a file of its size should, and was stopped.",
                          "Save it again as CSV from the program it came from, or upload a part of it.")


def _too_large() -> UnreadableFile:
    return UnreadableFile("TOO_LARGE_TO_READ", "Reading the file needs more memory than it may have, and was stopped.",
                          "Leave out columns you do not need, or upload a part of the rows.")


def _disk_full() -> UnreadableFile:
    return UnreadableFile("DISK_FULL", "The disk is full: what was read could not be kept.",
                          "Make room on it, or ask whoever runs this server to, and try again.")


def _damaged() -> UnreadableFile:
    return UnreadableFile("DAMAGED", "The file is damaged in a way that no reader can follow, and was given up.",
                          "Open it in the program it came from, save it again, and upload that.")


def _defect(place: str) -> UnreadableFile:
    return UnreadableFile("DEFECT", f"This program made a mistake on the file ({place}).",
                          "Tell this place to whoever maintains it; saving the file again as CSV may help meanwhile.")


def _tail(path: Path) -> bytes:
    """The end of what the child's libraries wrote before it died."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _TOLD))
            return stream.read()
    except OSError:
        return b""


# in the child


def _child(work: Callable[[Step], Any], channel: int, limits: Limits, scratch: Path, parent: int) -> NoReturn:
    """Work, say how it went, and leave without tidying up: everything here belongs to the parent."""
    try:
        gc.freeze()  # what the parent has thrown away is not finished off here
        _leave_alone(channel, scratch)
        _confine(limits, parent)
        _say(channel, _outcome(work, channel))
    finally:
        os._exit(1)


def _outcome(work: Callable[[Step], Any], channel: int) -> bytes:
    no_memory = json.dumps({"memory": True}).encode()  # made while there is some

    def step(text: str, done: int, total: int) -> None:
        _say(channel, json.dumps({"step": [text, done, total]}).encode())

    try:
        return json.dumps({"done": work(step)}).encode()
    except SegmentationError as problem:
        return json.dumps({"problem": [_name(problem), problem.args]}).encode()
    except MemoryError:
        return no_memory
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return json.dumps({"full": True}).encode()
        return no_memory if problem.errno in (errno.EFBIG, errno.ENOMEM) else json.dumps({"defect": _place(problem)}).encode()
    except Exception as defect:
        return json.dumps({"defect": _place(defect)}).encode()
    except BaseException:  # a library in Rust that gave up
        return json.dumps({"damaged": True}).encode()


def _say(channel: int, line: bytes) -> None:
    rest = memoryview(line + b"\n")
    while rest:
        rest = rest[os.write(channel, rest) :]


def _name(problem: SegmentationError) -> str:
    """The class of :mod:`core.errors` that takes these arguments."""
    return next(kind.__name__ for kind in type(problem).__mro__ if getattr(errors, kind.__name__, None) is kind)


def _place(defect: BaseException) -> list[str]:
    """Its type and the place in our code, and all places, innermost first. Its message may quote the data: left out."""
    frames = traceback.extract_tb(defect.__traceback__)[::-1]
    own = next((frame for frame in frames if Path(frame.filename).is_relative_to(_CORE)), frames[0])
    short, *places = (f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in (own, *frames))
    kind = type(defect).__name__
    return [f"{kind} at {short}", f"{kind} at {' <- '.join(places)}"]


def _leave_alone(channel: int, scratch: Path) -> None:
    """Take no part in what the parent holds: its signals, terminal, sockets and databases."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)
    os.dup2(os.open(scratch / "told", os.O_CREAT | os.O_WRONLY, 0o600), 2)
    for entry in os.listdir("/proc/self/fd"):  # noqa: PTH208  names alone are wanted
        if int(entry) > 2 and int(entry) != channel:
            with suppress(OSError):
                os.close(int(entry))
    tempfile.tempdir = str(scratch)


def _confine(limits: Limits, parent: int) -> None:
    """Die with the parent, first of all when memory ends, and at the limits."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.file)
    _limit(resource.RLIMIT_AS, held + limits.memory)
    _limit(resource.RLIMIT_CPU, limits.cpu)


def _limit(what: int, most: int) -> None:
    """At most this, or what is allowed already if that is less; the hard limit stays above, as it may not be raised."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
