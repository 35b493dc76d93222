"""Who may write: lock files that the kernel lets go of when a process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import StoreError


@contextmanager
def building(output: Path) -> Iterator[None]:
    """Keep every other writer out of a folder while one works; readers go on all the time.

    Makes the folder where it is missing.

    Raises:
        StoreError: Somebody else is writing it, or it cannot be written.
    """
    descriptor = opened(output, output / "building")
    try:
        if not taken(descriptor, exclusive=True):
            raise StoreError(f"the graph in {output} is being written by {_holder(descriptor)}", "Wait until that has ended, or stop it.")
        with suppress(OSError):  # the disk is full: whoever comes next is not told the number
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def opened(output: Path, lock: Path) -> int:
    """Return an open descriptor of a lock file of a folder, both made where they are missing.

    Raises:
        StoreError: They cannot be made.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{output} cannot be used: {error.strerror}", "Choose a folder where you may write.") from error


def taken(descriptor: int, *, exclusive: bool) -> bool:
    """Take the lock of a file, shared or exclusive, and tell whether nobody was in the way."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> str:
    """Return whose process id a lock file holds; a killed writer's may stand there until the next has written its own."""
    written = os.pread(descriptor, 20, 0).decode("ascii", "replace")
    with suppress(ProcessLookupError, ValueError):
        os.kill(int(written), 0)
        return f"process {written}"
    return "another process"
