"""A graph is proved: one article, a whole store article by article, or the quads of a file."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import MappingProxyType

import rdflib

from kg.store import Store, Table, Value
from kg.validate.facts import Facts
from kg.validate.shapes import check
from kg.validate.slices import key_of, prove
from kg.validate.violations import Severity, Violation
from kg.vocab import KG, OA, OWL, PREFIXES, PROV, RDF, SCHEMA, SKOS, Iri, Literal, Quad, Term, iri, ontology_folder

BATCH = 500
"""So many things of a graph that is no article's are checked at a time."""


_LEADING = frozenset({SCHEMA.isPartOf, OA.hasSource, OA.hasSelector})


@dataclass(frozen=True, slots=True)
class Proof:
    """What checking a graph found.

    Attributes:
        articles, spans: How many were sliced.
        violations: What does not hold, warnings last; then by article and place.
    """

    articles: int
    spans: int
    violations: tuple[Violation, ...]


def check_document(quads: Iterable[Quad], text: str, *, known: Iterable[Quad] = ()) -> list[Violation]:
    """Check the graph of one article: every span against its text, every node against the shapes.

    What concerns several graphs is left to ``prove_store``: names that two actors share, and things that other graphs say of this one's.

    Args:
        quads: The graph of the article, as ``document_quads`` gives it.
        text: The article.
        known: What ``entity_quads`` says of the actors and places that the graph names; more does no harm.

    Returns:
        What does not hold, sorted; warnings too, told by their severity.
    """
    own = list(quads)
    facts, texts = Facts(own, (*known, *_acts())), {key_of(graph): text for *_, graph in own}
    return sorted({*prove(facts, texts, texts), *check(facts)})


def prove_quads(quads: Iterable[Quad], texts: Mapping[str, str], *, kept: Mapping[str, str] = MappingProxyType({})) -> Proof:
    """Prove a whole graph at once: for a file, which is not sorted by articles.

    Args:
        quads: The graph.
        texts: Document key → text.
        kept: Document key → the text as it was read, to show where a changed one parts from it.
    """
    facts = Facts(quads, _acts())
    names = [
        (actor, name)
        for actor in facts.of_type(PROV.Agent)
        if not facts.has(actor, RDF.type, KG.UnnamedSource)
        for name in (*facts.words(actor, SKOS.prefLabel), *facts.words(actor, SKOS.altLabel))
    ]
    found = [*prove(facts, texts, kept), *check(facts), *shared_names(names, facts.pairs(OWL.differentFrom))]
    return Proof(len(facts.of_type(SCHEMA.NewsArticle)), len(facts.of_type(OA.SpecificResource)), ordered(found))


def prove_store(store: Store, texts: Mapping[str, str], *, kept: Mapping[str, str] = MappingProxyType({})) -> Proof:
    """Prove an open store: the same answers as of ``prove_quads`` over all that it holds, one article in memory at a time.

    Args:
        store: The open store.
        texts: Document key → text.
        kept: Document key → the text as it was read, to show where a changed one parts from it.
    """
    reader = _Reader(store)
    found: set[Violation] = set()
    articles = spans = 0
    for own, known in reader.parts():
        facts = Facts(own, (*known, *_acts()))
        here = [*prove(facts, texts, kept), *check(facts)]
        if here and (more := reader.beyond(own, known)):
            facts = Facts(own, (*known, *more, *_acts()))
            here = [*prove(facts, texts, kept), *check(facts)]
        found.update(here)
        articles += len(facts.of_type(SCHEMA.NewsArticle))
        spans += len(facts.of_type(OA.SpecificResource))
    found.update(shared_names(reader.names(), reader.apart()))
    return Proof(articles, spans, ordered(found))


def shared_names(names: Iterable[tuple[Iri, str]], apart: Iterable[tuple[Iri, Term]]) -> list[Violation]:
    """Return a warning for each name that two actors share though nothing says that they are two, sorted.

    Args:
        names: Each actor with each of its names.
        apart: Pairs that are known to be two (``owl:differentFrom``), each in one order.
    """
    bearers: defaultdict[str, set[Iri]] = defaultdict(set)
    for actor, name in names:
        bearers[name.casefold()].add(actor)
    known = {frozenset(pair) for pair in apart}
    found = []
    for name, actors in bearers.items():
        first, *others = sorted(actors)
        found += [
            Violation("", other, "shared.name", f"{first} is called the same, and nothing says that they are two", name, Severity.WARNING)
            for other in others
            if frozenset((first, other)) not in known
        ]
    return sorted(found)


