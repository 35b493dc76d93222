"""What a report is made of, whatever it is written in: sections of paragraphs, lists, tables and charts.

Our own words are plain texts; what comes from articles or from whoever names things is ``Words``, which the writers escape and isolate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kg.query import harmless
from kg.report import Ledger

NAME = 80
"""Characters of a name that a report has room for."""

QUOTE = 280
"""Characters of a statement that a report has room for; the page has all of it."""


class Style(StrEnum):
    """How words are shown."""

    PLAIN = "plain"
    QUOTED = "quoted"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Words:
    """Text that is not ours."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a fragment of the interactive page."""

    fragment: str
    label: "Line"


Line: TypeAlias = Sequence[str | Words | Link]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line by itself."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of lines."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; ``more`` tells how many rows were left out."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """The figures of a ledger, drawn, with what follows from them beside it."""

    ledger: Ledger
    follows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading inside a section."""

    heading: Line


Block: TypeAlias = Paragraph | Bullets | Table | Chart | Part


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report; ``key`` is what it is linked by."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: what it is called, what stands above all, the gist with the section that has more, and the sections."""

    title: str
    lead: Line
    glance: tuple[tuple[str, Line], ...]
    sections: tuple[Section, ...]


def clean(text: str) -> str:
    """Return a text in one line, each run of blanks one blank, with U+FFFD for controls and for what turns the direction of writing."""
    one = " ".join(harmless(text).split())
    before, after = text[:1].isspace(), one != "" and text[-1:].isspace()
    return f"{' ' * before}{one}{' ' * after}"


def clipped(text: str, length: int) -> str:
    """Return a text in one line, cut with ``…`` before ``length`` characters: at a blank, or within a word of half that length."""
    one = clean(text[: 8 * length]).strip()
    if len(one) <= length:
        return one
    cut = one[: length - 1]
    kept = cut.rpartition(" ")[0]
    return f"{(kept if len(kept) > length // 2 else cut).rstrip()}…"
