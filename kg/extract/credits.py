"""Names in credit lines, read from their form: ``Name/Agency``, ``(AP Photo/Name)``, ``With reporting by A, B and C``."""

import re
from collections.abc import Iterator

from kg.extract.lists import tails
from kg.gazetteer import Gazetteer
from kg.records import Document, Kind, Span, ZoneKind

CREDIT_WORDS = re.compile(
    r"\b(?:photo(?:s|graphs?)?|pictures?|images? by|image:|credit|illustration|courtesy|of|with|reporting|writing|editing|additional"
    r"|by|via|for|and|edited)\b:?",
    re.IGNORECASE,
)
SIGNED = re.compile(r"\(?(?:photo(?:graph)?|picture|image|illustration)(?: by|:)|.*\b(?:report|edit|writ)", re.IGNORECASE)
"""Credits that name people even where they name one alone."""


def credited(document: Document, gazetteer: Gazetteer) -> Iterator[tuple[Span, Kind, str]]:
    """Yield the people and agencies of credit lines: in ``Name/Agency`` the person is the one that is no known body."""
    for zone in document.zones:
        if zone.kind is not ZoneKind.CREDIT:
            continue
        words = zone.span.of(document.text)
        parts = [
            part for piece in re.finditer(r"[^/,()]+", words) for part in _credit_parts(piece.group(), zone.span.start + piece.start())
        ]
        alone = len(parts) == 1 and not SIGNED.match(words)
        for span in parts:
            yield span, _credit_kind(span.of(document.text), gazetteer, alone=alone), "credit"


def _credit_parts(piece: str, offset: int) -> Iterator[Span]:
    """Yield the names in one piece of a credit, its small words left out."""
    at = 0
    for match in [*CREDIT_WORDS.finditer(piece), None]:
        part = piece[at : match.start() if match else len(piece)]
        name = part.strip(" .:;–-")
        if name and name[0].isupper():
            start = offset + at + part.index(name)
            yield Span(start, start + len(name))
        at = match.end() if match else at


def _credit_kind(name: str, gazetteer: Gazetteer, *, alone: bool) -> Kind:
    """Return person for two or more words that name no known body and do not stand alone, else organisation."""
    known = gazetteer.look_up(name)
    if any(entry.kind is Kind.ORGANIZATION for entry in known) or name.isupper() or len(name.split()) == 1:
        return Kind.ORGANIZATION
    ends_as_body = name.rsplit(maxsplit=1)[-1].lower() in tails("body") | {"images", "technologies", "pictures", "photos", "media"}
    return Kind.ORGANIZATION if ends_as_body or alone else Kind.PERSON
