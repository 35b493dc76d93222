"""The terms of ``ontology/`` as Python names, and the one mint of IRIs.

Light on purpose: importing this loads the standard library only. ``Iri`` and ``Literal`` are neutral terms that
``store`` turns into its own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import quote

if TYPE_CHECKING:
    from kg.records import Span

BASE = "https://newskg.example/"
"""Where data IRIs live unless ``--base`` says otherwise: an RFC 2606 name until a real one is registered."""


_LETTER = r"-\w.~\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd"
_CHARACTER = rf"(?:[{_LETTER}:/@!$&'()*+,;=]|%[0-9A-Fa-f]{{2}})"
_WEB = rf"(?i:https?)://[{_LETTER}]+(?::[0-9]+)?(?:/{_CHARACTER}*)?"
_REST = rf"(?:\?(?:{_CHARACTER}|\?)*)?(?:#(?:{_CHARACTER}|\?)*)?"


def is_web_iri(text: str) -> bool:
    """Tell whether a text is an http or https IRI that every reader of RDF takes (RFC 3987, without what only few do)."""
    return _iris(_WEB + _REST).fullmatch(text) is not None


def is_thing_iri(text: str) -> bool:
    """Tell whether a text is such an IRI, or a urn."""
    return _iris(rf"(?:{_WEB}|(?i:urn):[A-Za-z0-9][A-Za-z0-9-]*:{_CHARACTER}*){_REST}").fullmatch(text) is not None


@cache
def _iris(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when it is first needed: that takes longer than a query."""
    return re.compile(pattern, re.ASCII)


class Iri(str):
    """An absolute IRI."""

    __slots__ = ()


class Literal(NamedTuple):
    """A literal in canonical form: its text with a datatype or a language tag (lower case). A tuple, for a graph has very many."""

    text: str
    datatype: Iri | None = None
    language: str | None = None


Term: TypeAlias = Iri | Literal
Quad: TypeAlias = tuple[Iri, Iri, Term, Iri]
"""Subject, predicate, object, graph."""


class Terms:
    """A closed namespace: asking for a term that it does not hold raises ``AttributeError``.

    A trailing underscore keeps a term apart from a Python keyword (``OA.hasSource``, ``RDF.type``, ``SCHEMA.class_``).
    """

    def __init__(self, base: str, names: str) -> None:
        self.base = base
        self._terms = {name: Iri(base + name) for name in names.split()}
        self.__dict__.update(self._terms)  # so that __getattr__ is only asked for what is not there

    def __getattr__(self, name: str) -> Iri:
        try:
            return self._terms[name.removesuffix("_")]
        except KeyError:
            raise AttributeError(f"{self.base} has no term {name!r}") from None

    def __iter__(self) -> Iterator[str]:
        """Yield the local names, sorted."""
        return iter(sorted(self._terms))


