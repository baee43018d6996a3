"""A kept frame tells of its own damage, even where nobody compares its digest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.codec.frames import read_frame, write_frame


def test_every_flipped_byte_of_the_cells_is_noticed(tmp_path):
    """Pages carry checksums: a flip in their bytes is an error, never another value."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"n": random.normal(size=400), "t": [f"text {i % 37}" for i in range(400)]})
    path = tmp_path / "frame.parquet"
    described = write_frame(frame, path)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    noticed = 0
    for place in random.integers(4, footer, 200):
        flipped = bytearray(content)
        flipped[place] ^= 1 << random.integers(0, 8)
        path.write_bytes(flipped)
        try:
            pd.testing.assert_frame_equal(read_frame(path, described), frame)
        except AssertionError:
            pytest.fail(f"byte {place} changed a value in silence")
        except Exception:
            noticed += 1
    assert noticed > 150, "what was not noticed lies in the head of a page and changed nothing"
