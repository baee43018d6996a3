"""The nouns of :mod:`core.model` to files and back: JSON for structure, ``.npz`` for arrays, Parquet for frames.

No pickle anywhere: nothing that is read from disk can run. The walk follows the
type hints of the dataclasses, so that a new optional field of a noun is stored
without a change here.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from core.codec.arrays import load_arrays
from core.codec.frames import read_frame, write_frame

BODY = "body.json"
ARRAYS = "arrays.npz"
Noun = TypeVar("Noun")


def write(noun: Any, directory: Path) -> None:
    """Write a noun into an empty directory; its frames two at a time."""
    arrays: dict[str, np.ndarray] = {}
    with ThreadPoolExecutor(2) as pool:
        writing: list[Future] = []
        body = _pack(noun, arrays, writing, partial(_start, pool, directory))
        frames = [one.result() for one in writing]
    if arrays:
        np.savez(directory / ARRAYS, allow_pickle=False, **arrays)
    (directory / BODY).write_text(json.dumps({"noun": body, "frames": frames}, ensure_ascii=False), encoding="utf-8")


def read(kind: type[Noun], directory: Path) -> Noun:
    """The noun of this kind that :func:`write` left in the directory; arrays are read-only."""
    stored = json.loads((directory / BODY).read_text(encoding="utf-8"))
    arrays: dict[str, np.ndarray] = {}
    if (directory / ARRAYS).exists():
        arrays = load_arrays(directory / ARRAYS)
    for array in arrays.values():
        array.setflags(write=False)
    frames = [read_frame(directory / f"frame{i}.parquet", described) for i, described in enumerate(stored["frames"])]
    return _unpack(stored["noun"], kind, arrays, frames)


def _start(pool: ThreadPoolExecutor, directory: Path, frame: pd.DataFrame, number: int) -> Future:
    return pool.submit(write_frame, frame, directory / f"frame{number}.parquet")


def _pack(value: Any, arrays: dict, frames: list[Future], start: Callable[[pd.DataFrame, int], Future]) -> Any:
    if isinstance(value, np.ndarray):
        arrays[f"a{len(arrays)}"] = value
        return f"a{len(arrays) - 1}"
    if isinstance(value, pd.DataFrame):
        frames.append(start(value, len(frames)))
        return len(frames) - 1
    if is_dataclass(value):
        return {f.name: _pack(getattr(value, f.name), arrays, frames, start) for f in fields(value)}
    if isinstance(value, Mapping):
        return [[_scalar(k), _pack(v, arrays, frames, start)] for k, v in value.items()]
    if isinstance(value, (list, tuple)):
        return [_pack(item, arrays, frames, start) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"a value of type {type(value).__name__} cannot be stored")


def _unpack(plain: Any, kind: Any, arrays: dict, frames: list) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        kind = next(arg for arg in inner if arg is not types.NoneType)
        return None if plain is None else _unpack(plain, kind, arrays, frames)
    if kind is np.ndarray:
        return arrays[plain]
    if kind is pd.DataFrame:
        return frames[plain]
    if is_dataclass(kind):
        known = _hints(kind)
        return kind(**{k: _unpack(v, known[k], arrays, frames) for k, v in plain.items() if k in known})
    if origin is not None and issubclass(origin, Mapping):
        return {_unpack(k, inner[0], arrays, frames): _unpack(v, inner[1], arrays, frames) for k, v in plain}
    if origin is tuple:
        if inner[-1] is Ellipsis and inner[0] in (float, int, str):
            return tuple(plain)
        kinds = [inner[0]] * len(plain) if inner[-1] is Ellipsis else inner
        return tuple(_unpack(item, each, arrays, frames) for item, each in zip(plain, kinds, strict=True))
    return kind(plain) if isinstance(kind, type) and issubclass(kind, StrEnum) else plain


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return {f.name: hint for f in fields(kind) if (hint := typing.get_type_hints(kind).get(f.name))}
