"""Every customer of a flat map as a picture: each cell in the colour of the segment that most of its customers are of.

Marks of a drawing (SVG) are few; a picture costs the same for a thousand customers as for a million.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from core.model import NOISE

WIDE, HIGH = 200, 140
FAINT, FULL = 40, 190
"""How opaque (0..255) a cell with one customer is, and the fullest cell."""


class Raster(NamedTuple):
    """Pictures (data addresses of PNG files) by segment, and the reach they cover: (low, high) of x and of y."""

    pictures: Mapping[int, str]
    x: tuple[float, float]
    y: tuple[float, float]


def raster(points: np.ndarray, labels: np.ndarray, colours: Mapping[int, str], *, hidden: Collection[int] = ()) -> Raster:
    """All rows of ``points`` (n, 2) with a place, by their segments ``labels`` (n,), in ``colours`` (``#rrggbb``).

    A cell is opaque by the logarithm of its customers, whatever their segments. Segments that are ``hidden``, and those
    without a colour, do not count. One picture per segment, so that the browser can hide one.
    """
    segments = sorted(set(colours) - set(hidden))
    reach = _reach(points)
    counts = _counts(points, labels, segments, reach)
    total = counts.sum(axis=0)
    most = counts.argmax(axis=0) if segments else np.zeros_like(total)
    opaque = _opaque(total)
    pictures = {}
    for place, segment in enumerate(segments):
        here = (most == place) & (total > 0)
        if here.any():
            pictures[segment] = png(_painted(colours[segment], np.where(here, opaque, 0)))
    return Raster(pictures, *reach)


def _reach(points: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """The least and the greatest value of each axis, with half a cell around it; equal ones are moved apart."""
    out = []
    for column, cells in zip(points.T, (WIDE, HIGH), strict=True):
        known = column[np.isfinite(column)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        margin = (high - low) / (2 * cells - 2) if high > low else 0.5
        out.append((low - margin, high + margin))
    return out[0], out[1]


def _counts(points: np.ndarray, labels: np.ndarray, segments: list[int], reach: tuple) -> np.ndarray:
    """Customers by (segment, row from the top, column)."""
    places = np.full(int(labels.max(initial=0)) - NOISE + 1, -1)
    for place, segment in enumerate(segments):
        if segment - NOISE < len(places):
            places[segment - NOISE] = place
    nth = places[labels.astype(np.int64) - NOISE]
    kept = (nth >= 0) & np.isfinite(points).all(axis=1)
    across = _cells(points[kept, 0], reach[0], WIDE)
    down = HIGH - 1 - _cells(points[kept, 1], reach[1], HIGH)
    flat = (nth[kept] * HIGH + down) * WIDE + across
    return np.bincount(flat, minlength=len(segments) * HIGH * WIDE).reshape(len(segments), HIGH, WIDE)


def _cells(values: np.ndarray, reach: tuple[float, float], cells: int) -> np.ndarray:
    share = (values.astype(np.float64) - reach[0]) / (reach[1] - reach[0])
    return np.clip((share * cells).astype(np.int64), 0, cells - 1)


def _opaque(total: np.ndarray) -> np.ndarray:
    """0 where nobody is, else from :data:`FAINT` to :data:`FULL`."""
    fullest = np.log(max(int(total.max(initial=0)), 2))
    level = np.log(np.maximum(total, 1)) / fullest
    return np.where(total > 0, FAINT + (FULL - FAINT) * level, 0).astype(np.uint8)


def _painted(colour: str, opaque: np.ndarray) -> np.ndarray:
    rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    out = np.empty((*opaque.shape, 4), dtype=np.uint8)
    out[..., :3], out[..., 3] = rgb, opaque
    return out


def png(pixels: np.ndarray) -> str:
    """``pixels`` (rows, columns, 4) uint8, red, green, blue and opacity, as the data address of a PNG file."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(stream, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"
