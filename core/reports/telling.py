"""The first page of a report and what is told of all segments together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from core.model import NOISE, Kind
from core.personal import FEWER
from core.personas.facts import Trait
from core.personas.said import label
from core.personas.telling import strongest
from core.personas.written import written
from core.reports import charts
from core.reports.document import (
    Block,
    Card,
    Cards,
    Chart,
    Difference,
    Fact,
    Facts,
    Grid,
    Paragraph,
    Section,
    Verdict,
)
from core.reports.source import Source
from core.selection import caution, trust_words

VERDICTS = {
    "natural": ("good", "Natural segments", "Customers fall into these groups of themselves: there is less between the segments "
                "than within them, and they come out again when customers are drawn anew."),
    "reproducible": ("good", "Reproducible segments", "No gaps lie between the segments, yet something in the data makes the same "
                     "ones come out again. Use them, and expect customers near the borders."),
    "constructive": ("warn", "Constructive segments", "The data has no segments of itself: they were cut. A cut can serve well, "
                     "as price bands do, but other customers would be cut elsewhere."),
    "none": ("bad", "No segments", "What was found cannot be told apart from data without any segments. Do not act on it."),
}  # fmt: skip
NOTHING = "–"
MOST_DIFFERENCES, MOST_ROWS = 3, 16


def verdict(source: Source) -> Verdict:
    """How far the segments are there by themselves, in a word, a colour, and the reason with its numbers."""
    kind, word, meaning = VERDICTS.get(source.of.verdict, ("warn", "Not judged", "Nobody has compared these segments with chance yet."))
    return Verdict(kind, word, label(source.of.reason or source.of.because, 900), meaning)


def at_a_glance(source: Source) -> Facts:
    candidate = source.of.candidate
    unplaced = candidate.sizes.get(NOISE, 0)
    shape = sum(1 for column in {feature.column for feature in source.comparison.features} if column not in source.hidden)
    facts = [
        Fact("Customers", f"{source.customers:,}", "rows of the file"),
        Fact("Segments", f"{candidate.n_segments}", label(candidate.label)),
        Fact("Columns that shaped them", f"{shape}", f"of {len(source.table.columns)} in the file"),
    ]
    facts += [Fact("Not placed", source.size(NOISE), "in no segment")] if unplaced else []
    return Facts(tuple(facts))


def overview(source: Source) -> Section:
    """A card per segment."""
    cards = tuple(_card(source, segment) for segment in source.order)
    return Section("segments", "The segments", (Cards(cards), Paragraph(
        "Arrows compare a segment's average, or share, with that of all customers; only differences that come out steadily "
        "are listed. Stability is the bootstrap Jaccard similarity (Hennig 2007), at most 1.", "small")), new_page=True)  # fmt: skip


def _card(source: Source, segment: int) -> Card:
    sign, trust = source.sign(segment), source.of.candidate.trust.get(segment)
    if segment in source.small:
        return Card(segment, sign.name, sign.colour, sign.mark, source.size(segment), "", (), _why_not(source, segment))
    return Card(
        segment, sign.name, sign.colour, sign.mark, source.size(segment), written(source.share(segment), "share"),
        differences(source, segment)[:MOST_DIFFERENCES],
        f"{trust_words(trust)} ({trust:.2f} of at most 1)" if trust_words(trust) else "stability not measured",
        caution(trust), label(source.of.descriptions.get(segment, ""), 400),
    )  # fmt: skip


def _why_not(source: Source, segment: int) -> str:
    if source.size(segment) == FEWER:
        return "Too few customers to be told about."
    return "Left out: all customers less the others would tell of the few in another segment."


def differences(source: Source, segment: int) -> tuple[Difference, ...]:
    """Its steady differences from everyone in the order of its persona: what shaped the segments before the rest."""
    return tuple(_difference(source, trait) for trait in strongest(source.facts, segment))


def _difference(source: Source, trait: Trait) -> Difference:
    level = f": {label(trait.level)}" if trait.level else (": yes" if trait.kind == str(Kind.FLAG) else "")
    shown = [value(v, trait.unit) if trait.number else written(v, "share") for v in (trait.own, trait.everyone)]
    return Difference(f"{source.called(trait.column)}{level}", shown[0], shown[1], trait.effect > 0)


def value(number: float, unit: object) -> str:
    """A figure with its unit; shares as per cent, a gap as a dash."""
    if not math.isfinite(number):
        return NOTHING
    if unit == "share":
        return written(number, "share")
    return f"{written(number, 'number')} {label(unit) if isinstance(unit, str) else ''}".strip()


def where(source: Source) -> Section:
    """The map, and how large the segments are."""
    candidate, signs = source.of.candidate, source.shown
    shares = {one.number: source.share(one.number) for one in signs}
    sized = "; ".join(f"{one.name} {written(shares[one.number], 'share')}" for one in signs)
    blocks: list[Block] = [Chart(_largest(source), charts.sizes(signs, shares, alt=f"Bars: {sized}."), sized,
                                 f"Share of all {source.customers:,} customers.")]  # fmt: skip
    points = source.comparison.coordinates
    if points.ndim == 2 and points.shape[1] and len(points) == len(candidate.labels) and signs:
        kept = sum(source.comparison.explained[:2])
        alt = f"Points in two dimensions, coloured and marked by segment, with the number of each of the {len(signs)} segments in its middle."
        note = (f"At most {charts.POINTS:,} customers, drawn at random, where their first two principal components put them; these keep "
                f"{written(kept, 'share')} of all variance. Segments that overlap here can lie apart in other directions.")  # fmt: skip
        drawing = charts.flat_map(signs, points, np.asarray(candidate.labels), seed=source.of.plan.seed, alt=alt)
        blocks.append(Chart("Where the segments lie", drawing, alt, note))
    return Section("map", "Sizes and map", tuple(blocks), new_page=True)


def _largest(source: Source) -> str:
    first = source.shown[0] if source.shown else None
    return f"{first.name} is the largest segment, with {written(source.share(first.number), 'share')} of all customers" if first else "Sizes"


def profiles(source: Source) -> Section:
    """How segments differ in each column: a heat map of effects, and the averages beside one another."""
    blocks = [*_heat(source), *_averages(source)]
    return Section("profiles", "How the segments differ", tuple(blocks), new_page=True)


def _heat(source: Source) -> list[Block]:
    frame = source.of.contrasts
    if "effect" not in frame or not source.shown:
        return []
    told = _one_of_two(frame[frame["role"].isin(["feature", "profile"])])
    wide = told.pivot_table(index="caption", columns="segment", values="effect")
    wide = wide.reindex(columns=[one.number for one in source.shown])
    strength = wide.abs().max(axis=1)
    names = strength.sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    if not len(names):
        return []
    wide = wide.loc[names]
    alt = "Effect sizes by column and segment; the table below holds the averages behind them."
    note = ("Difference from everyone else in standard deviations (Cohen's d): blue with a minus is below, orange with a plus "
            "above; 0.2 is small, 0.5 medium, 0.8 large.")  # fmt: skip
    columns = told.drop_duplicates("caption").set_index("caption")["column"]
    rows = [source.called(columns[name], str(name)) for name in names]
    drawing = charts.heat(source.shown, rows, wide.to_numpy(dtype=float), alt=alt)
    return [Chart(f"The segments differ most in {rows[0]}", drawing, alt, note)]


def _one_of_two(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the second value of a category that has but two: it says the same the other way round."""
    levels = frame[frame["level"].astype(object).fillna("") != ""].drop_duplicates("caption").sort_values("caption")
    two = levels.groupby("column")["caption"].transform("size") == 2
    return frame[~frame["caption"].isin(levels[two].drop_duplicates("column", keep="last")["caption"])]


