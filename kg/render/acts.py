"""The speech acts as the page tells them: what ``ontology/acts.ttl`` calls them, and which of its collections they are in."""

from dataclasses import dataclass
from functools import cache

from kg.store import parse
from kg.vocab import ACT, RDF, SKOS, Iri, Literal, ontology_folder

SAYS = "says"
"""The family of acts that are in no collection."""


@dataclass(frozen=True, slots=True)
class Act:
    """A speech act: its name, and what a picture tells it as: ``accuses``, ``denies``, ``relays`` or else ``says``."""

    name: str
    family: str


@cache
def acts() -> dict[str, Act]:
    """Return all acts by the last part of their IRI."""
    quads = list(parse(ontology_folder() / "acts.ttl", Iri(ACT.base)))
    labels = {subject: value.text for subject, predicate, value, _ in quads if predicate == SKOS.prefLabel and isinstance(value, Literal)}
    families = {value: labels[subject] for subject, predicate, value, _ in quads if predicate == SKOS.member}
    return {
        subject.removeprefix(ACT.base): Act(labels[subject], families.get(subject, SAYS))
        for subject, predicate, value, _ in quads
        if predicate == RDF.type and value == SKOS.Concept
    }
