"""Where bytes come from: one thing to read, and what it may unpack to."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BufferedReader, RawIOBase
from pathlib import PurePosixPath
from typing import IO, Any

from kg.corpus.limits import BLOCK, DEPTH, HEAD, RATIO, UNPACKED
from kg.errors import InputError

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BETWEEN = " » "
"""What stands between an archive and its member, in a place."""

CUT_SHORT = "Get it again: it was cut short or damaged on its way."

FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError),
    *(NotImplementedError, OSError, RecursionError, TypeError, ValueError),
)
"""What a parser of other people raises at bytes that its author did not think of: it says something about the bytes."""


@dataclass(slots=True)
class Budget:
    """How much everything within one input may unpack to.

    Attributes:
        given: Bytes of the input itself, as far as they are known.
        spent: Bytes unpacked so far.
    """

    given: int = 0
    spent: int = 0

    @property
    def exhausted(self) -> bool:
        """Tell whether more was unpacked than ``RATIO`` times what was given, and than ``UNPACKED``."""
        return self.spent > max(UNPACKED, RATIO * self.given)

    def spend(self, count: int, place: str) -> None:
        """Count unpacked bytes.

        Raises:
            InputError: They are too many.
        """
        self.spent += count
        if self.exhausted:
            raise InputError(f"{place}: unpacks to more than {RATIO} times its size", "Leave it out; it is an archive bomb.")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read.

    Attributes:
        place: What errors call it: its path, and its path within an archive.
        name: Its file name, whose suffix may tell its kind and whose stem is the id of its article.
        where: Whole path of the file, with the path within an archive; nothing for what is in no file.
        stream: Its bytes, from the start.
        size: How many they are, where that is known before they are read.
        budget: What everything within the input may unpack to.
        depth: Archives around it.
        url: Its address, where it came from the web.
        charset: What the server said that it is encoded in.
    """

    place: str
    name: str
    where: str
    stream: IO[bytes]
    size: int | None = None
    budget: Budget = field(default_factory=Budget)
    depth: int = 0
    url: str | None = None
    charset: str | None = None

    @property
    def id(self) -> str:
        """What its article is called: its address on the web, or the stem of its file."""
        return self.url or self.stem

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return PurePosixPath(self.name).stem or self.name

    @property
    def suffix(self) -> str:
        """The suffix of the name, small, with its dot."""
        return PurePosixPath(self.name).suffix.lower()

    def within(self, path: str, stream: IO[bytes], *, size: int | None = None) -> "Source":
        """Return a member; its path is a name only, and nothing is ever opened or written by it."""
        shown = shown_text(path)
        name = PurePosixPath(shown).name or shown
        place, where = f"{self.place}{BETWEEN}{shown}", self.where and f"{self.where}{BETWEEN}{shown}"
        return Source(place, name, where, stream, size, self.budget, self.depth + 1)

    def unpacked(self, stream: IO[bytes]) -> "Source":
        """Return what is left when a compression is taken off: the same thing, without its last suffix."""
        return replace(self, name=unsuffixed(self.name), stream=stream, size=None, depth=self.depth + 1)

    def check_depth(self) -> None:
        """Raise an InputError if the source lies in too many archives to be one itself."""
        if self.depth >= DEPTH:
            raise InputError(f"{self.place}: lies in more than {DEPTH} archives", "Unpack the outer ones first.")

    def whole(self, most: int, what: str) -> bytes:
        """Return all bytes.

        Raises:
            InputError: They are more than ``most``, or cannot be read.
        """
        data = b"" if self.size is not None and self.size > most else self.stream.read(most + 1)
        if len(data) > most or (self.size is not None and self.size > most):
            raise InputError(f"{self.place}: is too large for {what} (at most {most:,} bytes)", "Split it, or leave it out.")
        return data


def shown_text(text: str) -> str:
    """Return a name as text that can be printed: what cannot becomes U+FFFD."""
    return UNPRINTABLE.sub("\ufffd", text)


def unsuffixed(name: str) -> str:
    """Return the name of what a packed file holds: ``a.tgz`` holds ``a.tar``."""
    path = PurePosixPath(name)
    short = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}.get(path.suffix.lower(), "")
    return path.stem + short if path.suffix else name


class Rejoined(RawIOBase):
    """A stream of which the start was read already."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next."""
        data = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)


class Metered(RawIOBase):
    """A stream whose bytes count as unpacked, or as given where they come through a pipe."""

    def __init__(self, stream: IO[bytes], budget: Budget, place: str, *, outermost: bool = False) -> None:
        self._stream, self._budget, self._place, self._outermost = stream, budget, place, outermost

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next and count it."""
        data = self._stream.read(min(len(buffer), BLOCK))
        if self._outermost:
            self._budget.given += len(data)
        else:
            self._budget.spend(len(data), self._place)
        buffer[: len(data)] = data
        return len(data)


class Part(RawIOBase):
    """So many bytes of a stream."""

    def __init__(self, stream: IO[bytes], size: int, place: str) -> None:
        self._stream, self.left, self._place = stream, size, place

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next.

        Raises:
            InputError: The stream ends before the part does.
        """
        wanted = min(len(buffer), self.left, BLOCK)
        data = self._stream.read(wanted)
        if wanted and not data:
            self.left = 0
            raise InputError(f"{self._place}: is cut short", CUT_SHORT)
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def metered(stream: IO[bytes], source: Source) -> BufferedReader:
    """Return a member's stream, counted in its budget."""
    return BufferedReader(Metered(stream, source.budget, source.place))


def looked_at(source: Source) -> tuple[bytes, Source]:
    """Return the first ``HEAD`` bytes of a source, and the source with all its bytes."""
    head = source.stream.read(HEAD)
    if source.stream.seekable():
        source.stream.seek(0)
        return head, source
    return head, replace(source, stream=BufferedReader(Rejoined(head, source.stream)))


@contextmanager
def faults_of(source: Source, what: str, mend: str, *more: type[Exception]) -> Iterator[None]:
    """Turn what a parser of other people raises into an InputError: ``<place>: is not <what> that can be read (<reason>)``.

    Args:
        source: What is parsed.
        what: Its kind.
        mend: What to do about it.
        more: What this parser raises besides ``FAULTS``.
    """
    try:
        yield
    except FAULTS + more as error:
        raise InputError(f"{source.place}: is not {what} that can be read ({reason_of(error)})", mend) from error


def reason_of(error: Exception) -> str:
    """Return what an error says, in one short line; syntax errors say it without the name of a file that nobody named."""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return shown_text(" ".join(said.split())[:120]) or type(error).__name__


def quiet(*names: str) -> None:
    """Keep what libraries log about bad inputs from standard error, where nobody else listens."""
    for name in names:
        if not (logger := logging.getLogger(name)).handlers:
            logger.addHandler(logging.NullHandler())
