"""Folders are watched: what is put there or changed is added to a graph as it comes.

Files are looked at again and again, which works on every disk and network drive; one is taken when it did not change between two looks.
Nothing is remembered beside what the archive knows, so that a watch that was stopped, by whatever, goes on where it was.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from time import sleep

from kg.archive import Archive
from kg.corpus import OUTPUT
from kg.errors import InputError, KgError, StoreError
from kg.pipeline.building import build
from kg.pipeline.options import DEFAULT, Options
from kg.vocab import BASE

EVERY = 2.0
"""Seconds between two looks."""

State = tuple[int, int, int]
"""Size, time of the last change and inode of a file."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a file.

    Attributes:
        what: ``added``, ``changed``, ``removed``, ``failed`` or ``waiting``.
        where: The file as it was found, or for the last two what is wrong and what to do.
    """

    what: str
    where: str


def watch(
    folders: Sequence[Path],
    *,
    output: Path,
    options: Options = DEFAULT,
    base: str = BASE,
    prune: bool = False,
    every: float = EVERY,
) -> Iterator[Change]:
    """Add files to a graph as they come, without end, and yield each change when readers of the graph can see it.

    Args:
        folders: What is watched, to any depth; hidden names and folders that a build wrote are left out.
        output: The folder of the graph.
        options: How to read.
        base: Namespace of the data.
        prune: Drop the documents of files that are removed, and those that a changed file does not hold any more.
        every: Seconds between two looks.

    Raises:
        InputError: One of the folders is none.
    """
    if wrong := next((folder for folder in folders if not folder.is_dir()), None):
        raise InputError(f"{wrong}: is no folder", "Name a folder; what is put there is added.")
    folders = [Path(os.path.abspath(folder)) for folder in folders]
    taken: dict[Path, State] = {}
    before: dict[Path, State] = {}
    left = _left(folders, output) if prune else set()
    told = ""
    while True:
        now = dict(_seen(folders, output))
        new = [path for path, state in now.items() if before.get(path) == state != taken.get(path)]
        gone = left | {path for path in taken if path not in now} if prune else set()
        try:
            if new or gone:
                yield from _brought(new, sorted(gone), output, options, base, prune=prune)
            taken = {path: state for path, state in taken.items() if path in now} | {path: now[path] for path in new}
            left, told = set(), ""
        except StoreError as error:  # another program writes, or the disk is full: it is tried again
            if str(error) != told:
                yield Change("waiting", str(error))
            told = str(error)
        before = now
        sleep(every)


def _brought(new: Sequence[Path], gone: Sequence[Path], output: Path, options: Options, base: str, *, prune: bool) -> Iterator[Change]:
    """Bring the graph up to some files, and yield what became of each."""
    before = _held(output, (*new, *gone))
    failed: Sequence[str] = ()
    try:
        failed = build(new, output=output, options=options, base=base, gone=(*new, *gone) if prune else ()).failed
    except StoreError:
        raise
    except KgError as error:
        failed = (*getattr(error, "__notes__", ()), str(error))
    after = _held(output, new)
    yield from (Change("changed" if before[path] else "added", str(path)) for path in new if after[path] != before[path])
    yield from (Change("removed", str(path)) for path in gone if before[path])
    yield from (Change("failed", one) for one in failed)


def _held(output: Path, paths: Iterable[Path]) -> dict[Path, set[str]]:
    """Return for each file the keys of the documents that came from it."""
    with Archive(output) as archive:
        return {path: archive.came_from(str(path)) for path in paths}


def _left(folders: Iterable[Path], output: Path) -> set[Path]:
    """Return the files from which documents came and that are not in the folders any more."""
    with Archive(output) as archive:
        files = {Path(file) for folder in folders for file in archive.files_below(str(folder))}
    return {file for file in files if not file.is_file()}


def _seen(folders: Iterable[Path], output: Path) -> Iterator[tuple[Path, State]]:
    """Yield the files in some folders, sorted by name, with their states."""
    own = {(found.st_dev, found.st_ino) for found in [output.stat()]} if output.is_dir() else set()
    for folder in folders:
        yield from _below(folder, own)


def _below(folder: Path, above: set[tuple[int, int]]) -> Iterator[tuple[Path, State]]:
    """Yield the files below a folder; ``above`` are folders that are not entered, by device and inode."""
    with suppress(OSError):  # it was removed meanwhile, or may not be opened
        here = folder.stat()
        names = sorted(os.listdir(folder))
        if (here.st_dev, here.st_ino) in above or OUTPUT.issubset(names):
            return
        for name in names:
            with suppress(OSError):
                if not name.startswith("."):
                    found = (folder / name).stat()
                    if S_ISDIR(found.st_mode):
                        yield from _below(folder / name, above | {(here.st_dev, here.st_ino)})
                    elif S_ISREG(found.st_mode):
                        yield folder / name, (found.st_size, found.st_mtime_ns, found.st_ino)
