"""Sentences that carry their answers, such as ``[Ana Reyes|source] [said|cue] [the road is open|content]``."""

import re
from typing import NamedTuple

from kg.records import Span

MARK = re.compile(r"\[([^\[\]|]+)\|([a-z]+)\]")


class Marked(NamedTuple):
    """A text without its marks, and label → spans in order."""

    text: str
    spans: dict[str, tuple[Span, ...]]


def marked(raw: str) -> Marked:
    """Read the marks of a text."""
    text, at = "", 0
    found: dict[str, list[Span]] = {}
    for match in MARK.finditer(raw):
        text += raw[at : match.start()]
        found.setdefault(match.group(2), []).append(Span(len(text), len(text) + len(match.group(1))))
        text += match.group(1)
        at = match.end()
    return Marked(text + raw[at:], {label: tuple(spans) for label, spans in found.items()})
