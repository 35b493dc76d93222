"""What was read is resolved and written: store, texts, Turtle, N-Quads, page and report."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from kg.annotate import meaning
from kg.archive import Archive
from kg.errors import InputError
from kg.graph import Graph
from kg.ledgers import ledgers
from kg.pipeline.counting import Report, report_of
from kg.pipeline.options import Options
from kg.pipeline.recipe import gazetteer_of, ingredients
from kg.records import Collection, Correction, Document
from kg.resolve import resolve
from kg.review import corrections
from kg.store import Format, Store, drop_texts, keep_texts, write
from kg.triples import authority_quads, correction_quads, document_quads, entity_quads, inferred_quads, run_iri, run_quads
from kg.vocab import iri

TITLE = "Who said what"


def write_graph(
    archive: Archive,
    output: Path,
    documents: Iterable[Document],
    options: Options,
    base: str,
    *,
    same: tuple[str, ...],
    failed: Sequence[InputError],
) -> Report:
    """Resolve what was read of some documents and write everything that follows from it."""
    wanted = {document.key for document in documents}
    extractions = [extraction for extraction in archive.all() if extraction.document.key in wanted]
    texts = {extraction.document.key: extraction.document.text for extraction in extractions}
    with Store(output, writable=True) as store:
        said = corrections(store)
        collection = resolve(extractions, gazetteer_of(options.authority), said)
        keep_texts(output, texts)
        _store(store, collection, said, options, base)
        drop_texts(output, besides=texts)
        report = report_of(collection, same, failed, quads=len(store))
        store.write(Format.TURTLE, output / "graph.ttl", base=base)
        store.write(Format.NQUADS, output / "graph.nq", base=base)
    with Graph(output, base=base) as graph:
        write(output / "graph.html", graph.page(title=TITLE))
    told = {name: value for name, value in asdict(report).items() if name != "kept"}
    write(output / "report.json", json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return report


def _store(store: Store, collection: Collection, said: Sequence[Correction], options: Options, base: str) -> None:
    """Make the store hold the collection: a graph a document, entities, corrections, the run; drop what is not in it."""
    about, book = ingredients(options), ledgers(collection, partial(meaning, model=options.model))
    run = run_iri(*about, base=base)
    known = {entity.authority for entity in collection.entities if entity.authority}
    concepts = [entry for id_ in sorted(known) if (entry := gazetteer_of(options.authority).get(id_))]
    shared = {
        iri("graph", "authority", base): authority_quads(concepts, base=base),
        iri("graph", "corrections", base): correction_quads(said, base=base),
        iri("graph", "inferred", base): inferred_quads(collection, book, base=base),
        iri("graph", "entities", base): entity_quads(collection, version=about[0], base=base),
        iri("graph", "runs", base): run_quads(*about, base=base),
    }
    names = {iri("graph", extraction.document.key, base): extraction for extraction in collection.extractions}
    gone = set(store.graphs()) - names.keys() - shared.keys()
    store.replace_all(shared, drop=gone)
    for graph, extraction in names.items():
        store.replace(graph, document_quads(collection, extraction, run=run, base=base))
