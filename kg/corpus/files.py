"""Where documents come from: files, folders, standard input."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kg.corpus.zones import header_date, zones
from kg.errors import InputError
from kg.records import Document

LONGEST = 1_000_000
"""The most characters that an article may have: what the language model takes in one piece."""

RECORD_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")


def read(paths: Iterable[Path | str]) -> Iterator[Document | InputError]:
    """Read documents from files and folders.

    Args:
        paths: Files, folders (searched to any depth, hidden names left out) and ``-`` for standard input.

    Yields:
        Each document, or the error in its place; folders in name order, records in file order.
    """
    for path in paths:
        if str(path) == "-":
            yield from _contents("standard input", _record_like, sys.stdin.buffer.read())
        else:
            for file in _files(Path(path)):
                yield from [file] if isinstance(file, InputError) else _file(file)


def _files(path: Path) -> Iterator[Path | InputError]:
    """Yield ``path`` itself or the files below it."""
    try:
        if path.is_dir():
            below = sorted(path.iterdir())
            if not below:
                yield InputError(f"{path}: the folder is empty", "Put articles into it, as .txt or .jsonl files.")
            for child in below:
                if not child.name.startswith(".") and (child.is_dir() or child.is_file()):
                    yield from _files(child)
        elif path.is_file():
            yield path
        else:
            yield InputError(f"{path}: there is no such file or folder", "Check the spelling and the folder you are in.")
    except OSError as error:
        yield InputError(f"{path}: cannot be opened ({error.strerror})", "Allow reading it, or leave it out.")


def _file(path: Path) -> Iterator[Document | InputError]:
    """Read one file, which may hold many records."""
    records = path.suffix.lower() in RECORD_SUFFIXES
    try:
        if not records and path.stat().st_size > 4 * LONGEST:
            yield _too_long(str(path), path.stat().st_size, "bytes")
            return
        data = path.read_bytes()
    except OSError as error:
        yield InputError(f"{path}: cannot be read ({error.strerror})", f"Allow reading it (chmod u+r {path.name}), or leave it out.")
        return
    yield from _contents(str(path), (lambda _: records), data, path)


def _contents(place: str, is_records: Any, data: bytes, path: Path | None = None) -> Iterator[Document | InputError]:
    """Decode what a file holds and make documents of it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        known = "it looks binary" if b"\0" in data[:4096] else f"byte 0x{data[error.start]:02x} at {error.start:,}"
        yield InputError(f"{place}: is not UTF-8 text ({known})", "Convert it, for example: iconv -f WINDOWS-1252 -t UTF-8.")
        return
    if is_records(text):
        yield from _records(place, text, whole=path is not None and path.suffix.lower() == ".json")
        return
    problem = _text_problem(place, text)
    yield problem or _document(path.stem if path else "stdin", text)


def _record_like(text: str) -> bool:
    """Tell whether standard input holds JSON records rather than an article."""
    return text.lstrip()[:1] == "{"


def _text_problem(place: str, text: str) -> InputError | None:
    """Return why ``text`` cannot be an article, if it cannot."""
    if not text.strip():
        return InputError(f"{place}: is empty", "Leave it out, or give it its text.")
    if len(text) > LONGEST:
        return _too_long(place, len(text), "characters")
    if control := CONTROL.search(text):
        return InputError(
            f"{place}: is not plain text (control character U+{ord(control.group()):04X} at {control.start():,})",
            "Export it as plain text first.",
        )
    return None


def _too_long(place: str, size: int, unit: str) -> InputError:
    return InputError(f"{place}: is too long for one article ({size:,} {unit}; at most {LONGEST:,} characters)", "Split it into articles.")


def _document(name: str, text: str, **fields: str | None) -> Document:
    """Make a document, its zones found and a date line of its own read."""
    given = {key: value for key, value in fields.items() if value is not None}
    given.setdefault("date", header_date(text) or "")
    return Document(id=name, text=text, zones=zones(text), **{**given, "date": given["date"] or None})  # type: ignore[arg-type]


# ---------------------------------------------------------------- records


def _records(place: str, text: str, *, whole: bool) -> Iterator[Document | InputError]:
    """Yield the documents of JSON Lines, or of one JSON value where ``whole``."""
    if not text.strip():
        yield InputError(f"{place}: is empty", "Leave it out, or give it records.")
        return
    if whole:
        value = _json(place, text)
        rows = [(place, value)] if not isinstance(value, list) else [(f"{place}[{n}]", row) for n, row in enumerate(value)]
        yield from (_record(where, row) for where, row in rows)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            where = f"{place}:{number}"
            yield _record(where, _json(where, line))


def _json(place: str, text: str) -> Any:
    """Return the JSON value, or the error that says where it breaks."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deeply nested"
        return InputError(f"{place}: is not JSON ({reason})", "Mend that line; each line is one record.")


def _record(place: str, row: Any) -> Document | InputError:
    """Make a document of one record: ``id`` and ``text``, optional ``title``, ``date``, ``url``, ``publisher``, ``language``."""
    if isinstance(row, InputError):
        return row
    wanted = "A record is an object with text in `id` and `text`; `title`, `date`, `url`, `publisher`, `language` are optional."
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) and row[key].strip() for key in ("id", "text")):
        return InputError(f"{place}: is not a record", wanted)
    optional = {key: row.get(key) for key in ("title", "date", "url", "publisher", "language")}
    for key, value in optional.items():
        if value is not None and not isinstance(value, str):
            return InputError(f"{place}: `{key}` is not text", wanted)
    everything = "".join([row["id"], row["text"], *filter(None, optional.values())])
    if re.search(r"[\ud800-\udfff]", everything):
        return InputError(f"{place}: holds half a surrogate pair, which is no character", "Export the record again as valid Unicode.")
    if optional["date"] and not (day := _day(optional["date"])):
        return InputError(f"{place}: `date` is {optional['date']!r}", "Write it as YYYY-MM-DD, or leave it out.")
    if optional["url"] and not WEB_ADDRESS.match(optional["url"]):
        return InputError(f"{place}: `url` is {optional['url'][:80]!r}", "Give a whole http or https address, or leave it out.")
    if problem := _text_problem(place, row["text"]):
        return problem
    return _document(row["id"], row["text"], **{**optional, "date": day if optional["date"] else None})


def _day(text: str) -> str | None:
    """Return the day of an ISO 8601 date or date and time, ``None`` for anything else."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return None
