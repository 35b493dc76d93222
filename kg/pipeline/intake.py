"""The documents of a build as they come: each is read unless it was, and the archive keeps it; only keys and names stay in memory."""

from collections import deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from pathlib import Path

from kg.archive import Archive, Packed, packed
from kg.corpus import ANY_LANGUAGE
from kg.corpus import document as as_document
from kg.errors import InputError, StoreError
from kg.pipeline.inputs import Sourced, bare, first
from kg.pipeline.options import Options, Progress
from kg.pipeline.pool import Readers
from kg.pipeline.reading import outcomes
from kg.pipeline.recipe import mark_of
from kg.query import rows
from kg.records import Document, Extraction
from kg.store import Store, kept_text


class Intake:
    """What becomes of the inputs of a build.

    Args:
        archive: Where extractions are kept; nobody else uses it.
        output: The folder of the graph.
        held: Keys of the documents that the graph holds.
        recipe: Of the present rules.
        prune: Whether those that are not among the inputs go.
        gone: Files that are not there any more: what came from nowhere else goes.

    Attributes:
        failed: What could not be read.
        same: Documents left out because another has the very same text.
        read: Keys of those that were read anew.
        wanted: Keys of those that the graph is to hold; known at the end.
    """

    def __init__(
        self, archive: Archive, output: Path, held: Set[str], recipe: str, *, prune: bool = False, gone: Iterable[str] = ()
    ) -> None:
        self.failed: list[InputError] = []
        self.same: set[str] = set()
        self.read: set[str] = set()
        self.wanted: Set[str] = frozenset()
        self._archive, self._output, self._held = archive, output, held
        self._recipe, self._prune, self._gone = recipe, prune, tuple(gone)
        archive.expect_nothing()
        self._marks = archive.recipes()
        self._stay: Set[str] = frozenset()
        self._given: dict[str, bool] = {}
        self._others: dict[str, list[Document]] = {}
        self._before: dict[str, Document] = {}
        self._flying: dict[str, Document] = {}
        self._ready: deque[str] = deque()
        self._asked = 0
        self._total: int | None = None

    def keys(self, unread: Iterable[Document], options: Options, pool: Readers | None, progress: Progress | None) -> Iterator[str]:
        """Read what ``unread`` yields, and yield the key of each document as soon as the archive has it; some come twice.

        Raises:
            KgError: The archive cannot be used, or no process can read.
        """
        for done, (document, found) in enumerate(outcomes(unread, options, pool), 1):
            yield from self._passed()
            kept = self._takes(document, found)
            if progress:
                progress(done, self._total)
            if kept:
                yield document.key
        yield from self._passed()
        self.wanted = self._given.keys() | (self._stay & self._archive.recipes().keys())
        self._archive.commit()

    def _passed(self) -> Iterator[str]:
        """Yield the keys of the documents that came meanwhile and need not be read."""
        while self._ready:
            yield self._ready.popleft()

    def _takes(self, document: Document, found: Extraction | Packed | InputError) -> bool:
        """Keep what a document says, unless another of the same text was chosen meanwhile; tell whether it is kept."""
        if isinstance(found, InputError):
            self.failed.append(found)
            self._given.pop(document.key, None)
        elif self._flying.get(document.key) is document:
            self._archive.keep([packed(found) if isinstance(found, Extraction) else found], self._marks[document.key])
            self.read.add(document.key)
            del self._flying[document.key]
            return True
        return False

    # ------------------------------------------------------------ what has to be read

    def unread(self, items: Iterable[Sourced]) -> Iterator[Document]:
        """Yield the documents that have to be read by the present rules: of those given, and of others that the graph holds."""
        archive = self._archive
        for place, item in items:
            if isinstance(item, InputError):
                self.failed.append(item)
            elif self._is_new(place, item):
                yield self._asked_for(item)
        self._stay = frozenset() if self._prune else self._held - archive.replaced() - archive.only_from(self._gone)
        for key in sorted(self._others.keys() | self._before.keys()):
            if key in self._given and (chosen := self._chosen(key)):
                yield self._asked_for(chosen)
        for key in sorted(self._stay - self._given.keys()):
            if key not in self._marks:
                yield self._asked_for(_from_text(self._output, key))
            elif not self._marks[key].startswith(self._recipe):
                yield self._asked_for(archive.kept(key).document)
        self._total = self._asked

    def _asked_for(self, document: Document) -> Document:
        """Note that a document is on its way to be read, and return it."""
        self._marks[document.key] = mark_of(document, self._recipe)
        self._flying[document.key] = document
        self._asked += 1
        return document

    def _is_new(self, place: str, document: Document) -> bool:
        """Tell whether a document has to be read now; which of several with one text stays is decided when all are known."""
        key, mark = document.key, mark_of(document, self._recipe)
        new, known = self._archive.expect(place, document.id, key), self._marks.get(key)
        if key in self._given:
            if new or (known != mark and bare(document) not in self._others.get(key, ())):
                self._others.setdefault(key, []).append(bare(document))
            return False
        rival = known is not None and known != mark and key in self._held
        self._given[key] = not (rival and known is not None and known.startswith(self._recipe))
        if known == mark or not self._given[key]:
            self._ready.append(key)
        if not self._given[key]:
            self._others[key] = [bare(document)]
        elif rival:
            self._before[key] = bare(self._archive.kept(key).document)
        return self._given[key] and known != mark

    def _chosen(self, key: str) -> Document | None:
        """Return the document that stays of those with one text, if it is another than the one that was read or is being read."""
        present = self._flying.get(key) or self._archive.kept(key).document
        given = [*self._others.get(key, ()), *([bare(present)] if self._given[key] else [])]
        held = [self._before[key]] if key in self._before else [] if self._given[key] else [bare(present)]
        left = [*given, *(one for one in held if key in self._stay and one not in given)]
        stays = first(left)
        left.remove(stays)
        self.same.update(f"{other.id} = {stays.id}" for other in left if other.id != stays.id or (other in given and stays in given))
        return None if stays == bare(present) else replace(stays, text=present.text)


def _from_text(output: Path, key: str) -> Document:
    """Return a document of the graph whose extraction is gone: from its kept text.

    Raises:
        StoreError: That is gone, too.
    """
    with Store(output) as store:
        found = next((row for row in rows(store, "overview/articles") if row["article"].endswith(f"/{key}")), {"id": key})
    document = as_document(key, {**found, "text": kept_text(output, key)}, ANY_LANGUAGE)
    if isinstance(document, InputError):
        raise StoreError(f"the text of article {found['id']} in {output} is gone", "Run kg build again over all articles.")
    return document
