"""Figures of a comparison."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from random import Random

from kg.evaluate.annotations import Figure, Named, Passage
from kg.evaluate.comparing import Compared, Comparison, Pair, Sides, same_last_word, same_name
from kg.records import Type

EXACTLY = 1e-4
"""How far a value may be off, as a share of it: two thirds are 66.67 per cent."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and their harmonic mean, in [0, 1]; 0 where nothing can be divided."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``share`` is 0 where there is none."""

    right: int
    of: int
    share: float


@dataclass(frozen=True, slots=True)
class OfType:
    """One type of statement: recall over gold of the type, precision over what was found of the type, paired with any gold."""

    gold: int
    found: int
    overlap: Quality
    statement: Quality


@dataclass(frozen=True, slots=True)
class Entities:
    """Mentions: at least half of both spans shared and the same kind; ``exact`` asks for the very span.

    Attributes:
        named_alike: Of those paired, how many have the same name.
        identity: B-cubed over those paired, across all documents: who is one in gold is one here (Bagga and Baldwin 1998).
        metonyms: Of the mentions that stand for a government in gold, and of those that do here, how many do in both.
    """

    gold: int
    found: int
    mentions: Quality
    exact: Quality
    named_alike: Share
    identity: Quality
    metonyms: Quality


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers that were found where gold has one, and what of them is right; each share over those paired where gold states it."""

    gold: int
    found: int
    spans: Quality
    value: Share
    unit: Share
    modifier: Share
    claimant: Share
    as_of: Share


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures of a comparison.

    Attributes:
        gold, found: Statements that count.
        same: Pairs that overlap enough to be the same statement.
        statement: A pair counts if it is the same statement and its source is right.
        exact: A pair counts if the contents are the same words; ``overlap``: it counts the F1 of their words.
        words: Single words that stand in any content, however they are split into statements.
        source, cue: Over the pairs that are the same statement: precision and recall of those that share a word.
        source_exact, cue_exact: Of those pairs where gold has one, how many have the same words.
        source_right: Of those pairs, how many sources share a word, or neither side has one.
        type_right: Of those pairs, how many types are the same.
        speaker_same, speaker_last: Of those pairs whose gold names a speaker: the same name, the same last word of the name.
        nested: Of gold's nested statements, how many are the same as one that was found nested.
        all_nested: That with the uncertain ones.
        types: By type.
        entities, figures: ``None`` where gold has none.
    """

    documents: int
    missing: int
    gold: int
    found: int
    same: int
    statement: Quality
    exact: Quality
    overlap: Quality
    words: Quality
    source: Quality
    cue: Quality
    source_right: Share
    source_exact: Share
    cue_exact: Share
    type_right: Share
    speaker_same: Share
    speaker_last: Share
    nested: Share
    all_nested: Share
    types: Mapping[Type, OfType]
    entities: Entities | None
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure may lie."""

    low: float
    high: float


def score(comparison: Comparison) -> Scores:
    """Return all figures of a comparison."""
    documents = comparison.documents
    pairs = [pair for document in documents for pair in document.pairs]
    same = [pair for document in documents for pair in comparison.same(document)]
    right = [pair for pair in same if pair.source_right]
    spoken = [pair for pair in same if pair.gold.speaker]
    nested = [said for document in documents for said in document.gold if said.nested]
    gold, found = sum(len(document.gold) for document in documents), sum(len(document.found) for document in documents)
    return Scores(
        documents=len(documents),
        missing=len(comparison.missing),
        gold=gold,
        found=found,
        same=len(same),
        statement=_quality(len(right), found, gold),
        exact=_quality(sum(pair.gold.content.words == pair.found.content.words for pair in pairs), found, gold),
        overlap=_quality(sum(pair.overlap for pair in pairs), found, gold),
        words=_words(documents),
        source=_passages((pair.gold.source, pair.found.source) for pair in same),
        cue=_passages((pair.gold.cue, pair.found.cue) for pair in same),
        source_right=_share(len(right), len(same)),
        source_exact=_exact((pair.gold.source, pair.found.source) for pair in same),
        cue_exact=_exact((pair.gold.cue, pair.found.cue) for pair in same),
        type_right=_share(sum(pair.gold.type is pair.found.type for pair in same), len(same)),
        speaker_same=_share(sum(same_name(pair.gold.speaker, pair.found.speaker) for pair in spoken), len(spoken)),
        speaker_last=_share(sum(same_last_word(pair.gold.speaker, pair.found.speaker) for pair in spoken), len(spoken)),
        nested=_share(sum(pair.gold.nested and pair.found.nested for pair in same), len(nested)),
        all_nested=_all_nested(comparison),
        types={kind: _of_type(kind, documents, pairs, right) for kind in Type},
        entities=_entities([document.entities for document in documents if document.entities]),
        figures=_figures([document.figures for document in documents if document.figures]),
    )


def intervals(comparison: Comparison, times: int, *, seed: int = 0) -> dict[str, Interval]:
    """Return 95 % intervals of the F1 of ``statement`` and ``overlap``: documents drawn again and again (percentile bootstrap).

    Args:
        comparison: What was paired.
        times: How often to draw as many documents as there are.
        seed: Seed of the draws.
    """
    parts = [_parts(comparison, document) for document in comparison.documents]
    random = Random(seed)
    drawn = [tuple(map(sum, zip(*random.choices(parts, k=len(parts)), strict=True))) for _ in range(times)]
    figures = {
        "statement": sorted(_quality(statement, found, gold).f1 for statement, _, found, gold in drawn),
        "overlap": sorted(_quality(overlap, found, gold).f1 for _, overlap, found, gold in drawn),
    }
    return {name: Interval(values[int(0.025 * times)], values[min(times - 1, int(0.975 * times))]) for name, values in figures.items()}


