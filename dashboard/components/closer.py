"""One candidate looked at closer: its segments, its customers' silhouettes, and what only its fit knows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.model import NOISE, Candidate, Comparison
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.board import stability
from dashboard.components.figure import graph
from dashboard.components.parts import card, stat, stats
from dashboard.components.segments import segment_badge, share_bar
from dashboard.components.tables import table
from dashboard.figures import loss_curve, silhouette_profile, silhouette_profile_height
from dashboard.security.labels import plain


def closer(comparison: Comparison, chosen: Candidate, address: Address, *, mode: str) -> list:
    """The card of the chosen candidate and the figures beside it."""
    open_it = dcc.Link(
        "Look at it in the Atlas", href=address.to("/atlas", choice=chosen.key, picks=""), className="btn btn-secondary"
    )
    notes = [html.Li(plain(note, limit=300)) for note in chosen.notes]
    facts = card(
        chosen.label,
        _tiles(chosen),
        _sizes(chosen),
        *([html.Ul(notes, className="sa-notes")] if notes else []),
        help=ALGORITHMS[chosen.algorithm].assumes,
        actions=open_it,
    )
    figures = [*_widths(comparison, chosen, mode), *_losses(chosen, mode)]
    width = "sa-col-6" if figures else "sa-col-12"
    parts = [html.Div(facts, className=width)]
    return [html.Div([*parts, *(html.Div(one, className="sa-card sa-col-6") for one in figures)], className="sa-grid")]


def _tiles(chosen: Candidate) -> html.Div:
    silhouette = chosen.score("silhouette")
    told = stability(chosen)
    tiles = [
        stat(
            "Separation (silhouette)",
            numbers.number(silhouette.value),
            base=plain(silhouette.because, limit=160) or "of at most 1",
        ),
        stat(
            "Stability",
            numbers.number(told),
            base="agreement of resamples" if told is not None else "not measured here",
        ),
        stat("Customers placed", numbers.share(chosen.score("share_placed").value or 0.0)),
    ]
    if "latent_silhouette" in chosen.facts:
        tiles.append(
            stat(
                "Separation in its own space",
                numbers.number(chosen.facts["latent_silhouette"]),
                base="latent; never ranked",
            )
        )
        lost = chosen.facts.get("reconstruction_error")
        tiles.append(
            stat("Not reconstructed", numbers.share(lost or 0.0), base="of the variance of customers held out")
        )
    return stats(*tiles)


def _sizes(chosen: Candidate) -> html.Ul:
    total = max(sum(chosen.sizes.values()), 1)
    order = [*sorted(s for s in chosen.sizes if s != NOISE), *([NOISE] if chosen.sizes.get(NOISE) else [])]
    rows = []
    for segment in order:
        size = chosen.sizes[segment]
        trust = chosen.trust.get(segment)
        told = f"{numbers.whole(size)} customers, {numbers.share(size / total)}"
        told += f"; stays together {trust:.2f} of 1" if trust is not None else ""
        rows.append(
            html.Li(
                [
                    segment_badge(segment, chosen.names.get(segment, "")),
                    html.Span(told, className="sa-muted sa-small"),
                    share_bar(size / total, segment),
                ]
            )
        )
    return html.Ul(rows, className="sa-sizes")


def _widths(comparison: Comparison, chosen: Candidate, mode: str) -> Iterator[html.Figure]:
    frame = comparison.evidence.get("widths")
    if frame is None or chosen.key not in frame:
        return
    labels = chosen.labels[frame["row"].to_numpy()]
    widths = frame[chosen.key].to_numpy(dtype=float)
    drawn = silhouette_profile(widths, labels, names=chosen.names, mode=mode)
    grouped = pd.DataFrame({"segment": labels, "silhouette": widths}).dropna().groupby("segment")["silhouette"]
    twin = pd.DataFrame(
        {
            "customers": grouped.size(),
            "mean": grouped.mean(),
            "below zero": grouped.apply(lambda v: float((v < 0).mean())),
        }
    )
    sampled = len(frame) < len(chosen.labels)
    told = (
        f"{numbers.whole(len(frame))} of {numbers.whole(len(chosen.labels))} customers, drawn at random. "
        if sampled
        else ""
    )
    yield graph(
        drawn.figure,
        id="widths",
        title="How well each customer fits its segment",
        height=max(silhouette_profile_height(chosen.n_segments), 380),
        sentence=f"Bars left of zero are nearer to another segment (silhouette). {told}{drawn.caption}".strip(),
        table=table(twin.reset_index(), caption="Silhouettes by segment"),
    )


def _losses(chosen: Candidate, mode: str) -> Iterator[html.Figure]:
    if "train_loss" not in chosen.curves:
        return
    train, validation = chosen.curves["train_loss"], chosen.curves.get("validation_loss", ())
    kept = int(chosen.facts.get("kept_round", len(train)))
    twin = pd.DataFrame({"round": range(1, len(train) + 1), "training": train})
    if validation:
        twin["validation"] = list(validation)
    yield graph(
        loss_curve(train, validation, stopped_at=kept, mode=mode),
        id="losses",
        title="How the network learned",
        height=340,
        sentence=f"Round {kept} was kept: after it, customers held out were reconstructed no better.",
        table=twin,
    )
