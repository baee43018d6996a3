"""Arrays from disk, by one thread at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import BinaryIO

import numpy as np

# numpy reads the header of an array by Python's parser, which Python 3.11 lets threads upset: "AST constructor recursion
# depth mismatch" (python/cpython#106905)
_ONE_AT_A_TIME = threading.Lock()


def load_array(stream: BinaryIO) -> np.ndarray:
    """The array that ``np.save`` wrote; never runs what it reads. Raises ValueError for anything else."""
    with _ONE_AT_A_TIME:
        return np.load(stream, allow_pickle=False)


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays that ``np.savez`` wrote, by name."""
    with _ONE_AT_A_TIME, np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
