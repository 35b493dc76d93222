"""Gold and what was found, paired document by document; what a rule leaves out is gone from both sides."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from kg.errors import KgError
from kg.evaluate.annotations import Attribution, Figure, Named, Row, found_annotation, gold_annotation
from kg.evaluate.pairing import Edge, best_pairs
from kg.records import Span, Type

SOURCE = Fraction(1, 10)
"""What a shared word of the sources adds to the weight of a pair."""
SAME = Fraction(1, 2)
"""The least overlap of two mentions, as a share of both together."""
TITLES = frozenset(
    "mr mrs ms dr sir the president prime minister secretary ambassador senator sen rep governor gov general gen professor prof "
    "spokesman spokeswoman".split()
)
"""Words that make no other person of a name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts.

    Attributes:
        min_overlap: Overlap from which a pair is the same statement, in [0, 1].
        only: Gold of this type only; what was found counts if it is paired with such, or with none and is of that type.
        speech_only: Leave out thoughts and feelings that gold marks ``private``.
        no_nested: Leave out what was found inside another statement.
    """

    min_overlap: float = 0.5
    only: Type | None = None
    speech_only: bool = False
    no_nested: bool = False


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Sides(Generic[Item]):
    """Things of one sort in one document: those of gold, those found, and the pairs of both."""

    gold: tuple[Item, ...]
    found: tuple[Item, ...]
    pairs: tuple[tuple[Item, Item], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement of gold and the one found for it; ``overlap`` is the F1 of their words, in (0, 1]."""

    gold: Attribution
    found: Attribution
    overlap: float

    @property
    def source_right(self) -> bool:
        """Tell whether the sources share a word, or neither has one."""
        gold, found = self.gold.source.words, self.found.source.words
        return bool(gold & found) or not (gold or found)


