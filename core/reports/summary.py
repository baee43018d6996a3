"""A segmentation to a :class:`core.reports.document.Report`: what is told, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.model import Comparison, Segmentation, Table
from core.personas.said import label
from core.reports import telling, words
from core.reports.document import Report
from core.reports.source import Source, source_of


def summarise(
    table: Table, comparison: Comparison, segmentation: Segmentation, *, options: Mapping[str, Any] | None = None
) -> Report:
    """Everything a reader needs, without any single customer; ``options`` as in :func:`core.reports.source.source_of`.

    The same arguments give the same report.
    """
    source = source_of(table, comparison, segmentation, options or {})
    file = label(table.source.name, 80)
    count = source.of.candidate.n_segments
    return Report(
        title=f"{count} customer segment{'' if count == 1 else 's'}",
        subtitle=file,
        line=f"{file} · {label(source.of.candidate.label)}",
        facts=_facts(source),
        opening=(telling.verdict(source), telling.at_a_glance(source)),
        sections=(
            telling.overview(source), telling.where(source), telling.profiles(source), *words.income(source),
            words.portraits(source), *words.drivers(source), words.method(source),
        ),
    )  # fmt: skip


def _facts(source: Source) -> tuple[tuple[str, str], ...]:
    known = {"Date": source.made, "Method": label(source.of.candidate.label), "Run": source.run}
    return tuple((name, value) for name, value in known.items() if value)
