"""Where documents come from: files, folders, standard input."""

import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kg.corpus.zones import header_date, zones
from kg.errors import InputError
from kg.records import Document

LONGEST = 1_000_000
"""The most characters that an article may have: what the language model takes in one piece."""

OUTPUT = frozenset({"graph.nq", "store", "texts"})
"""What marks a folder that a build wrote."""
RECORD_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
BYTE_ORDER_MARK = "\ufeff"
UTF_16_LE, UTF_16_BE = b"\xff\xfe", b"\xfe\xff"
STRAY = [chr(code) for code in range(1, 32) if chr(code) not in "\t\n\f\r"]
"""Control characters that slip into exported articles."""
NO_STRAY = dict.fromkeys(map(ord, STRAY), " ")
CLEAN = 1000
"""An article may hold one of them in so many characters; more make it something else than text."""
NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")


def read(paths: Iterable[Path | str]) -> Iterator[Document | InputError]:
    """Read documents from files and folders.

    Args:
        paths: Files, folders (searched to any depth, hidden names left out) and ``-`` for standard input.

    Yields:
        Each document, or the error in its place; folders in name order, records in file order. A link that leads back to a folder
        around it is an error, so that no article is read twice through it.
    """
    return (found for _, found in sourced(paths))


def sourced(paths: Iterable[Path | str]) -> Iterator[tuple[str, Document | InputError]]:
    """Yield (whole path of its file, document or error) for what ``read`` reads; no path for standard input and for what is no file."""
    for path in paths:
        if str(path) == "-":
            yield from (("", document(place, found)) for place, found in _stdin())
        else:
            for file in _files(Path(path)):
                rows = [("", file)] if isinstance(file, InputError) else _file(file)
                where = "" if isinstance(file, InputError) else str(file.absolute())
                yield from ((where, document(place, found)) for place, found in rows)


def records(paths: Iterable[Path | str]) -> Iterator[tuple[str, Any]]:
    """Read what files and folders hold, the records as they are; see ``read``.

    Yields:
        (place, what stands there): the JSON value of a record, the ``Document`` of a plain text, or the ``InputError``. ``document``
        makes a document of each.
    """
    for path in paths:
        if str(path) == "-":
            yield from _stdin()
        else:
            for file in _files(Path(path)):
                yield from [("", file)] if isinstance(file, InputError) else _file(file)


def _stdin() -> Iterator[tuple[str, Any]]:
    return _contents("standard input", _record_like, sys.stdin.buffer.read())


