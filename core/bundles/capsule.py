"""A run that can be made again, as a zip: the plan, what was changed by hand, which data, which versions, and the labels."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from core.bundles import plain_arrays, plain_json
from core.bundles.archive import read_members, refused, write_members
from core.bundles.layouts import Layout, require_numbers, require_sides
from core.bundles.schema import require
from core.errors import BadRequest
from core.model import NOISE, Plan, Segmentation, Shape

FORMAT, CAPSULE_VERSION = "segment-atlas-capsule", 1
BODY, PLAN, SHAPE, LABELS = "capsule.json", "plan.json", "shape.json", "labels.npy"
PACKAGES = ("numpy", "scipy", "scikit-learn", "pandas", "kmedoids", "fastcluster", "pyarrow")
"""Packages whose version can change a label."""
_NAMES = re.compile(r"capsule\.json|plan\.json|shape\.json|labels\.npy")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Capsule:
    """``plan`` makes the one candidate ``candidate`` (key, ``label``), ``shape`` what a person made of it.

    The data: ``sha256`` of the file's bytes ("" where only the table was there), ``fingerprint`` of content and reading,
    ``rows`` of the table. ``versions`` by package as it was made at ``made_at`` (ISO, UTC); ``resamples`` of its stability.
    ``labels`` (rows,) int16 after all edits, NOISE where not placed.
    """

    plan: Plan
    candidate: str
    label: str
    fingerprint: str
    labels: np.ndarray
    shape: Shape = field(default_factory=Shape)
    sha256: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    resamples: int = 0
    made_at: str = ""

    @property
    def rows(self) -> int:
        return len(self.labels)


def capsule_of(segmentation: Segmentation, sha256: str = "") -> Capsule:
    """What makes ``segmentation`` again; ``sha256`` of the file it was made of, "" where only the table is known."""
    return Capsule(
        plan=segmentation.plan, candidate=segmentation.candidate.key, label=segmentation.candidate.label,
        fingerprint=segmentation.fingerprint, labels=segmentation.candidate.labels, shape=segmentation.shape, sha256=sha256,
        versions=versions(), resamples=segmentation.resamples, made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )  # fmt: skip


def write_capsule(capsule: Capsule, stream: BinaryIO) -> None:
    """Write it; equal capsules give equal bytes. Raises :class:`BadRequest` where it would be too large."""
    labels = plain_arrays.to_bytes(capsule.labels.astype(np.int16))
    body = {
        "format": FORMAT, "version": CAPSULE_VERSION, "made_at": capsule.made_at, "candidate": capsule.candidate, "label": capsule.label,
        "data": {"sha256": capsule.sha256, "fingerprint": capsule.fingerprint, "rows": capsule.rows},
        "versions": dict(capsule.versions), "resamples": capsule.resamples, "labels": {"sha256": sha256(capsule.labels)},
    }  # fmt: skip
    members = {BODY: plain_json.to_bytes(body), PLAN: (capsule.plan.to_json() + "\n").encode(), LABELS: labels}
    if capsule.shape.edits:
        members[SHAPE] = capsule.shape.to_json().encode()
    write_members(members, stream)


def read_capsule(source: BinaryIO | Path) -> Capsule:
    """The capsule, checked as data; raises :class:`BadRequest` for anything that is none."""
    members = read_members(source, _NAMES)
    missing = [name for name in (BODY, PLAN, LABELS) if name not in members]
    if missing:
        raise refused(f"it is no capsule: it holds no {missing[0]}")
    body = plain_json.from_bytes(members[BODY], BODY)
    _require_ours(body)
    labels = plain_arrays.from_bytes(members[LABELS], LABELS)
    _require_labels(labels, body)
    return Capsule(
        plan=Plan.from_json(_text(members[PLAN], PLAN)), candidate=body["candidate"], label=body["label"],
        fingerprint=body["data"]["fingerprint"], labels=labels, shape=Shape.from_json(_text(members.get(SHAPE, b""), SHAPE)),
        sha256=body["data"]["sha256"], versions=body["versions"], resamples=body["resamples"], made_at=body["made_at"],
    )  # fmt: skip


def _require_ours(body: Any) -> None:
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise refused("it is no capsule of Segment Atlas")
    if body.get("version") != CAPSULE_VERSION:
        raise refused("the capsule was written by another version, and this one cannot read it")
    require(body, "capsule")


def _require_labels(labels: np.ndarray, body: Mapping[str, Any]) -> None:
    require_sides("labels", labels, Layout("<i2", "n"), {"n": body["data"]["rows"]})
    require_numbers("labels", labels, Layout("<i2", "n", NOISE, 2**15 - 1))
    if sha256(labels) != body["labels"]["sha256"]:
        raise refused("its labels are not those it was written with")


def _text(content: bytes, name: str) -> str:
    """A member that a noun of ours reads: JSON that is believed, as text."""
    if not content:
        return ""
    return json.dumps(plain_json.from_bytes(content, name), ensure_ascii=False)


def sha256(labels: np.ndarray) -> str:
    """Of labels (n,) as little-endian int16: 64 hex digits."""
    return hashlib.sha256(labels.astype("<i2").tobytes()).hexdigest()


def sha256_of(path: Path) -> str:
    """Of the bytes of a file: 64 hex digits."""
    total = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                total.update(chunk)
    except OSError as problem:
        raise BadRequest("The file cannot be read.", "Check the path.") from problem
    return total.hexdigest()


def versions() -> dict[str, str]:
    """Of Python and of the packages that can change a label."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
