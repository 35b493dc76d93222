"""The graph as tables for spreadsheets: what each holds and what its columns mean stands in ``ontology/questions/tables``.

A table is a SPARQL query whose header tells its columns. Rows of the query that have the same ``id`` are one row of the table.
"""

import csv
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import StoreError
from kg.query import rows as asked
from kg.store import Store
from kg.store.files import written
from kg.vocab import Iri, ontology_folder

NAMES = ("articles", "statements", "actors", "places", "figures", "mentions", "memberships", "decisions")
"""The tables, in the order in which they are written."""

BETWEEN = " | "
"""What stands between several values in one cell."""

HOW = r"""The files are UTF-8 with a header, commas and CR LF (RFC 4180). An empty cell says that the graph has no value there.

- Several values in one cell are joined by ` | `. A `|` or `\` within such a value has a `\` before it.
- A text that begins with `=`, `+`, `-`, `@`, a tab or a line break has a `'` in front, since a spreadsheet would run it as a formula.
  The same is done where apostrophes stand before such a character, so that taking one `'` away always gives the text back.
- Offsets count Unicode code points from the beginning of the article, the end exclusive.
"""
"""How to read the cells, for people."""

_COLUMN = re.compile(r"# column (\w+) \((string|integer|number|boolean)(?:, (several|placed|least|greatest))?\): (.+)")
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_SPAN = re.compile(r"([0-9]{1,15})-([0-9]{1,15})(?![^ ])")
_UNIX = 3
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        type: ``string``, ``integer``, ``number`` or ``boolean``.
        takes: What to make of more values than one: ``several`` keeps all, sorted; ``placed`` all by the span in front of them, which goes;
            ``least`` and ``greatest`` one; otherwise the first is kept.
        meaning: For reading.
    """

    name: str
    type: str
    takes: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table holds; ``each`` tells whether it is asked article by article."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    each: bool


@cache
def layout(name: str) -> Layout:
    """Return the layout of a table, read from the header of its query."""
    text = (ontology_folder() / "questions" / "tables" / f"{name}.rq").read_text("utf-8")
    columns = tuple(Column(found[1], found[2], found[3] or "", found[4]) for found in map(_COLUMN.fullmatch, text.splitlines()) if found)
    return Layout(name, text.splitlines()[0].removeprefix("# "), columns, "# each: article" in text.splitlines())


def rows(store: Store, name: str) -> Iterator[dict[str, tuple[str, ...]]]:
    """Yield the rows of a table: column → its values, sorted; no column that has none.

    Rows come by article, then by place in it, then by id. Only one article is held in memory where the table has articles.
    """
    if not layout(name).each:
        yield from _folded(layout(name), asked(store, f"tables/{name}"))
        return
    for article in sorted(row["id"] for row in asked(store, "tables/ids")):
        yield from _folded(layout(name), asked(store, f"tables/{name}", article=Iri(article)))


def _folded(table: Layout, found: Iterable[Mapping[str, str]]) -> list[dict[str, tuple[str, ...]]]:
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in found:
        for column, value in row.items():
            values[row["id"]][column].add(value)
    folded = [{column.name: _kept(column, row[column.name]) for column in table.columns if column.name in row} for row in values.values()]
    return sorted(folded, key=lambda row: (_offset(row, "start"), _offset(row, "end"), row["id"]))


def _kept(column: Column, values: Iterable[str]) -> tuple[str, ...]:
    ordered = sorted(values, key=_natural)
    if column.takes == "several":
        return tuple(ordered)
    if column.takes == "placed":
        return tuple(dict.fromkeys(value.partition(" ")[2] for value in ordered))
    return (ordered[-1 if column.takes == "greatest" else 0],)


def _natural(text: str) -> tuple[int, int, str]:
    """Return a key that sorts numbers and spans (``12-30``) as numbers, before all other texts."""
    if span := _SPAN.match(text):
        return int(span[1]), int(span[2]), text
    return (int(text), 0, text) if re.fullmatch(r"[0-9]{1,15}", text) else (-1, 0, text)


def _offset(row: Mapping[str, Sequence[str]], column: str) -> int:
    return _natural(row.get(column, ("",))[0])[0]


# ---------------------------------------------------------------- cells


def cell(column: Column, values: Sequence[str]) -> str:
    r"""Return a cell: several values joined by `` | ``, their own ``|`` and ``\`` with a ``\`` before it; never a formula."""
    text = BETWEEN.join(map(_escaped, values)) if column.takes in {"several", "placed"} else "".join(values[:1])
    return text if column.type in {"integer", "number"} and _NUMBER.fullmatch(text) else guarded(text)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe in front, where it begins as one does.

    The characters are OWASP's (CSV Injection): ``= + - @``, tab, CR and LF, and the full-width forms of the first four. A text that begins
    with apostrophes before such a character gets one more, so that ``unguarded`` gives every text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")


# ---------------------------------------------------------------- files


def write_folder(store: Store, folder: Path) -> None:
    """Write the tables and what describes them into a folder, each file whole or not at all; other files there stay.

    Raises:
        StoreError: The folder cannot be made or written.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}", "Choose a place where you may write.") from error
    for name, write in _files(store):
        with written(folder / name) as out:
            write(out)


