"""Documents are read, in this process or several."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path

from kg import interchange
from kg.annotate import annotate, load
from kg.archive import Packed, unpacked
from kg.corpus import document as as_document
from kg.corpus import read, records
from kg.errors import InputError
from kg.evaluate import Row, annotations, answering, is_annotation
from kg.extract import extract
from kg.extract.counts import load as load_counts
from kg.pipeline.inputs import readable
from kg.pipeline.options import DEFAULT, Options, Progress
from kg.pipeline.pool import Pool, Readers
from kg.pipeline.recipe import gazetteer_of
from kg.records import Collection, Document, Extraction
from kg.resolve import resolve

FEW = 64
"""Up to so many documents are read sooner in this process than others load the model."""
MEMORY = 1_000_000_000
"""Bytes that a process may need: the model, the gazetteer, and a long article."""


def collect(
    paths: Iterable[Path | str], options: Options = DEFAULT, *, progress: Progress | None = None
) -> tuple[Collection, tuple[str, ...], tuple[InputError, ...]]:
    """Read, extract and resolve files and folders.

    Returns:
        The collection, the documents left out because another has the very same text, and the inputs that failed.

    Raises:
        KgError: Nothing could be read at all; what failed stands in its notes (PEP 678).
    """
    documents, same, failed = readable(read(paths, options.reading))
    collection, more = _collection(documents, options, progress)
    return collection, same, (*failed, *more)


def predictions(
    gold: Sequence[Row], path: str | None, options: Options = DEFAULT, *, progress: Progress | None = None
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
    found = [(row["id"], dict(row)) for row in gold] if path is None else list(records([path], options.reading))
    if path is not None and any(is_annotation(value) for _, value in found):
        return annotations(found), ()
    documents, _, failed = readable(as_document(place, value, options.reading) for place, value in found)
    collection, more = _collection(documents, options, progress)
    rows = [interchange.row(collection, extraction) for extraction in collection.extractions]
    return answering(gold, rows), (*failed, *more)


def _collection(documents: Sequence[Document], options: Options, progress: Progress | None) -> tuple[Collection, tuple[InputError, ...]]:
    """Extract and resolve documents, and tell which failed."""
    extractions: list[Extraction] = []
    failed: list[InputError] = []
    processes, source = chosen(options, documents)
    with reader(options, processes) as pool:
        for done, (_, found) in enumerate(outcomes(source, options, pool), 1):
            if isinstance(found, InputError):
                failed.append(found)
            else:
                extractions.append(unpacked(found) if isinstance(found, Packed) else found)
            if progress:
                progress(done, len(documents))
    return resolve(extractions, gazetteer_of(options.authority)), tuple(failed)


# ---------------------------------------------------------------- how many processes


def chosen(options: Options, documents: Iterable[Document]) -> tuple[int, Iterable[Document]]:
    """Return how many processes shall read documents, 1 for this one, and the documents, of which only the first were looked at."""
    source = iter(documents)
    if options.workers is not None:
        return options.workers, source
    first = list(islice(source, FEW + 1))
    return (most() if len(first) > FEW else 1), chain(first, source)


def most() -> int:
    """Return how many processes this machine has room for: one for each core that we may use, where its memory is enough."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _free() // MEMORY))


def _free() -> int:
    """Return the bytes of memory that nobody uses."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@contextmanager
def reader(options: Options, processes: int) -> Iterator[Pool | None]:
    """Give processes that read, and end them; ``None`` for one, which is this."""
    if processes == 1:
        yield None
        return
    gazetteer_of(options.authority)  # built once, before several processes would build it
    pool = Pool(options, processes)
    try:
        yield pool
    finally:
        pool.close()


def outcomes(
    documents: Iterable[Document], options: Options, pool: Readers | None
) -> Iterator[tuple[Document, Extraction | Packed | InputError]]:
    """Yield each document with what it says, or why it could not be read, as they get ready."""
    if pool is not None:
        yield from pool.read(documents)
        return
    for extraction in extract_all(documents, options):
        yield extraction.document, extraction


def warmed(options: Options) -> None:
    """Load what reading needs once a process.

    Raises:
        KgError: It cannot be loaded.
    """
    load(options.model)
    gazetteer_of(options.authority)
    load_counts(options.frames)


def extract_all(documents: Iterable[Document], options: Options) -> Iterator[Extraction]:
    """Yield what each document says, in order, read in this process."""
    gazetteer, counts = gazetteer_of(options.authority), load_counts(options.frames)
    for document, doc in annotate(documents, model=options.model):
        yield extract(document, doc, gazetteer, classes=options.classes, counts=counts)
