"""Directories that are complete or absent: written aside, synced, renamed, checked at every read."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

MANIFEST = "manifest.json"
VERSION = 1


class Broken(Exception):
    """The bytes are not those that were written; ``args`` names the file."""


def save(fill: Callable[[Path], None], draft: Path, final: Path) -> str:
    """Let ``fill`` write into ``draft``, then :func:`adopt` it."""
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    fill(draft)
    return adopt(draft, final)


def adopt(draft: Path, final: Path) -> str:
    """Make a complete directory durable and rename it to ``final``; the digest of its manifest.

    A crash at any point leaves either nothing or all of ``final``. A ``final`` that
    holds the same bytes already stays as it is, so that nobody reading it is disturbed.
    """
    files = {path.name: file_digest(path) for path in sorted(draft.iterdir())}
    manifest = json.dumps({"version": VERSION, "files": files}, sort_keys=True).encode()
    (draft / MANIFEST).write_bytes(manifest)
    for path in draft.iterdir():
        path.chmod(0o600)
        _sync(path)
    _sync(draft)
    digest = hashlib.sha256(manifest).hexdigest()
    if _is_whole(final, digest):
        shutil.rmtree(draft)
        return digest
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    draft.rename(final)
    _sync(final.parent)
    return digest


def check(directory: Path, digest: str) -> None:
    """Raise :class:`Broken` unless every byte is as it was written."""
    try:
        manifest = (directory / MANIFEST).read_bytes()
        if not hmac.compare_digest(hashlib.sha256(manifest).hexdigest(), digest):
            raise Broken(MANIFEST)
        files = json.loads(manifest)["files"]
        for name, expected in files.items():
            if file_digest(directory / name) != expected:
                raise Broken(name)
    except OSError as problem:
        raise Broken(str(problem.filename and Path(problem.filename).name)) from problem


def _is_whole(directory: Path, digest: str) -> bool:
    try:
        check(directory, digest)
    except Broken:
        return False
    return True


def file_digest(path: Path) -> str:
    """sha256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def adopt_file(path: Path, final: Path) -> None:
    """Move a complete file into its place, durably."""
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o600)
    _sync(path)
    path.rename(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