def write_zip(store: Store, out: BinaryIO) -> None:
    """Write the tables and what describes them as a zip: equal graphs give equal bytes, to a file or into a pipe."""
    with zipfile.ZipFile(cast(BinaryIO, _Pipe(out)), "w") as archive:
        for name, write in _files(store):
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, _UNIX, 0o644 << 16
            with archive.open(member, "w", force_zip64=True) as file:
                write(cast(BinaryIO, file))


class _Pipe:
    """A stream that can neither seek nor tell, so that a zip is laid out the same way wherever it goes."""

    def __init__(self, out: BinaryIO) -> None:
        self.write, self.flush = out.write, out.flush


def _files(store: Store) -> Iterator[tuple[str, Callable[[BinaryIO], None]]]:
    yield "datapackage.json", lambda out: _put(out, f"{json.dumps(package(), ensure_ascii=False, indent=2)}\n")
    yield "tables.md", lambda out: _put(out, described())
    for name in NAMES:
        yield f"{name}.csv", partial(write_table, store, name)


def _put(out: BinaryIO, text: str) -> None:
    out.write(text.encode())


def write_table(store: Store, name: str, out: BinaryIO) -> None:
    """Write one table as CSV (RFC 4180): UTF-8, a header, lines that end with CR LF."""
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer, columns = csv.writer(text), layout(name).columns
    writer.writerow([column.name for column in columns])
    for row in rows(store, name):
        writer.writerow([cell(column, row.get(column.name, ())) for column in columns])
    text.flush()
    text.detach()


def package() -> dict[str, object]:
    """Return the description of the tables as a Frictionless Data Package (https://specs.frictionlessdata.io/)."""
    return {"name": "newskg", "profile": "tabular-data-package", "resources": [_resource(layout(name)) for name in NAMES]}


def _resource(table: Layout) -> dict[str, object]:
    fields = [{"name": column.name, "type": column.type, "description": column.meaning} for column in table.columns]
    schema: dict[str, object] = {"fields": fields, "primaryKey": "id"}
    if table.each:
        schema["foreignKeys"] = [{"fields": "article", "reference": {"resource": "articles", "fields": "id"}}]
    about = {"name": table.name, "path": f"{table.name}.csv", "description": table.meaning, "profile": "tabular-data-resource"}
    return {**about, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema}


def described() -> str:
    """Return what the tables and their columns mean, as Markdown."""
    return "\n".join(("# Tables\n", HOW, *(_section(layout(name)) for name in NAMES)))


def _section(table: Layout) -> str:
    lines = [f"| `{column.name}` | {_kind(column)} | {column.meaning} |\n" for column in table.columns]
    return "".join((f"## {table.name}.csv\n\n{table.meaning}\n\n| column | type | meaning |\n|---|---|---|\n", *lines))


def _kind(column: Column) -> str:
    return f"{column.type}, several" if column.takes in {"several", "placed"} else column.type
