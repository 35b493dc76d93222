"""A folder's graph is brought up to its inputs: what has to be read is read, the rest comes from the archive."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from kg.archive import Archive
from kg.corpus import document as as_document
from kg.corpus import sourced
from kg.errors import InputError, StoreError
from kg.extract.counts import load as load_counts
from kg.pipeline.counting import Report
from kg.pipeline.inputs import readable, with_held
from kg.pipeline.options import DEFAULT, Options, Progress, built_with, told_options
from kg.pipeline.reading import extracted
from kg.pipeline.recipe import mark_of, recipe_of
from kg.pipeline.writing import Writing, said_about, write_files
from kg.query import rows
from kg.records import Correction, Document
from kg.store import Store, building, kept_text, published
from kg.vocab import BASE

DOCUMENT = re.compile(r"/graph/([0-9a-f]{16})\Z")
FIRST_STEP = 32
"""So many new documents are read before readers see the first; each later step is as large as all before it."""


def build(
    paths: Iterable[Path | str],
    *,
    output: Path,
    options: Options = DEFAULT,
    base: str = BASE,
    prune: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the graph in a folder up to files and folders: store, texts, and for graphs of some size Turtle, N-Quads, page.

    A document that is there stays as it is, one that changed in its file replaces what it was; all others stay, too, unless ``prune``. The
    graph is always the same as of all its documents built at once. Killed at any moment, a build goes on where it was, and readers see
    a whole graph.

    Args:
        paths: Files, folders, ``-``.
        output: Made where it is missing.
        options: How to read.
        base: Namespace of the data.
        prune: Drop the documents that are not among the inputs.
        strict: Refuse a graph in which a document's own graph breaks a rule of ``kg.validate``.
        progress: Called after each document.

    Raises:
        KgError: Nothing could be read, or the output is in use or cannot be written.
    """
    found = list(sourced(paths))
    documents, same, failed = readable(item for _, item in found)
    sources = {(place, item.id, item.key) for place, item in found if place and isinstance(item, Document)}
    with building(output), Archive(output) as archive:
        inputs = _Inputs({document.key: document for document in documents}, sorted(sources), same, failed)
        return _built(archive, output, inputs, options, base, said_about(output), prune=prune, strict=strict, progress=progress)


def built(output: Path) -> tuple[Options, str] | None:
    """Return the options and the namespace of a folder's last build; ``None`` where there was none."""
    if published(output) is None or not (output / "extractions.sqlite").exists():
        return None
    with Archive(output) as archive:
        return built_with(archive)


def rebuild(output: Path, said: tuple[Correction, ...] | None = None) -> Report:
    """Make the graph of a folder anew from what was read for it: after people corrected it, or an authority file changed.

    Args:
        output: The folder.
        said: What people say about it now; by default what they said before.

    Raises:
        KgError: Nothing was built there, the output is in use, or an authority file is gone.
    """
    check_graph(output)
    with building(output), Archive(output) as archive:
        options, base = built_with(archive)
        return _built(archive, output, _Inputs({}, [], (), ()), options, base, said_about(output) if said is None else said)


def check_graph(output: Path) -> None:
    """Find out whether there is a graph, before anything is made in a folder that was only misspelt."""
    with Store(output):
        pass


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What was given: documents by key, (file, id, key) of those that have a file, those left out, and what failed."""

    documents: dict[str, Document]
    sources: Sequence[tuple[str, str, str]]
    same: tuple[str, ...]
    failed: Sequence[InputError]


def _built(
    archive: Archive,
    output: Path,
    inputs: _Inputs,
    options: Options,
    base: str,
    said: tuple[Correction, ...],
    *,
    prune: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Read what has to be read, bring the graph up to it step by step, and only then forget what is not in it."""
    load_counts(options.frames)  # before anything is read: a wrong name of a file is told at once
    with Writing(archive, output, options, base, said, strict=strict) as writing:
        held = held_keys(output)
        stay = set() if prune else held - archive.replaced(inputs.sources)
        given, same = with_held(list(inputs.documents.values()), _first_read(archive, stay & inputs.documents.keys()))
        wanted = inputs.documents.keys() | stay
        unread = list(_unread(archive, output, given, stay - inputs.documents.keys(), recipe_of(options)))
        dropped = _read(archive, writing, wanted, unread, options, progress)
        report = writing.report(tuple(sorted({*inputs.same, *same})), inputs.failed)
    archive.remember(told_options(options, base))
    archive.came_from(inputs.sources)
    archive.drop(sorted(archive.recipes().keys() - wanted))
    files = write_files(output, report, base)
    return replace(report, kept=len(wanted) - len(unread), dropped=dropped, files=files)


def _read(
    archive: Archive, writing: Writing, wanted: Set[str], unread: Sequence[Document], options: Options, progress: Progress | None
) -> int:
    """Read documents into the archive and bring the graph up to all that are wanted, in a few steps while it grows.

    Returns:
        How many documents went.
    """
    recipe = recipe_of(options)
    ready = set(wanted) - {document.key for document in unread}
    stays = writing.held() & wanted
    due = max(FIRST_STEP, len(stays)) + len(stays)
    dropped = 0
    for done, extraction in enumerate(extracted(unread, options) if unread else (), 1):
        archive.put([extraction], mark_of(extraction.document, recipe))
        ready.add(extraction.document.key)
        if progress:
            progress(done, len(unread))
        if len(ready) >= due and done < len(unread) and stays <= ready and not writing.anew:
            dropped += writing.bring_to(ready)
            due = 2 * len(ready)
    return dropped + writing.bring_to(wanted)


def held_keys(output: Path) -> set[str]:
    """Return the keys of the documents that a folder's graph holds."""
    if published(output) is None:
        return set()
    with Store(output) as store:
        return {found[1] for graph in store.graphs() if (found := DOCUMENT.search(graph))}


def _first_read(archive: Archive, keys: Iterable[str]) -> list[Document]:
    """Return documents as they were read before, those that are kept."""
    return [kept.document for key in sorted(keys) if (kept := archive.get(key))]


def _unread(archive: Archive, output: Path, given: Iterable[Document], others: Set[str], recipe: str) -> Iterator[Document]:
    """Yield the documents that have to be read by the present rules: of those given, and of others that the graph holds."""
    marks = archive.recipes()
    yield from (document for document in given if marks.get(document.key) != mark_of(document, recipe))
    for key in sorted(others - marks.keys()):
        yield _from_text(output, key)
    for key in sorted(others & marks.keys()):
        if not marks[key].startswith(recipe):
            yield from _first_read(archive, [key])


def _from_text(output: Path, key: str) -> Document:
    """Return a document of the graph whose extraction is gone: from its kept text.

    Raises:
        StoreError: That is gone, too.
    """
    with Store(output) as store:
        found = next((row for row in rows(store, "overview/articles") if row["article"].endswith(f"/{key}")), {"id": key})
    document = as_document(key, {**found, "text": kept_text(output, key)})
    if isinstance(document, InputError):
        raise StoreError(f"the text of article {found['id']} in {output} is gone", "Run kg build again over all articles.")
    return document
