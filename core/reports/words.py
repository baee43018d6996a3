"""What is told of each segment in words, what they bring in, what drives them, and how it was done."""

from __future__ import annotations

import math

from core.model import NOISE
from core.personal import FEWER, FEWEST, WITHHELD
from core.personas.said import label
from core.personas.words import in_words
from core.personas.written import written
from core.reports import charts
from core.reports.document import Block, Bullets, Cell, Chart, Grid, Heading, Paragraph, Section, Together
from core.reports.source import Source
from core.reports.telling import NOTHING

MOST_COLUMNS = 20


def portraits(source: Source) -> Section:
    """Each segment: who they are, the rule that tells them, what to do, what not to conclude."""
    rules = _rules(source)
    blocks: list[Block] = [Paragraph("Written from the numbers by fixed rules; no language model wrote this.", "small")]
    for sign in source.shown:
        blocks += _portrait(source, sign, rules.get(sign.number))
    return Section("portraits", "Each segment in words", tuple(blocks), new_page=True)


def _portrait(source: Source, sign: charts.Sign, rule: str | None) -> list[Block]:
    one = source.personas[sign.number]
    first: list[Block] = [Heading(sign.name, sign.colour, sign.mark, sign.number)]
    first += [Paragraph(one.warning, "warning")] if one.warning else []
    described = label(source.of.descriptions.get(sign.number, ""), 2_000)
    first += [Paragraph(described, "lead")] if described else []
    first.append(Paragraph(" ".join(said.text for said in one.sentences)))
    actions = Bullets("What to do", tuple(f"{word.capitalize()}: {said.text}" for word, said in one.actions))
    rest: list[Block] = [Bullets("How to tell them", (rule,))] if rule else []
    if one.cautions:
        rest.append(Bullets("What not to conclude", tuple(said.text for said in one.cautions)))
    return [Together((*first, actions)), *rest]


def _rules(source: Source) -> dict[int, str]:
    frame = source.of.rules
    if not {"segment", "words", "coverage", "precision"} <= set(frame.columns):
        return {}
    made = not source.of.orders.empty
    return {int(row.segment): _rule(row, made) for row in frame.itertuples()}


def _rule(row: object, made: bool) -> str:
    words = label(in_words(row.words) if made else row.words, 400)
    if not (math.isfinite(row.coverage) and math.isfinite(row.precision)):
        return words
    return (f"{words.rstrip('.')}. On customers held out this finds {written(row.coverage, 'share')} of the segment, and "
            f"{written(row.precision, 'share')} of those it finds are in it.")  # fmt: skip


def income(source: Source) -> list[Section]:
    """What the segments bring in; nothing where no money is known."""
    money = source.money
    if money is None or not source.shown:
        return []
    what = label(money.column) if money.column else "revenue"
    pairs = {one.number: (source.share(one.number), money.figure(one.number, "revenue_share")) for one in source.shown}
    blocks: list[Block] = []
    if all(math.isfinite(part) and part >= 0 for _, part in pairs.values()):
        best = max(source.shown, key=lambda one: pairs[one.number][1])
        title = f"{best.name} brings {written(pairs[best.number][1], 'share')} of all {what} with {written(pairs[best.number][0], 'share')} of customers"
        alt = "; ".join(f"{one.name}: {written(a, 'share')} of customers, {written(b, 'share')} of {what}"
                        for one in source.shown for a, b in [pairs[one.number]])  # fmt: skip
        blocks.append(Chart(title, charts.money(source.shown, pairs, of=what, alt=alt), alt))
    blocks.append(_money_table(source, what))
    return [Section("value", "What the segments bring in", tuple(blocks), new_page=True)]


def _money_table(source: Source, what: str) -> Grid:
    money = source.money
    columns = {"revenue": (f"{what}, all".capitalize(), "number"), "revenue_share": ("Share", "share"), "each": ("Per customer", "number"),
               "orders": ("Orders", "whole"), "per_order": ("Per order", "number"), "expected_value": ("Expected value", "number")}  # fmt: skip
    known = [name for name in columns if any(math.isfinite(money.figure(one.number, name)) for one in source.shown)]
    rows = []
    for number, name, sign in [(0, "Everyone", None), *((one.number, one.name, one) for one in source.shown)]:
        cells = [_written(money.figure(number, figure), columns[figure][1]) for figure in known]
        first = Cell(name, "strong", sign.mark, sign.colour) if sign else Cell(name, "strong")
        rows.append((first, f"{source.customers:,}" if number == 0 else source.size(number), *cells))
    head = ("Segment", "Customers", *(columns[name][0] for name in known))
    unit = f" Money in {label(money.unit)}." if money.unit else " Money in the unit of the file."
    note = ("Net of returns." if not money.column else "Sums over customers of whom it is known.") + unit
    return Grid("What the segments bring in", head, tuple(rows), tuple(range(1, len(head))), note)


