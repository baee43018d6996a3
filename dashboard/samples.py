"""The sample files that come with the product, ready to open."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadRequest
from dashboard.services import owner, services

FOLDER = Path(__file__).parent.parent / "data" / "samples"


@dataclass(frozen=True)
class Sample:
    """A file under ``data/samples`` with what a person reads about it."""

    name: str
    file: str
    title: str
    text: str


SAMPLES = (
    Sample(
        "customers",
        "customers.csv",
        "Customers of a small shop",
        "1,200 customers with orders, spend, visits and region; it has gaps, repeated rows and a few extremes.",
    ),
    Sample(
        "orders",
        "orders.csv",
        "Order lines of the same shop",
        "5,025 order lines: each row is a product bought. They become customers on the Orders page.",
    ),
)


def open_sample(name: str) -> str:
    """Put a copy of the sample among this session's files; returns the dataset id."""
    sample = next((one for one in SAMPLES if one.name == name), None)
    if sample is None:
        raise BadRequest(f"There is no sample named {name!r}.", "Pick one from the Data page.")
    with tempfile.TemporaryDirectory(dir=services().store.directory / "temp") as folder:
        copy = Path(folder) / sample.file
        shutil.copyfile(FOLDER / sample.file, copy)
        return services().store.add_dataset(owner(), sample.file, copy).id
