"""What a process of a cluster does: it reads pieces of the inputs, one after the other, and writes a part of each; only counts leave it.

It reads the documents in a process of its own (``pool``), which loads the model once: a document that ends or holds up that one is tried
once more and then named, as everywhere, and the others of the piece go on.
"""

import platform
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.archive import Packed
from kg.corpus.pieces import Piece, now, sourced_in
from kg.errors import InputError, KgError
from kg.pipeline.inputs import Sourced
from kg.pipeline.options import Options, received
from kg.pipeline.parts import Parts, Row
from kg.pipeline.pool import Pool
from kg.pipeline.recipe import recipe_of_parts
from kg.records import Document


class Piecework:
    """A process that reads pieces.

    Args:
        options: How to read, as ``sent``.
        folder: Of the parts.
        recipe: Of whoever started it, whose rules must be ours.
    """

    def __init__(self, options: Options, folder: Path, recipe: str) -> None:
        self._options, self._folder, self._recipe = received(options), folder, recipe
        self._pool: Pool | None = None

    def ready(self) -> KgError | None:
        """Return why no piece can be read here; nothing where it can."""
        try:
            here = recipe_of_parts(self._options)
        except KgError as error:
            return error
        if here == self._recipe:
            return None
        mend = "Install the same version of newskg and of its language model on all machines."
        return KgError(f"{platform.node()} has other rules or another language model than this machine", mend)

    def read(self, piece: Piece) -> KgError | None:
        """Write the part of a piece, unless it is there or its files are not any more what they were; return why that cannot be done."""
        try:
            parts = Parts(self._folder, self._recipe)
            if now(piece) == piece and ((done := parts.done(piece)) is None or done.undone):
                self._pool = self._pool or Pool(self._options, 1)
                parts.write(piece, rows(sourced_in(piece, self._options.reading), self._pool))
        except KgError as error:
            self.close()
            return error
        return None

    def close(self) -> None:
        """End the process that reads, if there is one; the next piece begins another."""
        if self._pool is not None:
            self._pool.close()
        self._pool = None


def rows(items: Iterable[Sourced], pool: Pool) -> Iterator[Row]:
    """Yield what becomes of inputs, in their order, whatever the order in which documents get ready."""
    waiting: deque[Sourced] = deque()
    found: dict[int, Packed | InputError] = {}

    def documents() -> Iterator[Document]:
        for item in items:
            waiting.append(item)
            if isinstance(item[1], Document):
                yield item[1]

    for document, outcome in pool.read(documents()):
        found[id(document)] = outcome
        while waiting and (isinstance(waiting[0][1], InputError) or id(waiting[0][1]) in found):
            yield _row(waiting.popleft(), found)
    while waiting:
        yield _row(waiting.popleft(), found)


def _row(item: Sourced, found: dict[int, Packed | InputError]) -> Row:
    return Row.of(*item, found.pop(id(item[1]), None))
