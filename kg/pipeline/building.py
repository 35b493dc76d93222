"""A folder's graph is brought up to its inputs: what has to be read is read, the rest comes from the archive."""

import re
from collections.abc import Iterable, Iterator, Set
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from kg.archive import Archive
from kg.corpus import sourced
from kg.corpus.pieces import Piece, pieces
from kg.extract.counts import load as load_counts
from kg.memory import seldom_collected
from kg.pipeline.counting import Report
from kg.pipeline.inputs import Sourced, begun, nothing
from kg.pipeline.intake import Intake
from kg.pipeline.options import DEFAULT, Options, Progress, Ray, built_with, told_options
from kg.pipeline.pool import Readers
from kg.pipeline.reading import chosen, reader
from kg.pipeline.recipe import recipe_of
from kg.pipeline.writing import Writing, said_about, write_files
from kg.records import Correction
from kg.store import Store, building, published
from kg.vocab import BASE

DOCUMENT = re.compile(r"/graph/([0-9a-f]{16})\Z")
FIRST_STEP = 32
"""So many new documents are read before readers see the first."""
GROWTH = 3
"""How many times all that is there each later step is: with as much as is there, 1,000 articles take a tenth longer."""
STEP = 4_000
"""New documents of a step of a graph of some size."""
PART, LARGEST_STEP = 2, 50_000
"""Of a large graph a step is at least such a part, up to so many: it decides anew who all those are that its documents name, and with the
well-known names that is much of all that is there. 4,000 articles were written from the archive in 210 s in steps of up to 4,000, in 256 to
304 s in steps of up to 1,000. Memory grows by some 30 kB for each document of a step."""

_PATIENCE = 5.0
"""Seconds in which who reads an input must have heard that nobody wants it any more."""


def build(
    paths: Iterable[Path | str],
    *,
    output: Path,
    options: Options = DEFAULT,
    base: str = BASE,
    prune: bool = False,
    gone: Iterable[Path] = (),
    strict: bool = False,
    progress: Progress | None = None,
    ray: Ray | None = None,
) -> Report:
    """Bring the graph in a folder up to files and folders: store, texts, and for graphs of some size Turtle, N-Quads, page.

    A document that is there stays as it is, one that changed in its file replaces what it was; all others stay, too, unless ``prune``. The
    graph is always the same as of all its documents built at once. Killed at any moment, a build goes on where it was, and readers see
    a whole graph. Documents are read as they come, and memory holds a few of them at a time.

    Args:
        paths: Files, folders, ``-``.
        output: Made where it is missing.
        options: How to read.
        base: Namespace of the data.
        prune: Drop the documents that are not among the inputs.
        gone: Files that are not there any more, or are among the inputs: documents that came from them alone, and do not now, are dropped.
        strict: Refuse a graph in which a document's own graph breaks a rule of ``kg.validate``.
        progress: Called after each document, perhaps in another thread.
        ray: The cluster that reads; by default this machine does, without one. The graph is the same.

    Raises:
        KgError: Nothing could be read, or the output is in use or cannot be written.
    """
    left = [str(path.absolute()) for path in gone]
    with _inputs(paths, options, output, ray, may_be_none=bool(left)) as (items, others), Archive(output) as archive:
        said = said_about(output)
        return _built(archive, output, items, options, base, said, prune=prune, gone=left, strict=strict, progress=progress, others=others)


@contextmanager
def _inputs(
    paths: Iterable[Path | str], options: Options, output: Path, ray: Ray | None, *, may_be_none: bool
) -> Iterator[tuple[Iterable[Sourced], Readers | None]]:
    """Keep other writers out of a folder, and give what stands in some inputs, with the cluster that reads it where there is one.

    Raises:
        KgError: There are no inputs, and there must be.
    """
    if ray is None:
        items = sourced(paths, options.reading)
        items = items if may_be_none else begun(items)
        with building(output):
            yield items, None
        return
    from kg.pipeline.cluster import Cluster

    parts = list(pieces(paths, options.reading))
    if not (may_be_none or any(isinstance(part, Piece) for part in parts)):
        raise nothing([part[1] for part in parts if not isinstance(part, Piece)])
    with building(output), closing(Cluster(ray, parts, options, output)) as cluster:
        yield cluster.items(), cluster


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
        return _built(archive, output, (), options, base, said_about(output) if said is None else said)


