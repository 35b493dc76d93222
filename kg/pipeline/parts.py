"""What was read of each piece of the inputs: a file of its own, in a folder that all machines share.

A part holds extractions as the archive keeps them, and not quads: whom a name means is known only when all are read. Beside it stands
what tells that it is whole: of which state of which files it was read, by which recipe, and how much. Both are written under another
name and renamed, and both are called after piece and recipe: whoever writes them a second time writes the same.
"""

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

import msgspec

from kg.archive import LAYOUT, Packed
from kg.corpus.pieces import Piece, now
from kg.errors import InputError, StoreError
from kg.pipeline.inputs import Sourced
from kg.pipeline.pool import Outcome
from kg.records import Document

_LENGTH = 8
"""Bytes that tell how long the row is that follows."""
_DAMAGED = (msgspec.MsgspecError, UnicodeDecodeError, zlib.error)

FileState = tuple[str, int, int, int, int]
"""What errors call a file, its size, when it was last changed, and which of its bytes belong to the piece."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one input.

    Attributes:
        where: The whole path of its file, as the system spells it.
        packed: What was read of a document.
        document: One that could not be read.
        failed: Why it, or what stands there, could not be read: problem and mend.
    """

    where: bytes
    packed: Packed | None = None
    document: Document | None = None
    failed: tuple[str, str] | None = None

    @classmethod
    def of(cls, where: str, item: Document | InputError, outcome: Packed | InputError | None) -> "Row":
        """Return the row of an input; ``outcome`` is what came of it where it is a document."""
        spelt = os.fsencode(where)
        if isinstance(outcome, Packed):
            return cls(spelt, outcome)
        if isinstance(item, InputError):
            return cls(spelt, failed=(item.problem, item.mend))
        assert outcome is not None
        return cls(spelt, document=item, failed=(outcome.problem, outcome.mend))

    def told(self) -> tuple[Sourced, Outcome | None]:
        """Return the input as ``kg.corpus.sourced`` yields it, and what came of it where it is a document."""
        where, failed = os.fsdecode(self.where), InputError(*self.failed) if self.failed else None
        if self.packed:
            document = _HEAD.decode(zlib.decompress(self.packed.body)).document
            return (where, document), (document, self.packed)
        assert failed is not None
        return ((where, self.document), (self.document, failed)) if self.document else ((where, failed), None)


@dataclass(frozen=True, slots=True)
class Done:
    """What tells that a part is whole.

    Attributes:
        recipe: Of the rules that it was read by.
        files: The state of the files when they had been read.
        rows: How many inputs stand in it.
        failed: What could not be read, a line each.
        undone: How many documents ended or held up whoever read them: they are tried again.
    """

    recipe: str
    files: tuple[FileState, ...]
    rows: int
    failed: tuple[str, ...]
    undone: int


@dataclass(frozen=True, slots=True)
class _Head:
    """As much of an extraction as tells what it was read of."""

    document: Document


_DONE, _HEAD, _ROW = msgspec.json.Decoder(Done), msgspec.json.Decoder(_Head), msgspec.msgpack.Decoder(Row)


class Parts:
    """The parts in a folder.

    Args:
        folder: Made where it is missing.
        recipe: Digest of everything that an extraction depends on beside its text.

    Raises:
        StoreError: The folder cannot be made.
    """

    def __init__(self, folder: Path, recipe: str) -> None:
        self.folder, self.recipe = folder, recipe
        with self._used():
            folder.mkdir(parents=True, exist_ok=True)

    def name(self, piece: Piece) -> str:
        """Return what the part of a piece is called: the same for the same stretches of the same files and the same recipe."""
        told = repr((LAYOUT, self.recipe, [(one.path, one.place, one.start, one.end) for one in piece.stretches]))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def clear(self, pieces: Iterable[Piece]) -> None:
        """Remove what was begun and not ended of the parts of some pieces; nobody may be writing these."""
        names = set(map(self.name, pieces))
        with self._used():
            for file in self.folder.glob(".*"):
                if file.name[1:].partition(".")[0] in names:
                    file.unlink(missing_ok=True)

    def done(self, piece: Piece) -> Done | None:
        """Return what tells that the part of a piece is whole, if it is, and was read of the files as the piece has them."""
        with self._used():
            try:
                found = _DONE.decode((self.folder / f"{self.name(piece)}.json").read_bytes())
            except (FileNotFoundError, *_DAMAGED):
                return None
            fits = (found.recipe, found.files) == (self.recipe, _states(piece)) and self._part(piece).exists()
        return found if fits else None

    def write(self, piece: Piece, rows: Iterable[Row]) -> None:
        """Write the part of a piece as its rows come, and then what tells that it is whole.

        Raises:
            StoreError: The disk is full or broken.
        """
        count = undone = 0
        failed: list[str] = []
        with self._written(self._part(piece)) as out:
            for row in rows:
                body = msgspec.msgpack.encode(row)
                out.write(len(body).to_bytes(_LENGTH) + body)
                count, undone = count + 1, undone + (row.document is not None)
                if row.failed:
                    failed.append(str(InputError(*row.failed)))
        done = Done(self.recipe, _states(now(piece)), count, tuple(failed), undone)
        with self._written(self._part(piece).with_suffix(".json")) as out:
            out.write(msgspec.json.format(msgspec.json.encode(done), indent=1))

    def rows(self, piece: Piece, done: Done) -> Iterator[tuple[Sourced, Outcome | None]]:
        """Yield each input of a piece that is done, in their order, and what came of it where it is a document.

        Raises:
            StoreError: The part is damaged.
        """
        with self._used(), self._part(piece).open("rb") as source:
            left = os.fstat(source.fileno()).st_size
            for _ in range(done.rows):
                length = int.from_bytes(source.read(_LENGTH))
                left -= _LENGTH + length
                try:
                    told = _ROW.decode(source.read(length) if left >= 0 else b"").told()
                except _DAMAGED as error:
                    raise StoreError(f"{source.name} is damaged", "Delete it, and run the same command again.") from error
                yield told

    def _part(self, piece: Piece) -> Path:
        return self.folder / f"{self.name(piece)}.part"

    @contextmanager
    def _written(self, path: Path) -> Iterator[BinaryIO]:
        """Give a file that takes its name only when all of it is on the disk; several may write it at a time."""
        with self._used():
            descriptor, unfinished = mkstemp(prefix=f".{path.name}.", dir=self.folder)
            try:
                with os.fdopen(descriptor, "wb") as out:
                    yield out
                    out.flush()
                    os.fsync(out.fileno())
                os.chmod(unfinished, 0o644)  # mkstemp's files are for their maker alone
                os.replace(unfinished, path)
            finally:
                with suppress(OSError):
                    os.unlink(unfinished)

    @contextmanager
    def _used(self) -> Iterator[None]:
        """Tell what goes wrong with the disk meanwhile as a ``StoreError``."""
        try:
            yield
        except OSError as error:
            mend = "Make room there, or name a folder where all machines may write."
            raise StoreError(f"{self.folder} cannot be used: {error.strerror}", mend) from error


def _states(piece: Piece) -> tuple[FileState, ...]:
    return tuple((one.place, one.size, one.changed, one.start, one.end) for one in piece.stretches)
