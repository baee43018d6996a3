"""What the arrays of each algorithm look like: their types and sides, and numbers that its rule of placing can use.

An algorithm that is not listed is held to what holds for all: plain finite numbers, and a trial.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.bundles.archive import refused

FARTHEST = 1e150
"""Its square is still a number; the matrix ends at 1e100."""
MOST_POINTS = 100_000
"""Rows of one array; the fits remember at most 50,000."""
_CENTRED = ("ward", "average", "complete", "genie", "spectral")
_ACTIVATIONS = ("tanh", "relu", "logistic")


@dataclass(frozen=True)
class Layout:
    """One array: its ``dtype``, its ``sides`` (a letter stands for one number wherever it is; "d": features, "n": any number of customers), and what
    its numbers must be: within ``low`` and ``high``; ``open`` lets infinity in, too."""

    dtype: str
    sides: str
    low: float = -FARTHEST
    high: float = FARTHEST
    open: bool = False


_FACTOR = Layout("<f8", "1", 2.0**-1022, 2.0**1022)
_SPREAD = Layout("<f8", "d", np.finfo(float).tiny, np.finfo(float).max)
_POINTS = {"points": Layout("<f8", "md"), "groups": Layout("<i4", "m", -1, 2**15)}
_HANGING = _POINTS | {"factor": _FACTOR}
LAYOUTS: Mapping[str, Mapping[str, Layout]] = {
    "kmeans": {"centres": Layout("<f8", "kd")},
    "bisecting": {"parents": Layout("<i2", "m", 0, 2**15), "pairs": Layout("<f8", "m2d")},
    "gmm": {"factor": _FACTOR, "shift": Layout("<f8", "d"), "spread": _SPREAD,
            "log_weights": Layout("<f8", "k", -np.inf, 0.0, open=True), "means": Layout("<f8", "kd"), "factors": Layout("<f8", "kdd")},
    **dict.fromkeys(_CENTRED, _HANGING),
    "dbscan": _POINTS | {"eps": Layout("<f8", "1", 0.0, np.inf, open=True)},
    "hdbscan": _POINTS | {"within": Layout("<f8", "m", 0.0, np.inf, open=True)},
    "kmedoids": {"medoids": Layout("<f8", "kd"), "low": Layout("<f8", "d"), "weights": Layout("<f8", "d", 0.0)},
}  # fmt: skip


def require_arrays(algorithm: str, arrays: Mapping[str, np.ndarray], features: int) -> None:
    """Raise :class:`BadRequest` unless these are arrays that the algorithm's ``place`` takes for so many features."""
    layouts = _GROWN[algorithm](arrays, features) if algorithm in _GROWN else LAYOUTS.get(algorithm)
    if layouts is None:
        for name, array in arrays.items():
            require_numbers(name, array, Layout(array.dtype.str, "?" * array.ndim))
        return
    if set(arrays) != set(layouts):
        raise refused(f"a model of this kind has the arrays {', '.join(sorted(layouts))}, not {', '.join(sorted(arrays)) or 'none'}")
    known = {"d": features}
    for name, layout in layouts.items():
        known |= require_sides(name, arrays[name], layout, known)
        if not layout.dtype.startswith("<U"):
            require_numbers(name, arrays[name], layout)
    _EXTRA.get(algorithm, lambda arrays: None)(arrays)


def require_sides(name: str, array: np.ndarray, layout: Layout, known: Mapping[str, int]) -> dict[str, int]:
    """The sides found, by letter. Raises :class:`BadRequest` for another type, or sides that differ from those ``known``."""
    if array.dtype.str != layout.dtype or array.ndim != len(layout.sides):
        raise refused(f"the array {name} has the type {array.dtype} and {array.ndim} sides, which it must not have")
    if max(array.shape, default=0) > MOST_POINTS and "n" not in layout.sides:
        raise refused(f"the array {name} has {max(array.shape):,} entries along a side; {MOST_POINTS:,} are allowed")
    found = {}
    for letter, side in zip(layout.sides, array.shape, strict=True):
        expected = int(letter) if letter.isdigit() else known.get(letter, found.get(letter, max(side, 1)))
        if side != expected:
            raise refused(f"the array {name} has {side:,} entries along a side where others have {expected:,}")
        if letter.isalpha():
            found[letter] = side
    return found


def require_numbers(name: str, array: np.ndarray, layout: Layout) -> None:
    """Raise :class:`BadRequest` for numbers out of range, and for what is none."""
    if array.dtype.kind not in "fi":
        raise refused(f"the array {name} holds no numbers")
    fine = (array >= layout.low) & (array <= layout.high) & (layout.open | np.isfinite(array))
    if not fine.all():
        raise refused(f"the array {name} holds a number that cannot be: {array[~fine].flat[0]}")


def groups_of(algorithm: str, arrays: Mapping[str, np.ndarray]) -> int:
    """How many raw groups the arrays can lead to; 0 where that cannot be told from them."""
    if "groups" in arrays:
        return int(arrays["groups"].max(initial=-1)) + 1
    name, more = _GROUPS.get(algorithm, ("", 0))
    return len(arrays[name]) + more if name else 0


def _network(arrays: Mapping[str, np.ndarray], features: int) -> dict[str, Layout]:
    """The layouts of a network as deep as ``arrays`` say: weights and offsets by turns, from the features to the middle and
    back, each as wide as the one before it is."""
    layers = sum(name.startswith("layer_") for name in arrays)
    word = arrays.get("activation")
    if layers % 4 or not 4 <= layers <= 40 or word is None or word.dtype.kind != "U" or word.shape != () or str(word) not in _ACTIVATIONS:
        raise refused("its network has no middle, or no activation that is known")
    letters = "d" + "abcefghijklopqrstuvwxyz"[: layers // 2 - 1] + "d"
    middle = letters[layers // 4]
    out = {"largest": _SPREAD, "shift": Layout("<f8", "d"), "spread": _SPREAD}
    for at in range(layers // 2):
        out[f"layer_{2 * at}"] = Layout("<f8", letters[at] + letters[at + 1])
        out[f"layer_{2 * at + 1}"] = Layout("<f8", letters[at + 1])
    if any(name not in arrays for name in out):
        raise refused("its network lacks a layer")
    return out | {"centres": Layout("<f8", "K" + middle), "activation": Layout(word.dtype.str, "")}


def _require_tree(arrays: Mapping[str, np.ndarray]) -> None:
    if (arrays["parents"] > np.arange(len(arrays["parents"]))).any():
        raise refused("its tree splits a segment that is not there yet")


_GROUPS: Mapping[str, tuple[str, int]] = {
    "kmeans": ("centres", 0), "autoencoder": ("centres", 0), "gmm": ("means", 0), "kmedoids": ("medoids", 0), "bisecting": ("parents", 1),
}  # fmt: skip
"""The array with a row per group, and how many groups there are beyond its rows."""
_GROWN: Mapping[str, Callable[[Mapping[str, np.ndarray], int], Mapping[str, Layout]]] = {"autoencoder": _network}
"""Layouts that follow from the arrays themselves."""
_EXTRA: Mapping[str, Callable[[Mapping[str, np.ndarray]], None]] = {"bisecting": _require_tree}
