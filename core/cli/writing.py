"""Several files that appear together or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import BadRequest


def write_all(writers: Mapping[Path, Callable[[BinaryIO], None]]) -> None:
    """Write every file beside its place, then move all of them there; missing folders are made.

    Raises :class:`BadRequest` where the disk refuses.
    """
    with staged(list(writers)) as parts:
        for path, write in writers.items():
            with _told(path), parts[path].open("wb") as stream:
                write(stream)


@contextmanager
def staged(paths: Sequence[Path]) -> Iterator[dict[Path, Path]]:
    """For each of ``paths`` a place beside it to write to; what is written moves where it belongs if all goes well.

    Raises :class:`BadRequest` where the disk refuses.
    """
    with ExitStack() as stack:
        parts = {}
        for path in paths:
            with _told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-")
                parts[path] = Path(stack.enter_context(folder)) / path.name
        yield parts
        for path, part in parts.items():
            with _told(path):
                part.replace(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        what = f"{path} cannot be written: {problem.strerror}."
        raise BadRequest(what, "Check the folder and the space on its disk.") from problem
