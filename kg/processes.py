"""What a process needs that another started to work for it, and what it needs that waits for another."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import BinaryIO


def own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return the way in and the way out of this process; whatever else is printed in it goes to standard error from now on."""
    source, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdin.close()
    return source, out


@contextmanager
def overdue(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Call something, in a thread of its own, when what is done meanwhile takes longer than so many seconds."""
    timer = Timer(seconds, act)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
