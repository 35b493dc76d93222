"""Documents are read by several processes: one that dies or hangs is replaced, and the document that it had is tried once more.

A thread for each process hands it some documents and waits for what it makes of them. Who takes the results gives the documents, so that
never more are on their way than the processes can have at once.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import BinaryIO, Protocol, cast

from kg.archive import Packed
from kg.errors import InputError, KgError
from kg.pipeline.options import Options
from kg.processes import overdue
from kg.records import Document

TOGETHER = 16
"""Documents that a process gets at once, so that it need not wait for the next."""
CHARACTERS = 64_000
"""How long they may be together; a longer one goes alone."""
_BEGINNING = 300.0
"""Seconds in which a process must have loaded the model."""
_ATTEMPTS = 3
"""Processes that may end, one after the other, before any of them was ready."""
_ENDED = (EOFError, OSError, pickle.UnpicklingError)
"""What shows that a process is gone."""

Outcome = tuple[Document, Packed | InputError]


@dataclass(frozen=True, slots=True)
class _Part:
    """Documents that go to a process together, and whether they were tried before."""

    documents: tuple[Document, ...]
    again: bool = False


def parts(documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """Yield documents in the parts that go to a process together, in order."""
    part: list[Document] = []
    size = 0
    for document in documents:
        if part and (len(part) == TOGETHER or size + len(document.text) > CHARACTERS):
            yield tuple(part)
            part, size = [], 0
        part.append(document)
        size += len(document.text)
    if part:
        yield tuple(part)


class Readers(Protocol):
    """Processes that read documents; ``Pool`` has them on this machine."""

    def read(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """Yield each document with what came of it, as they get ready."""

    def close(self) -> None:
        """End all of them now."""


class Pool:
    """Processes that read; ``close`` ends them, however far they are.

    Args:
        options: How to read.
        processes: How many at the most; they are started as there is work for them.
    """

    def __init__(self, options: Options, processes: int) -> None:
        self.options, self.closed = options, False
        self._parts: SimpleQueue[_Part | None] = SimpleQueue()
        self._results: SimpleQueue[Outcome | KgError | None] = SimpleQueue()
        self._lock, self._unready = Lock(), 0
        self._hands = [_Hand(self, self._parts, self._results) for _ in range(processes)]
        for hand in self._hands:
            hand.start()

    def read(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """Yield each document with what came of it, in the order in which they get ready; documents are taken as they are needed.

        Raises:
            KgError: The processes cannot be started.
        """
        source, waiting, room = parts(documents), 0, 2 * TOGETHER * len(self._hands)
        while True:
            while waiting < room and (part := next(source, None)):
                self._parts.put(_Part(part))
                waiting += len(part)
            result = self._results.get() if waiting else None
            if result is None or self.closed:
                return
            if isinstance(result, KgError):
                raise result
            waiting -= 1
            yield result

    def close(self) -> None:
        """End all processes now, and whoever waits for their results; a second call does nothing."""
        with self._lock:
            self.closed = True
            for hand in self._hands:
                if hand.process is not None:
                    hand.process.kill()
        self._results.put(None)
        for _ in self._hands:
            self._parts.put(None)
        for hand in self._hands:
            hand.join()

    def begin(self, hand: "_Hand") -> None:
        """Start a process for a hand, in a group of its own: Ctrl-C at a terminal is for its parent alone.

        It stays in the session of its parent, since Linux weighs priorities against each other only within one (sched(7), autogroup).

        Raises:
            EOFError: The pool is closed.
        """
        command = [sys.executable, "-P", "-m", "kg.pipeline.worker"]
        with self._lock:
            if self.closed:
                raise EOFError
            pipe = subprocess.PIPE
            hand.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, bufsize=-1, env=_environment(), process_group=0)

    def was_ready(self, ready: bool) -> bool:
        """Count processes that ended before they were ready; tell whether another may be tried."""
        with self._lock:
            self._unready = 0 if ready else self._unready + 1
            return self._unready < _ATTEMPTS


class _Hand(Thread):
    """Gives parts to one process after the other, one part at a time."""

    def __init__(self, pool: Pool, parts: "SimpleQueue[_Part | None]", results: "SimpleQueue[Outcome | KgError | None]") -> None:
        super().__init__(daemon=True)
        self.process: subprocess.Popen[bytes] | None = None
        self._pool, self._parts, self._results = pool, parts, results
        self._overdue = 0.0

    def run(self) -> None:
        """Work until there is nothing more to do."""
        while (part := self._parts.get()) is not None and not self._pool.closed:
            left = list(part.documents)
            try:
                self._give(part, left)
            except KgError as error:
                self._results.put(error)
            except _ENDED:
                self._failed(left, part.again, self._ended())
        self._ended()

    def _give(self, part: _Part, left: list[Document]) -> None:
        """Let the process read a part; ``left`` is what it has not read yet.

        Raises:
            KgError: It told that it cannot read at all.
            EOFError, OSError, UnpicklingError: It is gone.
        """
        source, out = self._ready()
        with self._limited():
            _send(out, list(part.documents))
        while left:
            with self._limited():
                found: Packed = pickle.load(source)
            self._results.put((left.pop(0), found))

    def _ready(self) -> tuple[BinaryIO, BinaryIO]:
        """Return the streams of the process, which is started where there is none."""
        while self.process is None:
            self._pool.begin(self)
            with suppress(*_ENDED), self._limited(_BEGINNING):
                source, out = self._streams()
                _send(out, self._pool.options)
                told = pickle.load(source)
                if isinstance(told, KgError):
                    raise told
                self._pool.was_ready(True)
                break
            why = self._ended()
            if not self._pool.was_ready(False):
                raise KgError(f"a process that reads articles could not start: it {why}", "See above why, or read with --workers 1.")
        return self._streams()

    def _streams(self) -> tuple[BinaryIO, BinaryIO]:
        """Return from where the process is heard and where it is spoken to."""
        assert self.process is not None and self.process.stdin is not None and self.process.stdout is not None
        return cast(BinaryIO, self.process.stdout), cast(BinaryIO, self.process.stdin)

    @contextmanager
    def _limited(self, seconds: float | None = None) -> Iterator[None]:
        """Kill the process if this takes longer than so many seconds, by default what a document may take."""
        process, self._overdue = self.process, 0.0
        most = self._pool.options.limit if seconds is None else seconds

        def kill() -> None:
            self._overdue = most
            if process is not None:
                process.kill()

        with overdue(most, kill):
            yield

    def _ended(self) -> str:
        """Make sure that the process is gone, and return how it ended."""
        process, self.process = self.process, None
        if process is None:
            return "ended"
        process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what could not be sent
                    stream.close()
        if self._overdue:
            return f"took more than {self._overdue:g} seconds"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def _failed(self, left: list[Document], again: bool, why: str) -> None:
        """Try the document that the process had once more, alone, or tell that it failed; it had not begun with those behind it."""
        if self._pool.closed:
            return
        had, *others = left
        if again:
            mend = "Leave it out, or read again with more memory and a higher --limit-seconds."
            self._results.put((had, InputError(f"{had.id}: the process that read it {why}, twice", mend)))
        else:
            self._parts.put(_Part((had,), again=True))
        if others:
            self._parts.put(_Part(tuple(others)))


def _send(out: BinaryIO, message: object) -> None:
    pickle.dump(message, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


def _environment() -> dict[str, str]:
    """Return the environment of a process: the same modules, and one thread, since there is a process for each core."""
    path = os.pathsep.join(place for place in sys.path if place)
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
