"""Authority packs: SKOS Turtle in which a person says what a thing is called and which thing it is.

A concept has ``skos:prefLabel``, ``skos:altLabel``, ``skos:hiddenLabel`` (found, but never shown as an alias), ``skos:exactMatch`` to
GeoNames or Wikidata, ``kg:kind``, and where they apply ``kg:country`` (an ISO code), ``kg:metonymOf`` (what a seat stands for),
``kg:actsFor`` (for whom a body speaks), ``wgs:lat`` and ``wgs:long``. ``schema:City``, ``schema:Country`` or
``schema:AdministrativeArea`` as a second type says what sort of place it is. A user's own file may say more: ``owl:differentFrom``
(who must never be taken for whom) and ``org:holds`` a post with its labels, ``schema:startDate`` and ``schema:endDate``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from kg.errors import InputError
from kg.gazetteer.known import Known
from kg.records import Kind
from kg.vocab import GEONAMES, KG, ORG, OWL, RDF, SCHEMA, SKOS, WGS, Iri

_KINDS = {str(getattr(KG, kind.value)): kind for kind in Kind}
_PLACES = {str(SCHEMA.City): "city", str(SCHEMA.Country): "country", str(SCHEMA.AdministrativeArea): "region"}
_WIKIDATA = ("http://www.wikidata.org/entity/", "https://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/")
_GEONAMES = (GEONAMES.partition("{")[0], "http://sws.geonames.org/", "https://www.geonames.org/")


@dataclass(frozen=True, slots=True)
class Post:
    """An office that somebody holds.

    Attributes:
        names: What it is called: ``mayor of Lindmere``, sorted.
        since, until: First and last day, month or year, as ISO 8601; empty where the file sets no bound.
    """

    names: tuple[str, ...]
    since: str = ""
    until: str = ""

    def held_on(self, day: str | None) -> bool:
        """Tell whether it is held on a day (ISO 8601); of no known day only what has no bounds is."""
        if not day:
            return not (self.since or self.until)
        return day[: len(self.since)] >= self.since and (not self.until or day[: len(self.until)] <= self.until)


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept as its file states it.

    Attributes:
        known: Its entry; ``acts_for`` still holds the IRI that the file gives.
        hidden: Labels by which it is found and which are not shown.
        posts: What a person holds or held, sorted by time.
        apart: IRIs of what it is not, sorted.
    """

    known: Known
    hidden: tuple[str, ...]
    posts: tuple[Post, ...] = ()
    apart: tuple[str, ...] = ()


def concepts(path: Path) -> tuple[Concept, ...]:
    """Read the concepts of a pack, sorted by IRI.

    Raises:
        InputError: The file is missing or unreadable, is not Turtle, or a concept lacks its label or its kind.
    """
    graph = Graph()
    try:
        graph.parse(data=path.read_bytes(), format="turtle")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read the authority file {path}: {error}", "Name a Turtle file in UTF-8.") from error
    except (BadSyntax, ParserError, IndexError) as error:  # IndexError: rdflib's reader runs off the end of a file that breaks off
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"The authority file {path} is not Turtle: {reason}", "Mend it there.") from error
    found = graph.subjects(URIRef(RDF.type_), URIRef(SKOS.Concept))
    return tuple(_concept(graph, node, path) for node in sorted(x for x in set(found) if isinstance(x, URIRef)))


def _concept(graph: Graph, node: URIRef, path: Path) -> Concept:
    def values(term: Iri) -> list[str]:
        return sorted(str(value) for value in graph.objects(node, URIRef(term)))

    def one(term: Iri) -> str | None:
        return next(iter(values(term)), None)

    name, kind = one(SKOS.prefLabel), _KINDS.get(one(KG.kind) or "")
    if not name or kind is None:
        raise InputError(f"{node} in {path} lacks skos:prefLabel or a kg:kind that exists", f"Kinds are {', '.join(Kind)}.")
    matches = values(SKOS.exactMatch)
    sort = next((_PLACES[x] for x in values(RDF.type_) if x in _PLACES), "place")
    known = Known(
        id=str(node),
        kind=kind,
        feature="seat" if one(KG.metonymOf) else sort if kind is Kind.PLACE else kind.value,
        name=name,
        country=one(KG.country),
        latitude=_degrees(one(WGS.lat), node, path),
        longitude=_degrees(one(WGS.long), node, path),
        geonames=_external(matches, _GEONAMES),
        wikidata=_external(matches, _WIKIDATA),
        aliases=tuple(label for label in values(SKOS.altLabel) if label != name),
        source=path.name,
        acts_for=one(KG.actsFor) or one(KG.metonymOf),
    )
    posts = sorted((_post(graph, post, path) for post in graph.objects(node, URIRef(ORG.holds))), key=lambda p: (p.since, p.until, p.names))
    return Concept(known, tuple(values(SKOS.hiddenLabel)), tuple(posts), tuple(values(OWL.differentFrom)))


def _post(graph: Graph, node: Node, path: Path) -> Post:
    names = sorted(str(name) for term in (SKOS.prefLabel, SKOS.altLabel) for name in graph.objects(node, URIRef(term)))
    since, until = (str(graph.value(node, URIRef(term)) or "") for term in (SCHEMA.startDate, SCHEMA.endDate))
    wrong = [day for day in (since, until) if day and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", day)]
    if not names or wrong:
        problem = f"a post in {path} has {f'{wrong[0]!r} for a date' if wrong else 'no label'}"
        raise InputError(problem, "Give it a skos:prefLabel, and dates as 2023-09-27, 2023-09 or 2023.")
    return Post(tuple(names), since, until)


def _degrees(text: str | None, node: URIRef, path: Path) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError as error:
        raise InputError(f"{node} in {path}: {text!r} is no number of degrees", "Write it as 39.8177.") from error


def _external(matches: Iterable[str], prefixes: Iterable[str]) -> str | None:
    ids = (match.removeprefix(prefix).strip("/") for match in matches for prefix in prefixes if match.startswith(prefix))
    return next(ids, None)


def absorb(known: Known, same: Iterable[Known]) -> Known:
    """Return ``known`` with what the entries for the same thing know and it leaves open; its own word goes first."""
    for other in same:
        known = replace(
            known,
            feature=other.feature if known.feature == "place" else known.feature,
            country=known.country or other.country,
            population=known.population or other.population,
            latitude=other.latitude if known.latitude is None else known.latitude,
            longitude=other.longitude if known.longitude is None else known.longitude,
            geonames=known.geonames or other.geonames,
            wikidata=known.wikidata or other.wikidata,
            capital_of=known.capital_of or other.capital_of,
            aliases=tuple(sorted({*known.aliases, *other.names} - {known.name})),
            acts_for=known.acts_for or other.acts_for,
            region=known.region or other.region,
        )
    return known


def spoken_for(known: Known, countries: Mapping[str, str]) -> Known:
    """Return ``known`` with the country's code in ``acts_for`` where it held the Wikidata IRI of a country.

    Args:
        known: An entry of a pack.
        countries: Wikidata id of a country → its code.
    """
    wikidata = _external((known.acts_for or "",), _WIKIDATA)
    if wikidata is None:
        return known
    return replace(known, acts_for=countries.get(wikidata, known.acts_for), country=known.country or countries.get(wikidata))
