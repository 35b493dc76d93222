"""The library face: a built graph, open for reading.

with kg.open("output") as graph:
    graph.query("SELECT ?name WHERE { ?actor skos:prefLabel ?name }")
    graph.statements()
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kg.errors import InputError, StoreError
from kg.query import overview, run
from kg.records import Overview, Said
from kg.store import Answer, Store, format_of, kept_texts, parse
from kg.vocab import BASE, OA, RDF, SCHEMA, Literal, Quad, iri

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

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

    @property
    def graph(self) -> "rdflib.Dataset":
        """An rdflib ``Dataset`` over the store, for reading until ``close``: its default graph is the union of all.

        Its queries are run as they are: give texts from outside to ``query``, which lets nothing leave this machine.
        """
        return self._store.dataset()

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
        """Write the whole graph; the format follows the file's ending: ttl, nq, nt, trig, jsonld, rdf.

        Raises:
            StoreError: The ending is none of these, or the file cannot be written.
        """
        target = Path(path)
        self._store.write(format_of(target), target, base=self._base)

    def prove(self, sources: Iterable[Path | str] = ()) -> Proof:
        """Slice every span from its article and check the SHACL shapes; for an exported file there is ``prove_file``.

        Args:
            sources: The articles' files or folders; by default the texts kept beside the graph.

        Raises:
            InputError: A source cannot be read.
        """
        return _prove(list(self._store.quads()), self._output, list(sources))


def prove_file(exported: Path, output: Path, sources: Iterable[Path | str] = (), *, base: str = BASE) -> Proof:
    """Prove a file that ``export`` wrote, by the articles alone or, where none are given, by its store.

    Args:
        exported: The file; its ending tells the format.
        output: Folder of the store; without ``sources`` its kept texts are sliced, and the file must hold what the store holds.
        sources: The articles' files or folders; then nothing of ``output`` is needed.
        base: Namespace of the data.

    Raises:
        StoreError: The file cannot be read, or there is no text at all.
        InputError: A source cannot be read.
    """
    from kg.validate import differences

    quads, given = list(parse(exported, iri("graph", "file", base))), list(sources)
    if given or not (output / "store").is_dir():
        return _prove(quads, output, given)
    with Store(output) as store:
        found = differences(quads, store.quads())
    return _prove(quads, output, given, found)


def _prove(quads: Sequence[Quad], output: Path, sources: Sequence[Path | str], more: Iterable["Violation"] = ()) -> Proof:
    from kg.validate import Severity, shapes_report, slice_proof

    kept = kept_texts(output)
    articles = _count(quads, SCHEMA.NewsArticle)
    if articles and not sources and not kept:
        raise StoreError(f"there are no texts in {output} to slice", "Name the files of the articles, or run kg build first.")
    found = [*slice_proof(quads, _texts_of(quads, sources) if sources else kept, kept=kept), *shapes_report(quads), *more]
    ordered = sorted(set(found), key=lambda wrong: (wrong.severity is not Severity.VIOLATION, wrong.article, _natural(wrong.node), wrong))
    return Proof(articles, _count(quads, OA.SpecificResource), tuple(ordered))


def _natural(text: str) -> tuple[tuple[str, int], ...]:
    """Return a key that sorts the numbers within texts as numbers."""
    return tuple((words, int(digits or 0)) for words, digits in re.findall(r"(\D*)(\d{0,15})", text))


def _count(quads: Iterable[Quad], kind: str) -> int:
    return len({subject for subject, predicate, value, _ in quads if predicate == RDF.type and value == kind})


def _texts_of(quads: Iterable[Quad], sources: Iterable[Path | str]) -> dict[str, str]:
    """Return the key of each article of a graph → the text that the sources have for it: the same text, else what has its name."""
    from kg.corpus import read

    keys: dict[str, list[str]] = {}
    for subject, predicate, value, _ in quads:
        if predicate == SCHEMA.identifier and isinstance(value, Literal):
            keys.setdefault(value.text, []).append(subject.rpartition("/")[2])
    known = {key for named in keys.values() for key in named}
    texts: dict[str, str] = {}
    for document in read(sources):
        if isinstance(document, InputError):
            raise document
        if document.key in known:
            texts[document.key] = document.text
        else:
            texts = dict.fromkeys(keys.get(document.id, []), document.text) | texts
    return texts
