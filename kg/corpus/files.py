"""Where documents come from: files, folders, archives, standard input, the web."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from io import BufferedReader
from pathlib import Path
from typing import Any

from kg.corpus import feeds, jsons, mails, markdown, packing, pdfs, tables, tars, warcs, web, zips
from kg.corpus.charsets import decoded
from kg.corpus.documents import Article, document, of_article, too_long
from kg.corpus.fetching import Web, host_of
from kg.corpus.kinds import ADDRESS, Kind, kind_of, other
from kg.corpus.limits import ERRORS, LONGEST, PAGE
from kg.corpus.reading import DEFAULT, Reading
from kg.corpus.sources import BETWEEN, Budget, Metered, Source, looked_at
from kg.errors import InputError
from kg.records import Document

OUTPUT = frozenset({"lock", "store", "texts"})
"""What marks a folder that a build wrote."""
STDIN = "standard input"
Found = tuple[str, str, Any]
"""(whole path of its file, place, what stands there)."""


def read(paths: Iterable[Path | str], reading: Reading = DEFAULT) -> Iterator[Document | InputError]:
    """Read documents, one at a time.

    Args:
        paths: Files of any kind, archives of such, folders (searched to any depth, hidden names left out), patterns such as
            ``articles/*.html``, ``-`` for standard input, and web addresses.
        reading: How they are read; web addresses only with its ``fetch``.

    Yields:
        Each document, or the error in its place; folders and patterns in name order, records and archives in file order. A link that
        leads back to a folder around it is an error, so that no article is read twice through it.
    """
    return (found for _, found in sourced(paths, reading))


def sourced(paths: Iterable[Path | str], reading: Reading = DEFAULT) -> Iterator[tuple[str, Document | InputError]]:
    """Yield (whole path of its file, document or error) for what ``read`` reads.

    To the path of an archive is added the path within it. What came from the web has its address, what came through standard input
    nothing. Of one file's errors ``ERRORS`` are named, and the others counted in one more.
    """
    file, errors = "", 0
    for where, place, found in _found(paths, reading):
        if (outer := where.partition(BETWEEN)[0]) != file:
            yield from _others_of(file, errors)
            file, errors = outer, 0
        item = document(place, found, reading)
        errors += isinstance(item, InputError)
        if errors <= ERRORS or not isinstance(item, InputError):
            yield where, item
    yield from _others_of(file, errors)


def _others_of(file: str, errors: int) -> Iterator[tuple[str, InputError]]:
    """Yield the error that counts those of a file that were not named."""
    if errors > ERRORS:
        yield file, InputError(f"{file or STDIN}: holds {errors - ERRORS:,} more that cannot be read", "Mend those that are named first.")


def records(paths: Iterable[Path | str], reading: Reading = DEFAULT) -> Iterator[tuple[str, Any]]:
    """Read what ``read`` reads, the records as they are.

    Yields:
        (place, what stands there): the JSON value of a record, the ``Document`` of another article, or the ``InputError``. ``document``
        makes a document of each.
    """
    return ((place, found) for _, place, found in _found(paths, reading))


def _found(paths: Iterable[Path | str], reading: Reading) -> Iterator[Found]:
    given = list(paths)
    web_ = Web(reading, frozenset(host_of(path) for path in given if isinstance(path, str) and ADDRESS.match(path)))
    for path in given:
        if str(path) == "-":
            yield from _unfolded(_stdin(), web_)
        elif isinstance(path, str) and ADDRESS.match(path):
            yield from _fetched(path, web_)
        else:
            for file in matched(path):
                yield from [(str(path), str(path), file)] if isinstance(file, InputError) else within(file, web_)


# ---------------------------------------------------------------- what there is


def _stdin() -> Source:
    budget = Budget()
    stream = BufferedReader(Metered(sys.stdin.buffer, budget, STDIN, outermost=True))
    return Source(STDIN, "stdin", "", stream, budget=budget)


def _fetched(url: str, web_: Web) -> Iterator[Found]:
    """Yield what stands at a web address, if it may be fetched."""
    try:
        if not web_.reading.fetch:
            raise InputError(f"{url}: is a web address, and nothing is fetched", "Say --fetch, or save the page and name the file.")
        yield from _unfolded(web_.fetch(url), web_)
    except InputError as error:
        yield url, url, error


def matched(path: Path | str) -> Iterator[Path | InputError]:
    """Yield the files of a path, or of all paths that match it where it is a pattern and no path."""
    name = str(path)
    if has_magic(name) and not os.path.lexists(name):
        matching = sorted(glob(name, recursive=True))
        if not matching:
            yield InputError(f"{shown(Path(name))}: nothing matches", "Check the pattern and the folder you are in.")
        for match in matching:
            yield from _files(Path(match))
    else:
        yield from _files(Path(path))


def _files(path: Path, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[Path | InputError]:
    """Yield ``path`` itself or the files below it; ``above`` are the folders around it, by device and inode.

    A folder that a build wrote is passed over: its texts are the articles that are read anyway.
    """
    try:
        found = path.stat()
        below = sorted(path.iterdir()) if stat.S_ISDIR(found.st_mode) else []
    except (FileNotFoundError, ValueError):  # ValueError: a zero byte in the name
        yield InputError(f"{shown(path)}: there is no such file or folder", "Check the spelling and the folder you are in.")
        return
    except OSError as error:
        yield InputError(f"{shown(path)}: cannot be opened ({error.strerror})", "Allow reading it, or leave it out.")
        return
    here = (found.st_dev, found.st_ino)
    if stat.S_ISREG(found.st_mode):
        yield path
    elif not stat.S_ISDIR(found.st_mode):
        yield InputError(f"{shown(path)}: is neither a file nor a folder", "Leave it out; to read from a pipe, give - as the path.")
    elif here in above:
        yield InputError(f"{shown(path)}: is a link to a folder that it lies in", "Leave it out; its articles are read already.")
    elif {child.name for child in below} >= OUTPUT:
        return  # what a build wrote, which `kg build .` would read the second time
    elif not (seen := [child for child in below if not child.name.startswith(".")]):
        yield InputError(f"{shown(path)}: the folder is empty", "Put articles into it, such as .txt, .html or .jsonl files.")
    else:
        for child in seen:
            yield from _files(child, above | {here})


def shown(path: Path, part: str | None = None) -> str:
    """Return a path, or a ``part`` of it, as text that can be printed: bytes of a name that are not UTF-8 become U+FFFD."""
    return os.fsencode(part or path).decode("utf-8", "replace")


def within(path: Path, web_: Web, place: str | None = None) -> Iterator[Found]:
    """Read one file, which may hold many articles; ``place`` is what errors call it, by default its path."""
    place, where = place or shown(path), str(path.absolute())
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            yield from _unfolded(Source(place, shown(path, path.name), where, stream, size, Budget(size)), web_)
    except OSError as error:
        yield where, place, InputError(f"{place}: cannot be read ({error.strerror})", "Allow reading it (chmod u+r), or leave it out.")


# ---------------------------------------------------------------- what it holds


def _unfolded(source: Source, web_: Web) -> Iterator[Found]:
    """Yield what a source holds: its articles and records, or those of its members."""
    try:
        head, source = looked_at(source)
        kind = kind_of(head, source.name)
        archive = zips.Zip(source) if kind is Kind.ZIP else None
        if archive:
            kind = archive.kind
        if (members := _members(source, kind, archive)) is not None:
            yield from _of_members(source, members, web_)
        elif kind in {Kind.GZIP, Kind.BZIP2, Kind.XZ}:
            yield from _unfolded(packing.unpacked(source, kind), web_)
        elif kind is Kind.ADDRESSES:
            yield from _listed(source, web_)
        else:
            for place, value in _articles(source, head, kind, archive, web_.reading):
                yield source.where, place, of_article(place, value, web_.reading) if isinstance(value, Article) else value
    except InputError as error:
        yield source.where, source.place, error


def _members(source: Source, kind: Kind, archive: zips.Zip | None) -> Iterator[Source | InputError] | None:
    """Return the members of an archive, ``None`` if it is none."""
    if kind is Kind.ZIP and archive:
        return zips.members(archive)
    if kind is Kind.TAR:
        return tars.members(source)
    return warcs.pages(source, packed=kind is Kind.WARC_GZIP) if kind in {Kind.WARC, Kind.WARC_GZIP} else None


def _of_members(source: Source, members: Iterator[Source | InputError], web_: Web) -> Iterator[Found]:
    """Yield what the members of an archive hold, until they have unpacked to too much."""
    for member in members:
        if isinstance(member, InputError):
            yield source.where, source.place, member
        else:
            yield from _unfolded(member, web_)
        if source.budget.exhausted:
            return


def _listed(source: Source, web_: Web) -> Iterator[Found]:
    """Yield what stands at each web address of a list, which somebody wrote here: one from elsewhere is not followed."""
    if source.url or source.depth:
        raise InputError(f"{source.place}: is a list of web addresses within something else", "Save it as a file of its own and name that.")
    if not web_.reading.fetch:
        raise InputError(f"{source.place}: is a list of web addresses, and nothing is fetched", "Say --fetch, or save the pages.")
    for line in source.whole(PAGE, "a list of web addresses").decode("utf-8", "replace").split("\n"):
        if url := line.strip("\ufeff \t\r"):
            yield from _fetched(url, web_)


def _articles(source: Source, head: bytes, kind: Kind, archive: zips.Zip | None, reading: Reading) -> Iterator[tuple[str, Any]]:
    """Yield (place, article, record or error) for what a source of one kind holds.

    Raises:
        InputError: It cannot be read at all, or not to its end.
    """
    if kind is Kind.JSON_LINES:
        yield from jsons.lines(source, head, reading)
    elif kind is Kind.JSON:
        yield from jsons.values(source, head, reading)
    elif kind is Kind.TABLE:
        yield from tables.rows(source, head, reading)
    elif kind is Kind.FEED:
        yield from feeds.articles(source)
    elif kind is Kind.EPUB and archive:
        yield from zips.book(archive, reading)
    else:
        yield source.place, _article(source, head, kind, archive, reading)


def _article(source: Source, head: bytes, kind: Kind, archive: zips.Zip | None, reading: Reading) -> Article:
    """Return the article that a source of one kind is."""
    if kind is Kind.HTML:
        return web.article(source, source.whole(PAGE, "an HTML page"), reading)
    if kind is Kind.PDF:
        return pdfs.article(source)
    if kind is Kind.MAIL:
        return mails.article(source, reading)
    if kind is Kind.DOCX and archive:
        return zips.word(archive, reading)
    if kind in {Kind.TEXT, Kind.MARKDOWN}:
        text = _text(source, reading)
        return markdown.article(source, text) if kind is Kind.MARKDOWN else Article(source.id, text, url=source.url)
    what, mend = other(head) or (f"is {kind.value} of a kind that is not read", "Leave it out, or export it as plain text.")
    raise InputError(f"{source.place}: {what}", mend)


def _text(source: Source, reading: Reading) -> str:
    """Return the text of a source that is text and nothing else."""
    most = 4 * LONGEST  # bytes: UTF-8 has at most four a character
    if source.size is not None and source.size > most:
        raise too_long(source.place, source.size, "bytes")
    data = source.stream.read(most + 1)
    if len(data) > most:
        raise too_long(source.place, len(data), "bytes and more")
    return decoded(source.place, data, source.charset, reading)
