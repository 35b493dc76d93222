"""zip: archives, and the two kinds of documents that are zip files, EPUB and Word."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import IO, Any
from urllib.parse import unquote
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kg.corpus import web
from kg.corpus.charsets import decoded
from kg.corpus.documents import Article, prose
from kg.corpus.kinds import Kind
from kg.corpus.limits import BLOCK, PAGE, ZIP_INSIDE, ZIP_LIST
from kg.corpus.reading import Reading
from kg.corpus.sources import Source, faults_of, metered, reason_of, shown_text
from kg.errors import InputError

MEND = "Get it again, or unpack it and name the folder."
FAULTS = (BadZipFile, zlib.error, struct.error)
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
LONGEST_COMMENT = 65_535
METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2})
"""How members may be packed; LZMA in a zip may ask for gigabytes of memory."""
HIDDEN = frozenset({"__MACOSX"})
BOOK, WORD, OFFICE = "META-INF/container.xml", "word/document.xml", "[Content_Types].xml"
OPEN_DOCUMENT = {"mimetype", "content.xml"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DUBLIN_CORE = ("date", "publisher", "creator")
DC = "{http://purl.org/dc/elements/1.1/}"


class _Faulty(RawIOBase):
    """A member's stream whose damage is an error of the member."""

    def __init__(self, stream: IO[bytes], source: Source) -> None:
        self._stream, self._source = stream, source

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next."""
        with faults_of(self._source, "a zip member", MEND, *FAULTS):
            data = self._stream.read(min(len(buffer), BLOCK))
        buffer[: len(data)] = data
        return len(data)


class Zip:
    """An open zip file of a source.

    Raises:
        InputError: It is damaged, or too large to be held.
    """

    def __init__(self, source: Source) -> None:
        stream = source.stream if source.stream.seekable() else BytesIO(source.whole(ZIP_INSIDE, "a zip that cannot be read from its end"))
        _check_list(source.place, stream)
        with faults_of(source, "a zip", MEND, *FAULTS):
            self._zip = ZipFile(stream)
        self.source, self.members = source, self._zip.infolist()
        self.names = {member.filename for member in self.members}

    @property
    def kind(self) -> Kind:
        """What the zip file is: an archive, a book or a Word file.

        Raises:
            InputError: It is another kind of document.
        """
        if BOOK in self.names:
            return Kind.EPUB
        if WORD in self.names:
            return Kind.DOCX
        if self.names >= {OFFICE} or self.names >= OPEN_DOCUMENT:
            raise InputError(f"{self.source.place}: is an Office file that is not read", "Save it as .docx, or as text; a sheet as .csv.")
        return Kind.ZIP

    def open(self, member: ZipInfo) -> Source:
        """Return a member.

        Raises:
            InputError: It is encrypted, packed in an unusual way, or damaged.
        """
        place = f"{self.source.place} » {shown_text(member.filename)}"
        if member.flag_bits & 1:
            raise InputError(f"{place}: is encrypted", "Unpack the archive with its password first.")
        if member.compress_type not in METHODS:
            raise InputError(f"{place}: is packed in an unusual way (method {member.compress_type})", "Unpack the archive first.")
        with faults_of(self.source, "a zip", MEND, *FAULTS):
            stream = self._zip.open(member)
        inner = self.source.within(member.filename, stream, size=member.file_size)
        return replace(inner, stream=metered(BufferedReader(_Faulty(stream, inner)), inner))

    def text(self, name: str, reading: Reading) -> str:
        """Return the text of a member, a page or a piece of XML."""
        try:
            member = self._zip.getinfo(name)
        except KeyError:
            raise InputError(f"{self.source.place}: lacks {shown_text(name)}", MEND) from None
        source = self.open(member)
        return decoded(source.place, source.whole(PAGE, "a part of a document"), None, reading)


def _check_list(place: str, stream: IO[bytes]) -> None:
    """Raise an InputError if the list of members at the end of a zip is missing or too long to be held; APPNOTE.TXT 4.3.14 to 4.3.16."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - LONGEST_COMMENT - END.size - LOCATOR_64.size))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + END.size > len(tail):
        raise InputError(f"{place}: is not a zip that can be read (its end is missing)", MEND)
    length = END.unpack_from(tail, at)[5]
    if length == 0xFFFFFFFF and at >= LOCATOR_64.size:
        stream.seek(min(LOCATOR_64.unpack_from(tail, at - LOCATOR_64.size)[2], size))
        end = stream.read(END_64.size)
        length = END_64.unpack(end)[8] if len(end) == END_64.size else length
    stream.seek(0)
    if length > ZIP_LIST:
        mend = "Unpack it first, or pack it as tar."
        raise InputError(f"{place}: holds too many files for a zip (their list has {length:,} bytes)", mend)


