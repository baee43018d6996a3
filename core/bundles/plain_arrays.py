"""Arrays as ``.npy`` bytes and back, without numpy's own reader: the header is one of few, and the size must be right."""

from __future__ import annotations

import re
from io import BytesIO
from math import prod

import numpy as np

from core.bundles.archive import refused

MOST_SIDE = 50_000_000
_MAGIC = b"\x93NUMPY\x01\x00"
_FIXED = len(_MAGIC) + 2
_HEADER = re.compile(
    rb"\{'descr': '(<f8|<f4|<i8|<i4|<i2|\|i1|\|u1|\|b1|<U[1-9][0-9]?)', 'fortran_order': False, "
    rb"'shape': \(((?:[0-9]{1,9}(?:, [0-9]{1,9}){1,2}|[0-9]{1,9},)?)\), \} *\n"
)


def to_bytes(array: np.ndarray) -> bytes:
    """``array`` in the first version of the format, little-endian and row by row; raises ValueError for objects.

    Source: numpy.lib.format, NEP 1.
    """
    kept = np.require(array, array.dtype.newbyteorder("<"), "C")
    if kept.dtype.hasobject:
        raise ValueError("an array of objects is no plain array")
    out = BytesIO()
    np.lib.format.write_array(out, kept, version=(1, 0), allow_pickle=False)
    return out.getvalue()


def from_bytes(content: bytes, name: str) -> np.ndarray:
    """The array, read-only. Raises :class:`BadRequest` for objects, other types, more than three sides, or a size that
    is not that of the content; nothing is allocated for it before."""
    length = int.from_bytes(content[len(_MAGIC) : _FIXED], "little")
    found = _HEADER.fullmatch(content[_FIXED : _FIXED + length]) if content.startswith(_MAGIC) else None
    if found is None:
        raise refused(f"{name} is no plain array of numbers")
    dtype = np.dtype(found[1].decode())
    shape = tuple(int(side) for side in found[2].replace(b",", b" ").split())
    body = memoryview(content)[_FIXED + length :]
    if prod(shape) * dtype.itemsize != len(body) or max(shape, default=0) > MOST_SIDE:
        raise refused(f"{name} says that it has the shape {shape}, which its {len(body):,} bytes do not hold")
    if dtype.kind == "b" and not np.isin(np.frombuffer(body, np.uint8), (0, 1)).all():
        raise refused(f"{name} holds something that is neither true nor false")
    return np.frombuffer(body, dtype).reshape(shape)
