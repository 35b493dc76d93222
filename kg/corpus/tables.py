"""Tables: CSV and its kin, a row a record."""

import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

from kg.corpus.charsets import redecoded
from kg.corpus.jsons import check_blank, empty, text_of
from kg.corpus.limits import COLUMNS, RECORD
from kg.corpus.reading import Reading
from kg.corpus.sources import Source, shown_text
from kg.corpus.usual import names_for
from kg.errors import InputError

SEPARATORS = ",\t;|"
QUOTED = re.compile(r'"[^"]*"')
MEND_TABLE = "Export it again, as CSV with a header."
MEND = "Mend that row: each has as many cells as the header, and a cell with a separator or a line break stands in double quotes."


def rows(source: Source, head: bytes, reading: Reading) -> Iterator[tuple[str, Any]]:
    """Yield (place, record or error) for each row below the header; a row without an id is called after its file and its line."""
    csv.field_size_limit(RECORD)  # by default 131,072 characters, and a long report has more; it holds for the whole process
    text = text_of(source, head, reading)
    lines = _Lines(source, text, reading)
    first = next(lines, "")
    header = _cells(source, csv.reader([first], delimiter=(separator := _separator(first, source.suffix))))
    if not any(header):
        yield source.place, empty(source.place)
        return
    if len(header) > COLUMNS:
        yield source.place, InputError(f"{source.place}: has {len(header):,} columns; at most {COLUMNS:,} are read", MEND_TABLE)
        return
    if missing := _missing(header, reading):
        names = ", ".join(repr(shown_text(name[:40])) for name in header[:20])
        yield source.place, InputError(f"{source.place}: has no column {missing!r}; there are {names}", "Name the text with --text-column.")
        return
    yield from _records(source, header, lines, csv.reader(lines, delimiter=separator), names_for(reading)["id"])


class _Lines:
    """The lines of a table; those of one row are bounded, which a quote that is never closed would make the rest of the file.

    Attributes:
        held: Characters since the row began.
    """

    def __init__(self, source: Source, text: TextIOWrapper, reading: Reading) -> None:
        self._source, self._text, self._reading, self._number, self.held = source, text, reading, 0, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(RECORD + 1)
        except UnicodeError as error:
            raise InputError(f"{self._source.place}: is not text in one coding ({error})", "Export it as UTF-8.") from error
        if not line:
            raise StopIteration
        self._number += 1
        self.held += len(line)
        if self.held > RECORD:
            problem = f"is too large for one row (more than {RECORD:,} characters); what follows is not read"
            raise InputError(f"{self._source.place}:{self._number}: {problem}", MEND)
        return redecoded(line, self._reading)


def _separator(header: str, suffix: str) -> str:
    """Return what parts the cells: the tab in a ``.tsv`` file, else what the header has most of."""
    if suffix in {".tsv", ".tab"}:
        return "\t"
    bare = QUOTED.sub("", header)
    return max(SEPARATORS, key=bare.count)


def _cells(source: Source, reader: Iterator[list[str]]) -> list[str]:
    try:
        return [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise InputError(f"{source.place}: is not a table ({error})", MEND_TABLE) from error


def _missing(header: list[str], reading: Reading) -> str:
    """Return the column that is wanted and not there, if one is: the text, or one that was given by name."""
    there = {name.lower() for name in header}
    given = (reading.id_column, reading.title_column, reading.date_column)
    wanted = [names_for(reading)["text"], *((name,) for name in given if name)]
    return next((names[0] for names in wanted if not there & {name.lower() for name in names}), "")


def _records(source: Source, header: list[str], lines: _Lines, reader: Any, ids: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield (place, record or error) for each row; a place is the line on which the row ends."""
    blank, found, named = 0, False, {name.lower() for name in ids} & {name.lower() for name in header}
    while True:
        lines.held = 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            place = f"{source.place}:{reader.line_num + 1}"
            yield place, InputError(f"{place}: is not a row ({error}); what follows is not read", MEND)
            return
        if cells is None:
            break
        place = f"{source.place}:{reader.line_num + 1}"
        if not any(map(str.strip, cells)):
            blank += 1
            check_blank(place, blank)
            continue
        found, blank = True, 0
        if len(cells) != len(header):
            yield place, InputError(f"{place}: has {len(cells)} cells, and the header has {len(header)}", MEND)
        else:
            row = dict(zip(header, cells, strict=True))
            yield place, row if named else {**row, ids[0]: f"{source.stem}-{reader.line_num + 1}"}
    if not found:
        yield source.place, empty(source.place)
