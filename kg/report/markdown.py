"""A report as Markdown (CommonMark with the tables of GitHub), for mails, wikis and version control."""

import re
import unicodedata

from kg.report.blocks import Block, Bullets, Chart, Line, Link, Paragraph, Part, Report, Style, Table, Words, clean
from kg.report.chart import alternative
from kg.report.html import address, coded

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
"""What is coded rather than escaped: no reader of Markdown takes it for markup or for the end of a cell."""
_MARKUP = re.compile(r"[&<>|\\`*_{}\[\]#~$@^]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
"""What starts markup anywhere in a line, and what makes a bare address a link."""
_OPENING = re.compile(r"^(\s*(?=[-+])|\s*\d{1,9}(?=[.)]))(.)")
"""What would start a list, if it stood first in a line."""


def as_markdown(report: Report, *, page: str = "graph.html") -> str:
    """Return a report as Markdown: the same report gives the same characters; each chart is told in words.

    Args:
        report: What to write.
        page: Where the interactive page is, seen from the report's file.
    """
    at = address(page)
    parts = [f"# {escaped(report.title)}", _line(report.lead, at)]
    parts.append("\n".join(f"- {_line(line, at)}" for _, line in report.glance))
    for number, section in enumerate(report.sections, 1):
        parts.append(f"## {number}. {escaped(section.title)}")
        parts += [_block(block, at) for block in section.blocks]
    return "\n\n".join(filter(None, parts)) + "\n"


def escaped(text: str) -> str:
    """Return a text in one line in which nothing is markup; what is written from right to left is isolated (U+2068, U+2069)."""
    coded = _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), clean(text))
    safe = _OPENING.sub(r"\1\\\2", coded)
    turns = any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)
    return f"\u2068{safe}\u2069" if turns else safe


def _block(block: Block, page: str) -> str:
    match block:
        case Paragraph(line):
            return _line(line, page)
        case Bullets(lines):
            return "\n".join(f"- {_line(line, page)}" for line in lines)
        case Part(heading):
            return f"### {_line(heading, page)}"
        case Table():
            return _table(block, page)
        case Chart(ledger, follows):
            return "\n".join([f"*{escaped(alternative(ledger))}*", "", *(f"- {_line(line, page)}" for line in follows)])


def _table(table: Table, page: str) -> str:
    head = f"| {' | '.join(map(escaped, table.columns))} |"
    rows = [f"| {' | '.join(_line(cell, page) for cell in row)} |" for row in table.rows]
    more = [f"\nand {table.more:,} more"] if table.more else []
    return "\n".join([f"**{escaped(table.caption)}**", "", head, "|---" * len(table.columns) + "|", *rows, *more])


def _line(line: Line, page: str) -> str:
    return "".join(_piece(piece, page) for piece in line)


def _piece(piece: str | Words | Link, page: str) -> str:
    if isinstance(piece, str):
        return escaped(piece)
    if isinstance(piece, Link):
        return f"[{_line(piece.label, page)}]({page}#{coded(piece.fragment)})"
    text = escaped(piece.text)
    match piece.style:
        case Style.QUOTED:
            return f"“{text}”"
        case Style.MARKED:
            return f"**{text}**"
    return text
