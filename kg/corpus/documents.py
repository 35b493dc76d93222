"""Records and articles become documents, or the error that says why they cannot."""

import re
from dataclasses import dataclass
from typing import Any

from kg.corpus.kinds import BYTE_ORDER_MARK
from kg.corpus.languages import foreign
from kg.corpus.limits import LONGEST
from kg.corpus.reading import DEFAULT, Reading
from kg.corpus.usual import day_of, names_for, names_in, picked
from kg.corpus.zones import header_date, zones
from kg.errors import InputError
from kg.records import Document

STRAY = [chr(code) for code in range(1, 32) if chr(code) not in "\t\n\f\r"]
"""Control characters that slip into exported articles."""
NO_STRAY = dict.fromkeys(map(ord, STRAY), " ")
CLEAN = 1000
"""An article may hold one of them in so many characters; more make it something else than text."""
NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")
LONGEST_FIELD = 1_000
"""Characters of a title, name or address that is taken from a page; what is longer is none."""

OPTIONAL = ("title", "date", "url", "publisher", "author", "language")
WANTED = "A record is an object with text in `id` and `text`; `title`, `date`, `url`, `publisher`, `author`, `language` are optional."


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was found in a page, a mail, a file.

    Attributes:
        id: Its name: the stem of its file, its address, or what it is called where it stands.
        text: Its text: as the file has it, or taken out of the markup once; offsets count its characters.
        date: Its day as its source states it (ISO 8601), never when it was fetched, saved or printed.
        author: As its source states it.
    """

    id: str
    text: str
    title: str | None = None
    date: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None


def prose(text: str) -> str:
    """Return text taken out of markup: no control characters, no white space at the ends of lines, one blank line at most."""
    text = NO_CHARACTER.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(str.rstrip, text.split("\n")))).strip()


def of_article(place: str, article: Article, reading: Reading) -> Document | InputError:
    """Make a document of an article. What its source says of it and cannot be kept, such as an address that is none, is left open."""
    if problem := text_problem(place, article.text) or foreign(place, article.text, None, reading):
        return problem
    url = article.url if article.url and WEB_ADDRESS.match(article.url) else None
    said = {name: _field(getattr(article, name)) for name in ("title", "publisher", "author")}
    return _document(article.id, article.text, day_of(article.date or ""), url=url, **said)


def document(place: str, row: Any, reading: Reading = DEFAULT) -> Document | InputError:
    """Make a document of one record: ``id`` and ``text``, and what is optional; a document or an error is what it is.

    Args:
        place: Where the record stands, for the error that names it.
        row: The JSON value.
        reading: How its fields are called and which language is read.
    """
    if isinstance(row, (Document, InputError)):
        return row
    fields = picked(row, reading) if isinstance(row, dict) else {}
    if not all(isinstance(fields.get(key), str) and fields[key].strip() for key in ("id", "text")):
        return InputError(f"{place}: is not a record", _wanted(row, reading))
    fields["author"] = names_in(fields.get("author"))
    given = {key: fields[key] for key in OPTIONAL if fields.get(key) is not None}
    if problem := _field_problem(place, {"id": fields["id"], **given}) or text_problem(place, fields["text"]):
        return problem
    date_given = given.pop("date", "")
    day = day_of(date_given)
    if date_given and not day:
        return InputError(f"{place}: `date` is {date_given[:80]!r}", "Write it as YYYY-MM-DD, or leave it out.")
    if "url" in given and not WEB_ADDRESS.match(given["url"]):
        return InputError(f"{place}: `url` is {given['url'][:80]!r}", "Give a whole http or https address, or leave it out.")
    if problem := foreign(place, fields["text"], given.get("language"), reading):
        return problem
    return _document(fields["id"], fields["text"], day, **given)


def _document(name: str, text: str, day: str | None, **fields: Any) -> Document:
    """Make a document, its zones found; the date is the one given, else that of a date line of its own."""
    return Document(id=name, text=text, date=day or header_date(text), zones=zones(text), **fields)


def _wanted(row: Any, reading: Reading) -> str:
    """Return the mend of a record that has no id or no text, with the names that it could have."""
    if reading.id_column is None and reading.text_column is None:
        return WANTED
    there = ", ".join(repr(key[:40]) for key in list(row)[:20]) if isinstance(row, dict) else ""
    names = names_for(reading)
    return f"Its id is looked for in {names['id'][0]!r} and its text in {names['text'][0]!r}; it has {there or 'no fields'}."


def text_problem(place: str, text: str) -> InputError | None:
    """Return why ``text`` cannot be an article, if it cannot."""
    if not text.removeprefix(BYTE_ORDER_MARK).strip():
        return InputError(f"{place}: is empty", "Leave it out, or give it its text.")
    if len(text) > LONGEST:
        return too_long(place, len(text), "characters")
    stray = sum(map(text.count, STRAY))
    return _character_problem(place, text.translate(NO_STRAY) if stray * CLEAN <= len(text) else text)


def too_long(place: str, size: int, unit: str) -> InputError:
    """Return the error of an article that is too long."""
    return InputError(f"{place}: is too long for one article ({size:,} {unit}; at most {LONGEST:,} characters)", "Split it into articles.")


def _character_problem(place: str, text: str) -> InputError | None:
    """Return which character of ``text`` is none that an article holds, if there is one."""
    if bad := NO_CHARACTER.search(text):
        if "\udc80" <= bad.group() <= "\udcff":  # how Python keeps a byte that is no UTF-8
            known = f"byte 0x{ord(bad.group()) - 0xDC00:02x} at character {bad.start():,}"
            return InputError(f"{place}: is not UTF-8 text ({known})", "Say with --charset what it is, or export it as UTF-8.")
        what = "half a surrogate pair" if bad.group() >= "\ud800" else "control character"
        return InputError(
            f"{place}: is not plain text ({what} U+{ord(bad.group()):04X} at {bad.start():,})", "Export it as plain text first."
        )
    return None


def _field_problem(place: str, fields: dict[str, Any]) -> InputError | None:
    """Return why a record's short fields cannot be kept, if they cannot."""
    for key, value in fields.items():
        if not isinstance(value, str):
            return InputError(f"{place}: `{key}` is not text", WANTED)
        if problem := _character_problem(f"{place}: `{key}`", value):
            return problem
    return None


def _field(text: str | None) -> str | None:
    """Return a title or name in one line, ``None`` if it is none."""
    line = " ".join(NO_CHARACTER.sub(" ", text or "").split())
    return line if 0 < len(line) <= LONGEST_FIELD else None
