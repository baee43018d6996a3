"""personas.md: a section for each segment with all that is told, and nothing that data could mark up."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exports import EXPORTS
from core.exports.personas_md import markdown
from core.model import Kind, Segmentation, Table
from core.personas import personas
from core.selection import CAUTION
from tests.core.personified import ordered, segmentation_of, simple, table_of


def written(made: Segmentation, **more: bool) -> str:
    """The file's text; of the table only its length counts."""
    frame = pd.DataFrame(index=range(len(made.candidate.labels)))
    stream = io.BytesIO()
    EXPORTS["personas_md"].write(Table(frame, frame, (), None, "f" * 64), made, stream, **more)  # type: ignore[arg-type]
    return stream.getvalue().decode()


def unescaped(text: str) -> str:
    """What a reader of Markdown shows of escaped text."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("\u2060", "")


@pytest.mark.parametrize("made", [simple(trust={1: 0.5, 2: 0.9}, resamples=50), ordered()], ids=["columns", "orders"])
def test_every_sentence_is_in_its_section(made: Segmentation) -> None:
    """One section per segment, the largest first; in it every sentence, action and caution of its persona."""
    head, *sections = re.split(r"^## ", written(made), flags=re.MULTILINE)
    told = sorted(personas(made), key=lambda one: -made.candidate.sizes[one.segment])
    assert head.startswith("# Segments in words")
    assert [int(section.split("\\.")[0]) for section in sections] == [one.segment for one in told]
    for one, section in zip(told, sections, strict=True):
        shown = unescaped(section)
        assert all(said.text in shown for said in one.said)
        assert all(f"**{word.capitalize()}**" in section for word, _ in one.actions)
        assert (f"**{CAUTION}**" in section) is bool(one.warning)


def test_names_and_words_of_a_person_are_in_it() -> None:
    """A given name heads the section, the suggestion stands below it, and the description is told."""
    made = simple(descriptions={1: "Our *best* customers.\nReally."})
    made = replace(made, candidate=replace(made.candidate, names={1: "VIPs", 2: "Rest"}))
    text = written(made)
    assert "## 1\\. VIPs" in text
    assert "By the numbers it could be called: " in text
    assert "Our \\*best\\* customers. Really." in text


def test_the_reason_of_the_verdict_stands_at_the_top() -> None:
    assert "Natural segments." in written(simple(reason="Natural segments."))
    assert "Made by hand." in written(simple())


HOSTILE = "<img src=x onerror=alert(1)>[a](https://evil.example) ![b](x) # h `c` | *d* _e_ www.evil.example a@evil.example"


def test_names_from_data_make_no_markup() -> None:
    """A column, a value and a name full of markup: no tag, link, picture, heading or code of theirs is left."""
    labels = np.array([1] * 20 + [2] * 20, dtype=np.int16)
    frame = pd.DataFrame({HOSTILE: np.arange(40.0), "city": np.where(labels == 1, HOSTILE, "x").astype(object)})
    table = table_of(frame, {HOSTILE: Kind.NUMBER, "city": Kind.CATEGORY}, {HOSTILE: "<u>"}, {})
    made = segmentation_of(table, labels)
    made = replace(made, candidate=replace(made.candidate, names={1: HOSTILE, 2: "# not a heading"}))
    text = written(made)
    assert not re.search(r"(?<!\\)<", text)
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)!\[|(?<!\\)`|(?<!\\)\|", text)
    assert not re.search(r"(?<!\\)://", text) and "www.evil" not in text and "@evil" not in text
    assert [line for line in text.splitlines() if re.match(r"#+ ", line) and not re.match(r"(# Segments in words|## \d\\\. )", line)] == []


@pytest.mark.parametrize(("text", "shown"), [
    ("- not a list", "\\- not a list"), ("1. not one", "1\\. not one"), ("+ x", "\\+ x"), ("=== x", "\\=== x"), ("> x", "\\> x"),
    ("# x", "\\# x"), ("a: b", "a: b"), ("k$", "k\\$"), ("1.5 (a-b) & c", "1.5 (a-b) \\& c"), ("mailto:x", "mailto\\:x"), ("", ""),
])  # fmt: skip
def test_text_is_escaped_where_markdown_would_read_it(text: str, shown: str) -> None:
    assert markdown(text) == shown


@given(st.text(max_size=80))
def test_escaping_loses_nothing(text: str) -> None:
    """What a reader of Markdown shows is the text on one line."""
    assert unescaped(markdown(text)) == " ".join(text.split()).replace("\u2060", "")
    assert "\n" not in markdown(text)


def test_raw_changes_nothing_and_any_name_is_written() -> None:
    """It is no spreadsheet; half a character in a name does not stop it."""
    made = simple()
    assert written(made, raw=True) == written(made)
    broken = replace(made, candidate=replace(made.candidate, names={1: "half \ud800", 2: "b"}))
    assert "## 1" in written(broken)
