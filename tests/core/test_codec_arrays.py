"""Arrays are read whole by many threads at once: the race of Python 3.11's parser is played with every card for it."""

from __future__ import annotations

import gc
import io
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.codec.arrays import load_array, load_arrays


class Circular:
    """Litter for the collector, whose ``__del__`` lets another thread run in the middle of a parse."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        return


@pytest.fixture
def restless():
    """Threads change places as often as they can, and litter is collected all the time."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(10)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


def _by_eight(read) -> list:
    def often(_: int) -> list:
        return [(Circular(), read())[1] for _ in range(100)]

    with ThreadPoolExecutor(8) as pool:
        return [value for values in pool.map(often, range(16)) for value in values]


def test_threads_that_read_arrays_at_once_read_them_whole(restless):
    stream = io.BytesIO()
    np.save(stream, np.arange(12.0).reshape(4, 3))
    read = _by_eight(lambda: load_array(io.BytesIO(stream.getvalue())))
    assert len(read) == 1600 and all(np.array_equal(array, np.arange(12.0).reshape(4, 3)) for array in read)


def test_threads_that_read_archives_at_once_read_them_whole(restless, tmp_path):
    np.savez(tmp_path / "a.npz", points=np.arange(6.0), labels=np.arange(3))
    read = _by_eight(lambda: load_arrays(tmp_path / "a.npz"))
    assert all(sorted(arrays) == ["labels", "points"] and arrays["points"].sum() == 15 for arrays in read)


def test_what_would_run_code_is_refused():
    stream = io.BytesIO()
    np.save(stream, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        load_array(io.BytesIO(stream.getvalue()))
