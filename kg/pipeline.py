"""The corridor: documents through the rooms, in one process or a pool, into one output folder.

The graph becomes exactly that of the given inputs, or with ``add`` of these and what the folder held before. What was read once by the
same model, rules and options comes from the archive. Each article is one atomic replacement of its named graph.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Collection as Sized
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, getsignal, pthread_sigmask, signal
from threading import current_thread, main_thread

from spacy.tokens import Doc

from kg import interchange
from kg.annotate import BATCH, MODEL, annotate, meaning, model_version
from kg.archive import Archive
from kg.corpus import document as as_document
from kg.corpus import read, records
from kg.errors import InputError, KgError, StoreError
from kg.evaluate import Row, annotations, answering, gold_rows, is_annotation
from kg.extract import DEFAULT_CLASSES, extract
from kg.extract.counts import COUNTS
from kg.extract.counts import load as load_counts
from kg.extract.counts import rows as counted_rows
from kg.extract.learning import Attribution, count
from kg.gazetteer import Gazetteer
from kg.graph import Graph
from kg.ledgers import ledgers
from kg.query import rows
from kg.reconcile import Query, ask, describe
from kg.records import Answer, Class, Collection, Correction, Document, Extraction, Kind, Side
from kg.resolve import resolve
from kg.resolve.names import similarity
from kg.review import corrections, first_sides
from kg.store import Format, Store, building, drop_texts, keep_texts, kept_texts, write
from kg.triples import authority_quads, correction_quads, document_quads, entity_quads, inferred_quads, run_iri, run_quads
from kg.vocab import BASE, iri

TITLE = "Who said what"
READING = ("annotate", "corpus", "extract", "gazetteer", "records")
"""The rooms on which an extraction depends."""

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
        kept: How many documents were not read again; not part of ``report.json``, which tells of the graph alone.
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
    kept: int = 0


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


def _first(one: Document, other: Document) -> tuple[Document, Document]:
    """Return which of two documents with the same text stays, and which goes: that with the smaller id stays."""
    first, second = sorted((one, other), key=lambda document: (document.id, repr(document)))
    return first, second


def _distinct(inputs: Iterable[Document | InputError]) -> tuple[list[Document], tuple[str, ...], tuple[InputError, ...]]:
    """Sort inputs into documents (one a text, that with the first id) and errors."""
    found: dict[str, Document] = {}
    same, failed = [], []
    for item in inputs:
        if isinstance(item, InputError):
            failed.append(item)
            continue
        first, second = _first(item, found.get(item.key, item))
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


def _gazetteer(authority: tuple[Path, ...]) -> Gazetteer:
    """Return the gazetteer, opened once a process, and again when an authority file has changed."""
    return _opened(authority, tuple(sha256(path.read_bytes()).digest() if path.is_file() else b"" for path in authority))


@cache
def _opened(authority: tuple[Path, ...], _: tuple[bytes, ...]) -> Gazetteer:
    return Gazetteer.open(authority=authority)


# ---------------------------------------------------------------- build


def build(
    paths: Iterable[Path | str],
    *,
    output: Path,
    options: Options = Options(),
    base: str = BASE,
    add: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Build the graph of files and folders into a folder: store, texts, Turtle, N-Quads, page and report.

    Args:
        paths: Files, folders, ``-``.
        output: Made where it is missing.
        options: How to read.
        base: Namespace of the data.
        add: Keep the documents that the folder already holds; the graph is then the same as of all of them built at once.
        progress: Called after each document.

    Raises:
        KgError: Nothing could be read, or the output is in use or cannot be written.
    """
    documents, same, failed = _readable(read(paths))
    with building(output), Archive(output) as archive:
        if add:
            documents, more = _with_held(documents, _held(output, archive))
            same = tuple(sorted({*same, *more}))
        return _built(archive, output, documents, options, base, same=same, failed=failed, progress=progress)


def built(output: Path) -> tuple[Options, str] | None:
    """Return the options and the namespace of a folder's last build; ``None`` where there was none."""
    if not (output / "store").is_dir():
        return None
    with Archive(output) as archive:
        return built_with(archive)


def rebuild(output: Path) -> Report:
    """Make the graph of a folder anew from what was read for it: after people corrected it, or an authority file changed.

    Raises:
        KgError: Nothing was built there, the output is in use, or an authority file is gone.
    """
    _check_graph(output)
    with building(output), Archive(output) as archive:
        options, base = built_with(archive)
        return _built(archive, output, _held(output, archive), options, base, same=(), failed=())


def _check_graph(output: Path) -> None:
    """Find out whether there is a graph, before anything is made in a folder that was only misspelt."""
    with Store(output):
        pass


