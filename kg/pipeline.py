"""The corridor: documents through the rooms, in one process or a pool, into one output folder.

The graph becomes exactly that of the given inputs: what the folder held before and is not among them goes. Each article is one
atomic replacement of its named graph.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Collection as Sized
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, getsignal, pthread_sigmask, signal
from threading import current_thread, main_thread

from spacy.tokens import Doc

from kg import interchange
from kg.annotate import BATCH, MODEL, annotate, load
from kg.corpus import document as as_document
from kg.corpus import read, records
from kg.errors import InputError, KgError
from kg.evaluate import Row, annotations, answering, gold_rows, is_annotation
from kg.extract import DEFAULT_CLASSES, extract
from kg.extract.counts import COUNTS
from kg.extract.counts import load as load_counts
from kg.extract.counts import rows as counted_rows
from kg.extract.learning import Attribution, count
from kg.gazetteer import Gazetteer
from kg.graph import Graph
from kg.records import Class, Collection, Document, Extraction, Kind
from kg.resolve import resolve
from kg.store import Format, Store, check_writable, drop_texts, keep_texts, write
from kg.triples import document_quads, entity_quads, run_iri, run_quads
from kg.vocab import BASE, iri

TITLE = "Who said what"

Progress = Callable[[int, int], None]
"""Called with the number of documents done and of all."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read: what every worker needs to know.

    Attributes:
        model: An installed spaCy pipeline.
        authority: The user's own authority files, the strongest first.
        classes: Classes of statements to keep.
        workers: Processes that read documents.
        frames: A file of counted frames (``kg learn``).
    """

    model: str = MODEL
    authority: tuple[Path, ...] = ()
    classes: frozenset[Class] = DEFAULT_CLASSES
    workers: int = 1
    frames: Path = COUNTS


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made: the counts of ``report.json``, and the inputs that failed.

    Attributes:
        people, organizations, governments, groups, places: Named ones; ``unnamed`` counts the others of any kind.
        statements: By type; ``acts``: by act; ``decisions``: by outcome.
        doubts: How many things were seen and not decided.
        same: Documents whose text another has too, as ``id = other id``.
        failed: What could not be read, problem and mend.
    """

    documents: int
    mentions: int
    people: int
    organizations: int
    governments: int
    groups: int
    places: int
    unnamed: int
    statements: dict[str, int]
    acts: dict[str, int]
    without_speaker: int
    nested: int
    doubts: int
    decisions: dict[str, int]
    quads: int
    same: tuple[str, ...]
    failed: tuple[str, ...]


# ---------------------------------------------------------------- read and resolve


def collect(
    paths: Iterable[Path | str], options: Options = Options(), *, progress: Progress | None = None
) -> tuple[Collection, tuple[str, ...], tuple[InputError, ...]]:
    """Read, extract and resolve files and folders.

    Returns:
        The collection, the documents left out because another has the very same text, and the inputs that failed.

    Raises:
        KgError: Nothing could be read at all; what failed stands in its notes (PEP 678).
    """
    documents, same, failed = _readable(read(paths))
    return _collection(documents, options, progress), same, failed


def predictions(
    gold: Sequence[Row], path: str | None, options: Options = Options(), *, progress: Progress | None = None
) -> tuple[list[Row], tuple[InputError, ...]]:
    """Return what is to be scored against gold, as rows of the interchange format, and the inputs that failed.

    Args:
        gold: Annotated documents.
        path: Annotation, which is taken as it is; or articles, which are read first; or ``None`` to read the texts of gold.
        options: How to read articles.
        progress: Called after each article.

    Raises:
        KgError: The annotation is broken, nothing could be read, or no article is one of gold.
    """
    found = [(row["id"], dict(row)) for row in gold] if path is None else list(records([path]))
    if path is not None and any(is_annotation(value) for _, value in found):
        return annotations(found), ()
    documents, _, failed = _readable(as_document(place, value) for place, value in found)
    collection = _collection(documents, options, progress)
    rows = [interchange.row(collection, extraction) for extraction in collection.extractions]
    return answering(gold, rows), failed


