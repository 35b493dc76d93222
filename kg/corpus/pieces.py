"""Inputs in pieces, each of which can be read by itself and on another machine: one after the other they hold what ``sourced`` yields.

A piece is a file, or some small files, or some whole lines of a large file of JSON Lines. Where one ends depends on the inputs alone,
so that the same inputs are in the same pieces tomorrow and on a larger cluster.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from kg.corpus import jsons
from kg.corpus.charsets import coding_of
from kg.corpus.documents import document
from kg.corpus.fetching import Web
from kg.corpus.files import STDIN, Found, matched, shown, within
from kg.corpus.kinds import ADDRESS, BYTE_ORDER_MARK, Kind, kind_of
from kg.corpus.limits import BLANK_LINES, HEAD, RECORD
from kg.corpus.reading import DEFAULT, Reading
from kg.corpus.sources import Part, Source
from kg.errors import InputError
from kg.records import Document

SMALLEST = 131_072
"""Bytes from which on a piece is worth its way: some fifty articles, which take a processor five seconds."""
LARGEST = 8_388_608
"""Bytes of lines of a large file in one piece: some thousands of articles, which take some minutes."""
SHARES = 64
"""Pieces of a file between the two, so that many processors have something of it to do until the end."""
MOST_LINES = BLANK_LINES // 3
"""Lines of a piece: a run of blank lines that ends a file fills a whole piece then, which shows it."""
_CODING = "utf-8-sig"
_MARK = BYTE_ORDER_MARK.encode()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A file, or some whole lines of one.

    Attributes:
        path: Its whole path.
        place: What errors call it.
        size, changed: Its bytes, and when it was last changed, in nanoseconds: its state.
        start, end: The bytes of the stretch, half-open; ``end`` is 0 for a whole file.
        before: Lines that stand before it.
    """

    path: str
    place: str
    size: int = 0
    changed: int = 0
    start: int = 0
    end: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What is read in one go.

    Attributes:
        stretches: One, or several small files.
    """

    stretches: tuple[Stretch, ...]

    @property
    def path(self) -> str:
        """Whole path of its first file."""
        return self.stretches[0].path

    @property
    def place(self) -> str:
        """What errors call that."""
        return self.stretches[0].place

    def apart(self) -> Iterator["Piece"]:
        """Yield each of its files as a piece of its own."""
        return (Piece((stretch,)) for stretch in self.stretches)


Broken = tuple[str, InputError]
"""What ``sourced`` yields in the place of what cannot be read."""


def pieces(paths: Iterable[Path | str], reading: Reading = DEFAULT) -> Iterator[Piece | Broken]:
    """Part inputs into pieces.

    Args:
        paths: What ``read`` takes, but for standard input and web addresses, which other machines cannot share.
        reading: How they are read.

    Yields:
        Each piece, or the error in the place of what cannot be read, in the order of ``read``.
    """
    small: list[Stretch] = []
    for found in _stretches(paths, reading):
        if isinstance(found, Stretch) and not found.end and found.size < SMALLEST:
            small.append(found)
            if sum(one.size for one in small) < SMALLEST and not _is_last(found):
                continue
        if small:
            yield Piece(tuple(small))
        if not isinstance(found, Stretch):
            yield found
        elif found not in small:
            yield Piece((found,))
        small = []
    if small:
        yield Piece(tuple(small))


def sourced_in(piece: Piece, reading: Reading = DEFAULT) -> Iterator[tuple[str, Document | InputError]]:
    """Yield what ``sourced`` yields for the inputs of a piece."""
    web = Web(reading, frozenset())
    for stretch in piece.stretches:
        found = _lines(stretch, reading) if stretch.end else within(Path(stretch.path), web, stretch.place)
        yield from ((where, document(place, value, reading)) for where, place, value in found)


def now(piece: Piece) -> Piece:
    """Return a piece with the present state of its files; one that is gone has none."""
    return Piece(tuple(map(_now, piece.stretches)))


def _now(stretch: Stretch) -> Stretch:
    try:
        found = os.stat(stretch.path)
    except OSError:
        return replace(stretch, size=0, changed=0)
    return replace(stretch, size=found.st_size, changed=found.st_mtime_ns)


def _is_last(stretch: Stretch) -> bool:
    """Tell whether a small file is the last of its piece by its name, once in 64 times: a new file beside it moves few others elsewhere."""
    return sha256(os.fsencode(stretch.path)).digest()[0] < 4


def _stretches(paths: Iterable[Path | str], reading: Reading) -> Iterator[Stretch | Broken]:
    for path in paths:
        if str(path) == "-":
            yield "", InputError(f"{STDIN}: cannot be read by several machines", "Save it as a file in a folder that all of them have.")
        elif isinstance(path, str) and ADDRESS.match(path):
            yield (
                path,
                InputError(f"{path}: is a web address, and several machines fetch nothing", "Save the page and name the file."),
            )
        else:
            for file in matched(path):
                yield from [(str(path), file)] if isinstance(file, InputError) else _of_file(file, reading)


def _of_file(path: Path, reading: Reading) -> Iterator[Stretch]:
    """Yield a file, or the stretches of a large one of JSON Lines; one that cannot be opened is told by whoever reads it."""
    whole = _now(Stretch(str(path.absolute()), shown(path)))
    yield from (_cut(path, whole, reading) if whole.size > SMALLEST else None) or [whole]


def _cut(path: Path, whole: Stretch, reading: Reading) -> list[Stretch] | None:
    """Return the stretches of a file of JSON Lines; ``None`` for one that is no such, or can only be read from its start."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if kind_of(head, shown(path, path.name)) is not Kind.JSON_LINES or coding_of(head, reading) != _CODING:
                return None
            stream.seek(0)
            return _between_lines(stream, whole)
    except OSError:
        return None


def _between_lines(stream: BinaryIO, whole: Stretch) -> list[Stretch] | None:
    """Return the stretches of lines; ``None`` where a line is too long, blank lines fill one, or one begins with a byte order mark."""
    step = min(max(whole.size // SHARES, SMALLEST), LARGEST)
    found: list[Stretch] = []
    start = before = 0
    while data := stream.read(step):
        data += stream.readline(RECORD + 1)
        lines = data.count(b"\n")
        if lines > MOST_LINES or not data.strip() or (start and data.startswith(_MARK)) or len(data) > step + RECORD:
            return None
        found.append(replace(whole, start=start, end=start + len(data), before=before))
        start, before = start + len(data), before + lines
    return found


def _lines(stretch: Stretch, reading: Reading) -> Iterator[Found]:
    """Yield the records of a stretch of lines."""
    path = Path(stretch.path)
    try:
        with path.open("rb") as stream:
            stream.seek(stretch.start)
            part = BufferedReader(Part(stream, stretch.end - stretch.start, stretch.place))
            source = Source(stretch.place, shown(path, path.name), stretch.path, part, stretch.end - stretch.start)
            found = jsons.lines(source, b"", reading, before=stretch.before)
            yield from ((stretch.path, place, value) for place, value in found)
    except OSError as error:
        yield (
            stretch.path,
            stretch.place,
            InputError(f"{stretch.place}: cannot be read ({error.strerror})", "Allow reading it."),
        )
    except InputError as error:
        yield stretch.path, stretch.place, error
