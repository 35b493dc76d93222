"""The library face: a built graph, open for reading.

with kg.open("output") as graph:
    for row in graph.query("SELECT ?name WHERE { ?actor skos:prefLabel ?name }"):
        print(row["name"])
    graph.ask("accusations", target="Azerbaijan")
    graph.statements()

What it can do is told, with examples that run, in docs/library.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from kg.errors import InputError, StoreError
from kg.query import as_text, overview, rows, run
from kg.records import Actor, Article, Overview, Said
from kg.store import Blank, Store, Table, Triples, Value, kept_texts, parse, published
from kg.vocab import BASE, RDF, SCHEMA, XSD, Literal, Quad, iri

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.validate import Proof


Plain: TypeAlias = str | int | float | bool | date | datetime | None
"""A value as Python has it: a number, truth value or day as such, everything else as text, ``None`` for what is unbound."""

SHOWN = 100
"""Rows that a notebook shows; all of them are there."""


def plain(value: Value | None) -> Plain:
    """Return a term as a plain value: an IRI as its text, a literal by its datatype, as text where Python has no such value."""
    if value is None:
        return None
    if not isinstance(value, Literal):
        return f"_:{value}" if isinstance(value, Blank) else str(value)
    match value.datatype:
        case XSD.integer | XSD.nonNegativeInteger:
            read: type[int] | type[float] = int
        case XSD.decimal | XSD.double:
            read = float
        case XSD.boolean:
            return value.text in ("true", "1")
        case XSD.date | XSD.dateTime:
            return _moment(value)
        case _:
            return value.text
    try:
        return read(value.text)
    except ValueError:
        return value.text


def _moment(value: Literal) -> date | datetime | str:
    """Return a day or moment; as text where the calendar of Python does not reach (a day with a time zone, a year before 1)."""
    try:
        return date.fromisoformat(value.text) if value.datatype == XSD.date else datetime.fromisoformat(value.text)
    except ValueError:
        return value.text


class _Shown:
    """What an answer can do in a notebook."""

    __slots__ = ()

    if TYPE_CHECKING:
        columns: tuple[str, ...]
        rows: tuple[tuple[Value | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Plain]]:
        return map(self._row, self.rows)

    def __getitem__(self, at: int) -> dict[str, Plain]:
        return self._row(self.rows[at])

    def __str__(self) -> str:
        """Return the table that ``kg query`` prints."""
        return self.text().rstrip("\n")

    def __repr__(self) -> str:
        return f"<{_counted(len(self))} of {', '.join(self.columns)}>"

    def text(self, format: str = "table", *, base: str = BASE, width: int = 120) -> str:
        """Return the answer as ``kg query --format`` prints it: table, csv, json, or ttl for triples."""
        assert isinstance(self, Table | Triples)
        return as_text(self, format, base=base, width=width)

    def _row(self, row: Sequence[Value | None]) -> dict[str, Plain]:
        return {column: plain(value) for column, value in zip(self.columns, row, strict=True)}

    def _repr_html_(self) -> str:
        """Return the first ``SHOWN`` rows as a table for a notebook; every text is escaped."""
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        body = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row.values())}</tr>" for row in islice(self, SHOWN))
        more = f", {SHOWN} shown" if len(self) > SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{_counted(len(self))}{more}</p>"


def _cell(value: Plain) -> str:
    return "" if value is None else f"<bdi>{escape(str(value))}</bdi>"


def _counted(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


@dataclass(frozen=True, slots=True, repr=False)
class Rows(_Shown, Table):
    """What SELECT finds: each row a dictionary of plain values by column, in the order of the query.

    ``pandas.DataFrame(rows)`` makes a table of them; ``rows.rows`` has the terms of RDF as they are.
    """


@dataclass(frozen=True, slots=True, repr=False)
class Edges(_Shown, Triples):
    """What CONSTRUCT and DESCRIBE find: each triple a dictionary of subject, predicate and object."""

    columns: tuple[str, ...] = ("subject", "predicate", "object")


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

    def query(self, sparql: str) -> Rows | Edges | bool:
        """Answer a SPARQL 1.1 query: SELECT with rows, CONSTRUCT and DESCRIBE with triples, ASK with yes or no.

        Our prefixes need no declaration, and nothing in it can leave this machine.

        Raises:
            QueryError: It does not parse, or it would write or reach out.
        """
        answer = run(self._store, sparql, base=self._base)
        match answer:
            case Table(columns, found):
                return Rows(columns, found)
            case Triples(triples):
                return Edges(triples)
        return answer

    def ask(self, question: str, *, questions: Path | str | None = None, **parameters: str | int | float | date) -> Rows:
        """Ask a ready question: ``graph.ask("accusations", target="Azerbaijan")``.

        Args:
            question: Its name; ``kg ask`` lists them.
            questions: A folder of your own .rq files; they win where names are the same.
            parameters: What the question wants to know; names as any article writes them.

        Raises:
            QueryError: There is no such question or parameter, or nothing in the graph is called so; close names stand in the message.
        """
        from kg import questions as room

        known = room.library(None if questions is None else Path(questions))
        values = {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in parameters.items()}
        reply = room.ask(self._store, room.find(known, question), values, base=self._base)
        if reply.unknown:
            raise reply.unknown[0]
        return Rows(reply.table.columns, reply.table.rows)

    def overview(self) -> Overview:
        """Return all articles, actors and statements."""
        return overview(self._store, kept_texts(self._output))

    def articles(self) -> tuple[Article, ...]:
        """Return all articles with their texts, by IRI."""
        return self.overview().articles

    def actors(self) -> tuple[Actor, ...]:
        """Return all actors and places, by IRI."""
        return self.overview().actors

    def statements(self) -> tuple[Said, ...]:
        """Return all statements by article and offset."""
        return self.overview().statements

    @property
    def graph(self) -> "rdflib.Dataset":
        """An rdflib ``Dataset`` over the store, for reading until ``close``: its default graph is the union of all.

        Its queries are run as they are: give texts from outside to ``query``, which lets nothing leave this machine.
        """
        return self._store.dataset()

    def to_networkx(
        self, graph: str = "speech", *, during: str = "", kinds: Iterable[str] = (), topics: Iterable[str] = ()
    ) -> "nx.Graph[str]":
        """Return a graph of names, which ``kg.analyse`` measures: directed, but for ``mention``.

        Args:
            graph: ``speech`` (who speaks about whom), ``mention`` (who is named together), ``place`` or ``topic``.
            during: A day, month, year or period as EDTF writes it; by default all statements.
            kinds: Only names of these kinds: ``person``, ``government`` ...
            topics: Words that are a topic each, for ``topic``.

        Raises:
            PeriodError: ``during`` is no period.
            ValueError: There is no such graph.
        """
        from kg import analyse as room

        shown, overview = room.Projection(graph), room.gathered(self._store)
        chosen = room.during(overview, room.period(during)) if during else overview
        return room.project(chosen, shown, kinds=set(kinds), topics=room.topics(self._store, topics) if shown == "topic" else ())

    def page(self, *, title: str) -> str:
        """Return the interactive page: one HTML file that needs no network."""
        from kg.gazetteer import ATTRIBUTION
        from kg.render import page

        return page(overview(self._store, kept_texts(self._output), numbers=True), title=title, attribution=ATTRIBUTION)

    def export(self, path: Path | str) -> None:
        """Write the whole graph in the format that the ending of the file's name tells, as ``kg export`` does.

        Raises:
            StoreError: The ending tells none, or the file cannot be written.
        """
        from kg.formats import chosen, export_file

        target = Path(path)
        export_file(self._store, chosen(None, target), target, base=self._base)

    def prove(self, sources: Iterable[Path | str] = (), *, by_pyshacl: bool = False) -> "Proof":
        """Slice every span from its article and check the SHACL shapes; for an exported file there is ``prove_file``.

        Args:
            sources: The articles' files or folders; by default the texts kept beside the graph.
            by_pyshacl: Check the shapes with pyshacl, too.

        Raises:
            InputError: A source cannot be read.
            StoreError: There is no text at all.
        """
        from kg.validate import prove_store

        kept, given = kept_texts(self._output), list(sources)
        named = [(row["id"], row["article"].rpartition("/")[2]) for row in rows(self._store, "overview/articles")]
        proof = prove_store(self._store, _texts(named, self._output, given, kept), kept=kept)
        return _by_pyshacl(proof, self._store.quads()) if by_pyshacl else proof


def prove_file(exported: Path, output: Path, sources: Iterable[Path | str] = (), *, base: str = BASE, by_pyshacl: bool = False) -> "Proof":
    """Prove a file that ``export`` wrote, by the articles alone or, where none are given, by its store.

    Args:
        exported: The file; its ending tells the format.
        output: Folder of the store; without ``sources`` its kept texts are sliced, and the file must hold what the store holds.
        sources: The articles' files or folders; then nothing of ``output`` is needed.
        base: Namespace of the data.
        by_pyshacl: Check the shapes with pyshacl, too.

    Raises:
        StoreError: The file cannot be read, or there is no text at all.
        InputError: A source cannot be read.
    """
    from kg.validate import differences, ordered, prove_quads

    quads, given, kept = list(parse(exported, iri("graph", "file", base))), list(sources), kept_texts(output)
    articles = {subject for subject, predicate, value, _ in quads if predicate == RDF.type and value == SCHEMA.NewsArticle}
    named = [
        (value.text, subject.rpartition("/")[2])
        for subject, predicate, value, _ in quads
        if subject in articles and predicate == SCHEMA.identifier and isinstance(value, Literal)
    ]
    proof = prove_quads(quads, _texts(named, output, given, kept), kept=kept)
    if by_pyshacl:
        proof = _by_pyshacl(proof, quads)
    if given or published(output) is None:
        return proof
    with Store(output) as store:
        return replace(proof, violations=ordered((*proof.violations, *differences(quads, store.quads()))))


def _by_pyshacl(proof: "Proof", quads: Iterable[Quad]) -> "Proof":
    """Return a proof with what another engine finds against the shapes."""
    from kg.validate import ordered, shapes_report

    return replace(proof, violations=ordered((*proof.violations, *shapes_report(quads))))


def _texts(named: Sequence[tuple[str, str]], output: Path, sources: Sequence[Path | str], kept: Mapping[str, str]) -> Mapping[str, str]:
    """Return the texts by which articles, (id, key), are proved: those of the sources, else those kept in a folder."""
    if named and not sources and not kept:
        raise StoreError(f"there are no texts in {output} to slice", "Name the files of the articles, or run kg build first.")
    return _texts_of(named, sources) if sources else kept


def _texts_of(named: Iterable[tuple[str, str]], sources: Iterable[Path | str]) -> dict[str, str]:
    """Return the key of each article of a graph → the text that the sources have for it: the same text, else what has its name."""
    from kg.corpus import ANY_LANGUAGE, read

    keys: dict[str, list[str]] = {}
    for id_, key in named:
        keys.setdefault(id_, []).append(key)
    known = {key for found in keys.values() for key in found}
    texts: dict[str, str] = {}
    for document in read(sources, ANY_LANGUAGE):
        if isinstance(document, InputError):
            raise document
        if document.key in known:
            texts[document.key] = document.text
        else:
            texts = dict.fromkeys(keys.get(document.id, []), document.text) | texts
    return texts