def _readable(inputs: Iterable[Document | InputError]) -> tuple[list[Document], tuple[str, ...], tuple[InputError, ...]]:
    """Return the documents among what was read, at least one; see ``collect``."""
    documents, same, failed = _distinct(inputs)
    if documents:
        return documents, same, failed
    if len(failed) == 1:
        raise failed[0]
    nothing = KgError("nothing could be read", "Name at least one file or folder with articles.")
    for error in failed:
        nothing.add_note(str(error))
    raise nothing


def _collection(documents: Sequence[Document], options: Options, progress: Progress | None) -> Collection:
    """Extract and resolve documents."""
    extractions = []
    for extraction in _extractions(documents, options):
        extractions.append(extraction)
        if progress:
            progress(len(extractions), len(documents))
    return resolve(extractions, _gazetteer(options.authority))


def _distinct(inputs: Iterable[Document | InputError]) -> tuple[list[Document], tuple[str, ...], tuple[InputError, ...]]:
    """Sort inputs into documents (one a text, that with the first id) and errors."""
    found: dict[str, Document] = {}
    same, failed = [], []
    for item in inputs:
        if isinstance(item, InputError):
            failed.append(item)
            continue
        first, second = sorted((item, found.get(item.key, item)), key=lambda document: document.id)
        if item.key in found:
            same.append(f"{second.id} = {first.id}")
        found[item.key] = first
    return [found[key] for key in sorted(found)], tuple(sorted(same)), tuple(failed)


