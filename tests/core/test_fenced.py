"""Laws of the fence: whatever the child does, the parent gets an answer or words, and nothing is left behind."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import NoFeatures, Stopped, TooFewRows, UnreadableFile
from core.fenced import Limits, fenced, limits_for

TIGHT = Limits(memory=300_000_000, seconds=20, cpu=2, file=1_000_000)
ROOT = Path(__file__).resolve().parents[2]


def open_files() -> dict[str, str]:
    """What each open file of this process is, by number."""
    found = {}
    for entry in list(Path("/proc/self/fd").iterdir()):
        with suppress(OSError):  # the listing itself is closed by now
            found[entry.name] = str(entry.readlink())
    return found


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.fixture(autouse=True)
def _nothing_is_left():
    """No child, no open file, no temporary folder and no memory stays, whatever became of the work."""
    before, files = children(), len(open_files())
    held = resident()
    yield
    assert children() <= before
    assert len(open_files()) <= files
    assert resident() - held < 30


def resident() -> float:
    """Megabytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def refused(work, limits=TIGHT) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        fenced(work, limits)
    assert caught.value.hint and str(caught.value).endswith(".")
    return caught.value


def test_an_answer_and_its_steps_come_back():
    """Plain JSON both ways, long answers included; the work ran in another process."""
    steps = []

    def work(step):
        for done in range(3):
            step("Reading", done, 2)
        return {"pid": os.getpid(), "text": "é" * 300_000}

    answer = fenced(work, TIGHT, step=lambda *told: steps.append(told))
    assert answer["text"] == "é" * 300_000 and answer["pid"] != os.getpid()
    assert steps == [("Reading", 0, 2), ("Reading", 1, 2), ("Reading", 2, 2)]


@pytest.mark.parametrize("problem", [
    UnreadableFile("TRUNCATED", "It ends.", "Again.", 7, "Sheet"), TooFewRows(3, 6, "K-means"), Stopped(),
    NoFeatures({"a": "constant"}),
])  # fmt: skip
def test_a_problem_comes_back_as_it_was_raised(problem):
    """Class, words, hint and facts."""

    def work(_step):
        raise problem

    with pytest.raises(type(problem)) as caught:
        fenced(work, TIGHT)
    assert (caught.value.args, str(caught.value), caught.value.hint) == (problem.args, str(problem), problem.hint)


def allocate(_step):
    held = []
    while True:
        held.append(bytearray(50_000_000))


def loop(_step):
    while True:
        pass


def fall(_step):
    ctypes.string_at(0)


def rust_out_of_memory(_step):
    os.write(2, b"memory allocation of 99999999999 bytes failed\n")
    os.abort()


def panic(_step):
    raise type("PanicException", (BaseException,), {})("index out of bounds")


def write_much(_step):
    with tempfile.TemporaryFile() as stream:
        for _ in range(100):
            stream.write(bytes(100_000))
            stream.flush()


def fill_the_disk(_step):
    with Path("/dev/full").open("wb", buffering=0) as stream:
        stream.write(b"x")


def overflow(_step):
    sys.setrecursionlimit(10**9)

    def deeper(depth):
        return json.loads("[" * depth) if depth > 10**8 else deeper(depth + 1)

    return deeper(0)


@pytest.mark.parametrize(("work", "code"), [
    (allocate, "TOO_LARGE_TO_READ"), (rust_out_of_memory, "TOO_LARGE_TO_READ"), (write_much, "TOO_LARGE_TO_READ"),
    (lambda _: os.kill(os.getpid(), signal.SIGKILL), "TOO_LARGE_TO_READ"),
    (loop, "TOO_SLOW"), (fill_the_disk, "DISK_FULL"),
    (lambda _: os.abort(), "DAMAGED"), (fall, "DAMAGED"), (panic, "DAMAGED"), (lambda _: os._exit(0), "DAMAGED"),
    (lambda _: os._exit(7), "DAMAGED"), (lambda _: sys.exit(0), "DAMAGED"),
    (lambda _: 1 / 0, "DEFECT"), (lambda _: object(), "DEFECT"),
])  # fmt: skip
def test_every_death_becomes_words(work, code, caplog):
    """Memory, time, crash and mistake are told apart; no value of the data is in the words."""
    assert refused(work).code == code


def test_runaway_recursion_ends_in_words():
    """Whichever guard is first: the limit of the stack, of memory or of time."""
    assert refused(overflow).code in ("TOO_LARGE_TO_READ", "TOO_SLOW", "DAMAGED", "DEFECT")


def test_one_that_only_sleeps_is_late():
    """The clock counts, too, not only the processor."""
    assert refused(lambda _: time.sleep(60), Limits(seconds=0.3)).code == "TOO_SLOW"


def test_a_mistake_is_told_by_its_place_without_its_words(caplog):
    """The log and the message name file, line and function, and no cell."""

    def work(_step):
        raise ValueError("Anna Secret, 12 Main Street")

    problem = refused(work)
    assert "ValueError at fenced.py" in str(problem) and "Secret" not in str(problem) + caplog.text
    assert "test_fenced.py" in caplog.text


def test_temporary_files_of_the_child_go_with_it(tmp_path, monkeypatch):
    """A folder that only the child knew of is gone, whether it ended well or was killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = fenced(lambda _: str(tempfile.mkdtemp()), TIGHT)
    assert Path(left).parent.name.startswith("fenced-") and not Path(left).exists()
    refused(lambda _: (tempfile.mkdtemp(), os.abort()))
    assert list(tmp_path.iterdir()) == []


def test_who_listens_can_end_the_work():
    """What a step or a tick raises is raised here, at once, and the child is gone."""

    def endless(step):
        step("Reading", 0, 1)
        time.sleep(60)

    def stop(*_):
        raise Stopped()

    with pytest.raises(Stopped):
        fenced(endless, TIGHT, step=stop)
    with pytest.raises(Stopped):
        fenced(endless, TIGHT, tick=stop)


def test_the_child_sees_no_socket_file_or_terminal_of_its_parent(tmp_path):
    """Only the three standard streams, which lead nowhere, and the way to its parent are open."""
    with (tmp_path / "secret").open("w"):
        files = fenced(lambda _: open_files(), TIGHT)
    standard = [files.pop(number) for number in "012"]
    assert standard[:2] == ["/dev/null", "/dev/null"] and standard[2].endswith("/told")
    assert [target.partition(":")[0] for target in files.values()] == ["pipe"]


def test_a_parent_that_is_killed_takes_its_child_along(tmp_path):
    """kill -9 of a job leaves nobody reading."""
    code = ("import os, time\nfrom pathlib import Path\nfrom core.fenced import Limits, fenced\n"
            "fenced(lambda step: (step(str(os.getpid()), 0, 1), time.sleep(60)), Limits(),"
            f" step=lambda pid, *_: print(pid, flush=True), scratch=Path({str(tmp_path)!r}))")  # fmt: skip
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while _lives(child):
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_small_file_has_little_time_and_no_file_more_than_is_set():
    """5 seconds for what is tiny, more by the megabyte, never beyond the setting; memory never beyond what is free."""
    assert limits_for(1_900, Limits()).cpu < 5 and limits_for(10_000_000, Limits()).cpu > 100
    large = limits_for(10**9, Limits(seconds=60, cpu=60))
    assert large.cpu == large.seconds == 60
    assert limits_for(1, Limits(memory=10**6)).memory == 10**6
    assert limits_for(1, Limits(memory=10**15)).memory < 10**14