def _held(output: Path, archive: Archive) -> list[Document]:
    """Return the documents of a folder's graph: from the archive, or where that lacks one from its kept text.

    Raises:
        StoreError: A text is gone, too.
    """
    if not (output / "store").is_dir():
        return []
    texts = kept_texts(output)
    with Store(output) as store:
        articles = list(rows(store, "overview/articles"))
    found = []
    for article in articles:
        key = article["article"].rpartition("/")[2]
        kept = archive.get(key)
        document = kept.document if kept else as_document(key, {**article, "text": texts.get(key, "")})
        if isinstance(document, InputError):
            raise StoreError(f"the text of article {article['id']} in {output} is gone", "Run kg build again over all articles.")
        found.append(document)
    return found


def _with_held(documents: Sequence[Document], held: Iterable[Document]) -> tuple[list[Document], set[str]]:
    """Return documents and those held before, one a text, and which were left out because another has the very same text."""
    found = {document.key: document for document in documents}
    same = set()
    for document in held:
        first, second = _first(document, found.get(document.key, document))
        if first.id != second.id:
            same.add(f"{second.id} = {first.id}")
        found[document.key] = first
    return [found[key] for key in sorted(found)], same


def _built(
    archive: Archive,
    output: Path,
    documents: Sequence[Document],
    options: Options,
    base: str,
    *,
    same: tuple[str, ...],
    failed: Sequence[InputError],
    progress: Progress | None = None,
) -> Report:
    """Read what has to be read, write the graph, and only then forget what is not in it."""
    load_counts(options.frames)  # before anything is read: a wrong name of a file is told at once
    read_now = _update(archive, documents, options, progress)
    report = _write_graph(archive, output, documents, options, base, same=same, failed=failed)
    archive.remember(_told_options(options, base))
    archive.drop(sorted(archive.recipes().keys() - {document.key for document in documents}))
    return replace(report, kept=len(documents) - read_now)


def _update(archive: Archive, documents: Sequence[Document], options: Options, progress: Progress | None) -> int:
    """Make an archive hold the extractions of some documents by the present rules; return how many had to be read."""
    recipe, kept = _recipe(options), archive.recipes()
    fresh = {document.key for document in documents if kept.get(document.key) == recipe and _is_of(archive, document)}
    unread = [document for document in documents if document.key not in fresh]
    for done, extraction in enumerate(_extractions(unread, options) if unread else (), 1):
        archive.put([extraction], recipe)
        if progress:
            progress(done, len(unread))
    return len(unread)


def _is_of(archive: Archive, document: Document) -> bool:
    """Tell whether what is kept was read with this title, date and name, too."""
    kept = archive.get(document.key)
    return kept is not None and kept.document == document


