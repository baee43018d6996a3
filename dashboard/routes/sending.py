"""Files on their way out: written in full aside, then sent; a broken one is never offered."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pandas as pd
from flask import Response, send_file

from core.exports.csv_text import write_csv
from dashboard.services import services

IN_MEMORY = 2**20  # bytes; what is longer is sent from disk


def send(write: Callable[[BinaryIO], None], name: str, mimetype: str = "text/csv") -> Response:
    """What ``write`` writes, as a file of this name."""
    # has no name, so it is gone when the response closes it, whatever happens before
    stream: BinaryIO = tempfile.TemporaryFile(dir=services().store.directory / "temp")  # noqa: SIM115
    try:
        write(stream)
        size = stream.tell()
        stream.seek(0)
        if size <= IN_MEMORY:
            with stream:
                stream = io.BytesIO(stream.read())
        return send_file(stream, mimetype=mimetype, as_attachment=True, download_name=name)
    except BaseException:
        stream.close()
        raise


def send_csv(frame: pd.DataFrame, name: str) -> Response:
    """A frame as CSV; cells that a spreadsheet would run are made harmless."""
    return send(lambda stream: write_csv(frame, stream, raw=False), name)


def file_name(dataset: str, candidate: str, export: str) -> str:
    """A name made of letters, digits, dots and hyphens: whatever the data is called, headers and disks can bear it."""
    stem = "".join(mark if mark.isalnum() else "-" for mark in Path(dataset).stem[:60])
    return "-".join(part for part in (stem.strip("-"), candidate, export) if part)
