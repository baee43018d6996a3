"""The head of the Atlas: the verdict, the numbers of segments and the algorithms."""

from __future__ import annotations

from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.model import Comparison, Segmentation
from dashboard.address import Address
from dashboard.components.board import best_at, choices_for_k
from dashboard.components.parts import head
from dashboard.components.segments import k_strip


def top(comparison: Comparison, segmentation: Segmentation, address: Address) -> list:
    """Heading with the verdict, and the ways to another candidate."""
    go = dcc.Link("Export", href=address.to("/export"), className="btn btn-primary")
    why = dcc.Link("What drives it?", href=address.to("/importance"), className="btn btn-secondary")
    told = " ".join(part for part in (segmentation.reason or segmentation.because, *segmentation.candidate.notes) if part)
    return [head(segmentation.candidate.label, told, [why, go])]


def chooser(comparison: Comparison, segmentation: Segmentation) -> html.Section:
    """The k strip and a chip for each algorithm."""
    candidate = segmentation.candidate
    strip = k_strip(choices_for_k(comparison, algorithm=candidate.algorithm, chosen=comparison.candidate(candidate.key)), label="Numbers of segments")
    chips = [
        html.Button(ALGORITHMS[name].label, id={"type": "atlas-algorithm", "index": name}, className="sa-chip",
                    **{"aria-pressed": "true" if name == candidate.algorithm else "false"})
        for name in comparison.plan.algorithms if best_at(comparison, algorithm=name) is not None
    ]  # fmt: skip
    return html.Section([html.Div(chips, className="sa-row"), strip], className="sa-card")