# ---------------------------------------------------------------- counting


def _quality(hits: float, found: int, gold: int) -> Quality:
    """Return the quality of so many hits among so many found and so many asked for."""
    return _mean(hits / found if found else 0.0, hits / gold if gold else 0.0)


def _mean(precision: float, recall: float) -> Quality:
    return Quality(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def _share(right: int, of: int) -> Share:
    return Share(right, of, right / of if of else 0.0)


def _parts(comparison: Comparison, document: Compared) -> tuple[int, float, int, int]:
    """Return right statements, overlap, found and gold of one document."""
    right = sum(pair.source_right for pair in comparison.same(document))
    return right, sum(pair.overlap for pair in document.pairs), len(document.found), len(document.gold)


def _words(documents: Iterable[Compared]) -> Quality:
    hits = given = asked = 0
    for document in documents:
        gold, found = ({word for said in side for word in said.content.words} for side in (document.gold, document.found))
        hits, given, asked = hits + len(gold & found), given + len(found), asked + len(gold)
    return _quality(hits, given, asked)


def _passages(pairs: Iterable[tuple[Passage, Passage]]) -> Quality:
    given = list(pairs)
    hits = sum(bool(gold.words & found.words) for gold, found in given)
    return _quality(hits, sum(bool(found.words) for _, found in given), sum(bool(gold.words) for gold, _ in given))


def _exact(pairs: Iterable[tuple[Passage, Passage]]) -> Share:
    asked = [(gold.words, found.words) for gold, found in pairs if gold.words]
    return _share(sum(gold == found for gold, found in asked), len(asked))


def _all_nested(comparison: Comparison) -> Share:
    found = [pair for document in comparison.documents for pair in document.all_nested]
    enough = comparison.rule.min_overlap
    return _share(sum(pair is not None and pair.found.nested and pair.overlap >= enough for pair in found), len(found))


def _of_type(kind: Type, documents: Sequence[Compared], pairs: Sequence[Pair], right: Sequence[Pair]) -> OfType:
    gold = sum(said.type is kind for document in documents for said in document.gold)
    found = sum(said.type is kind for document in documents for said in document.found)

    def quality(hits: Sequence[Pair], worth: Callable[[Pair], float]) -> Quality:
        given = sum(worth(pair) for pair in hits if pair.found.type is kind)
        asked = sum(worth(pair) for pair in hits if pair.gold.type is kind)
        return _mean(given / found if found else 0.0, asked / gold if gold else 0.0)

    return OfType(gold, found, quality(pairs, lambda pair: pair.overlap), quality(right, lambda _: 1))


# ---------------------------------------------------------------- entities and figures


def _entities(sides: Sequence[Sides[Named]]) -> Entities | None:
    if not sides:
        return None
    pairs = [pair for side in sides for pair in side.pairs]
    gold, found = sum(len(side.gold) for side in sides), sum(len(side.found) for side in sides)
    return Entities(
        gold=gold,
        found=found,
        mentions=_quality(len(pairs), found, gold),
        exact=_quality(sum(one.span == other.span for one, other in pairs), found, gold),
        named_alike=_share(sum(_alike(one.name, other.name) for one, other in pairs), len(pairs)),
        identity=bcubed([(one.identity, other.identity) for one, other in pairs]),
        metonyms=_quality(
            sum(one.metonym and other.metonym for one, other in pairs),
            sum(named.metonym for side in sides for named in side.found),
            sum(named.metonym for side in sides for named in side.gold),
        ),
    )


def bcubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> Quality:
    """Return B-cubed of two ways to group the same things, given as (group in gold, group found) of each."""
    both, gold, found = Counter(pairs), Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    if not pairs:
        return _mean(0.0, 0.0)
    precision = sum(count * count / found[other] for (_, other), count in both.items()) / len(pairs)
    recall = sum(count * count / gold[one] for (one, _), count in both.items()) / len(pairs)
    return _mean(precision, recall)


def _alike(one: str | None, other: str | None) -> bool:
    return one == other or same_name(one, other)


def _figures(sides: Sequence[Sides[Figure]]) -> Figures | None:
    if not sides:
        return None
    pairs = [pair for side in sides for pair in side.pairs]
    gold, found = sum(len(side.gold) for side in sides), sum(len(side.found) for side in sides)

    def right(part: Callable[[Figure], object], same: Callable[[Figure, Figure], bool]) -> Share:
        stated = [(one, other) for one, other in pairs if part(one) is not None]
        return _share(sum(same(one, other) for one, other in stated), len(stated))

    return Figures(
        gold=gold,
        found=found,
        spans=_quality(len(pairs), found, gold),
        value=right(lambda one: one.value, _same_value),
        unit=right(lambda one: one.unit, lambda one, other: _folded(one.unit) == _folded(other.unit)),
        modifier=right(lambda one: one.modifier, lambda one, other: _folded(one.modifier) == _folded(other.modifier)),
        claimant=right(lambda one: one.claimant, lambda one, other: _alike(one.claimant, other.claimant)),
        as_of=right(lambda one: one.as_of, lambda one, other: one.as_of == other.as_of),
    )


def _same_value(one: Figure, other: Figure) -> bool:
    return one.value is not None and other.value is not None and isclose(one.value, other.value, rel_tol=EXACTLY)


def _folded(text: str | None) -> str | None:
    return text and text.casefold()
