"""The segments in words, as Markdown."""

from __future__ import annotations

import re

from core.exports.entry import Export, Segmentation, Stream, Table
from core.model.shape import TEXT
from core.personas import Persona, personas
from core.personas.said import label

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!&$]|:(?=\S))")
_WEB = re.compile(r"(?<=www)(\.)", re.IGNORECASE)
_LIST = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")
_JOINED = "@\u2060"  # a word joiner: some readers make a link of an address whose signs are escaped


def markdown(text: str) -> str:
    """``text`` on one line, as Markdown that shows just that: no links, markup, headings, lists or HTML."""
    line = _WEB.sub(r"\\\1", _SIGNS.sub(r"\\\1", " ".join(text.split())))
    return _LIST.sub(r"\1\\", line).replace("@", _JOINED)


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """A section per segment, the largest first: its name, three sentences, what to do, what not to conclude.

    Text alone, no cells of a spreadsheet: ``raw`` changes nothing.
    """
    sizes, names = segmentation.candidate.sizes, segmentation.candidate.names
    told = sorted(personas(segmentation), key=lambda one: (-sizes[one.segment], one.segment))
    parts = [_head(segmentation, len(table))]
    parts += [_section(one, names.get(one.segment, ""), segmentation.descriptions.get(one.segment, "")) for one in told]
    stream.write("\n".join(parts).encode("utf-8", "replace"))


def _head(segmentation: Segmentation, customers: int) -> str:
    candidate = segmentation.candidate
    lines = [
        "# Segments in words", "",
        f"{customers:,} customers in {candidate.n_segments} segments by {markdown(candidate.label)}. "
        "Every number is a cell of the stored result or a ratio of two; no language model wrote this.", "",
    ]  # fmt: skip
    if told := segmentation.reason or segmentation.because:
        lines += [markdown(told), ""]
    return "\n".join(lines)


def _section(one: Persona, name: str, description: str) -> str:
    lines = [f"## {one.segment}\\. {markdown(label(name or one.name))}", ""]
    lines += [f"**{one.warning}**", ""] if one.warning else []
    lines += [markdown(label(description, TEXT)), ""] if description.strip() else []
    if name and name != one.name:
        lines += [f"By the numbers it could be called: {markdown(one.name)}.", ""]
    lines += [" ".join(markdown(said.text) for said in one.sentences), ""]
    lines += ["What to do:", "", *(f"- **{word.capitalize()}**: {markdown(said.text)}" for word, said in one.actions), ""]
    if one.cautions:
        lines += ["What not to conclude:", "", *(f"- {markdown(said.text)}" for said in one.cautions), ""]
    return "\n".join(lines)


PERSONAS_MD = Export(
    "personas_md",
    "Segments in words (Markdown)",
    "personas.md",
    "text/markdown",
    write,
    help="A name, three sentences, what to do and what not to conclude for each segment, every number from the profile.",
)
