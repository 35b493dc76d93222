"""The generations of a graph, each a database that is never written again.

    output/store          a symbolic link to the generation that readers open
    output/stores/7       a whole generation
    output/stores/7.lock  held by its readers together, or by whoever makes or removes it alone
    output/stores/8.draft a generation in the making, or in the unmaking

A folder gets its name without an ending when it is whole, in one step; the link is swapped in one step.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kg.errors import StoreError
from kg.store.locks import opened, taken

_OWN = "LOCK"
_TOLD = "LOG"


def published(output: Path) -> int | None:
    """Return the number of the generation that readers see; 0 for a store that version 0.1 wrote, ``None`` where there is none.

    Raises:
        StoreError: ``store`` is neither.
    """
    link = output / "store"
    try:
        name = Path(os.readlink(link)).name
    except (FileNotFoundError, NotADirectoryError):
        return 0 if (output / "stores" / "0").is_dir() else None
    except OSError:  # no link
        name = "0" if os.path.isdir(link) else ""
    if not name.isdecimal():
        raise StoreError(f"{link} names no generation of the graph", "Delete it and run kg build again.")
    return int(name)


def finished(output: Path, number: int) -> bool:
    """Tell whether a generation is whole, published or not."""
    return folder_of(output, number).is_dir()


def publish(output: Path, number: int) -> None:
    """Let readers see a whole generation, in one step, and remove those that nobody reads any more.

    Who is reading goes on with what he has. What cannot be removed now is removed after the next.

    Raises:
        StoreError: There is no such generation, or the link cannot be made.
    """
    if not finished(output, number):
        raise StoreError(f"there is no whole generation {number} in {output}", "Run kg build again.")
    take_over(output)
    try:
        _link(output, number)
    except OSError as error:
        raise StoreError(f"{output} cannot be written: {error.strerror}", "Make room on the disk and run kg build again.") from error
    for other in sorted(_numbers(output) - {number}):
        remove(output, other)


def following(output: Path) -> int:
    """Return the first number above all generations, whole or not."""
    return max(_numbers(output) | {published(output) or 0}) + 1


def folder_of(output: Path, number: int) -> Path:
    """Return the folder of a generation: one that version 0.1 wrote stands where it stood."""
    old = output / "store"
    return old if number == 0 and old.is_dir() and not old.is_symlink() else output / "stores" / str(number)


def draft_of(output: Path, number: int) -> Path:
    """Return the folder of a generation that is not whole."""
    return output / "stores" / f"{number}.draft"


def lock_of(output: Path, number: int) -> Path:
    """Return the lock file of a generation."""
    in_place = folder_of(output, number) == output / "store"
    return output / "lock" if in_place else output / "stores" / f"{number}.lock"


def take_over(output: Path) -> None:
    """Move a store that version 0.1 wrote to where generations are; only a writer may.

    Raises:
        StoreError: Somebody is reading it.
    """
    old, home = output / "store", output / "stores" / "0"
    if old.is_dir() and not old.is_symlink():
        held = opened(output, output / "lock")
        try:
            if not taken(held, exclusive=True):
                raise StoreError(f"the graph in {output} is in use by another process", "Wait until that has ended, or stop it.")
            home.parent.mkdir(exist_ok=True)
            os.close(opened(output, output / "stores" / "0.lock"))
            old.rename(home)
            (output / "lock").unlink()
        finally:
            os.close(held)
    if home.is_dir() and not os.path.lexists(old):
        _link(output, 0)


def cloned(source: Path, target: Path) -> None:
    """Make a database that shares the files of another that never change; where links cannot be made it has its own.

    Raises:
        OSError: The disk is full or broken.
    """
    from shutil import copyfile

    target.mkdir()
    for file in source.iterdir():
        if file.name != _OWN and not file.name.startswith(_TOLD):
            mine = target / file.name
            if file.suffix != ".sst" or not _linked(file, mine):
                copyfile(file, mine)


def settled(folder: Path, home: Path) -> None:
    """Put a closed database on the disk for good, then give it its name: from now on it is whole.

    Raises:
        OSError: The disk is full or broken.
    """
    for file in sorted(folder.iterdir()):
        with suppress(FileNotFoundError):  # the database's own threads may still be tidying up what it does not need
            if file.name == _OWN or file.name.startswith(_TOLD):
                file.unlink()
            else:
                _synced(file)
    _synced(folder)
    folder.rename(home)
    _synced(home.parent)


def remove(output: Path, number: int) -> None:
    """Remove a generation unless somebody reads or makes it; nothing happens where it cannot be removed."""
    with suppress(OSError, StoreError):
        lock = lock_of(output, number)
        descriptor = opened(output, lock)
        try:
            if taken(descriptor, exclusive=True):
                discard(output, number)
                lock.unlink()
        finally:
            os.close(descriptor)


def discard(output: Path, number: int) -> None:
    """Remove the folders of a generation whose lock one holds: a whole one loses its name first.

    Raises:
        OSError: They cannot be removed.
    """
    from shutil import rmtree

    whole, draft = output / "stores" / str(number), draft_of(output, number)
    if draft.is_dir():
        rmtree(draft)
    if whole.is_dir():
        whole.rename(draft)
        rmtree(draft)


def _numbers(output: Path) -> set[int]:
    return set(_numbered(output / "stores")) if (output / "stores").is_dir() else set()


def _numbered(stores: Path) -> Iterator[int]:
    for entry in stores.iterdir():
        number = entry.name.partition(".")[0]
        if number.isdecimal():
            yield int(number)


def _link(output: Path, number: int) -> None:
    """Make ``store`` name a generation, in one step."""
    unfinished = output / f".store.{os.getpid()}"
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(Path("stores") / str(number))
    unfinished.replace(output / "store")
    _synced(output)


def _linked(file: Path, target: Path) -> bool:
    """Give a file a second name, and tell whether the disk can do that."""
    try:
        os.link(file, target)
    except OSError:
        return False
    return True


def _synced(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
