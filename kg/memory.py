"""Memory of a build that goes on for long: what is let go goes back to the system, which the C library of Linux keeps, and garbage waits.

Measured while 1,000 articles were written in steps: 90 MB in use, 326 MB kept, 124 MB with ``large_apart``. With another library memory
stays where it is.
"""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_MMAP_THRESHOLD = -3
_LARGE = 1 << 20
_YOUNG = 20_000
"""New objects between two collections of garbage: an article makes some ten thousand that live as long as it does."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage in cycles less often meanwhile, and not among what there is already, such as a language model."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def large_apart() -> None:
    """Have this process take each large piece of memory from the system alone, so that it goes back whole (glibc: mallopt(3))."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Give back what this process holds and does not use (glibc: malloc_trim(3)); some milliseconds."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
