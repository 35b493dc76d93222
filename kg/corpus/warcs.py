"""WARC: the pages of a crawl, one after the other; a broken record costs only itself (ISO 28500, WARC 1.1)."""

import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from io import BytesIO
from typing import IO

from kg.corpus.limits import BLOCK, FETCHED, HEADERS
from kg.corpus.packing import GZIP, Zlib, parts
from kg.corpus.sources import CUT_SHORT, Source, shown_text
from kg.errors import InputError

VERSION = b"WARC/"
PAGES = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf"}
"""The types that hold articles → the suffix that says so; scripts, pictures, style sheets and the like are passed over."""
PLAIN = {"text/plain": ".txt", **PAGES}
"""The same for what a crawler made of a page (``conversion``) or stored without its HTTP (``resource``)."""
GOOD = 200
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
"""The line before a chunk of an answer: its size, and what nobody needs."""


class _Tape:
    """A stream that can be read again from where a record turned out to be broken."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._again = stream, BytesIO()

    def read(self, size: int) -> bytes:
        data = self._again.read(size)
        return data if len(data) == size else data + self._stream.read(size - len(data))

    def line(self) -> bytes:
        line = self._again.readline(HEADERS)
        return line if line.endswith(b"\n") or len(line) == HEADERS else line + self._stream.readline(HEADERS - len(line))

    def back(self, data: bytes) -> None:
        """Put bytes before those that come next."""
        self._again = BytesIO(data + self._again.read())


def pages(source: Source, *, packed: bool) -> Iterator[Source | InputError]:
    """Yield each page of a crawl that was answered well, or the error in the place of a broken record; each is called by its address."""
    number = found = 0
    for part in parts(source) if packed else (source,):
        if isinstance(part, InputError):
            found += 1
            yield part
            continue
        with suppress(InputError) if packed else nullcontext():  # of a damaged part, ``parts`` yields the error itself
            for record in _records(part, _Tape(part.stream), number):
                number += 1
                if record is not None:
                    found += 1
                    yield record
    if not found:
        yield InputError(f"{source.place}: holds no pages", "Leave it out; a crawl of pictures and redirects only has none.")


def _records(source: Source, tape: _Tape, before: int) -> Iterator[Source | InputError | None]:
    """Yield a page, an error or, for other records, nothing, for each record of a stream; ``before`` records stand before it."""
    number, lost = before, False
    while line := tape.line():
        if not line.strip():
            continue
        if not line.startswith(VERSION):
            if not lost:
                yield InputError(f"{source.place}[{number}]: is no WARC record where one should begin", CUT_SHORT)
            lost = True
            continue
        lost, place = False, f"{source.place}[{number}]"
        number += 1
        headers = _headers(tape)
        length = headers.get("content-length", "")
        if not length.isdecimal() or len(length) > 18:
            yield InputError(f"{place}: is a WARC record without a length", CUT_SHORT)
            lost = True
            continue
        wanted = _is_wanted(headers)
        data, complete = _content(tape, int(length), keep=wanted)
        if not complete:
            tape.back(_from_next(data))
            yield InputError(f"{place}: is a WARC record that is cut short or has a wrong length", CUT_SHORT)
        elif wanted and int(length) > FETCHED:
            yield InputError(f"{place}: is too large for a page ({int(length):,} bytes; at most {FETCHED:,})", "Leave it out.")
        else:
            try:
                yield _page(source, place, headers, data) if wanted else None
            except InputError as error:
                yield error


def _headers(tape: _Tape) -> dict[str, str]:
    """Return the header lines of a record by their small names; a line that is none is passed over."""
    headers: dict[str, str] = {}
    size = 0
    while (line := tape.line()).strip() and size < HEADERS:
        size += len(line)
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _is_wanted(headers: Mapping[str, str]) -> bool:
    """Tell whether a record may be a page."""
    kind, type_ = headers.get("warc-type", "").lower(), headers.get("content-type", "").lower()
    if kind == "response":
        return "http" in type_
    return kind in {"resource", "conversion"} and type_.partition(";")[0].strip() in PLAIN


def _content(tape: _Tape, length: int, *, keep: bool) -> tuple[bytes, bool]:
    """Return the content of a record, if it is to be kept and not too large, and whether a record ends behind it."""
    kept: list[bytes] = []
    left = length
    while left:
        data = tape.read(min(left, BLOCK))
        if not data:
            return b"".join(kept), False
        left -= len(data)
        if keep and length <= FETCHED:
            kept.append(data)
    while (line := tape.line()) in {b"\r\n", b"\n"}:
        pass
    complete = not line or line.startswith(VERSION)
    if complete:
        tape.back(line)
    else:
        kept.append(line)
    return b"".join(kept), complete


def _from_next(data: bytes) -> bytes:
    """Return what a record with a wrong length swallowed: from the next record on."""
    at = data.find(b"\n" + VERSION)
    return data[at + 1 :] if at >= 0 else b""


def _page(source: Source, place: str, headers: Mapping[str, str], data: bytes) -> Source | None:
    """Return the page of a record, ``None`` if it holds another type or an answer that is no page."""
    url = headers.get("warc-target-uri", "").strip("<>")
    type_, charset = headers.get("content-type", ""), None
    if headers.get("warc-type", "").lower() == "response":
        status, http, body = _http(data)
        if status != GOOD:
            return None
        type_, types = http.get("content-type", ""), PAGES
        if type_.partition(";")[0].strip().lower() not in types and (type_ or body.lstrip()[:1] != b"<"):
            return None
        if reason := headers.get("warc-truncated"):
            raise InputError(f"{place}: is a page that its crawler cut short ({shown_text(reason[:40])})", "Get the page again.")
        data = _unpacked(source, place, _joined(place, body) if http.get("transfer-encoding", "").lower() == "chunked" else body, http)
    mime, _, parameters = type_.lower().partition(";")
    charset = parameters.partition("charset=")[2].split(";")[0].strip() or None
    name = f"page{PLAIN.get(mime.strip(), '.html')}"
    inner = source.within(url or place, BytesIO(data), size=len(data))
    return replace(inner, name=name, url=shown_text(url) or None, charset=charset)


def _http(data: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers by their small names, and body of an answer; no status for what is no answer."""
    head, _, body = data.partition(b"\r\n\r\n")
    if len(head) > HEADERS or not head.startswith(b"HTTP/"):
        return 0, {}, b""
    status, *lines = head.decode("latin-1").split("\r\n")
    words = status.split(" ")
    fields = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, colon, value in fields if colon}
    return int(words[1]) if len(words) > 1 and words[1].isascii() and words[1].isdigit() else 0, headers, body