def _files(path: Path, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[Path | InputError]:
    """Yield ``path`` itself or the files below it; ``above`` are the folders around it, by device and inode.

    A folder that a build wrote is passed over: its texts are the articles that are read anyway.
    """
    try:
        found = path.stat()
        below = sorted(path.iterdir()) if stat.S_ISDIR(found.st_mode) else []
    except (FileNotFoundError, ValueError):  # ValueError: a zero byte in the name
        yield InputError(f"{_shown(path)}: there is no such file or folder", "Check the spelling and the folder you are in.")
        return
    except OSError as error:
        yield InputError(f"{_shown(path)}: cannot be opened ({error.strerror})", "Allow reading it, or leave it out.")
        return
    here = (found.st_dev, found.st_ino)
    if stat.S_ISREG(found.st_mode):
        yield path
    elif not stat.S_ISDIR(found.st_mode):
        yield InputError(f"{_shown(path)}: is neither a file nor a folder", "Leave it out; to read from a pipe, give - as the path.")
    elif here in above:
        yield InputError(f"{_shown(path)}: is a link to a folder that it lies in", "Leave it out; its articles are read already.")
    elif {child.name for child in below} >= OUTPUT:
        return  # what a build wrote, which `kg build .` would read the second time
    elif not (seen := [child for child in below if not child.name.startswith(".")]):
        yield InputError(f"{_shown(path)}: the folder is empty", "Put articles into it, as .txt or .jsonl files.")
    else:
        for child in seen:
            yield from _files(child, above | {here})


def _shown(path: Path, part: str | None = None) -> str:
    """Return a path, or a ``part`` of it, as text that can be printed: bytes of a name that are not UTF-8 become U+FFFD."""
    return os.fsencode(part or path).decode("utf-8", "replace")


def _file(path: Path) -> Iterator[tuple[str, Any]]:
    """Read one file, which may hold many records."""
    is_records = path.suffix.lower() in RECORD_SUFFIXES
    try:
        if not is_records and (size := path.stat().st_size) > 4 * LONGEST:
            yield "", _too_long(_shown(path), size, "bytes")
            return
        data = path.read_bytes()
    except OSError as error:
        yield "", InputError(f"{_shown(path)}: cannot be read ({error.strerror})", "Allow reading it (chmod u+r), or leave it out.")
        return
    yield from _contents(_shown(path), (lambda _: is_records), data, path)


def _contents(place: str, is_records: Any, data: bytes, path: Path | None = None) -> Iterator[tuple[str, Any]]:
    """Decode what a file holds and yield its records, or the document that it is."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield place, _undecodable(place, data, error.start)
        return
    if is_records(text):
        yield from _records(place, text, whole=path is not None and path.suffix.lower() == ".json")
        return
    problem = _text_problem(place, text)
    yield place, problem or _document(_shown(path, path.stem) if path else "stdin", text)


def _undecodable(place: str, data: bytes, at: int) -> InputError:
    """Return what a file holds that is not UTF-8, as far as its bytes tell."""
    if data.startswith((UTF_16_LE, UTF_16_BE)):
        return InputError(f"{place}: is not UTF-8 text (it looks like UTF-16)", "Convert it: iconv -f UTF-16 -t UTF-8.")
    if b"\0" in data[:4096]:
        return InputError(f"{place}: is not UTF-8 text (it looks binary)", "Leave it out, or export it as plain text.")
    known = f"byte 0x{data[at]:02x} at {at:,}"
    return InputError(f"{place}: is not UTF-8 text ({known})", "Convert it, for example: iconv -f WINDOWS-1252 -t UTF-8.")


def _record_like(text: str) -> bool:
    """Tell whether standard input holds JSON records rather than an article."""
    return text.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == "{"


def _text_problem(place: str, text: str) -> InputError | None:
    """Return why ``text`` cannot be an article, if it cannot."""
    if not text.removeprefix(BYTE_ORDER_MARK).strip():
        return InputError(f"{place}: is empty", "Leave it out, or give it its text.")
    if len(text) > LONGEST:
        return _too_long(place, len(text), "characters")
    stray = sum(map(text.count, STRAY))
    return _character_problem(place, text.translate(NO_STRAY) if stray * CLEAN <= len(text) else text)


def _character_problem(place: str, text: str) -> InputError | None:
    """Return which character of ``text`` is none that an article holds, if there is one."""
    if bad := NO_CHARACTER.search(text):
        what = "half a surrogate pair" if bad.group() >= "\ud800" else "control character"
        return InputError(
            f"{place}: is not plain text ({what} U+{ord(bad.group()):04X} at {bad.start():,})", "Export it as plain text first."
        )
    return None


def _too_long(place: str, size: int, unit: str) -> InputError:
    return InputError(f"{place}: is too long for one article ({size:,} {unit}; at most {LONGEST:,} characters)", "Split it into articles.")


def _document(name: str, text: str, *, day: str | None = None, **fields: str) -> Document:
    """Make a document, its zones found; the date is the one given, else that of a date line of its own."""
    return Document(id=name, text=text, date=day or header_date(text), zones=zones(text), **fields)


# ---------------------------------------------------------------- records


def _records(place: str, text: str, *, whole: bool) -> Iterator[tuple[str, Any]]:
    """Yield the records of JSON Lines, or of one JSON value where ``whole``."""
    text = text.removeprefix(BYTE_ORDER_MARK)  # JSON knows no byte order mark; the texts inside the records keep theirs
    rows = list(_whole(place, text) if whole else _lines(place, text))
    if not rows:
        yield place, InputError(f"{place}: is empty", "Leave it out, or give it records.")
    yield from rows


def _whole(place: str, text: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, value) for one JSON value, or for each of a list."""
    if text.strip():
        value = _json(place, text, "Mend the file; it holds one record or a list of records.")
        yield from ((f"{place}[{n}]", row) for n, row in enumerate(value)) if isinstance(value, list) else [(place, value)]


def _lines(place: str, text: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, value) for each line that is not blank."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{place}:{number}", _json(f"{place}:{number}", line, "Mend that line; each line is one record.")


def _json(place: str, text: str, mend: str) -> Any:
    """Return the JSON value, or the error that says where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return InputError(f"{place}: is not JSON ({error.msg}, character {error.pos:,})", mend)
    except (ValueError, RecursionError) as error:  # ValueError: a number with more digits than Python converts
        reason = "too deeply nested" if isinstance(error, RecursionError) else "a number is too long"
        return InputError(f"{place}: is not JSON that can be read ({reason})", mend)


OPTIONAL = ("title", "date", "url", "publisher", "language")
WANTED = "A record is an object with text in `id` and `text`; `title`, `date`, `url`, `publisher`, `language` are optional."


def document(place: str, row: Any) -> Document | InputError:
    """Make a document of one record: ``id`` and ``text``, and what is optional; a document or an error is what it is.

    Args:
        place: Where the record stands, for the error that names it.
        row: The JSON value.
    """
    if isinstance(row, (Document, InputError)):
        return row
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) and row[key].strip() for key in ("id", "text")):
        return InputError(f"{place}: is not a record", WANTED)
    given = {key: row[key] for key in OPTIONAL if row.get(key) not in (None, "")}
    if problem := _field_problem(place, {"id": row["id"], **given}) or _text_problem(place, row["text"]):
        return problem
    date_given = given.pop("date", "")
    day = _day(date_given)
    if date_given and not day:
        return InputError(f"{place}: `date` is {date_given[:80]!r}", "Write it as YYYY-MM-DD, or leave it out.")
    if "url" in given and not WEB_ADDRESS.match(given["url"]):
        return InputError(f"{place}: `url` is {given['url'][:80]!r}", "Give a whole http or https address, or leave it out.")
    return _document(row["id"], row["text"], day=day, **given)


def _field_problem(place: str, fields: dict[str, Any]) -> InputError | None:
    """Return why a record's short fields cannot be kept, if they cannot."""
    for key, value in fields.items():
        if not isinstance(value, str):
            return InputError(f"{place}: `{key}` is not text", WANTED)
        if problem := _character_problem(f"{place}: `{key}`", value):
            return problem
    return None


def _day(text: str) -> str | None:
    """Return the day of an ISO 8601 date or date and time, ``None`` for anything else."""
    try:
        return datetime.fromisoformat(text.strip()).date().isoformat()
    except ValueError:
        return None
