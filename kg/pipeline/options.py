"""How documents are read, and how a folder remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kg.annotate import MODEL
from kg.archive import Archive
from kg.corpus import OF_THE_GRAPH, Reading
from kg.extract import DEFAULT_CLASSES
from kg.extract.counts import COUNTS
from kg.records import Class

Progress = Callable[[int, int | None], None]
"""Called with the number of documents done and of all; ``None`` while nobody knows how many there are."""

LIMIT = 600.0
"""Seconds: the longest article that is taken, a million characters, needs a tenth of it."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read: what every worker needs to know.

    Attributes:
        model: An installed spaCy pipeline.
        authority: The user's own authority files, the strongest first.
        classes: Classes of statements to keep.
        workers: How many processes read documents; 1 reads in this process, and ``None`` means one for each core where there are many.
        frames: A file of counted frames (``kg learn``).
        limit: Seconds that a document may take in a process of its own.
        reading: How inputs become documents.
    """

    model: str = MODEL
    authority: tuple[Path, ...] = ()
    classes: frozenset[Class] = DEFAULT_CLASSES
    workers: int | None = None
    frames: Path = COUNTS
    limit: float = LIMIT
    reading: Reading = Reading()


DEFAULT = Options()
"""How documents are read where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Ray:
    """Documents are read by a Ray cluster (the extra ``newskg[ray]``).

    Attributes:
        address: Of the cluster; ``None``: Ray is started on this machine, for as long as it reads.
        parts: Folder that all its machines share, where each leaves what it read; by default ``parts`` in the folder of the graph.
    """

    address: str | None = None
    parts: Path | None = None


def sent(options: Options) -> Options:
    """Return options as another machine gets them: files by their whole path, our own frames by none."""
    authority = tuple(path.absolute() for path in options.authority)
    return replace(options, authority=authority, frames=Path() if options.frames == COUNTS else options.frames.absolute())


def received(options: Options) -> Options:
    """Return options that came from another machine."""
    return replace(options, frames=COUNTS) if options.frames == Path() else options


def told_options(options: Options, base: str) -> dict[str, object]:
    """Return how a graph was built, as ``built_with`` reads it: files by their whole path, our own frames by none."""
    return {
        "model": options.model,
        "authority": [str(path.absolute()) for path in options.authority],
        "classes": sorted(options.classes),
        "frames": "" if options.frames == COUNTS else str(options.frames.absolute()),
        "reading": {name: getattr(options.reading, name) for name in OF_THE_GRAPH},
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
        reading=Reading(**told.get("reading", {})),  # none where an earlier version built
    )
    return options, told["base"]
