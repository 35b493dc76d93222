"""Which statements and figures of a copy stand in its originals: those in the same words and by the same speaker.

What is told otherwise, or by another speaker as far as the text decides, is the copy's own. Of several in the same words the first repeats
the first, the second the second, wherever an editor has put them.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from kg.copies.near import Copies
from kg.copies.wording import wording
from kg.records import Collection, Extraction, Figure, Original, Span, Statement
from kg.vocab import DENIALS

Pairs: TypeAlias = dict[int, int]
"""Index in the copy → index in the original."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document, and the collection in which it is resolved."""

    collection: Collection
    extraction: Extraction

    def words(self, spans: Iterable[Span]) -> tuple[str, ...]:
        """Return the words of some spans as they are compared."""
        return wording(" ".join(span.of(self.extraction.document.text) for span in spans))

    def speaker(self, index: int) -> frozenset[str] | None:
        """Return the words of the name of who makes a statement; ``None`` where the text does not decide."""
        entity = self.collection.entity_of(self.extraction.document.key, self.extraction.statements[index].speaker)
        return None if entity is None else frozenset(wording(entity.name))

    def place(self, chain: int) -> str:
        """Return the name of a place."""
        return self.collection.entities[self.collection.refers[self.extraction.document.key, chain]].name


def copied(collection: Collection) -> Collection:
    """Return a collection whose copies know their originals; the same whatever the order of its documents."""
    by_key = {extraction.document.key: Read(collection, extraction) for extraction in collection.extractions}
    with closing(sqlite3.connect(":memory:")) as database:
        copies = Copies(database)
        for read in by_key.values():
            copies.add(read.extraction.document)
        copies.settle()
        found = {key: copies.originals(key) for key in sorted(copies.changed())}
    told = {key: repeated(by_key[key], [(by_key[of], share) for of, share in originals]) for key, originals in found.items()}
    return replace(collection, originals=MappingProxyType(told))


def repeated(copy: Read, originals: Iterable[tuple[Read, float]]) -> tuple[Original, ...]:
    """Return the originals of a copy with what of them stands in it; what stands in several counts for the first.

    Args:
        copy: The copy.
        originals: Those that it prints, the earliest first, and how much it has in common with each.
    """
    own = dict(enumerate(copy.extraction.statements))
    numbers = dict(enumerate(copy.extraction.figures))
    shared: list[tuple[Read, float, Pairs]] = []
    for original, share in originals:
        pairs = _statements(copy, own, original)
        own = {at: said for at, said in own.items() if at not in pairs}
        shared.append((original, share, pairs))
    answers = _answers(copy.extraction, own)
    found = []
    for original, share, pairs in shared:
        statements = {at: of for at, of in pairs.items() if at not in answers}
        figures = _figures(copy, numbers, original, statements)
        numbers = {at: figure for at, figure in numbers.items() if at not in figures}
        found.append(Original(original.extraction, share, MappingProxyType(statements), MappingProxyType(figures)))
    return tuple(found)


def _answers(extraction: Extraction, own: Iterable[int]) -> set[int]:
    """Return the denials of a copy that accuses somebody in words of its own: they answer that, too, so they stay where they stand."""
    said = extraction.statements
    if not any(said[at].act == "accuse" and said[at].target is not None for at in own):
        return set()
    return {at for at, one in enumerate(said) if one.act in DENIALS}


def _statements(copy: Read, own: dict[int, Statement], original: Read) -> Pairs:
    def same_speaker(at: int, of: int) -> bool:
        return _may_be(copy.speaker(at), original.speaker(of))

    theirs = enumerate(original.extraction.statements)
    return _paired(
        ((at, _statement(copy, said)) for at, said in own.items()), ((of, _statement(original, said)) for of, said in theirs), same_speaker
    )


def _may_be(mine: frozenset[str] | None, theirs: frozenset[str] | None) -> bool:
    """Tell whether a copy names no other speaker than its original: a cut may have taken the first name away."""
    return mine is None or (theirs is not None and (mine <= theirs or theirs <= mine))


def _statement(read: Read, said: Statement) -> Hashable:
    return said.type, read.words(said.content), read.words(said.cue), read.words(said.source)


def _figures(copy: Read, own: dict[int, Figure], original: Read, statements: Pairs) -> Pairs:
    """Return the figures that stand in the same statement, or in the article's own voice, and count the same in the same words."""
    mine = (
        (at, _figure(copy, figure, None if figure.statement is None else statements[figure.statement]))
        for at, figure in own.items()
        if figure.statement is None or figure.statement in statements
    )
    theirs = ((of, _figure(original, figure, figure.statement)) for of, figure in enumerate(original.extraction.figures))
    return _paired(mine, theirs, lambda _, __: True)


def _figure(read: Read, figure: Figure, statement: int | None) -> Hashable:
    """Return what a figure says, as it is compared; ``statement``: the original's around it."""
    where = tuple(sorted((relation, read.place(chain)) for relation, chain in figure.places))
    when = () if figure.as_of is None else read.words([read.extraction.times[figure.as_of].span])
    kind = (figure.unit, figure.modifier, figure.noun, figure.verb, figure.projected, figure.additional)
    return statement, read.words([figure.span]), read.words(figure.what), where, when, kind


def _paired(mine: Iterable[tuple[int, Hashable]], theirs: Iterable[tuple[int, Hashable]], fits: Callable[[int, int], bool]) -> Pairs:
    """Pair what is told in the same words and fits, each with the first that is left."""
    left: defaultdict[Hashable, list[int]] = defaultdict(list)
    for of, words in theirs:
        left[words].append(of)
    pairs: Pairs = {}
    for at, words in mine:
        found = next((of for of in left[words] if fits(at, of)), None)
        if found is not None:
            left[words].remove(found)
            pairs[at] = found
    return pairs
