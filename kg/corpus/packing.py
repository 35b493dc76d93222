"""gzip, bzip2 and xz as streams: unpacked a block at a time, every byte counted, nothing on disk."""

import zlib
from bz2 import BZ2Decompressor
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from lzma import LZMADecompressor, LZMAError
from typing import Any, Protocol

from kg.corpus.kinds import Kind
from kg.corpus.limits import BLOCK, HEAD, XZ_MEMORY
from kg.corpus.sources import CUT_SHORT, Source
from kg.errors import InputError

GZIP = b"\x1f\x8b\x08"


class Unpacker(Protocol):
    """What the decompressors of bz2 and lzma have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of one packed stream was met."""

    @property
    def needs_input(self) -> bool:
        """Whether it waits for packed bytes."""

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return at most so many unpacked bytes."""


class Zlib:
    """zlib with the manners of bz2 and lzma; ``bits`` as of ``zlib.decompressobj``."""

    def __init__(self, bits: int = 31) -> None:
        self._zlib = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        """Whether the end of one packed stream was met."""
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        """Whether it waits for packed bytes."""
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end."""
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return at most so many unpacked bytes."""
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def _unpacker(kind: Kind) -> Unpacker:
    if kind is Kind.BZIP2:
        return BZ2Decompressor()
    return LZMADecompressor(memlimit=XZ_MEMORY) if kind is Kind.XZ else Zlib()


class Packed:
    """A packed file, of one packed stream or several in a row."""

    def __init__(self, source: Source, kind: Kind) -> None:
        self.source, self.kind, self.ahead, self._taken = source, kind, b"", b""

    def more(self) -> bytes:
        """Return packed bytes: those read too far before, else what comes next; none at the end."""
        self._taken, self.ahead = self.ahead or self.source.stream.read(HEAD), b""
        return self._taken

    def find(self, mark: bytes) -> bool:
        """Go on to the next place where ``mark`` stands, behind the start of what was taken last; ``False`` if there is none."""
        data = self._taken[1:]
        while (at := data.find(mark)) < 0:
            after = self.source.stream.read(HEAD)
            if not after:
                return False
            data = data[1 - len(mark) :] + after
        self.ahead = data[at:]
        return True

    def at_end(self) -> bool:
        """Tell whether nothing comes any more; zero bytes at the end are padding."""
        while data := self.more():
            self.ahead = data.lstrip(b"\0")
            if self.ahead:
                return False
        return True


class Stream(RawIOBase):
    """What one packed stream holds, or all that follow each other with ``chained``."""

    def __init__(self, packed: Packed, *, chained: bool) -> None:
        self._packed, self._chained, self._unpacker = packed, chained, _unpacker(packed.kind)
        self._broken: InputError | None = None

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with unpacked bytes.

        Raises:
            InputError: The packed bytes are damaged or end too soon, or unpack to too much.
        """
        if self._broken:
            raise self._broken
        try:
            data = self._next(min(len(buffer), BLOCK))
        except InputError as error:
            self._broken = error
            raise
        self._packed.source.budget.spend(len(data), self._packed.source.place)
        buffer[: len(data)] = data
        return len(data)

    def _next(self, most: int) -> bytes:
        while True:
            if self._unpacker.eof:
                if not self._chained or self._packed.at_end():
                    return b""
                self._unpacker = _unpacker(self._packed.kind)
            given = self._packed.more() if self._unpacker.needs_input else b""
            if not given and self._unpacker.needs_input:
                raise InputError(f"{self._packed.source.place}: is cut short ({self._packed.kind.value})", CUT_SHORT)
            try:
                data = self._unpacker.decompress(given, most)
            except (zlib.error, LZMAError, OSError, EOFError, ValueError) as error:
                raise InputError(f"{self._packed.source.place}: is damaged ({self._packed.kind.value}: {error})", CUT_SHORT) from error
            if self._unpacker.eof:
                self._packed.ahead = self._unpacker.unused_data
            if data:
                return data


def unpacked(source: Source, kind: Kind) -> Source:
    """Return what a packed file holds."""
    source.check_depth()
    return source.unpacked(BufferedReader(Stream(Packed(source, kind), chained=True)))


def parts(source: Source) -> Iterator[Source | InputError]:
    """Yield what each packed stream of a gzip file holds, which is to be read before the next, or the error behind a damaged one.

    The records of packed WARC files stand so (ISO 28500, Annex D).
    """
    packed = Packed(source, Kind.GZIP)
    while not packed.at_end():
        stream = BufferedReader(Stream(packed, chained=False))
        yield source.unpacked(stream)
        try:
            while stream.read(BLOCK):
                pass
        except InputError as error:
            yield error
            if source.budget.exhausted or not packed.find(GZIP):
                return