def _written(number: float, form: str) -> str:
    return written(number, form) if math.isfinite(number) else NOTHING


def drivers(source: Source) -> list[Section]:
    """Which columns decide who belongs where; nothing where nobody has measured it."""
    found = source.explanation
    if found is None or found.because or "column" not in found.frame:
        return []
    frame = found.frame[~found.frame["column"].isin(source.hidden)].head(MOST_COLUMNS)
    if frame.empty:
        return []
    frame = frame.assign(column=[source.called(name) for name in frame["column"]])
    top = str(frame["column"].iloc[0])
    top = top[:1].upper() + top[1:]
    alt = "; ".join(f"{row.column} {row.importance:.2f}" for row in frame.itertuples())
    note = (f"A random forest tells the segments of {found.rows:,} held-out customers apart with a balanced accuracy of "
            f"{written(found.accuracy, 'share')}; each column is then shuffled (Breiman 2001).")  # fmt: skip
    return [Section("drivers", "What drives the segments", (Chart(f"{top} decides most who belongs where", charts.importance(frame, alt=alt), alt, note),))]


def method(source: Source) -> Section:
    """How it was done, in plain words, with what is needed to do it again, and where it ends."""
    blocks = [Bullets("What was done", tuple(_done(source))), Bullets("Where this ends", tuple(_limits(source))), _again(source)]
    return Section("method", "Method and limits", tuple(blocks), new_page=True)


_GAPS = {"median": "the median", "mode": "the most frequent value", "constant": "a fixed value", "knn": "the customers most alike",
         "drop": "nothing: customers with gaps were set aside"}  # fmt: skip
_SCALES = {"standard": "brought to mean 0 and standard deviation 1", "robust": "scaled by median and quartiles",
           "minmax": "brought to the range 0 to 1", "none": "left as they are"}  # fmt: skip
_OUTLIERS = {"keep": "Extreme customers stayed in the fit and were only marked.", "iqr": "Customers beyond Tukey's fences were set aside from the fit.",
             "mad": "Customers far from the median were set aside from the fit.", "forest": "Customers that an isolation forest finds odd were set aside from the fit."}  # fmt: skip


def _done(source: Source) -> list[str]:
    recipe, candidate = source.of.plan.recipe, source.of.candidate
    shaping = list(dict.fromkeys(f.column for f in source.comparison.features if f.column not in source.hidden))
    named = ", ".join(source.called(name) for name in shaping[:MOST_COLUMNS]) + (" and others" if len(shaping) > MOST_COLUMNS else "")
    lines = [
        f"{label(source.table.source.name, 80)} was read: {len(source.table):,} customers, {len(source.table.quarantine):,} lines kept apart.",
        f"These columns shaped the segments: {named}." if named else "The columns that shaped the segments are personal and not named.",
        f"Gaps were filled with {_GAPS[recipe.gaps]}; numbers were {_SCALES[recipe.scaling]}. {_OUTLIERS[recipe.outliers]}",
        f"{label(candidate.label)} was chosen among {len(source.comparison.candidates)} candidates. {label(source.of.because, 600)}",
    ]
    if source.of.shape.edits:
        lines.append(f"A person then made {len(source.of.shape.edits)} changes to the segments.")
    if source.of.resamples:
        lines.append(f"How stable each segment is was measured on {source.of.resamples} resamples of the customers.")
    return lines


def _limits(source: Source) -> list[str]:
    lines = ["The segments describe these customers at this time; they say nothing about why customers differ.",
             "Differences in the columns that shaped the segments come with any segmentation and are no proof of it."]  # fmt: skip
    if source.of.aside:
        lines.append(f"{_few(len(source.of.aside))} customers were set aside from the fit and placed afterwards.")
    if source.of.candidate.sizes.get(NOISE):
        told = source.size(NOISE)
        lines.append(f"{'Some' if told == WITHHELD else told.capitalize()} customers are in no segment.")
    if source.hidden:
        told = "column that tells" if len(source.hidden) == 1 else "columns that tell"
        lines.append(f"Left out of this report: {len(source.hidden)} {told} who a customer is.")
    lines.append(f"Numbers about {FEWER} customers are left out, and so are the smallest and the largest value of a column.")
    return lines


def _few(count: int) -> str:
    return FEWER.capitalize() if 0 < count < FEWEST else f"{count:,}"


def _again(source: Source) -> Grid:
    plan = source.of.plan
    rows = [("Method", label(source.of.candidate.label)), ("Seed", str(plan.seed)), ("Fingerprint of the data", source.of.fingerprint[:32]),
            ("Plan", plan.key(source.of.fingerprint)), *([("Run", source.run)] if source.run else [])]  # fmt: skip
    note = "The capsule of this run, downloaded from the Export page, gives the same labels again: python -m core replay CAPSULE --data FILE."
    return Grid("To do it again", ("What", "Value"), tuple(rows), (), note)
