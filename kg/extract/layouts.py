"""Lines that attribute words by their form alone: a transcript's ``REYES: The road is open.`` and a headline's ``Reyes: Road Is Open``.

Kept narrow, for a colon behind capitals is more often a label: a transcript's speaker has a name in capitals, at the start of at least
two lines or recognised as a name; a headline's stands in the first line.
"""

import re
from collections import Counter
from collections.abc import Iterator

from kg.extract.drafts import Draft, Text
from kg.extract.frames import SAYING
from kg.records import Span

LINE = re.compile(r"[^\n]+")
TRANSCRIPT = re.compile(r"\s*[\"“]?((?:[A-Z][A-Z.’'\-]+ ?){1,4})(?:\([^)\n]{2,40}\) ?)?(:)\s+(?=\S)")
HEADLINE = re.compile(r"\s*((?:[A-Z][\w.’'\-]+ ?){1,4})(:) (?=\S)")
LABEL = re.compile(
    r"(?:watch|read|more|related|see|also|video|photos?|update|editor|note|correction|listen|live|breaking|exclusive|opinion|analysis"
    r"|poll|report|review|fact check|q|a|question|answer)\b",
    re.IGNORECASE,
)
WORDS = 3
"""Fewer words behind the colon are a label's."""


def lines(text: Text) -> Iterator[Draft]:
    """Yield a draft for each line that names its speaker before a colon, in order; quotations in marks have drafts of their own."""
    found = [(line, match) for line in LINE.finditer(text.text) if (match := TRANSCRIPT.match(line.group()))]
    heard = Counter(match.group(1).strip() for _, match in found)
    first = LINE.search(text.text)
    if first and (match := HEADLINE.match(first.group())):
        found.insert(0, (first, match))
    seen: set[int] = set()
    for line, match in found:
        name = _span(line.start(), match, 1)
        said = Span(line.start() + match.end(), line.start() + len(line.group().rstrip()))
        if line.start() in seen or LABEL.match(match.group(1)) or len(said.of(text.text).split()) < WORDS:
            continue
        head = next((token for token in reversed(text.tokens(name)) if token.is_alpha), None)
        named = any(token.ent_type_ in ("PERSON", "ORG") for token in text.tokens(name))
        if head is None or text.silent(head) or not (named or (match.re is TRANSCRIPT and heard[match.group(1).strip()] > 1)):
            continue
        if set(text.indexes(said)) & text.free:
            continue
        seen.add(line.start())
        colon = _span(line.start(), match, 2)
        rule = "line.transcript" if match.re is TRANSCRIPT else "line.headline"
        yield Draft((said,), (colon,), (name,), text.type_of((said,)), SAYING, ":", rule, 0.8, head=head, paragraph=said)


def _span(start: int, match: re.Match[str], group: int) -> Span:
    """Return where a group stands, white space at its end left out."""
    return Span(start + match.start(group), start + match.start(group) + len(match.group(group).rstrip()))
