"""The IRIs of what triples are about: made of what a thing is, so that the same thing is called the same again."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kg.records import Entity, Extraction, Figure, Original
from kg.vocab import BASE, GEONAMES, WIKIDATA, Iri, iri, is_thing_iri


def entity_iri(entity: Entity, base: str = BASE) -> Iri:
    """Return ``place/{slug}`` for a place and ``actor/{slug}`` for everything else."""
    return path_iri(entity.path, base)


def path_iri(path: str, base: str) -> Iri:
    """Return the IRI of an ``Entity.path``."""
    kind, _, key = path.partition("/")
    return iri(kind, key, base)


def statement_iris(extraction: Extraction, *, base: str = BASE) -> tuple[Iri, ...]:
    """Return the IRI of each statement, in the order of ``extraction.statements``.

    It is made of the document and of the first and last character of the content, not of speaker or rule. Statements
    over the same characters are numbered from the second on (``-2``, ``-3``) by their source, then their cue, as the text has them.
    """
    statements = extraction.statements
    keys = [f"{extraction.document.key}-{said.content[0].start}-{said.content[-1].end}" for said in statements]
    return numbered("statement", keys, [(said.source, said.cue) for said in statements], base)


def figure_iri(key: str, figure: Figure, *, base: str = BASE) -> Iri:
    """Return the IRI of a figure of the document ``key``: made of its first and last character."""
    return iri("figure", f"{key}-{figure.span.start}-{figure.span.end}", base)


@dataclass(frozen=True, slots=True)
class Names:
    """What the statements and figures of a document are called, in their order; what it repeats is called as in its original.

    Attributes:
        repeated, restated: Indexes of the statements and figures that are its originals'.
    """

    statements: tuple[Iri, ...]
    figures: tuple[Iri, ...]
    repeated: frozenset[int]
    restated: frozenset[int]


def names_of(extraction: Extraction, originals: Iterable[Original] = (), *, base: str = BASE) -> Names:
    """Return what the statements and figures of a document are called.

    Args:
        extraction: The document.
        originals: What it is a copy of.
        base: Namespace of the data.
    """
    statements, figures = list(statement_iris(extraction, base=base)), list(_figure_iris(extraction, base))
    repeated: set[int] = set()
    restated: set[int] = set()
    for original in originals:
        theirs, numbers = statement_iris(original.extraction, base=base), _figure_iris(original.extraction, base)
        for at, of in original.statements.items():
            statements[at] = theirs[of]
        for at, of in original.figures.items():
            figures[at] = numbers[of]
        repeated |= original.statements.keys()
        restated |= original.figures.keys()
    return Names(tuple(statements), tuple(figures), frozenset(repeated), frozenset(restated))


def _figure_iris(extraction: Extraction, base: str) -> tuple[Iri, ...]:
    return tuple(figure_iri(extraction.document.key, figure, base=base) for figure in extraction.figures)


def external(entry: str) -> Iri | None:
    """Return the IRI of ``geonames:2761369``, ``wikidata:Q1741`` or of what is one already; ``None`` for anything else."""
    for form, template in ((r"geonames:([0-9]{1,12})", GEONAMES), (r"wikidata:(Q[0-9]{1,12})", WIKIDATA)):
        if found := re.fullmatch(form, entry, re.ASCII):
            return Iri(template.format(found[1]))
    return Iri(entry) if is_thing_iri(entry) else None


def numbered(kind: str, keys: Sequence[str], ranks: Sequence[Any], base: str) -> tuple[Iri, ...]:
    """Mint one IRI a key; equal keys get ``-2``, ``-3`` ... from the second on by rank, ties as they come."""
    seen: Counter[str] = Counter()
    minted: dict[int, Iri] = {}
    for index in sorted(range(len(keys)), key=lambda index: ranks[index]):
        seen[keys[index]] += 1
        count = seen[keys[index]]
        minted[index] = iri(kind, keys[index] if count == 1 else f"{keys[index]}-{count}", base)
    return tuple(minted[index] for index in range(len(keys)))


def digest(*parts: str) -> str:
    """Return sixteen hex digits of a hash over parts that may hold anything."""
    return sha256("\0".join(f"{len(part)} {part}" for part in parts).encode()).hexdigest()[:16]