def _write_graph(
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
    extractions = [extraction for document in documents if (extraction := archive.get(document.key)) is not None]
    texts = {extraction.document.key: extraction.document.text for extraction in extractions}
    with Store(output, writable=True) as store:
        said = corrections(store)
        collection = resolve(extractions, _gazetteer(options.authority), said)
        keep_texts(output, texts)
        _store(store, collection, said, options, base)
        drop_texts(output, besides=texts)
        report = _report(collection, same, failed, quads=len(store))
        store.write(Format.TURTLE, output / "graph.ttl", base=base)
        store.write(Format.NQUADS, output / "graph.nq", base=base)
    with Graph(output, base=base) as graph:
        write(output / "graph.html", graph.page(title=TITLE))
    told = {name: value for name, value in asdict(report).items() if name != "kept"}
    write(output / "report.json", json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return report


def reopened(output: Path) -> tuple[Collection, str]:
    """Return what a folder's graph was made of, resolved anew, and the namespace of its data.

    Raises:
        KgError: Nothing was built there.
    """
    with Store(output) as store:
        said = corrections(store)
    with Archive(output) as archive:
        options, base = built_with(archive)
        return resolve((e for d in _held(output, archive) if (e := archive.get(d.key))), _gazetteer(options.authority), said), base


def correct(output: Path, change: Callable[[tuple[Correction, ...]], tuple[Correction, ...]]) -> Report:
    """Keep what people say about a graph, and make it anew.

    Args:
        output: The folder of the graph.
        change: From what was said before to what is said now; nothing may go missing.

    Raises:
        KgError: Nothing was built there, or the output is in use.
    """
    _check_graph(output)
    with Archive(output) as archive:
        options, base = built_with(archive)
    load_counts(options.frames)
    _gazetteer(options.authority)  # what is needed to build anew is there, so that an answer is not recorded in vain
    with Store(output, writable=True) as store:
        store.replace(iri("graph", "corrections", base), correction_quads(change(corrections(store)), base=base))
    return rebuild(output)


def offers(
    output: Path,
    url: str,
    *,
    at: str,
    kinds: frozenset[Kind],
    type_: str | None = None,
    limit: int = 5,
    batch: int = 10,
    progress: Progress | None = None,
) -> tuple[int, int, tuple[str, ...]]:
    """Ask a reconciliation service who the entities without an id are, and keep its answers as proposals.

    Args:
        output: The folder of the graph.
        url: Of the service.
        at: When this is done, as ISO 8601.
        kinds: Of the entities that are asked for.
        type_: Identifier of a type of the service.
        limit: Most candidates of a name.
        batch: Names in one request.
        progress: Called after each batch.

    Returns:
        How many names were asked, how many candidates came back, and what failed.

    Raises:
        KgError: Nothing was built there, or the service cannot be used at all.
    """
    collection, _ = reopened(output)
    service = describe(url)
    sides = first_sides(collection)
    told = {decision.entities[0] for decision in collection.decisions if decision.rule == "told-link"}
    wanted = [
        entity
        for entity in collection.entities
        if entity.kind in kinds and entity.path in sides and entity.path not in told
        if not (entity.unnamed or entity.wikidata or entity.geonames or entity.authority)
    ]
    queries = [Query(entity.path, entity.name, entity.kind, type_) for entity in wanted]
    found: list[Correction] = []
    problems = []
    by = f"{service.name} ({service.url.partition('?')[0]})"
    for answer in ask(service, queries, limit=limit, batch=batch, progress=progress):
        if answer.problem:
            problems.append(f"{answer.query.name}: {answer.problem}")
        for candidate in answer.candidates:
            entry = Side(candidate.name, entry=candidate.iri)
            alike = similarity(answer.query.name, candidate.name)
            weighed = f"name={alike:.4f} service={candidate.score:g} match={int(candidate.match)}"
            found.append(Correction(Answer.OFFER, sides[answer.query.key], entry, weighed, by, at))
    asked = {sides[query.key] for query in queries}
    # what this service offered before for the same names is answered anew
    correct(output, lambda kept: (*(c for c in kept if not (c.answer is Answer.OFFER and c.by == by and c.left in asked)), *found))
    return len(queries), len(found), tuple(problems)


def _store(store: Store, collection: Collection, said: Sequence[Correction], options: Options, base: str) -> None:
    """Make the store hold the collection: a graph a document, entities, corrections, the run; drop what is not in it."""
    about, book = _about(options), ledgers(collection, partial(meaning, model=options.model))
    run = run_iri(*about, base=base)
    known = {entity.authority for entity in collection.entities if entity.authority}
    concepts = [entry for id_ in sorted(known) if (entry := _gazetteer(options.authority).get(id_))]
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


def _about(options: Options) -> tuple[str, str, str]:
    """Return what a result depends on: our version, the model with its version, and a digest of the data."""
    data = _data_digest((*options.authority, options.frames), options.authority)
    return version("newskg"), f"{options.model} {model_version(options.model)}", data


def _recipe(options: Options) -> str:
    """Return a digest of everything that an extraction depends on beside its text: the rules, too, while their version stays."""
    digest = sha256(" ".join((*_about(options), *sorted(options.classes))).encode())
    here = Path(__file__).parent
    for file in sorted(path for room in READING for path in (*here.glob(f"{room}.py"), *here.glob(f"{room}/*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _told_options(options: Options, base: str) -> dict[str, object]:
    """Return how a graph was built, as ``built_with`` reads it: files by their whole path, our own frames by none."""
    return {
        "model": options.model,
        "authority": [str(path.absolute()) for path in options.authority],
        "classes": sorted(options.classes),
        "frames": "" if options.frames == COUNTS else str(options.frames.absolute()),
        "base": base,
    }


def built_with(archive: Archive) -> tuple[Options, str]:
    """Return the options and the namespace that a folder was built with.

    Raises:
        StoreError: Nothing was built there.
    """
    told = archive.remembered()
    options = Options(
        model=told["model"],
        authority=tuple(map(Path, told["authority"])),
        classes=frozenset(map(Class, told["classes"])),
        frames=Path(told["frames"]) if told["frames"] else COUNTS,
    )
    return options, told["base"]


def _data_digest(given: Iterable[Path], authority: Iterable[Path]) -> str:
    """Return a digest of the word lists, the gazetteer and the ``given`` files that a result depends on."""
    files = sorted(Path(__file__).parent.glob("*/*.tsv"))
    digest = sha256(_gazetteer(tuple(authority)).path.name.encode())
    for file in (*files, *given):
        try:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}", "Name a file that is there.") from error
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
