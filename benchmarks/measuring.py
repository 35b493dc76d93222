"""What the benchmarks share: annotated articles, the two halves of reading, and a clock."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from time import process_time
from typing import TypeVar

from spacy.tokens import Doc

from kg.annotate import annotate
from kg.corpus import document, records
from kg.errors import InputError
from kg.evaluate import Row, gold_rows
from kg.extract import extract
from kg.gazetteer import Gazetteer
from kg.records import Class, Document, Extraction

Result = TypeVar("Result")
Parsed = Sequence[tuple[Document, Doc]]

WARM_UP = Document("warm-up", "“The road is open,” Ana Reyes said in Porto.\n\nThe mayor denied the charges.")


def gold(path: Path) -> tuple[list[Row], list[Document]]:
    """Return the annotated documents of a file in the interchange format, and the same as documents to read.

    Raises:
        KgError: The file cannot be read or is no annotation.
    """
    rows = gold_rows(records([path]))
    found = [document(row["id"], row) for row in rows]
    if errors := [item for item in found if isinstance(item, InputError)]:
        raise errors[0]
    return rows, [item for item in found if isinstance(item, Document)]


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer, opened once."""
    return Gazetteer.open()


def parse(documents: Iterable[Document]) -> Parsed:
    """Return documents with their parses: the work of the language model alone."""
    return list(annotate(documents))


def extract_all(parsed: Parsed, classes: frozenset[Class] = frozenset(Class)) -> list[Extraction]:
    """Return what parsed documents say: our work alone, names, statements and speakers together."""
    return [extract(document, doc, gazetteer(), classes=classes) for document, doc in parsed]


def warm_up() -> None:
    """Load what is loaded once a process, so that no measurement pays for it."""
    extract_all(parse([WARM_UP]))


def timed(work: Callable[[], Result], *, rounds: int = 1) -> tuple[float, Result]:
    """Return the processor seconds of the fastest of some rounds, and the last result.

    Processor time, not the clock on the wall: what else the machine does meanwhile counts little. On an idle machine both agree,
    since the work runs in one thread.
    """
    seconds = []
    for _ in range(rounds):
        start = process_time()
        result = work()
        seconds.append(process_time() - start)
    return min(seconds), result