def _averages(source: Source) -> list[Block]:
    profile = source.of.profile
    if "column" not in profile:
        return []
    profile = profile[profile["kind"] != str(Kind.DATE)]
    signs = source.shown
    grids: list[Block] = []
    columns = list(dict.fromkeys(profile["column"]))
    for start in range(0, len(signs), 5):
        part = signs[start : start + 5]
        rows = [row for name in columns if (row := _row(profile, name, source.called(name), segments=[0, *(one.number for one in part)]))]
        if rows:
            head = ("Column", "Everyone", *(f"{one.number}. {one.name}" for one in part))
            caption = "Averages of numbers, shares of yes, most common values"
            grids.append(Grid(caption if start == 0 else f"{caption} (continued)", head, tuple(rows), tuple(range(1, len(head)))))
    return grids


def _row(profile: pd.DataFrame, column: str, called: str, *, segments: list[int]) -> tuple[str, ...] | None:
    mine = profile[profile["column"] == column].drop_duplicates("segment").set_index("segment")
    cells = [_profile_cell(mine.loc[one]) if one in mine.index else NOTHING for one in segments]
    unit = next((str(one) for one in mine["unit"] if isinstance(one, str) and one and one != "share"), "")
    name = called + (f" ({label(unit)})" if unit and unit.casefold() not in called.casefold() else "")
    return (name, *cells) if any(cell != NOTHING for cell in cells) else None


def _profile_cell(row: pd.Series) -> str:
    if row["kind"] == str(Kind.FLAG):
        return value(float(row["mean"]), "share")
    if row["kind"] == str(Kind.NUMBER):
        return value(float(row["mean"]), "share" if row["unit"] == "share" else "")
    common, share = row["most_common"], row["most_common_share"]
    return f"{label(common, 24)} {written(float(share), 'share')}" if isinstance(common, str) and common and share == share else NOTHING
