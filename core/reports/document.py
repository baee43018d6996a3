"""A report as plain data: sections of blocks, summarised once and rendered in as many forms as there are."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """Running text. ``tone`` is "" for plain, "lead" for what to read first, "small" for remarks."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Verdict:
    """The judgement: ``kind`` (good, warn or bad) gives the colour, ``word`` says the same, ``text`` why."""

    kind: str
    word: str
    text: str
    meaning: str = ""


@dataclass(frozen=True)
class Fact:
    """One number with what it counts and what it is measured against."""

    label: str
    value: str
    base: str = ""


@dataclass(frozen=True)
class Facts:
    """A band of facts."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Difference:
    """How a segment differs in one column: its own figure, everyone's, and which way."""

    column: str
    own: str
    everyone: str
    above: bool


@dataclass(frozen=True)
class Card:
    """A segment at a glance. ``trust`` in words with its number, ``caution`` "" where it may be acted on."""

    segment: int
    name: str
    colour: str
    mark: str
    size: str
    share: str
    differences: tuple[Difference, ...]
    trust: str
    caution: str = ""
    description: str = ""


@dataclass(frozen=True)
class Cards:
    """The segments, the largest first."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing: ``svg`` without scripts, addresses or unused names; ``title`` is the finding, ``alt`` tells it in words."""

    title: str
    svg: str
    alt: str
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table. ``tone`` is "" or one of above, below, strong; ``mark`` the segment whose sign stands before it."""

    text: str
    tone: str = ""
    mark: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: ``head`` and ``rows`` of cells as text or :class:`Cell`; the first column names the row, ``numbers`` are
    the places of the columns that are aligned to the right."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    numbers: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list, with the words that stand above it."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """A segment's own part within a section, with its sign."""

    text: str
    colour: str = ""
    mark: str = ""
    number: int = 0


@dataclass(frozen=True)
class Together:
    """Blocks that stay on one page where they fit on one."""

    blocks: tuple[Block, ...]


Block = Paragraph | Verdict | Facts | Cards | Chart | Grid | Bullets | Heading | Together


@dataclass(frozen=True)
class Section:
    """``key`` is its place in the address, ``title`` what the table of contents names."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Report:
    """``title`` and ``subtitle`` head the first page, ``line`` is the running head; ``facts`` say where it comes from."""

    title: str
    subtitle: str
    line: str
    facts: tuple[tuple[str, str], ...]
    opening: tuple[Block, ...]
    sections: tuple[Section, ...] = field(default_factory=tuple)
