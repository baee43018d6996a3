"""Models as zips of JSON and plain arrays: what is written is read, byte for byte and number for number."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from core.bundles import read_model, write_model
from core.errors import BadRequest
from core.model import Model
from tests.core.hand_made_model import hand_made

KEY = b"k" * 32


def written(model: Model, key: bytes | None = None) -> bytes:
    out = BytesIO()
    write_model(model, out, key=key)
    return out.getvalue()


def same(one: Any, other: Any) -> bool:
    """Equal in every field, arrays in type, shape and every number."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and bool((one == other).all())
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def test_what_is_written_is_read():
    """Every field of the model comes back with its type."""
    model = hand_made()
    read, signed = read_model(BytesIO(written(model)))
    assert not signed
    assert same(model, read)


def test_equal_models_are_equal_bytes():
    """Nothing of the clock or of an order of making is in the file."""
    assert written(hand_made(), KEY) == written(hand_made(), KEY)
    assert written(hand_made()) != written(hand_made("Autumn"))


def test_a_signature_is_known_by_its_key_alone():
    """Ours is signed; without a signature, with another key or without ours a model is foreign."""
    ours = written(hand_made(), KEY)
    assert read_model(BytesIO(ours), key=KEY)[1]
    assert not read_model(BytesIO(ours), key=b"another")[1]
    assert not read_model(BytesIO(ours))[1]
    assert not read_model(BytesIO(written(hand_made())), key=KEY)[1]


def test_what_is_no_zip_is_refused():
    """With words, not with a trace."""
    with pytest.raises(BadRequest, match="no zip"):
        read_model(BytesIO(b"spend,visits\n1,2\n"))
