"""Documents are parsed, one after the other."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import ThreadpoolController

from kg.annotate.entities import quickly
from kg.annotate.model import MODEL, load
from kg.annotate.vectors import remember
from kg.annotate.words import once_a_word
from kg.records import Document

LONGEST_RUN = 250
"""Behind how many tokens without the end of a sentence one is made: no real sentence is so long, and the parse of one grows steeply."""
ENDS = frozenset(".?!…")


def annotate(documents: Iterable[Document], *, model: str = MODEL) -> Iterator[tuple[Document, Doc]]:
    """Parse documents, in order, each by itself and in one thread: what comes of it depends to the last digit on nothing else.

    A line break and the edge of a zone (caption, credit, date header) always begin a sentence: else the parser runs a headline
    into the first sentence (in the study that came before, statement F1 rose from .717 to .726).

    Yields:
        The document with its ``Doc``; ``doc.text == document.text``, so token offsets are the document's.
    """
    pipeline = load(model)
    for document in documents:
        with _threads().limit(limits=1, user_api="blas"):
            doc = _tokenised(pipeline, document)
            for part in _parts(model):
                doc = part(doc)
        yield document, doc


@cache
def _parts(model: str) -> tuple[Callable[[Doc], Doc], ...]:
    """Return the components of a model, in their order, those that can be asked with fewer steps in that way."""
    pipeline = load(model)
    remember(pipeline)
    return tuple(map(quickly, once_a_word([part for _, part in pipeline.pipeline])))


@cache
def _threads() -> ThreadpoolController:
    """Return what holds the threads of numpy's matrix product."""
    return ThreadpoolController()


def _tokenised(pipeline: Language, document: Document) -> Doc:
    """Split a text into tokens and fix where sentences begin for certain."""
    doc = pipeline.make_doc(document.text)
    edges = sorted({edge for zone in document.zones for edge in (zone.span.start, zone.span.end)}, reverse=True)
    ends = {pipeline.vocab.strings[end] for end in ENDS}
    words = zip(*(doc.to_array(column).tolist() for column in ("ORTH", "IS_SPACE", "IDX", "LENGTH")), strict=True)
    pending, run = False, 0
    for at, (word, space, start, length) in enumerate(words):
        breaks = space and "\n" in pipeline.vocab.strings[word]
        run = 0 if breaks or word in ends else run + 1
        if run > LONGEST_RUN:
            pending, run = True, 0
        while edges and edges[-1] < start + length:
            edges.pop()
            pending = True
        if space:
            pending = pending or breaks
        elif pending:
            doc[at].is_sent_start = True if at else None
            pending = False
    return doc