def _extractions(documents: Sequence[Document], options: Options) -> Iterator[Extraction]:
    """Yield what each document says, in order, read by one process or several."""
    if options.workers == 1 or len(documents) == 1:
        yield from _extract_all(documents, options)
        return
    _gazetteer(options.authority)  # built once, before several processes would build it
    size = max(1, min(BATCH, len(documents) // options.workers))
    parts = [documents[start : start + size] for start in range(0, len(documents), size)]
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
        with _uninterrupted():
            found = pool.map(partial(_extract_part, options=options), parts)
        for part in found:
            yield from part


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C from the processes started meanwhile, for they end with this one; this one hears of it when they are started.

    A terminal sends it to all of them. They inherit the mask; in this process another thread could still take the signal, and a
    process half started would die with a traceback.
    """
    heard: list[int] = []
    handler = getsignal(SIGINT) if current_thread() is main_thread() else None
    if callable(handler):
        signal(SIGINT, lambda number, _: heard.append(number))
    before = pthread_sigmask(SIG_BLOCK, {SIGINT})
    try:
        yield
    finally:
        pthread_sigmask(SIG_SETMASK, before)
        if callable(handler):
            signal(SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


def _extract_part(documents: Sequence[Document], options: Options) -> list[Extraction]:
    return list(_extract_all(documents, options))


def _extract_all(documents: Iterable[Document], options: Options) -> Iterator[Extraction]:
    gazetteer, counts = _gazetteer(options.authority), load_counts(options.frames)
    for document, doc in annotate(documents, model=options.model):
        yield extract(document, doc, gazetteer, classes=options.classes, counts=counts)


# ---------------------------------------------------------------- learn


def learn(paths: Iterable[Path | str], *, source: str, model: str = MODEL, progress: Progress | None = None) -> tuple[str, int, int]:
    """Count frames in annotated documents.

    Args:
        paths: Files or folders of the interchange format, with statements.
        source: What is counted, for the head of the file.
        model: An installed spaCy pipeline.
        progress: Called after each document.

    Returns:
        The text of a counts file, and how many documents and statements were counted.

    Raises:
        KgError: A file cannot be read or holds no statements.
    """
    rows = gold_rows(records(paths))
    documents = [as_document(row["id"], {"id": row["id"], "text": row["text"]}) for row in rows]
    if broken := next((document for document in documents if isinstance(document, InputError)), None):
        raise broken
    said = {row["id"]: [Attribution.of(statement) for statement in row["statements"]] for row in rows}

    def examples() -> Iterator[tuple[Document, Doc, list[Attribution]]]:
        readable = (document for document in documents if isinstance(document, Document))
        for done, (document, doc) in enumerate(annotate(readable, model=model), 1):
            yield document, doc, said[document.id]
            if progress:
                progress(done, len(documents))

    counts = count(examples(), source=source)
    return "".join(f"{line}\n" for line in counted_rows(counts)), len(documents), sum(map(len, said.values()))


@cache
def _gazetteer(authority: tuple[Path, ...]) -> Gazetteer:
    """Return the gazetteer, opened once a process."""
    return Gazetteer.open(authority=authority)


# ---------------------------------------------------------------- build


def build(
    paths: Iterable[Path | str], *, output: Path, options: Options = Options(), base: str = BASE, progress: Progress | None = None
) -> Report:
    """Build the graph of files and folders into a folder: store, texts, Turtle, N-Quads, page and report.

    Args:
        paths: Files, folders, ``-``.
        output: Made where it is missing.
        options: How to read.
        base: Namespace of the data.
        progress: Called after each document.

    Raises:
        KgError: Nothing could be read, or the output is in use or cannot be written.
    """
    documents, same, failed = _readable(read(paths))
    check_writable(output)
    collection = _collection(documents, options, progress)
    texts = {extraction.document.key: extraction.document.text for extraction in collection.extractions}
    with Store(output, writable=True) as store:
        keep_texts(output, texts)
        _store(store, collection, options, base)
        drop_texts(output, besides=texts)
        report = _report(collection, same, failed, quads=len(store))
        store.write(Format.TURTLE, output / "graph.ttl", base=base)
        store.write(Format.NQUADS, output / "graph.nq", base=base)
    with Graph(output, base=base) as graph:
        write(output / "graph.html", graph.page(title=TITLE))
    write(output / "report.json", json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n")
    return report


def _store(store: Store, collection: Collection, options: Options, base: str) -> None:
    """Make the store hold the collection: a graph a document, entities, the run; drop what is not in it."""
    about = (
        version("newskg"),
        f"{options.model} {load(options.model).meta['version']}",
        _data_digest((*options.authority, options.frames), options.authority),
    )
    run = run_iri(*about, base=base)
    shared = {iri("graph", "entities", base): entity_quads(collection, base=base), iri("graph", "runs", base): run_quads(*about, base=base)}
    names = {iri("graph", extraction.document.key, base): extraction for extraction in collection.extractions}
    gone = set(store.graphs()) - names.keys() - shared.keys()
    store.replace_all(shared, drop=gone)
    for graph, extraction in names.items():
        store.replace(graph, document_quads(collection, extraction, run=run, base=base))


def _data_digest(given: Iterable[Path], authority: Iterable[Path]) -> str:
    """Return a digest of the word lists, the gazetteer and the ``given`` files that a result depends on."""
    files = sorted(Path(__file__).parent.glob("*/*.tsv"))
    digest = sha256(_gazetteer(tuple(authority)).path.name.encode())
    for file in (*files, *given):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _report(collection: Collection, same: tuple[str, ...], failed: Sized[InputError], *, quads: int) -> Report:
    """Count what a collection holds."""
    kinds = Counter(entity.kind for entity in collection.entities if not entity.unnamed)
    statements = [statement for extraction in collection.extractions for statement in extraction.statements]
    return Report(
        documents=len(collection.extractions),
        mentions=sum(len(extraction.mentions) for extraction in collection.extractions),
        people=kinds[Kind.PERSON],
        organizations=kinds[Kind.ORGANIZATION],
        governments=kinds[Kind.GOVERNMENT],
        groups=kinds[Kind.GROUP],
        places=kinds[Kind.PLACE],
        unnamed=sum(entity.unnamed for entity in collection.entities),
        statements=dict(sorted(Counter(str(statement.type) for statement in statements).items())),
        acts=dict(sorted(Counter(statement.act for statement in statements).items())),
        without_speaker=sum(statement.speaker is None for statement in statements),
        nested=sum(statement.nested_in is not None for statement in statements),
        doubts=sum(len(extraction.doubts) for extraction in collection.extractions),
        decisions=dict(sorted(Counter(str(decision.outcome) for decision in collection.decisions).items())),
        quads=quads,
        same=same,
        failed=tuple(str(error) for error in failed),
    )
