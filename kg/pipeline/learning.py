"""Frames are counted in annotated documents."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.tokens import Doc

from kg.annotate import MODEL, annotate
from kg.corpus import ANY_LANGUAGE, records
from kg.corpus import document as as_document
from kg.errors import InputError
from kg.evaluate import gold_rows
from kg.extract.counts import rows as counted_rows
from kg.extract.learning import Attribution, count
from kg.pipeline.options import Progress
from kg.records import Document


def learn(paths: Iterable[Path | str], *, source: str, model: str = MODEL, progress: Progress | None = None) -> tuple[str, int, int]:
    """Count frames in annotated documents.

    Args:
        paths: Files or folders of the interchange format, with statements.
        source: What is counted, for the head of the file.
        model: An installed spaCy pipeline.
        progress: Called after each document.

    Returns:
        The text of a counts file, and how many documents and statements were counted.

    Raises:
        KgError: A file cannot be read or holds no statements.
    """
    rows = gold_rows(records(paths))
    documents = [as_document(row["id"], {"id": row["id"], "text": row["text"]}, ANY_LANGUAGE) for row in rows]
    if broken := next((document for document in documents if isinstance(document, InputError)), None):
        raise broken
    said = {row["id"]: [Attribution.of(statement) for statement in row["statements"]] for row in rows}

    def examples() -> Iterator[tuple[Document, Doc, list[Attribution]]]:
        texts = (document for document in documents if isinstance(document, Document))
        for done, (document, doc) in enumerate(annotate(texts, model=model), 1):
            yield document, doc, said[document.id]
            if progress:
                progress(done, len(documents))

    counts = count(examples(), source=source)
    return "".join(f"{line}\n" for line in counted_rows(counts)), len(documents), sum(map(len, said.values()))
