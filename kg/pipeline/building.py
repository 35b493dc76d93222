"""A folder's graph is made: what has to be read is read, the rest comes from the archive."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kg.archive import Archive
from kg.corpus import document as as_document
from kg.corpus import read
from kg.errors import InputError, StoreError
from kg.extract.counts import load as load_counts
from kg.pipeline.counting import Report
from kg.pipeline.inputs import readable, with_held
from kg.pipeline.options import DEFAULT, Options, Progress, built_with, told_options
from kg.pipeline.reading import extracted
from kg.pipeline.recipe import recipe_of
from kg.pipeline.writing import write_graph
from kg.query import rows
from kg.records import Document
from kg.store import Store, building, kept_texts
from kg.vocab import BASE


def build(
    paths: Iterable[Path | str],
    *,
    output: Path,
    options: Options = DEFAULT,
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
    documents, same, failed = readable(read(paths))
    with building(output), Archive(output) as archive:
        if add:
            documents, more = with_held(documents, held_documents(output, archive))
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
    check_graph(output)
    with building(output), Archive(output) as archive:
        options, base = built_with(archive)
        return _built(archive, output, held_documents(output, archive), options, base, same=(), failed=())


def check_graph(output: Path) -> None:
    """Find out whether there is a graph, before anything is made in a folder that was only misspelt."""
    with Store(output):
        pass


def held_documents(output: Path, archive: Archive) -> list[Document]:
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
    report = write_graph(archive, output, documents, options, base, same=same, failed=failed)
    archive.remember(told_options(options, base))
    archive.drop(sorted(archive.recipes().keys() - {document.key for document in documents}))
    return replace(report, kept=len(documents) - read_now)


def _update(archive: Archive, documents: Sequence[Document], options: Options, progress: Progress | None) -> int:
    """Make an archive hold the extractions of some documents by the present rules; return how many had to be read."""
    recipe, kept = recipe_of(options), archive.recipes()
    fresh = {document.key for document in documents if kept.get(document.key) == recipe and _is_of(archive, document)}
    unread = [document for document in documents if document.key not in fresh]
    for done, extraction in enumerate(extracted(unread, options) if unread else (), 1):
        archive.put([extraction], recipe)
        if progress:
            progress(done, len(unread))
    return len(unread)


def _is_of(archive: Archive, document: Document) -> bool:
    """Tell whether what is kept was read with this title, date and name, too."""
    kept = archive.get(document.key)
    return kept is not None and kept.document == document
