"""Which documents are read: one a text, and at least one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from kg.errors import InputError, KgError
from kg.records import Document

Sourced = tuple[str, Document | InputError]
"""The whole path of a file, empty where there is none, and what stood in it."""


def readable(inputs: Iterable[Document | InputError]) -> tuple[list[Document], tuple[str, ...], tuple[InputError, ...]]:
    """Return the documents among what was read, by key, at least one; see ``collect``."""
    found: dict[str, list[Document]] = {}
    failed: list[InputError] = []
    for item in inputs:
        if isinstance(item, InputError):
            failed.append(item)
        elif item not in found.setdefault(item.key, []):
            found[item.key].append(item)
    if not found:
        raise nothing(failed)
    same = {told for documents in found.values() for told in told_same(documents)}
    return [first(found[key]) for key in sorted(found)], tuple(sorted(same)), tuple(failed)


def nothing(failed: Sequence[InputError]) -> KgError:
    """Return the error that there is no document at all; what failed stands in its notes (PEP 678)."""
    if len(failed) == 1:
        return failed[0]
    error = KgError("nothing could be read", "Name at least one file or folder with articles.")
    for one in failed:
        error.add_note(str(one))
    return error


def begun(items: Iterable[Sourced]) -> Iterator[Sourced]:
    """Return what ``kg.corpus.sourced`` yields, looked at as far as the first document.

    Raises:
        KgError: There is none.
    """
    source, seen = iter(items), []
    for item in source:
        seen.append(item)
        if isinstance(item[1], Document):
            return chain(seen, source)
    raise nothing([found for _, found in seen if isinstance(found, InputError)])


def first(documents: Iterable[Document]) -> Document:
    """Return which of the documents with one text stays: that with the smallest id."""
    return min(documents, key=lambda document: (document.id, repr(document)))


def told_same(documents: Sequence[Document]) -> Iterator[str]:
    """Yield the documents that are left out because another has the very same text."""
    stays = first(documents)
    left = list(documents)
    left.remove(stays)
    return (f"{document.id} = {stays.id}" for document in left)


def bare(document: Document) -> Document:
    """Return a document without its text, to remember it by."""
    return replace(document, text="")