@dataclass(frozen=True, slots=True)
class Compared:
    """One document.

    Attributes:
        gold, found: The statements that count, in their order.
        pairs: Those of them that were paired at any overlap.
        all_nested: The nested statements of gold whether certain or not, each with the pair it is in.
        entities, figures: ``None`` where gold has none of that sort.
    """

    id: str
    text: str
    gold: tuple[Attribution, ...]
    found: tuple[Attribution, ...]
    pairs: tuple[Pair, ...]
    all_nested: tuple[Pair | None, ...]
    entities: Sides[Named] | None
    figures: Sides[Figure] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All documents of gold in its order; ``missing`` are those in which nothing was looked for."""

    rule: Rule
    documents: tuple[Compared, ...]
    missing: tuple[str, ...]

    def same(self, document: Compared) -> tuple[Pair, ...]:
        """Return the pairs that overlap enough to be the same statement."""
        return tuple(pair for pair in document.pairs if pair.overlap >= self.rule.min_overlap)


def compare(gold: Sequence[Row], found: Iterable[Row], rule: Rule = Rule()) -> Comparison:
    """Pair what was found with gold.

    The statements of a document are paired one to one so that the sum of their overlaps is the greatest possible, where a shared
    word of the sources counts a tenth; ties go to the same speaker, then to the same type. A prediction paired with gold that
    does not count (uncertain, or left out by the rule) does not count either, nor one without a pair that lies for the most
    part in such gold.

    Args:
        gold: Annotated documents.
        found: Predictions for them; a document that is missing counts as one with none.
        rule: What counts.

    Raises:
        KgError: A predicted document is not in gold, a text differs, a span lies outside of its text.
    """
    rows = {row["id"]: row for row in found}
    names = {row["id"] for row in gold}
    if extra := sorted(rows.keys() - names):
        problem = f"{len(extra)} predicted document{' is' if len(extra) == 1 else 's are'} not in gold, such as {extra[0]!r}"
        raise KgError(problem, "Leave it out, or give its gold.")
    missing = tuple(row["id"] for row in gold if row["id"] not in rows)
    return Comparison(rule, tuple(_compared(row, rows.get(row["id"], {"id": row["id"], "statements": []}), rule) for row in gold), missing)


def _compared(gold_row: Row, found_row: Row, rule: Rule) -> Compared:
    gold = gold_annotation(gold_row)
    found = found_annotation(found_row, gold)
    given = [said for said in found.statements if not (rule.no_nested and said.nested)]
    edges = _statement_pairs(gold.statements, given)
    pairs = {g: Pair(gold.statements[g], given[f], float(_overlap(gold.statements[g], given[f]))) for g, f in edges}
    partner = {f: gold.statements[g] for g, f in edges}
    ignored = frozenset[int]().union(*(said.content.words for said in gold.statements if not _counts(said, rule)))

    def counts(number: int) -> bool:
        if number in partner:
            return _counts(partner[number], rule)
        said = given[number]
        return rule.only in (None, said.type) and 2 * len(said.content.words & ignored) <= len(said.content.words)

    return Compared(
        id=gold.id,
        text=gold.text,
        gold=tuple(said for said in gold.statements if _counts(said, rule)),
        found=tuple(said for number, said in enumerate(given) if counts(number)),
        pairs=tuple(pair for pair in pairs.values() if _counts(pair.gold, rule)),
        all_nested=tuple(pairs.get(number) for number, said in enumerate(gold.statements) if said.nested),
        entities=None if gold.entities is None else _sides(gold.entities, found.entities or (), _same_mention),
        figures=None if gold.figures is None else _sides(gold.figures, found.figures or (), _same_figure),
    )


def _counts(said: Attribution, rule: Rule) -> bool:
    """Tell whether a statement of gold is demanded."""
    return said.certain and rule.only in (None, said.type) and not (rule.speech_only and said.private)


# ---------------------------------------------------------------- statements


def _statement_pairs(gold: Sequence[Attribution], found: Sequence[Attribution]) -> list[Edge]:
    weights: dict[Edge, Fraction] = {}
    ties: dict[Edge, int] = {}
    for g, one in enumerate(gold):
        for f, other in enumerate(found):
            if overlap := _overlap(one, other):
                weights[g, f] = overlap + SOURCE * bool(one.source.words & other.source.words)
                ties[g, f] = 2 * same_name(one.speaker, other.speaker) + (one.type is other.type)
    return best_pairs(weights, ties)


def _overlap(one: Attribution, other: Attribution) -> Fraction:
    """Return the F1 of the words of two contents."""
    shared = len(one.content.words & other.content.words)
    return Fraction(2 * shared, len(one.content.words) + len(other.content.words)) if shared else Fraction(0)


# ---------------------------------------------------------------- mentions and figures

Marked = TypeVar("Marked", Named, Figure)


def _sides(gold: Sequence[Marked], found: Sequence[Marked], weigh: Callable[[Marked, Marked], Fraction]) -> Sides[Marked]:
    """Pair spans one to one; what is paired with something uncertain does not count."""
    weights = dict(_weights(gold, found, weigh))
    edges = best_pairs(weights, {(g, f): 1 for g, f in weights if _agree(gold[g], found[f])})
    doubted = {f for g, f in edges if not gold[g].certain}
    return Sides(
        tuple(item for item in gold if item.certain),
        tuple(item for number, item in enumerate(found) if number not in doubted),
        tuple((gold[g], found[f]) for g, f in edges if f not in doubted),
    )


def _weights(
    gold: Sequence[Marked], found: Sequence[Marked], weigh: Callable[[Marked, Marked], Fraction]
) -> Iterator[tuple[Edge, Fraction]]:
    """Yield the pairs that can be and their weights; a sweep, for a long text has thousands of mentions."""
    order = sorted(range(len(found)), key=lambda number: found[number].span)
    widest = max((item.span.end - item.span.start for item in found), default=0)
    first = 0
    for g in sorted(range(len(gold)), key=lambda number: gold[number].span):
        span = gold[g].span
        while first < len(order) and found[order[first]].span.start + widest <= span.start:
            first += 1
        for f in order[first:]:
            if found[f].span.start >= span.end:
                break
            if weight := weigh(gold[g], found[f]):
                yield (g, f), weight


def _shared(one: Span, other: Span) -> Fraction:
    """Return the shared characters as a share of all that either span covers."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return Fraction(max(0, shared), max(one.end, other.end) - min(one.start, other.start))


def _same_mention(one: Named, other: Named) -> Fraction:
    share = _shared(one.span, other.span)
    return share if one.kind == other.kind and share >= SAME else Fraction(0)


def _same_figure(one: Figure, other: Figure) -> Fraction:
    return _shared(one.span, other.span)


def _agree(one: Named | Figure, other: Named | Figure) -> bool:
    if isinstance(one, Named) and isinstance(other, Named):
        return one.name == other.name
    return isinstance(one, Figure) and isinstance(other, Figure) and one.value == other.value


# ---------------------------------------------------------------- names


def name_words(name: str | None) -> list[str]:
    """Return the words of a name in lower case, titles left out."""
    return [word for word in re.findall(r"\w+", (name or "").lower()) if word not in TITLES]


def same_name(one: str | None, other: str | None) -> bool:
    """Tell whether two names have the same words, case and titles aside; a name of titles alone is nobody's."""
    return bool(words := name_words(one)) and words == name_words(other)


def same_last_word(one: str | None, other: str | None) -> bool:
    """Tell whether two names end with the same word, titles aside."""
    return name_words(one)[-1:] == name_words(other)[-1:] != []
