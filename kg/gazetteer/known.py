"""One entry of the gazetteer, and the folding under which its names are found."""

import re
import unicodedata
from dataclasses import dataclass

from kg.records import Kind

FEATURES = ("country", "territory", "region", "city", "seat", "place", "organization", "government", "group", "person")
"""What an entry is, as ``Known.feature`` says it."""

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "a", "æ": "ae", "œ": "oe"})
_DROPPED = dict.fromkeys(map(ord, "'`´‘’ʻʼʽʾʿ."))
_BREAKS = re.compile(r"[\W_]+")
_ACRONYM = re.compile(r"[A-Z](?:\.?[A-Z]){1,5}\.?")


@dataclass(frozen=True, slots=True)
class Known:
    """A place or body that is known before any article is read.

    Attributes:
        id: ``geonames:616052``, ``wikidata:Q15180`` or the IRI of an authority file's concept.
        kind: What a mention of it would be; a seat of government is a place.
        feature: One of ``FEATURES``.
        name: Preferred label.
        country: ISO 3166-1 alpha-2 code, as the source files it; ``None`` where the source does not decide.
        population: 0 where the source has none.
        latitude: Degrees north, WGS 84; ``longitude``: degrees east.
        geonames: GeoNames id; ``wikidata``: Wikidata id.
        capital_of: Code of the country whose capital this city is.
        aliases: Other names, sorted, the preferred one left out.
        source: ``geonames``, ``rigour``, both joined by a comma, or the file name of an authority pack.
        acts_for: Code of the country, or id of the body, for which it speaks.
        region: Id of the first-level unit in which a city lies.
    """

    id: str
    kind: Kind
    feature: str
    name: str
    country: str | None = None
    population: int = 0
    latitude: float | None = None
    longitude: float | None = None
    geonames: str | None = None
    wikidata: str | None = None
    capital_of: str | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    acts_for: str | None = None
    region: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The preferred label and then the aliases."""
        return (self.name, *self.aliases)


def fold(name: str) -> str:
    """Return ``name`` in small letters without accents, apostrophes, points or a leading "the"; hyphens become spaces."""
    text = name.casefold()
    if text.isascii() and text.isalpha():
        return text
    text = text.translate(_DROPPED)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(c))
    return _BREAKS.sub(" ", text).strip().removeprefix("the ")


def key(name: str) -> str:
    """Return the key under which a label is filed: acronyms keep their capitals, so that "us" is not the country."""
    return f"={name.replace('.', '')}" if _ACRONYM.fullmatch(name) else fold(name)


def keys(name: str) -> tuple[str, ...]:
    """Return the keys under which a name met in a text is sought: that of an acronym before that of a word in capitals."""
    return tuple(found for found in dict.fromkeys((key(name), fold(name))) if found)
