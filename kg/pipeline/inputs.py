"""Which documents are read: one a text, and at least one."""

from collections.abc import Iterable, Sequence

from kg.errors import InputError, KgError
from kg.records import Document


def readable(inputs: Iterable[Document | InputError]) -> tuple[list[Document], tuple[str, ...], tuple[InputError, ...]]:
    """Return the documents among what was read, at least one; see ``collect``."""
    documents, same, failed = _distinct(inputs)
    if documents:
        return documents, same, failed
    if len(failed) == 1:
        raise failed[0]
    nothing = KgError("nothing could be read", "Name at least one file or folder with articles.")
    for error in failed:
        nothing.add_note(str(error))
    raise nothing


def _distinct(inputs: Iterable[Document | InputError]) -> tuple[list[Document], tuple[str, ...], tuple[InputError, ...]]:
    """Sort inputs into documents (one a text, that with the first id) and errors."""
    found: dict[str, Document] = {}
    same, failed = [], []
    for item in inputs:
        if isinstance(item, InputError):
            failed.append(item)
            continue
        first, second = _first(item, found.get(item.key, item))
        if item.key in found:
            same.append(f"{second.id} = {first.id}")
        found[item.key] = first
    return [found[key] for key in sorted(found)], tuple(sorted(same)), tuple(failed)


def with_held(documents: Sequence[Document], held: Iterable[Document]) -> tuple[list[Document], set[str]]:
    """Return documents and those held before, one a text, and which were left out because another has the very same text."""
    found = {document.key: document for document in documents}
    same = set()
    for document in held:
        first, second = _first(document, found.get(document.key, document))
        if first.id != second.id:
            same.add(f"{second.id} = {first.id}")
        found[document.key] = first
    return [found[key] for key in sorted(found)], same


def _first(one: Document, other: Document) -> tuple[Document, Document]:
    """Return which of two documents with the same text stays, and which goes: that with the smaller id stays."""
    first, second = sorted((one, other), key=lambda document: (document.id, repr(document)))
    return first, second
