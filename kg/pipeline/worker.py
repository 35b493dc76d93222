"""A process that reads documents: started by ``pool``, spoken to through its standard streams, one pickle after the other.

It gets the options, tells that it is ready, then gets lists of documents and gives back each extraction, packed. It holds nothing that
would be lost with it: it may be killed at any moment, and it ends by itself when its parent goes away, in the middle of a document, too.
"""

import os
import pickle
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from kg.archive import packed
from kg.errors import KgError
from kg.memory import seldom_collected
from kg.pipeline.options import Options
from kg.pipeline.reading import extract_all, warmed
from kg.processes import own_streams
from kg.records import Document

BEHIND = 10
"""How much lower the priority of a reader is: in the end everything waits for the one process that writes."""


def main() -> None:
    """Load what reading needs, then read until there is no more."""
    source, out = own_streams()
    os.nice(BEHIND)
    try:
        options: Options = pickle.load(source)
    except EOFError:
        return  # the parent went away at once
    parts = _listening(source)
    try:
        warmed(options)
    except KgError as error:
        _send(out, error)
        return
    _send(out, os.getpid())
    with seldom_collected():
        while True:
            for extraction in extract_all(parts.get(), options):
                _send(out, packed(extraction))


def _listening(source: BinaryIO) -> SimpleQueue[list[Document]]:
    """Return the lists of documents as they come; when the parent goes away, while this process still loads, too, it ends at once."""
    parts: SimpleQueue[list[Document]] = SimpleQueue()

    def listen() -> None:
        try:
            while True:
                parts.put(pickle.load(source))
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)

    Thread(target=listen, daemon=True).start()
    return parts


def _send(out: BinaryIO, message: object) -> None:
    try:
        pickle.dump(message, out, pickle.HIGHEST_PROTOCOL)
        out.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
