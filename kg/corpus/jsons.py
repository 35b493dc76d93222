"""JSON Lines and JSON: one record after the other, however large the file is."""

import json
import re
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from typing import Any

from kg.corpus.charsets import coding_of, redecoded
from kg.corpus.limits import BLANK_LINES, HEAD, RECORD
from kg.corpus.reading import Reading
from kg.corpus.sources import Rejoined, Source
from kg.errors import InputError

SPACE = re.compile(r"[ \t\n\r]*")
DEEP = "too deeply nested"
LONG_NUMBER = "a number is too long"


def text_of(source: Source, head: bytes, reading: Reading) -> TextIOWrapper:
    """Return the text of a source as a stream; a byte that is not of its coding becomes a lone surrogate, which no field may hold."""
    apart = BufferedReader(Rejoined(b"", source.stream))  # closed with the text, while the source stays open
    return TextIOWrapper(apart, coding_of(head, reading), errors="surrogateescape", newline="\n")


def lines(source: Source, head: bytes, reading: Reading, *, before: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield (place, value or error) for each line that is not blank; the lines of a file are its records. ``before`` it stand so many."""
    text, number, found, blank = text_of(source, head, reading), before, False, 0
    while line := _line(source, text):
        number += 1
        place = f"{source.place}:{number}"
        if not line.strip():
            blank += 1
            check_blank(place, blank)
            continue
        found, blank = True, 0
        if len(line) > RECORD:
            yield place, too_large(place)
            while line and not line.endswith("\n"):
                line = _line(source, text)
        else:
            yield place, _value(place, redecoded(line, reading), "Mend that line; each line is one record.")
    if not found:
        yield source.place, empty(source.place)


def values(source: Source, head: bytes, reading: Reading) -> Iterator[tuple[str, Any]]:
    """Yield (place, value or error) for one JSON value, or for each of a list; after an error nothing more can be read."""
    text = _Ahead(source, text_of(source, head, reading), reading)
    start = text.peek()
    if not start:
        yield source.place, empty(source.place)
    elif start != "[":
        value = text.value()
        yield source.place, value
        if not isinstance(value, InputError):
            yield from _rest(source.place, text)
    else:
        text.skip()
        number = 0
        while text.peek() not in {"]", ""}:
            value = text.value()
            yield f"{source.place}[{number}]", value
            if isinstance(value, InputError):
                return
            number += 1
            if text.peek() == ",":
                text.skip()
            elif text.peek() != "]":
                break
        if text.peek() != "]":
            yield source.place, InputError(f"{source.place}: is not JSON (its list breaks off behind record {number})", MEND)
            return
        text.skip()
        if not number:
            yield source.place, empty(source.place)
        yield from _rest(source.place, text)


MEND = "Mend the file; it holds one record or a list of records."


def empty(place: str) -> InputError:
    """Return the error of a file that holds no records."""
    return InputError(f"{place}: is empty", "Leave it out, or give it records.")


def check_blank(place: str, lines: int) -> None:
    """Raise an InputError if too many lines in a row are blank."""
    if lines > BLANK_LINES:
        raise InputError(f"{place}: stands behind {BLANK_LINES:,} blank lines; what follows is not read", "Take the blank lines out.")


def too_large(place: str) -> InputError:
    """Return the error of a record that is not read to its end."""
    return InputError(f"{place}: is too large for one record (more than {RECORD:,} characters)", "Leave it out, or split its text.")


def _rest(place: str, text: "_Ahead") -> Iterator[tuple[str, InputError]]:
    """Yield the error of a file in which something stands behind the value."""
    if text.peek():
        mend = "One record a line is JSON Lines: call it .jsonl."
        yield place, InputError(f"{place}: is not JSON (something stands behind its end)", mend)


def _line(source: Source, text: TextIOWrapper) -> str:
    try:
        return text.readline(RECORD + 1)
    except UnicodeError as error:  # UTF-16 and UTF-32 that break off
        raise InputError(f"{source.place}: is not {text.encoding} text ({error})", "Export it as UTF-8.") from error


def _value(place: str, text: str, mend: str) -> Any:
    """Return the JSON value, or the error that says where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return InputError(f"{place}: is not JSON ({error.msg}, character {error.pos:,})", mend)
    except (ValueError, RecursionError) as error:  # ValueError: a number with more digits than Python converts
        reason = DEEP if isinstance(error, RecursionError) else LONG_NUMBER
        return InputError(f"{place}: is not JSON that can be read ({reason})", mend)


class _Ahead:
    """A text of which as much is held as the next value needs."""

    def __init__(self, source: Source, text: TextIOWrapper, reading: Reading) -> None:
        self._source, self._text, self._reading = source, text, reading
        self._held, self._at, self._before = "", 0, 0

    def peek(self) -> str:
        """Return the next character that is not white space, without taking it; nothing at the end."""
        while True:
            self._at = SPACE.match(self._held, self._at).end()  # type: ignore[union-attr]  # it matches nothing, too
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more(HEAD):
                return ""

    def skip(self) -> None:
        """Take one character."""
        self._at += 1

    def value(self) -> Any:
        """Take the next value; return it, or the error that says where it breaks."""
        place, more = self._source.place, True
        while True:
            try:
                value, end = json.JSONDecoder().raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                if not more or not _may_go_on(error):
                    return InputError(f"{place}: is not JSON ({error.msg}, character {self._before + error.pos:,})", MEND)
            except (ValueError, RecursionError) as error:
                reason = DEEP if isinstance(error, RecursionError) else LONG_NUMBER
                return InputError(f"{place}: is not JSON that can be read ({reason})", MEND)
            else:
                if end < len(self._held) or not more:  # a number at the very end could go on
                    taken, self._at = self._held[self._at : end], end
                    again = redecoded(taken, self._reading)
                    return value if again is taken else json.loads(again)
            if len(self._held) - self._at > RECORD:
                return too_large(place)
            more = self._more(max(HEAD, len(self._held) - self._at))

    def _more(self, size: int) -> bool:
        """Hold so many more characters, if there are any, and drop those that were taken."""
        try:
            data = self._text.read(size)
        except UnicodeError as error:
            raise InputError(f"{self._source.place}: is not {self._text.encoding} text ({error})", "Export it as UTF-8.") from error
        self._held, self._before, self._at = self._held[self._at :] + data, self._before + self._at, 0
        return bool(data)


def _may_go_on(error: json.JSONDecodeError) -> bool:
    """Tell whether a value may only be cut short: within a text, or within the 12 characters of an escaped pair or ``-Infinity``."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(error.doc) - 12
