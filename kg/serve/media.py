"""Which media type a client wants: the Accept header (RFC 9110, 12.5.1) against what there is."""

import re
from collections.abc import Sequence
from functools import lru_cache

RESULTS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""Media type of SELECT and ASK → format, what we like best first."""
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
    "text/xml": "rdf",
}
"""Media type of CONSTRUCT and DESCRIBE → format, what we like best first."""
HTML = "text/html"
PROBLEMS = ("text/plain", "application/problem+json", "application/json")

_RANGE = re.compile(r"\s*([\w!#$&^.+-]+|\*)/([\w!#$&^.+-]+|\*)\s*((?:;[^;]*)*)\s*", re.ASCII)
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?=;|$)", re.ASCII | re.IGNORECASE)


def preferred(accept: str, offers: Sequence[str]) -> str | None:
    """Return the offer that a client likes best, ``None`` where it takes none of them.

    Args:
        accept: The value of its Accept header; empty for any. A range that is none is passed over.
        offers: Media types; of those that it likes equally the first is taken.
    """
    ranges = _ranges(accept)
    if not ranges:
        return offers[0]
    weighed = [(_weight(ranges, offer), -place) for place, offer in enumerate(offers)]
    best, place = max(weighed)
    return offers[-place] if best > 0 else None


@lru_cache(256)
def _ranges(accept: str) -> tuple[tuple[str, str, float], ...]:
    """Return (type, subtype, quality) of each range of a header."""
    found = (_RANGE.fullmatch(part) for part in _split(accept))
    return tuple((match[1].lower(), match[2].lower(), _quality(match[3])) for match in found if match)


def _split(accept: str) -> list[str]:
    """Return what commas outside of quoted strings part."""
    return re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', accept)


def _quality(parameters: str) -> float:
    found = _QUALITY.search(parameters)
    return min(float(found[1]), 1.0) if found else 1.0


def _weight(ranges: Sequence[tuple[str, str, float]], offer: str) -> float:
    """Return the quality of the range that tells most about an offer, 0 for none."""
    kind, _, sub = offer.partition("/")
    fits = [((a != "*") + (b != "*"), quality) for a, b, quality in ranges if a in ("*", kind) and b in ("*", sub)]
    return max(fits)[1] if fits else 0.0


def with_charset(media: str) -> str:
    """Return the value of a Content-Type header: texts say that they are UTF-8."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