KG = Terms(
    "https://w3id.org/newskg/ontology#",
    """
    Statement DirectQuotation MixedQuotation IndirectStatement Mention UnnamedSource Government Group Doubt MergeDecision Correction
    ExtractionRun
    Report Stance Act stated derived unresolved notStated accepted proposed rejected person organization place group government
    speaker onBehalfOf speakerRole addressee act actClass target charge relays content cue sourceMention cueLemma
    editorialInsertion interpreted saidOn dateStatus rule confidence actsFor metonymOf refersTo kind zone
    Figure TimeExpression Quantity claimsFigure modifier measures cumulative shareOf counts projected additional edtf timeKind dateBasis
    asOfTime copyOf appearance
    Inference finding updates conflictsWith agreesWith answers sameWordsAs accuses note
    CoMention between Voice voiceOf articles statements
    left right outcome score feature entity leftMention rightMention answer value takenBackBy asOf
    why anchor country identitySource speakerRule speakerCertain toolVersion model data
    """,
)
ACT = Terms(
    "https://w3id.org/newskg/act/",
    """
    report stance act
    accuse agree announce apologise ask assert call-for claim condemn confirm criticise demand deny estimate explain fear hope offer oppose
    order permit plan pledge praise predict propose quote refuse refuse-comment reject rule say suggest support testify
    thank think threaten urge
    want warn write
    """,
)
DENIALS = frozenset({"deny", "reject", "refuse-comment"})
"""The acts by which an accusation is denied."""
RDF = Terms("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type value")
RDFS = Terms("http://www.w3.org/2000/01/rdf-schema#", "label")
XSD = Terms(
    "http://www.w3.org/2001/XMLSchema#",
    "string boolean integer nonNegativeInteger decimal double date dateTime gYear gYearMonth gMonthDay duration anyURI",
)
TIME = Terms("http://www.w3.org/2006/time#", "TemporalEntity Instant ProperInterval TemporalDuration")
OWL = Terms("http://www.w3.org/2002/07/owl#", "differentFrom")
ORG = Terms("http://www.w3.org/ns/org#", "Membership holds member organization")
SKOS = Terms(
    "http://www.w3.org/2004/02/skos/core#",
    """
    Concept ConceptScheme prefLabel altLabel hiddenLabel exactMatch closeMatch broader inScheme scopeNote definition
    topConceptOf notation editorialNote Collection member
    """,
)
PROV = Terms(
    "http://www.w3.org/ns/prov#",
    """
    Entity Agent Activity Person SoftwareAgent wasAttributedTo wasQuotedFrom wasDerivedFrom wasGeneratedBy wasAssociatedWith
    used actedOnBehalfOf endedAtTime invalidatedAtTime
    """,
)
OA = Terms(
    "http://www.w3.org/ns/oa#",
    "SpecificResource TextPositionSelector TextQuoteSelector hasSource hasSelector start end exact prefix suffix",
)
SCHEMA = Terms(
    "https://schema.org/",
    """
    NewsArticle Quotation Claim Person Organization GovernmentOrganization Place Country City AdministrativeArea
    about mentions identifier headline datePublished publisher author inLanguage sha256 url isPartOf text spokenByCharacter
    appearance locationCreated name jobTitle roleName startDate endDate QuantitativeValue value minValue maxValue unitText unitCode
    """,
)
DCTERMS = Terms("http://purl.org/dc/terms/", "source")
WGS = Terms("http://www.w3.org/2003/01/geo/wgs84_pos#", "lat long")

PREFIXES = {
    "act": ACT.base,
    "dcterms": DCTERMS.base,
    "kg": KG.base,
    "oa": OA.base,
    "org": ORG.base,
    "owl": OWL.base,
    "prov": PROV.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "schema": SCHEMA.base,
    "skos": SKOS.base,
    "time": TIME.base,
    "wgs": WGS.base,
    "xsd": XSD.base,
}
"""Prefixes that every query may use and every Turtle file declares, beside those of ``data_prefixes``."""

GEONAMES = "https://sws.geonames.org/{}/"
WIKIDATA = "http://www.wikidata.org/entity/{}"

KINDS_OF_IRI = (
    "doc",
    "statement",
    "figure",
    "inference",
    "when",
    "quantity",
    "actor",
    "place",
    "membership",
    "graph",
    "run",
    "decision",
    "correction",
    "agent",
    "doubt",
    "comention",
    "voice",
)


def data_prefixes(base: str = BASE) -> dict[str, str]:
    """Return prefix → namespace for the data below ``base``, sorted by prefix."""
    return {kind: f"{base}{kind}/" for kind in sorted(KINDS_OF_IRI)}


_UNRESERVED = re.compile(r"[\w.~-]+", re.ASCII)
"""What is never percent-encoded."""


def iri(kind: str, key: str, base: str = BASE) -> Iri:
    """Mint the IRI of a thing: ``{base}{kind}/{key}``, the key percent-encoded where RFC 3987 wants it.

    Raises:
        ValueError: ``kind`` is none of ``KINDS_OF_IRI`` or ``key`` is empty.
    """
    if kind not in KINDS_OF_IRI or not key:
        raise ValueError(f"no IRI of kind {kind!r} with key {key!r}")
    return Iri(f"{base}{kind}/{key if _UNRESERVED.fullmatch(key) else quote(key, safe='-._~')}")


def span_iri(document: Iri, span: "Span") -> Iri:
    """Return ``{document}#char={start},{end}`` (RFC 5147 style, code points, end exclusive)."""
    return Iri(f"{document}#char={span.start},{span.end}")


def selector_iri(span: Iri, part: str) -> Iri:
    """Return the IRI of a span's selector: ``{span};position`` or ``{span};quote``."""
    return Iri(f"{span};{part}")


def slug(name: str) -> str:
    """Fold a name into lower-case ASCII words joined by hyphens, transliterated; never empty, at most 80 characters."""
    from anyascii import anyascii

    words = re.findall(r"[a-z0-9]+", anyascii(unicodedata.normalize("NFC", name)).replace("'", "").lower())
    return "-".join(words)[:80].strip("-") or "x"


def ontology_folder() -> Path:
    """Return the folder of ``ontology/``: inside the installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "ontology"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "ontology"
