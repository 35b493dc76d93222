"""The library face: a built graph, open for reading.

with kg.open("output") as graph:
    graph.query("SELECT ?name WHERE { ?actor skos:prefLabel ?name }")
    graph.statements()
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kg.errors import InputError
from kg.query import overview, run
from kg.records import Overview, Said
from kg.store import Answer, Format, Store, kept_texts, parse
from kg.vocab import BASE, OA, RDF, SCHEMA, Literal, Quad, iri

if TYPE_CHECKING:
    import networkx as nx

    from kg.validate import Violation


@dataclass(frozen=True, slots=True)
class Proof:
    """What checking a graph found.

    Attributes:
        articles, spans: How many were sliced.
        violations: What does not hold, warnings last.
    """

    articles: int
    spans: int
    violations: tuple["Violation", ...]


class Graph:
    """The graph in an output folder, open until ``close`` or the end of a ``with`` block.

    Args:
        output: The folder that ``kg.build`` wrote.
        base: Namespace of its data.

    Raises:
        StoreError: There is no graph, or somebody is writing it.
    """

    def __init__(self, output: Path, *, base: str = BASE) -> None:
        self._output, self._base = output, base
        self._store = Store(output)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Self:
        """Return the graph itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the graph."""
        self.close()

    def query(self, sparql: str) -> Answer:
        """Answer a SPARQL 1.1 query; our prefixes need no declaration. Raises ``QueryError``."""
        return run(self._store, sparql, base=self._base)

    def overview(self) -> Overview:
        """Return all articles, actors and statements."""
        return overview(self._store, kept_texts(self._output))

    def statements(self) -> tuple[Said, ...]:
        """Return all statements by article and offset."""
        return self.overview().statements

    def to_networkx(self) -> "nx.DiGraph[str]":
        """Return who speaks about whom: see ``kg.analyse.speech_graph``."""
        from kg.analyse import speech_graph

        return speech_graph(self.overview())

    def page(self, *, title: str) -> str:
        """Return the interactive page: one HTML file that needs no network."""
        from kg.gazetteer import ATTRIBUTION
        from kg.render import page

        return page(self.overview(), title=title, attribution=ATTRIBUTION)

    def export(self, path: Path | str) -> None:
        """Write the whole graph; the format follows the file's ending (ttl, nq, nt, trig, jsonld, rdf)."""
        target = Path(path)
        self._store.write(Format(target.suffix.removeprefix(".")), target, base=self._base)

    def prove(self, sources: Iterable[Path | str] = (), *, exported: Path | None = None) -> Proof:
        """Slice every span from its article and check the SHACL shapes.

        Args:
            sources: The articles' files or folders; by default the texts kept beside the graph.
            exported: A file that ``export`` wrote, to be checked instead of the store.

        Raises:
            InputError: A source cannot be read.
        """
        from kg.validate import Severity, shapes_report, slice_proof

        quads = list(parse(exported, iri("graph", "file", self._base)) if exported else self._store.quads())
        found = [*slice_proof(quads, _texts_of(quads, sources) or kept_texts(self._output)), *shapes_report(quads)]
        ordered = sorted(set(found), key=lambda violation: (violation.severity is not Severity.VIOLATION, violation))
        return Proof(_count(quads, SCHEMA.NewsArticle), _count(quads, OA.SpecificResource), tuple(ordered))


def _count(quads: Iterable[Quad], kind: str) -> int:
    return len({subject for subject, predicate, value, _ in quads if predicate == RDF.type and value == kind})


def _texts_of(quads: Iterable[Quad], sources: Iterable[Path | str]) -> dict[str, str]:
    """Return the key of each article of a graph → the text that the sources have under its name, changed or not."""
    from kg.corpus import read

    keys: dict[str, list[str]] = {}
    for subject, predicate, value, _ in quads:
        if predicate == SCHEMA.identifier and isinstance(value, Literal):
            keys.setdefault(value.text, []).append(subject.rpartition("/")[2])
    texts = {}
    for document in read(sources):
        if isinstance(document, InputError):
            raise document
        named = keys.get(document.id, [])
        texts.update(dict.fromkeys([document.key] if document.key in named else named, document.text))
    return texts