def ordered(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Return violations once each: warnings last, then by article and place, numbers as numbers."""
    return tuple(
        sorted(set(violations), key=lambda wrong: (wrong.severity is not Severity.VIOLATION, wrong.article, _natural(wrong.node), wrong))
    )


def _natural(text: str) -> tuple[tuple[str, int], ...]:
    """Return a key that sorts the numbers within texts as numbers."""
    return tuple((words, int(digits or 0)) for words, digits in re.findall(r"(\D*)(\d{0,15})", text))


@cache
def _acts() -> tuple[Quad, ...]:
    """Return which speech acts there are, so that an act can be told from what only looks like one."""
    acts = rdflib.Graph().parse(ontology_folder() / "acts.ttl")
    graph = iri("graph", "acts")
    return tuple((Iri(str(act)), RDF.type, SKOS.Concept, graph) for act in acts.subjects(rdflib.RDF.type, rdflib.SKOS.Concept))


# ---------------------------------------------------------------- a store, part by part


class _Reader:
    """A store in parts that can be checked one after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.about = lru_cache(20_000)(self._about)

    def parts(self) -> Iterator[tuple[list[Quad], list[Quad]]]:
        """Yield the quads of each part with what the other graphs say of the things in it.

        An article is a part. Other graphs are cut into parts by their subjects, of which all that any graph says is known then; what
        they say of an article's parts is known when that article is checked.
        """
        articles = {graph for (graph,) in self._rows("graphs") if isinstance(graph, Iri)}
        elsewhere: set[Term] = set()
        for graph in sorted(set(self._store.graphs()) - articles):
            subjects = sorted(str(subject) for subject, _ in self._rows("subjects", graph=graph))
            elsewhere.update(Iri(subject) for subject in subjects)
            for start in range(0, len(subjects), BATCH):
                chosen = [Iri(subject) for subject in subjects[start : start + BATCH]]
                own = [quad for subject in chosen for quad in self._within(subject, graph)]
                yield own, self._known(own, chosen)
        for graph in sorted(articles):
            own = list(self._store.quads(graph))
            key = graph.rpartition("/")[2]
            mine = {subject for subject, *_ in own}
            yield own, self._known(own, [subject for subject in sorted(mine) if subject in elsewhere or key not in subject])

    def beyond(self, own: Sequence[Quad], known: Sequence[Quad]) -> list[Quad]:
        """Return what leads from a part and what is known of it to articles and words elsewhere, so that these can be named."""
        described, quads, found = {subject for subject, *_ in (*own, *known)}, [*own, *known], []
        while named := {value for _, predicate, value, _ in quads if predicate in _LEADING and isinstance(value, Iri)} - described:
            quads = [quad for node in sorted(named) for quad in self.about(node)]
            described |= named
            found += quads
        return found

    def names(self) -> list[tuple[Iri, str]]:
        """Return each named actor with each of its names."""
        return [(actor, name.text) for actor, name in self._rows("names") if isinstance(actor, Iri) and isinstance(name, Literal)]

    def apart(self) -> list[tuple[Iri, Term]]:
        """Return the pairs of things that are known to be two."""
        return [(left, right) for left, right in self._rows("apart") if isinstance(left, Iri) and isinstance(right, Iri)]

    def _known(self, own: Sequence[Quad], subjects: Iterable[Iri]) -> list[Quad]:
        """Return what all graphs say of some subjects, and of the things that are named in a part and not described there."""
        described = {subject for subject, *_ in own}
        named = {value for _, predicate, value, _ in own if isinstance(value, Iri) and predicate != RDF.type and value not in described}
        return [quad for node in sorted({*subjects, *named}) for quad in self.about(node)]

    def _about(self, node: Iri) -> tuple[Quad, ...]:
        return tuple((node, predicate, value, graph) for predicate, value, graph in self._terms("about", node=node))

    def _within(self, node: Iri, graph: Iri) -> Iterator[Quad]:
        return ((node, predicate, value, graph) for predicate, value, _ in self._terms("about", node=node, graph=graph))

    def _terms(self, name: str, **bind: Term) -> Iterator[tuple[Iri, Term, Iri]]:
        for predicate, value, graph, *_ in self._rows(name, **bind):
            if isinstance(predicate, Iri) and isinstance(value, Iri | Literal) and isinstance(graph, Iri):
                yield predicate, value, graph

    def _rows(self, name: str, **bind: Term) -> tuple[tuple[Value | None, ...], ...]:
        table = self._store.query(_question(name), prefixes=PREFIXES, bind=bind)
        return table.rows if isinstance(table, Table) else ()


@cache
def _question(name: str) -> str:
    return (ontology_folder() / "questions" / "proof" / f"{name}.rq").read_text("utf-8")


# ---------------------------------------------------------------- a file beside its store


def differences(quads: Iterable[Quad], store: Iterable[Quad]) -> list[Violation]:
    """Compare a file's triples with those of the store that it was exported from, graphs aside.

    Returns:
        A violation for each triple that the file lacks, and a warning for each that only the file has, sorted.
    """
    facts, held = Facts(quads), Facts(store)
    lost = [held.violation(node, "export.missing", f"the file lacks {_told(*told)}") for node, *told in held.triples() - facts.triples()]
    more = [facts.violation(node, "export.added", f"the store lacks {_told(*told)}") for node, *told in facts.triples() - held.triples()]
    return sorted([*lost, *(replace(found, severity=Severity.WARNING) for found in more)])


def _told(predicate: Term, value: Term) -> str:
    """Return a predicate and its object as they are read."""
    return f"{str(predicate).rpartition('#')[2].rpartition('/')[2]} {repr(value.text) if isinstance(value, Literal) else value}"