def check_graph(output: Path) -> None:
    """Find out whether there is a graph, before anything is made in a folder that was only misspelt."""
    with Store(output):
        pass


def _built(
    archive: Archive,
    output: Path,
    items: Iterable[Sourced],
    options: Options,
    base: str,
    said: tuple[Correction, ...],
    *,
    prune: bool = False,
    gone: Iterable[str] = (),
    strict: bool = False,
    progress: Progress | None = None,
    others: Readers | None = None,
) -> Report:
    """Read what has to be read, bring the graph up to it step by step, and only then forget what is not in it."""
    load_counts(options.frames)  # before anything is read: a wrong name of a file is told at once
    held = held_keys(output)
    missing = held - archive.recipes().keys()
    with (
        Writing(archive, output, options, base, said, strict=strict) as writing,
        Archive(output, handed_on=True) as beside,
        seldom_collected(),
    ):
        intake = Intake(beside, output, held, recipe_of(options), prune=prune, gone=gone)
        processes, unread = (0, intake.unread(items)) if others else chosen(options, intake.unread(items))
        with (
            nullcontext(others) if others else reader(options, processes) as pool,
            _ahead(intake.keys(unread, options, pool, progress), pool) as keys,
        ):
            dropped = _steps(writing, keys, held, missing)
        if not intake.wanted and intake.failed:
            raise nothing(intake.failed)
        dropped += writing.bring_to(intake.wanted)
        report = writing.report(tuple(sorted(intake.same)), intake.failed)
    archive.remember(told_options(options, base))
    archive.arrived(gone)
    archive.drop(sorted(archive.recipes().keys() - intake.wanted))
    files = write_files(output, report, base)
    return replace(report, kept=len(intake.wanted - intake.read), dropped=dropped, files=files)


def _steps(writing: Writing, keys: Iterable[str], held: Set[str], missing: set[str]) -> int:
    """Bring the graph up to documents as they are read, in a few steps while it grows; what it held stays in it all the while.

    Args:
        writing: The graph.
        keys: Of the documents, each when the archive has it.
        held: Keys of the documents that the graph held before.
        missing: Those of them that the archive does not have: nothing can be shown before they are read.

    Returns:
        How many documents went.
    """
    ready, shown, dropped = set(held), len(held), 0
    for key in keys:
        writing.enter(key)
        ready.add(key)
        missing.discard(key)
        if len(ready) - shown >= _step(shown) and not missing and not writing.anew:
            dropped += writing.bring_to(ready, on_the_way=True)
            shown = len(ready)
    return dropped


def _step(shown: int) -> int:
    """Return how many new documents the next step of a graph takes that shows so many."""
    return max(FIRST_STEP, min(GROWTH * shown, max(STEP, min(shown // PART, LARGEST_STEP))))


@contextmanager
def _ahead(keys: Iterator[str], pool: Readers | None) -> Iterator[Iterator[str]]:
    """Give keys that a thread of its own takes care of where other processes read, so that these never wait for who writes the graph."""
    if pool is None:
        yield keys
        return
    queue: SimpleQueue[str | None] = SimpleQueue()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            for key in keys:
                queue.put(key)
        except BaseException as error:  # which is raised where the keys are taken
            failed.append(error)
        finally:
            queue.put(None)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield iter(queue.get, None)
    finally:
        pool.close()
        thread.join(_PATIENCE)
    if failed:
        raise failed[0]


def held_keys(output: Path) -> set[str]:
    """Return the keys of the documents that a folder's graph holds."""
    if published(output) is None:
        return set()
    with Store(output) as store:
        return {found[1] for graph in store.graphs() if (found := DOCUMENT.search(graph))}
