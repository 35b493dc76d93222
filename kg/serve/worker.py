"""The process that opens the graph and answers one task at a time: started by ``pool``, spoken to through its standard streams.

It holds nothing that would be lost with it: it may be killed at any moment.
"""

import os
from pathlib import Path
from typing import BinaryIO

import msgspec

from kg.errors import StoreError
from kg.processes import own_streams
from kg.serve.answering import answered
from kg.serve.messages import End, Failed, Head, Kind, Start, Task, packed, read_json
from kg.serve.problems import Problem
from kg.serve.sandbox import close_off, limit_memory, limit_processor
from kg.store import Store, published

CHUNK = 64_000
"""Bytes that are gathered before they are sent."""
_SPARE = 5
"""Seconds of processor time beyond the server's own limit, which comes first."""


class Opened:
    """The published graph, opened again whenever a build has published another."""

    def __init__(self, start: Start) -> None:
        self._start, self._output = start, Path(start.store)
        self._store: Store | None = None
        self.generation = -1

    def store(self) -> Store:
        """Return the open store of the generation that is published now.

        Raises:
            StoreError: There is none, or it cannot be opened.
        """
        generation = published(self._output)
        if self._store is None or generation != self.generation:
            if self._store is not None:
                self._store.close()
                self._store = None
            self._store = Store(self._output)
            self.generation = generation if generation is not None else -1
            limit_memory(self._start.memory)
        return self._store


class Pipe:
    """The way to the server: bytes are gathered into messages."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._held = bytearray()

    def send(self, kind: Kind, message: msgspec.Struct) -> None:
        """Send a message."""
        self._out.write(packed(kind, msgspec.json.encode(message)))
        self._out.flush()

    def head(self, media: str) -> None:
        """Tell what the bytes are."""
        self._held.clear()
        self.send(Kind.HEAD, Head(media))

    def data(self, data: bytes) -> None:
        """Take the next bytes."""
        self._held += data
        if len(self._held) >= CHUNK:
            self._send_held()

    def end(self, generation: int) -> None:
        """Tell that the answer is whole."""
        self._send_held()
        self.send(Kind.END, End(generation))

    def _send_held(self) -> None:
        self._out.write(packed(Kind.DATA, bytes(self._held)))
        self._held.clear()


def main() -> None:
    """Close off, then do tasks until the server goes away."""
    source, out = own_streams()
    pipe = Pipe(out)
    start = msgspec.json.decode(read_json(source) or b"", type=Start)
    pipe.send(Kind.READY, close_off())
    opened, tasks = Opened(start), msgspec.json.Decoder(Task)
    while (data := read_json(source)) is not None:
        limit_processor(start.seconds * 2 + _SPARE)
        try:
            answered(opened.store(), tasks.decode(data), pipe, base=start.base, rows=start.rows)
            pipe.end(opened.generation)
        except MemoryError:
            os.abort()  # as the engine does when it gets no memory; the next worker starts with a clean one
        except (Problem, StoreError) as wrong:
            pipe.send(Kind.FAILED, Failed(wrong.status if isinstance(wrong, Problem) else 503, wrong.problem, wrong.mend))


if __name__ == "__main__":
    main()
