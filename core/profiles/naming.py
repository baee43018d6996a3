"""Names of segments, made from facts: the two columns in which a segment differs most from everyone else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from core.model import NOISE, Column, Kind, Role, Table
from core.profiles.survey import Survey, survey

MARKED = 0.5  # Cohen's d below which a difference is not worth a name
LONGEST = 60
WORD = 32  # characters a column or a value may take; two that do not fit into a name give way to a shorter one
ACRONYM = 4  # letters up to which capitals are an abbreviation rather than a shouted name
AVERAGE = "Close to average"


@dataclass(frozen=True)
class Signals:
    """What names and contrasts are made of, one entry for each: the words for lying ``above`` and ``below`` everyone

    ("" where that is no name), and a ``caption`` that no other signal has.
    """

    above: tuple[str, ...]
    below: tuple[str, ...]
    caption: tuple[str, ...]


def signals(known: Survey) -> Signals:
    """The signals of all feature columns: numbers, flags ("member"), and one for each of the 12 commonest values of a

    category ("city: Paris"), in the order of :meth:`Survey.differences`.
    """
    found = [
        _words_for(column, level)
        for column, studied, used in zip(known.columns, known.studied, known.features, strict=True)
        for level in studied.levels
        if used
    ]
    captions: list[str] = []
    for _, _, caption in found:
        tries = chain([caption], (f"{caption} ({n})" for n in count(2)))
        captions.append(next(one for one in tries if one not in captions))
    return Signals(tuple(above for above, _, _ in found), tuple(below for _, below, _ in found), tuple(captions))


def _words_for(column: Column, level: str) -> tuple[str, str, str]:
    """Words above, words below and the caption of one signal."""
    word = plain(column.name)
    if column.kind is Kind.NUMBER:
        return f"high {word}", f"low {word}", word
    if column.kind is Kind.FLAG:
        return f"with {word}", f"without {word}", word
    value = plain(level, lower=False)
    return f"{word} {value}", "", f"{word}: {value}"


def names(table: Table, roles: Mapping[str, Role], labels: np.ndarray) -> dict[int, str]:
    """The names of one labeling: see :func:`named`."""
    known = survey(table, roles, [labels])
    return named(signals(known), list(known.sizes[1]), known.apart(1))


def named(words: Signals, segments: Sequence[int], differences: np.ndarray) -> dict[int, str]:
    """A unique name (at most 60 plain characters) for every segment, and "Not placed" for noise.

    Built from the two largest ``differences`` from everyone else (segments, signals) of at least 0.5
    standard deviations (Cohen 1988), "Close to average" where there is none.
    """
    given: dict[int, str] = {}
    for segment, distance in zip(segments, differences, strict=True):
        if segment != NOISE:
            given[segment] = _unused(_marked(words, distance), given, len(given) + 2)
    return given | ({NOISE: "Not placed"} if NOISE in segments else {})


def _marked(words: Signals, distance: np.ndarray) -> list[str]:
    """Words for the marked contrasts of a segment against everyone, the largest first."""
    order = np.argsort(-np.abs(distance), kind="stable")
    found = [words.above[at] if distance[at] > 0 else words.below[at] for at in order if abs(distance[at]) >= MARKED]
    return [word for word in found if word]


def plain(text: str, *, lower: bool = True) -> str:
    """Words of a column or a value without brackets, underscores or signs, cut to 32 characters; a name that is all

    in capitals is written small ("CASH_ADVANCE"), abbreviations ("RFM value", "BMI") are not.
    """
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}", " ", text) if lower else text
    text = re.sub(r"[^\w%&'. /-]|_", " ", text)
    text = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).split()).strip("-'./ ")
    if lower:
        shouted = text.isupper() and any(len(word) > ACRONYM for word in text.split())
        text = " ".join(word if word.isupper() and len(word) > 1 and not shouted else word.lower() for word in text.split())
    return text if len(text) <= WORD else text[: WORD - 1].rstrip() + "…"


def _unused(words: list[str], given: Mapping[int, str], most: int) -> str:
    """Two contrasts that fit, one where none do; where another segment has that name, a third contrast or a number tells
    them apart."""
    pairs = [words[:2], *([*words[:1], other] for other in words[2:])]
    tries = [_joined(pair) for pair in pairs if fits(pair)] or [_joined(words[:1])]
    tries += [f"{tries[0][: LONGEST - 5]} ({n})" for n in range(2, most + 1)]
    return next(name for name in tries if name not in given.values())


def fits(words: Sequence[str]) -> bool:
    """Whether these words together are short enough for a name: one that is cut says half of what it means."""
    return len(", ".join(words)) <= LONGEST


def _joined(words: list[str]) -> str:
    text = ", ".join(words)[:LONGEST] or AVERAGE
    return text[0].upper() + text[1:]
