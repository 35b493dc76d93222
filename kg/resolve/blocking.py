"""Which of many names are worth comparing, so that nobody compares all with all.

Two names are worth it where two of their tokens sound alike: where the first consonants of both are the same
(``kg.resolve.names.consonant_key``). What very many names share tells little: it counts only beside a second such key.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import accumulate, combinations

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from kg.resolve.names import consonant_key, nicknames, similarity, skeleton, tokens

LENGTH = 4
"""So many consonants of a token make its key."""

RARE = 400
"""A key of more names than these is a frequent one."""

GLANCE = 0.65
"""Tokens that look less alike than this (Jaro-Winkler, as written or as spoken) are hardly ever one in two spellings.

Measured over 9,200 people and 6,900 bodies: that each token of the shorter name must look like one of the other, where two of them were
enough before, leaves a tenth to compare; of 3,320 close pairs five are not found, none of one person; of 1,626 in the name study all are.
"""

Keys = tuple[str, ...]


class Index:
    """Many names, to be asked which of them are worth comparing with one.

    The memory is about a kilobyte a name, however many pairs there are.
    """

    def __init__(self, names: Sequence[str], *, rare: int = RARE, frequent: Set[str] | None = None) -> None:
        """Sort names into blocks.

        Args:
            names: Distinct names.
            rare: A key that more names than this share must come with a second one.
            frequent: The keys that must, where these names are some of more; by default they are counted.
        """
        self.names = names
        keyed = [keys(name) for name in names]
        count = Counter(key for found in keyed for key in found)
        self._frequent = frozenset(key for key, number in count.items() if number > rare) if frequent is None else frequent
        self._blocks: dict[Keys, list[int]] = defaultdict(list)
        for place, found in enumerate(keyed):
            for block in self._blocks_of(found):
                self._blocks[block].append(place)
        self._forms = [tuple(map(_forms, tokens(name))) for name in names]

    def candidates(self, name: str, *, after: int = -1) -> list[int]:
        """Return the places, behind ``after``, of the names that share a rare key or two frequent ones with a name: sorted."""
        blocks = (self._blocks.get(block, ()) for block in self._blocks_of(keys(name)))
        return sorted({place for block in blocks for place in block[bisect_right(block, after) :]})

    def close(self, name: str, *, at_least: float, after: int = -1, besides: Set[str] = frozenset()) -> Iterator[tuple[int, float]]:
        """Yield (place, similarity) of the candidates that are that much alike, in the order of their places.

        Args:
            name: Any name; one of the index itself is offered, too.
            at_least: More than ``kg.resolve.names.CONTRADICTION``.
            after: Only places behind this one.
            besides: Names that are not offered, such as those that were asked about before: of two either finds the other.
        """
        offered = [place for place in self.candidates(name, after=after) if self.names[place] not in besides]
        for place in self._at_a_glance(tokens(name), offered):
            score = similarity(name, self.names[place], at_least=at_least)
            if score >= at_least:
                yield place, score

    def _blocks_of(self, found: Keys) -> Iterator[Keys]:
        """Yield the blocks of a name: its rare keys, and its frequent ones two by two."""
        yield from ((key,) for key in found if key not in self._frequent)
        yield from combinations([key for key in found if key in self._frequent], 2)

    def _at_a_glance(self, found: tuple[str, ...], places: list[int]) -> list[int]:
        """Return the places of the names that look like one with these tokens: each token of the shorter like one of the other."""
        if not places or not found:
            return []
        rows, names = [_forms(token) for token in found], [self._forms[place] for place in places]
        columns = [forms for name in names for forms in name]
        alike = cdist(
            [form for row in rows for form in row],
            [form for column in columns for form in column],
            scorer=JaroWinkler.similarity,
            score_cutoff=GLANCE,
            dtype=np.float32,
        )
        for axis, groups in enumerate((rows, columns)):
            alike = np.maximum.reduceat(alike, _starts(groups), axis=axis)
        alike, starts, sizes = alike > 0, _starts(names), np.array([len(name) for name in names])
        ours = np.logical_or.reduceat(alike, starts, axis=1).sum(axis=0)
        theirs = np.add.reduceat(alike.any(axis=0), starts, dtype=int)
        whole = ((ours == len(found)) | (len(found) > sizes)) & ((theirs == sizes) | (sizes > len(found)))
        return [place for place, looks in zip(places, whole, strict=True) if looks]


def keys(name: str) -> Keys:
    """Return the keys of a name, one for each of its tokens, sorted, none twice."""
    return tuple(sorted({consonant_key(token)[:LENGTH] for token in tokens(name)}))


def pairs(names: Sequence[str], *, rare: int = RARE) -> Iterator[tuple[int, int]]:
    """Yield the places (i, j), i < j, of the names worth comparing: sorted, each pair once; see ``Index`` for the arguments."""
    index = Index(names, rare=rare)
    return ((i, j) for i, name in enumerate(names) for j in index.candidates(name, after=i))


def close(names: Sequence[str], *, at_least: float, frequent: Set[str] | None = None) -> Iterator[tuple[int, int, float]]:
    """Yield (i, j, similarity), i < j, of the names worth comparing that are that much alike: sorted, each pair once."""
    index = Index(names, frequent=frequent)
    return ((i, j, score) for i, name in enumerate(names) for j, score in index.close(name, at_least=at_least, after=i))


def _forms(token: str) -> tuple[str, ...]:
    """Return a token as it is written and as it is spoken, and a sign for each family of nicknames that it belongs to."""
    return (token, skeleton(token), *(chr(0xE000 + number) for number in sorted(nicknames(token))))


def _starts(groups: Sequence[Sequence[object]]) -> list[int]:
    return list(accumulate((len(group) for group in groups[:-1]), initial=0))
