"""tar: members as they come, without a list of them; a damaged header costs only what lies between it and the next one."""

import tarfile
from collections.abc import Iterator
from io import BufferedReader
from typing import IO

from kg.corpus.limits import BLOCK, TAR_NAME
from kg.corpus.sources import BETWEEN, CUT_SHORT, Part, Source, shown_text
from kg.corpus.zips import hidden
from kg.errors import InputError

SIZE = tarfile.BLOCKSIZE
LONG_NAME, NAMES, NAMES_FOR_ALL = tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE
FILES = frozenset({tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE})
FOLDERS = frozenset({tarfile.DIRTYPE, tarfile.GNUTYPE_LONGLINK, NAMES_FOR_ALL})
OTHERS = {
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


def members(source: Source) -> Iterator[Source | InputError]:
    """Yield each file of an archive, which is to be read before the next, or the error in its place; hidden ones are left out.

    Nothing is unpacked to disk, so that names with ``..``, absolute ones, links and devices are only names.
    """
    source.check_depth()
    name, found = "", False
    for header in _headers(source):
        if isinstance(header, InputError):
            found = True
            yield header
            continue
        kind, path = header.type, name or header.name
        place = f"{source.place}{BETWEEN}{shown_text(path)}"
        size = 0 if kind in OTHERS and kind != tarfile.GNUTYPE_SPARSE else header.size
        stream = BufferedReader(Part(source.stream, size, place))
        try:
            if kind in {LONG_NAME, NAMES}:
                name = _name(stream.read(TAR_NAME), kind) or name
            elif kind in FOLDERS or hidden(path):
                name = name if kind in {tarfile.GNUTYPE_LONGLINK, NAMES_FOR_ALL} else ""
            elif kind in FILES:
                name, found = "", True
                yield source.within(path, stream, size=size)
            else:
                name, found = "", True
                what = OTHERS.get(kind, "of an unknown kind")
                yield InputError(f"{place}: is {what}, not a file", "Leave it out, or pack the file itself.")
            _finish(source, stream, size)
        except InputError as error:
            yield error
            return
    if not found:
        yield InputError(f"{source.place}: the archive is empty", "Leave it out, or put articles into it.")


def _headers(source: Source) -> Iterator[tarfile.TarInfo | InputError]:
    """Yield each header; the stream stands behind it, and is to stand behind its padded data when the next is asked for."""
    lost = False
    while True:
        block = source.stream.read(SIZE)
        if not block.strip(b"\0"):
            if problem := _end_problem(source, block):
                yield problem
            return
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            if not lost:
                reason = "it ends within a header" if len(block) < SIZE else str(error)
                yield InputError(f"{source.place}: is damaged (tar: {reason})", CUT_SHORT)
            lost = True
            continue
        if header.size < 0:
            lost = True
            yield InputError(f"{source.place}: is damaged (tar: a size below nothing)", CUT_SHORT)
            continue
        lost = False
        yield header


def _end_problem(source: Source, block: bytes) -> InputError | None:
    """Return why an archive does not end as it should, with empty blocks and nothing behind them, if it does not."""
    if not block:
        return InputError(f"{source.place}: is cut short (tar: its end is missing)", CUT_SHORT)
    while data := source.stream.read(BLOCK):
        if data != bytes(len(data)):
            return InputError(f"{source.place}: goes on behind its end, which is not read", "Name archives that were joined one by one.")
    return None


def _finish(source: Source, stream: IO[bytes], size: int) -> None:
    """Read what is left of a member, and its padding to whole blocks."""
    while stream.read(BLOCK):
        pass
    source.stream.read(-size % SIZE)


def _name(data: bytes, kind: bytes) -> str:
    """Return the long name that an extra header holds: GNU's whole, or the ``path`` among the lines of POSIX 1003.1-2001."""
    if kind == LONG_NAME:
        return data.rstrip(b"\0").decode("utf-8", "surrogateescape")
    for line in data.split(b"\n"):
        if b" path=" in line[:30]:
            return line.partition(b" path=")[2].decode("utf-8", "surrogateescape")
    return ""