def members(archive: Zip) -> Iterator[Source | InputError]:
    """Yield each file of an archive, in its order, or the error in its place; hidden ones are left out, as in folders."""
    archive.source.check_depth()
    found = False
    for member in archive.members:
        if member.is_dir() or hidden(member.filename):
            continue
        found = True
        try:
            inner = archive.open(member)
        except InputError as error:
            yield error
            continue
        yield inner
    if not found:
        yield InputError(f"{archive.source.place}: the archive is empty", "Leave it out, or put articles into it.")


def hidden(path: str) -> bool:
    """Tell whether a member is one that file managers hide; ``..`` is no hidden name."""
    return any(part in HIDDEN or (part.startswith(".") and part.strip(".")) for part in PurePosixPath(path).parts)


# ---------------------------------------------------------------- EPUB and Word


def _xml(place: str, text: str) -> Any:
    """Return the root of a piece of XML; entities are not expanded and nothing is loaded from elsewhere."""
    from lxml.etree import LxmlError, XMLParser, fromstring

    parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return fromstring(text.encode(), parser)
    except (LxmlError, ValueError) as error:
        raise InputError(f"{place}: is not XML that can be read ({reason_of(error)})", MEND) from error


def book(archive: Zip, reading: Reading) -> Iterator[tuple[str, Article | InputError]]:
    """Yield (place, article or error) for each part of an EPUB in the order of reading; what it says of itself is said of each.

    A part without text, such as a cover, is passed over. EPUB 3.3 (W3C), sections 4 and 5.
    """
    place = archive.source.place
    container = _xml(place, _declared(archive.text(BOOK, reading)))
    paths = (element.get("full-path") for element in container.iter("{*}rootfile"))
    package_path = next(filter(None, paths), "")
    if not package_path:
        raise InputError(f"{place}: is an EPUB without its list of contents", MEND)
    package = _xml(place, _declared(archive.text(package_path, reading)))
    said = {name: next((element.text for element in package.iter(DC + name) if element.text), None) for name in DUBLIN_CORE}
    items = {item.get("id"): item.get("href") or "" for item in package.iter("{*}item")}
    parts = [items[ref.get("idref")] for ref in package.iter("{*}itemref") if ref.get("idref") in items]
    found = False
    for number, href in enumerate(parts, 1):
        path = normpath(join(dirname(package_path), unquote(href)))
        here = f"{place} » {shown_text(path)}"
        try:
            html = archive.text(path, reading)
            text = web.plain(archive.source, _body(html))
        except InputError as error:
            found = True
            yield here, error
            if archive.source.budget.exhausted:
                return
            continue
        if text:
            found = True
            about = {"date": said["date"], "publisher": said["publisher"], "author": said["creator"]}
            yield here, Article(f"{archive.source.stem}-{number}", text, title=web.title_of(html), **about)
    if not found:
        yield place, InputError(f"{place}: is a book without text", "Leave it out.")


def _declared(xml: str) -> str:
    """Return XML without its declaration, which would speak of bytes that are text by now."""
    return re.sub(r"\A\ufeff?\s*<\?xml[^>]*>", "", xml)


def _body(html: str) -> str:
    """Return what stands within the body of a page."""
    start = re.search(r"<body\b[^<>]*>", html, re.IGNORECASE)
    end = html.lower().rfind("</body")
    return html[start.end() if start else 0 : end if end >= 0 else len(html)]


def word(archive: Zip, reading: Reading) -> Article:
    """Return the text of a Word file, a paragraph a paragraph; title and author are those of its properties.

    It has no date: those that it holds tell when it was made and saved. ISO/IEC 29500-1, section 17.
    """
    source = archive.source
    root = _xml(source.place, _declared(archive.text(WORD, reading)))
    marks: dict[str, Callable[[Any], str]] = {
        f"{W}t": lambda element: element.text or "",
        f"{W}tab": lambda _: "\t",
        f"{W}br": lambda _: "\n",
        f"{W}p": lambda _: "\n\n",
    }
    text = prose("".join(marks[element.tag](element) for element in root.iter(*marks)))
    if not text:
        raise InputError(f"{source.place}: has no text", "Leave it out, or give it its text.")
    title = author = None
    if "docProps/core.xml" in archive.names:
        core = _xml(source.place, _declared(archive.text("docProps/core.xml", reading)))
        title, author = (next((element.text for element in core.iter(DC + name)), None) for name in ("title", "creator"))
    return Article(source.stem, text, title=title, author=author)
