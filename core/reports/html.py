"""A report as one self-contained HTML page: no script, no address, nothing fetched; every text escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from core.reports.document import (
    Bullets,
    Card,
    Cards,
    Cell,
    Chart,
    Difference,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Report,
    Section,
    Together,
    Verdict,
)
from core.reports.drawing import FONT

_VERDICT_MARKS = {"good": "✓", "warn": "!", "bad": "×"}
_MARKS = {
    "circle": '<circle cx="8" cy="8" r="6" {}/>',
    "square": '<rect x="2.5" y="2.5" width="11" height="11" {}/>',
    "diamond": '<path d="M8 1 L15 8 L8 15 L1 8 Z" {}/>',
    "cross": '<path d="M5.5 1 H10.5 V5.5 H15 V10.5 H10.5 V15 H5.5 V10.5 H1 V5.5 H5.5 Z" {}/>',
    "x": '<path d="M4 1 L8 5 L12 1 L15 4 L11 8 L15 12 L12 15 L8 11 L4 15 L1 12 L5 8 L1 4 Z" {}/>',
}


def page(report: Report) -> str:
    """The whole page; the same report gives the same text."""
    facts = "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in report.facts)
    numbered = list(enumerate(report.sections, start=1))
    contents = "".join(f'<li><a href="#{one.key}"><span class="no">{number}</span><span>{_text(one.title)}</span></a></li>' for number, one in numbered)
    body = "".join(_section(one, number) for number, one in numbered)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="no-referrer"><meta name="generator" content="Segment Atlas">'
        f"<title>{_text(report.title)}: {_text(report.subtitle)}</title><style>{_css()}</style></head><body>"
        f'<div class="running" aria-hidden="true">{_text(report.line)}</div>'
        f'<header class="front"><p class="kind">Segmentation report</p><h1>{_text(report.title)}</h1>'
        f'<p class="subtitle">{_text(report.subtitle)}</p><dl class="where">{facts}</dl></header>'
        f'<main><section class="opening" aria-label="The verdict">{_blocks(report.opening)}</section>'
        f'<nav class="contents" aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{contents}</ol></nav>{body}</main></body></html>\n'
    )


@lru_cache(maxsize=1)
def _css() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8").replace("REPORT_FONT", FONT)


def _text(text: object) -> str:
    """Text as HTML shows it; halves of characters, which no file can hold, are replaced."""
    return escape(str(text).encode("utf-8", "replace").decode("utf-8"))


def _section(one: Section, number: int) -> str:
    extra = ' class="new-page"' if one.new_page else ""
    return f'<section id="{one.key}"{extra}><h2><span class="no">{number}</span> {_text(one.title)}</h2>{_blocks(one.blocks)}</section>'


def _blocks(blocks: tuple[Any, ...]) -> str:
    return "".join(_RENDER[type(one)](one) for one in blocks)


def _paragraph(one: Paragraph) -> str:
    return f'<p class="{one.tone}">{_text(one.text)}</p>' if one.tone else f"<p>{_text(one.text)}</p>"


def _verdict(one: Verdict) -> str:
    mark = _VERDICT_MARKS[one.kind]
    return (f'<div class="verdict {one.kind}"><p class="word"><span class="seal" aria-hidden="true">{mark}</span>{_text(one.word)}</p>'
            f"<p>{_text(one.meaning)}</p><p class=\"reason\">{_text(one.text)}</p></div>")  # fmt: skip


def _facts(one: Facts) -> str:
    tiles = (f"<div><dt>{_text(f.label)}</dt><dd>{_text(f.value)}<small>{_text(f.base)}</small></dd></div>" for f in one.facts)
    return f'<dl class="facts">{"".join(tiles)}</dl>'


def _sign(mark: str, colour: str) -> str:
    """The sign of a segment; its number or name stands beside it in text."""
    hollow = mark.endswith("-open")
    paint = f'fill="none" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
    return f'<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">{_MARKS[mark.removesuffix("-open")].format(paint)}</svg>'


def _cards(one: Cards) -> str:
    return f'<div class="cards">{"".join(map(_card, one.cards))}</div>'


def _card(one: Card) -> str:
    caution = f'<p class="caution">{_text(one.caution)}</p>' if one.caution else ""
    described = f'<p class="described">{_text(one.description)}</p>' if one.description else ""
    share = f" · {_text(one.share)}" if one.share else ""
    rows = "".join(map(_difference, one.differences))
    told = f'<table><thead class="unseen"><tr><th scope="col">Column</th><th scope="col">Segment</th><th scope="col">Everyone</th></tr></thead><tbody>{rows}</tbody></table>'
    return (
        f'<article class="card" style="border-top-color:{one.colour}"><h3>{_sign(one.mark, one.colour)}<span>{one.segment}. '
        f'{_text(one.name)}</span></h3><p class="size"><b>{_text(one.size)}</b> customers{share}</p>{described}'
        f'{told if rows else ""}<p class="trust">{_text(one.trust[:1].upper() + one.trust[1:])}</p>{caution}</article>'
    )


def _difference(one: Difference) -> str:
    way, arrow = ("above", "▲") if one.above else ("below", "▼")
    return (f'<tr><th scope="row">{_text(one.column)}</th><td class="{way}"><span aria-hidden="true">{arrow}</span>'
            f'<span class="unseen">{way}: </span> {_text(one.own)}</td><td class="base">{_text(one.everyone)}</td></tr>')  # fmt: skip


def _chart(one: Chart) -> str:
    note = f'<p class="small">{_text(one.note)}</p>' if one.note else ""
    return f'<figure class="chart"><figcaption>{_text(one.title)}</figcaption>{one.svg}{note}</figure>'


def _grid(one: Grid) -> str:
    head = "".join(f'<th scope="col"{_right(one, place)}>{_text(name)}</th>' for place, name in enumerate(one.head))
    rows = "".join(f"<tr>{''.join(_cell(one, place, cell) for place, cell in enumerate(row))}</tr>" for row in one.rows)
    note = f'<p class="small">{_text(one.note)}</p>' if one.note else ""
    label = f'tabindex="0" role="region" aria-label="{_text(one.caption)}"'  # it scrolls aside on a phone, by keyboard, too
    return f'<div class="grid" {label}><table><caption>{_text(one.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}</div>'


def _right(one: Grid, place: int) -> str:
    return ' class="number"' if place in one.numbers else ""


def _cell(grid: Grid, place: int, cell: Cell | str) -> str:
    cell = cell if isinstance(cell, Cell) else Cell(cell)
    sign = _sign(cell.mark, cell.colour) if cell.mark else ""
    if place == 0:
        return f'<th scope="row">{sign}{_text(cell.text)}</th>'
    return f"<td{_right(grid, place)}>{sign}{_text(cell.text)}</td>"


def _bullets(one: Bullets) -> str:
    return f'<div class="bullets"><p class="label">{_text(one.title)}</p><ul aria-label="{_text(one.title)}">{"".join(f"<li>{_text(item)}</li>" for item in one.items)}</ul></div>'


def _heading(one: Heading) -> str:
    sign = _sign(one.mark, one.colour) if one.mark else ""
    number = f"{one.number}. " if one.number else ""
    return f'<h3 class="portrait">{sign}<span>{number}{_text(one.text)}</span></h3>'


def _together(one: Together) -> str:
    return f'<div class="together">{_blocks(one.blocks)}</div>'


_RENDER: dict[type, Callable[[Any], str]] = {
    Paragraph: _paragraph, Verdict: _verdict, Facts: _facts, Cards: _cards, Chart: _chart, Grid: _grid, Bullets: _bullets,
    Heading: _heading, Together: _together,
}  # fmt: skip
