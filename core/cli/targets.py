"""Files that a command is to write: each of its own, and none in the place of a folder, a device or the input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.cli.asked import is_file
from core.errors import BadRequest


def check_targets(source: Path, targets: Mapping[str, Path | None]) -> None:
    """Raise :class:`BadRequest` for a target (by option) that is a folder, a device, the input or named twice."""
    taken = {source.resolve()}
    for name, path in targets.items():
        if path is None:
            continue
        if _stands(path) and not is_file(path):  # a device would be replaced by the file
            raise BadRequest(f"{path} is a folder or a device, not a file.", f"Give {name} a file.")
        if path.resolve() in taken:
            raise BadRequest(f"{path} is the input or named twice.", f"Give {name} a file of its own.")
        taken.add(path.resolve())


def _stands(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as problem:
        raise BadRequest(f"{path} cannot be written: {problem.strerror}.", "Choose another name.") from problem