def _joined(place: str, data: bytes) -> bytes:
    """Return a body that came in chunks (RFC 9112, section 7.1); one that does not begin so came whole, as many crawlers store it."""
    if not CHUNK.match(data):
        return data
    stream = BytesIO(data)
    chunks: list[bytes] = []
    while match := CHUNK.match(stream.readline(HEADERS)):
        size = int(match.group(1), 16)
        if not size:
            return b"".join(chunks)
        chunks.append(stream.read(size))
        if len(chunks[-1]) < size:
            break
        stream.readline(HEADERS)
    raise InputError(f"{place}: is a page that is cut short (its last chunk is missing)", CUT_SHORT)


def _unpacked(source: Source, place: str, data: bytes, http: Mapping[str, str]) -> bytes:
    """Return a body without its content coding; one that is not packed came unpacked, as many crawlers store it."""
    coding = http.get("content-encoding", "").lower()
    if coding in {"", "identity"}:
        return data
    try:
        if coding in {"gzip", "x-gzip"} and data.startswith(GZIP):
            body, whole = _inflated(data, 31)
        elif coding == "deflate" and data[:1] == b"\x78":
            body, whole = _inflated(data, 15)
        elif coding == "br":
            body, whole = _brotli(data)
        else:
            return data
    except zlib.error as error:
        raise InputError(f"{place}: is a page that cannot be unpacked ({coding}: {error})", CUT_SHORT) from error
    source.budget.spend(len(body), place)
    if len(body) > FETCHED:
        raise InputError(f"{place}: is too large for a page (more than {FETCHED:,} bytes)", "Leave it out.")
    if not whole:
        raise InputError(f"{place}: is a page that is cut short ({coding})", CUT_SHORT)
    return body


def _inflated(data: bytes, bits: int) -> tuple[bytes, bool]:
    """Return unpacked bytes, one too many at most, and whether they end there."""
    unpacker = Zlib(bits)
    return unpacker.decompress(data, FETCHED + 1), unpacker.eof


def _brotli(data: bytes) -> tuple[bytes, bool]:
    """Return the same of bytes as Brotli packs them; those that are not packed so came unpacked."""
    import brotli

    unpacker = brotli.Decompressor()
    try:
        return unpacker.process(data, output_buffer_limit=FETCHED + 1), unpacker.is_finished()
    except brotli.error:
        return data, True
