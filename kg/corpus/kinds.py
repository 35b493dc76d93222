"""What kind of input some bytes are: told by what they hold, and by the name where that says nothing."""

import re
import zlib
from enum import StrEnum

from kg.corpus.usual import TEXT_NAMES

BYTE_ORDER_MARK = "\ufeff"


class Kind(StrEnum):
    """A kind of input; the value is what errors call it."""

    TEXT = "plain text"
    HTML = "HTML"
    MARKDOWN = "Markdown"
    JSON = "JSON"
    JSON_LINES = "JSON Lines"
    TABLE = "a table"
    PDF = "PDF"
    MAIL = "an e-mail"
    FEED = "a feed"
    EPUB = "an EPUB"
    DOCX = "a Word file"
    WARC = "WARC"
    WARC_GZIP = "packed WARC"
    ADDRESSES = "a list of web addresses"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    XML = "XML"
    OTHER = "something else"


MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\x1f\x8b", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"WARC/", Kind.WARC),
)
OTHERS = (
    (b"\xd0\xcf\x11\xe0", "is an old Word, Excel or Outlook file", "Save it as .docx, or as text."),
    (b"{\\rtf", "is Rich Text", "Save it as .docx, or as text."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", "Unpack it first, or pack it as zip."),
    (b"Rar!\x1a\x07", "is a rar archive", "Unpack it first, or pack it as zip."),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd", "Unpack it first (zstd -d)."),
    (b"\x04\x22\x4d\x18", "is packed with lz4", "Unpack it first (lz4 -d)."),
    (b"%!PS", "is PostScript", "Save it as PDF, or as text."),
)
"""(first bytes, what they are, mend) of what is not read but can be named."""

BY_SUFFIX = {
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
    ".json": Kind.JSON,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".tab": Kind.TABLE,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".shtml": Kind.HTML,
    ".eml": Kind.MAIL,
}
"""What the name of a text says, which the text itself may leave open."""

XML_START = re.compile(r"(?>(?>\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*)<(?:\w+:)?(\w+)", re.DOTALL | re.IGNORECASE)
"""The first element behind declarations and comments; groups are atomic, for else a page of comments would be tried in all partitions."""
HTML_TAGS = frozenset("html head body article main div p meta title section span table script link".split())
FEED_TAGS = frozenset({"rss", "feed", "rdf"})
HEADER_LINE = re.compile(r"[!-9;-~]+:|[ \t]+\S|From ")
MAIL_NAMES = re.compile(r"^(from|date|subject|to|message-id|mime-version|received|return-path|content-type):", re.IGNORECASE | re.MULTILINE)
SURE_MAIL = frozenset({"message-id", "mime-version", "received", "return-path"})
ADDRESS = re.compile(r"https?://\S+\Z")
FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?=[\w-]+:)((?:.*\r?\n){1,100}?)---[ \t]*(?:\r?\n|\Z)")
"""The block between two lines of hyphens with which Markdown articles begin; its lines are ``key: value``."""
RECORDS = re.compile(r"\[?\s*\{\s*(?:[\"}]|\Z)")
TAR_MARK = slice(257, 262)


def kind_of(head: bytes, name: str) -> Kind:
    """Return the kind of an input by its first bytes, and by its name where they are text that may be of several kinds."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return Kind.WARC_GZIP if kind is Kind.GZIP and _packs_warc(head) else kind
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if head[TAR_MARK] == b"ustar" or (suffix == ".tar" and b"\0" in head[:100]):
        return Kind.TAR
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if other(head):
        return Kind.OTHER
    return _kind_of_text(as_text(head), suffix)


def other(head: bytes) -> tuple[str, str] | None:
    """Return what an input is and its mend, if it is of a kind that is not read but can be named."""
    return next(((what, mend) for magic, what, mend in OTHERS if head.startswith(magic)), None)


def as_text(head: bytes) -> str:
    """Return the text that some bytes seem to be, to look at only."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8", "replace").removeprefix(BYTE_ORDER_MARK)


def _packs_warc(head: bytes) -> bool:
    """Tell whether packed bytes start with a WARC record."""
    try:
        return zlib.decompressobj(31).decompress(head, 16).startswith(b"WARC/")
    except zlib.error:
        return False


def _kind_of_text(text: str, suffix: str) -> Kind:
    named, start = BY_SUFFIX.get(suffix), text.lstrip()
    if named in {Kind.JSON, Kind.JSON_LINES}:
        return named
    if start.startswith("<") and (kind := _kind_of_markup(start)):
        return kind
    if RECORDS.match(start):
        return Kind.JSON if start.startswith("[") or not _is_one_line(start) else Kind.JSON_LINES
    if named:
        return named
    if FRONT_MATTER.match(text):
        return Kind.MARKDOWN
    if _is_mail(text):
        return Kind.MAIL
    if _is_addresses(text):
        return Kind.ADDRESSES
    return Kind.TABLE if _is_table(text) else Kind.TEXT


def _kind_of_markup(start: str) -> Kind | None:
    """Return the kind of what starts with ``<``, by its first element."""
    match = XML_START.match(start)
    tag = match.group(1).lower() if match else ""
    if tag in FEED_TAGS:
        return Kind.FEED
    if tag in HTML_TAGS or re.match(r"<!doctype html", start, re.IGNORECASE):
        return Kind.HTML
    return Kind.XML if start.startswith("<?xml") else None


def _is_one_line(start: str) -> bool:
    """Tell whether the first line holds a whole object, as in JSON Lines, or more than is looked at."""
    line, end, _ = start.partition("\n")
    return not end or line.rstrip().endswith("}")


def _is_mail(text: str) -> bool:
    """Tell whether a text begins with the header lines of an e-mail: none but such, among them those that every mail has."""
    headers = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    if not all(HEADER_LINE.match(line) for line in headers.splitlines()):
        return False
    names = {name.lower() for name in MAIL_NAMES.findall(headers)}
    return {"from", "date", "subject"} <= names or (len(names) >= 3 and bool(names & SURE_MAIL))


def _is_addresses(text: str) -> bool:
    """Tell whether every line of a text is a web address."""
    lines = [line.strip() for line in text.splitlines()[:1000]]
    return any(lines) and all(ADDRESS.match(line) for line in lines if line)


def _is_table(text: str) -> bool:
    """Tell whether a text begins with the column names of a table, one of them that of a text."""
    first, end, _ = text.partition("\n")
    names = {cell.strip(' "\r').lower() for cell in re.split(r"[,;\t|]", first)}
    return bool(end) and len(names) > 1 and bool(names & TEXT_NAMES) and all(len(name) < 40 for name in names)
