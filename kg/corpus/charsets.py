"""Bytes become text: as UTF-8 where they are, else by what they say of themselves, else only where no doubt is left.

A wrong guess would be a wrong quotation.
"""

import codecs
import re

from kg.corpus.kinds import BYTE_ORDER_MARK
from kg.corpus.labels import codec_of
from kg.corpus.reading import DEFAULT, Reading
from kg.errors import InputError

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""(byte order mark, the codec that reads and drops it); that of UTF-8 stays in the text."""

SYMBOLS = "‘’“”–—…•«»§©®°·\u00a0\u00ad™€"
FIRST_LETTER = 0xC0
SURE = {
    char
    for byte in range(0x80, 0x100)
    if (char := bytes([byte]).decode("cp1252", "replace")) == bytes([byte]).decode("cp1250", "replace")
    and (char in SYMBOLS or (byte >= FIRST_LETTER and char.isalpha()))
}
"""What a byte means in Western and in Central European Windows alike: typographer's quotes, dashes, é, ö, but not ñ, which could be ń."""
MISPLACED = re.compile(r"[a-zß-ÿ][À-Þ]|[À-ÿ]{3}")
"""A capital inside a word, or three accented letters in a row: the bytes are of another system (Mac, DOS, Cyrillic)."""
STERLING = re.compile(r"£(?=\d)")
"""A pound sign, or the Ł of Central Europe, which stands before no digit."""
EAST = frozenset({"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949"})
"""Codings whose short texts may be UTF-8 by chance, so that what is declared goes first; in those of one byte a letter none ever is."""
WIDER = ("utf-16", "utf-32")
"""What is declared in letters of one byte is none of these (WHATWG Encoding Standard and HTML, 13.2.3.3)."""
BYTE_LEFT = re.compile("[\udc80-\udcff]")
FEWEST_WIDE, WIDE = 8, 0.7
FEW = 1_000
"""A page that declares its coding may break it once in so many bytes: each place becomes U+FFFD, the mark for a lost character."""


def decoded(place: str, data: bytes, declared: str | None = None, reading: Reading = DEFAULT) -> str:
    """Return the text that bytes are.

    Args:
        place: For the error.
        data: The bytes.
        declared: What they, or who sent them, say that they are encoded in.
        reading: Its ``charset`` is taken for what is not declared and not UTF-8.

    Raises:
        InputError: It cannot be told without doubt what text they are.
    """
    for mark, codec in MARKS:
        if data.startswith(mark):
            return _strictly(place, data, codec)
    name = codec_of(declared)
    if name in EAST and (text := _by_declaration(data, name)) is not None:
        return text
    if (wide := _wide(data[:4096])) is not None:  # before UTF-8, which Latin letters with zero bytes between them are, too
        return _strictly(place, data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if name and not name.startswith(WIDER) and (text := _by_declaration(data, name)) is not None:
            return text
        if reading.charset and (chosen := codec_of(reading.charset)):
            return _strictly(place, data, chosen)
        if (text := _sure(data)) is not None:
            return text
        raise undecodable(place, data, error.start) from error


def coding_of(head: bytes, reading: Reading) -> str:
    """Return the codec for a file of records, by its start; a record in another, of one byte a letter, is left to ``redecoded``."""
    if told := next((codec for mark, codec in MARKS if head.startswith(mark)), None) or _wide(head[:4096]):
        return told
    chosen = codec_of(reading.charset) or ""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # which may end within a character
    except UnicodeDecodeError:
        return chosen if chosen in EAST or chosen.startswith(WIDER) else "utf-8-sig"
    return "utf-8-sig"


def redecoded(text: str, reading: Reading) -> str:
    """Return text that was decoded as UTF-8 (surrogateescape), by the ``charset`` instead where bytes are left that are none."""
    codec = codec_of(reading.charset)
    if codec is None or codec in EAST or codec.startswith(WIDER) or not BYTE_LEFT.search(text):
        return text
    return text.encode("utf-8", "surrogateescape").decode(codec, "surrogateescape")


def undecodable(place: str, data: bytes, at: int) -> InputError:
    """Return what a file holds that is not UTF-8, as far as its bytes tell."""
    if b"\0" in data[:4096]:
        return InputError(f"{place}: is not UTF-8 text (it looks binary)", "Leave it out, or export it as plain text.")
    known = f"byte 0x{data[at]:02x} at {at:,}"
    return InputError(
        f"{place}: is not UTF-8 text ({known}), and does not say what it is",
        "Say it with --charset, for example windows-1252, or convert it: iconv -f WINDOWS-1252 -t UTF-8.",
    )


def _strictly(place: str, data: bytes, codec: str) -> str:
    try:
        return data.decode(codec).removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        known = f"byte 0x{data[error.start]:02x} at {error.start:,}"
        raise InputError(
            f"{place}: is not {codec.upper()} text ({known})", "Say with --charset what it is, or export it as UTF-8."
        ) from error


def _by_declaration(data: bytes, name: str) -> str | None:
    """Return the text by its declared coding, where that is right in all but a few places."""
    text = data.decode(name, "replace")
    lost = text.count("\ufffd") - data.count("\ufffd".encode()) * (name == "utf-8")
    return text if lost * FEW <= len(data) and "\0" not in text[:FEW] else None


def _sure(data: bytes) -> str | None:
    """Return the text of bytes that read the same in the Windows of the West and of the East."""
    text = data.decode("cp1252", "replace")
    strange = set(filter(lambda char: char > "\x7f", STERLING.sub("", text)))
    return text if strange <= SURE and not MISPLACED.search(text) and "\0" not in text else None


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 some bytes are in, ``None`` if they are not: of two bytes, one is nearly always zero in Latin letters."""
    half = len(data) // 2
    if half < FEWEST_WIDE:
        return None
    zeros = {"utf-16-be": data[0::2].count(0), "utf-16-le": data[1::2].count(0)}
    low, high = sorted(zeros.values())
    return max(zeros, key=lambda codec: zeros[codec]) if high >= WIDE * half and low == 0 else None
