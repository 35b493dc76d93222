"""Documents are read, in one process or a pool, and resolved."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, getsignal, pthread_sigmask, signal
from threading import current_thread, main_thread

from kg import interchange
from kg.annotate import BATCH, annotate
from kg.corpus import document as as_document
from kg.corpus import read, records
from kg.errors import InputError
from kg.evaluate import Row, annotations, answering, is_annotation
from kg.extract import extract
from kg.extract.counts import load as load_counts
from kg.pipeline.inputs import readable
from kg.pipeline.options import DEFAULT, Options, Progress
from kg.pipeline.recipe import gazetteer_of
from kg.records import Collection, Document, Extraction
from kg.resolve import resolve


def collect(
    paths: Iterable[Path | str], options: Options = DEFAULT, *, progress: Progress | None = None
) -> tuple[Collection, tuple[str, ...], tuple[InputError, ...]]:
    """Read, extract and resolve files and folders.

    Returns:
        The collection, the documents left out because another has the very same text, and the inputs that failed.

    Raises:
        KgError: Nothing could be read at all; what failed stands in its notes (PEP 678).
    """
    documents, same, failed = readable(read(paths))
    return _collection(documents, options, progress), same, failed


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
    found = [(row["id"], dict(row)) for row in gold] if path is None else list(records([path]))
    if path is not None and any(is_annotation(value) for _, value in found):
        return annotations(found), ()
    documents, _, failed = readable(as_document(place, value) for place, value in found)
    collection = _collection(documents, options, progress)
    rows = [interchange.row(collection, extraction) for extraction in collection.extractions]
    return answering(gold, rows), failed


def _collection(documents: Sequence[Document], options: Options, progress: Progress | None) -> Collection:
    """Extract and resolve documents."""
    extractions = []
    for extraction in extracted(documents, options):
        extractions.append(extraction)
        if progress:
            progress(len(extractions), len(documents))
    return resolve(extractions, gazetteer_of(options.authority))


def extracted(documents: Sequence[Document], options: Options) -> Iterator[Extraction]:
    """Yield what each document says, in order, read by one process or several."""
    if options.workers == 1 or len(documents) == 1:
        yield from _extract_all(documents, options)
        return
    gazetteer_of(options.authority)  # built once, before several processes would build it
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
    gazetteer, counts = gazetteer_of(options.authority), load_counts(options.frames)
    for document, doc in annotate(documents, model=options.model):
        yield extract(document, doc, gazetteer, classes=options.classes, counts=counts)
