"""What a build made, in numbers."""

from collections import Counter
from collections.abc import Collection as Sized
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from kg.errors import InputError
from kg.records import Extraction, Kind, Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made: the counts of ``report.json``, and the inputs that failed.

    Attributes:
        people, organizations, governments, groups, places: Named ones; ``unnamed`` counts the others of any kind.
        statements: By type; ``acts``: by act; ``decisions``: by outcome.
        doubts: How many things were seen and not decided.
        same: Documents whose text another has too, as ``id = other id``.
        copies: Articles that print an earlier one, as ``id = earlier id (0.93)``: how much of the shorter one stands in the other.
        failed: What could not be read, problem and mend.
        kept: How many documents were not read again; this and what follows is not part of ``report.json``, which tells of the graph alone.
        dropped: How many documents went.
        files: The graph was written as files, too; a large one is not.
    """

    documents: int
    mentions: int
    people: int
    organizations: int
    governments: int
    groups: int
    places: int
    unnamed: int
    statements: dict[str, int]
    acts: dict[str, int]
    without_speaker: int
    nested: int
    doubts: int
    decisions: dict[str, int]
    quads: int
    same: tuple[str, ...]
    copies: tuple[str, ...]
    failed: tuple[str, ...]
    kept: int = 0
    dropped: int = 0
    files: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted in one document."""

    mentions: int
    statements: dict[str, int]
    acts: dict[str, int]
    without_speaker: int
    nested: int
    doubts: int


def tally(extraction: Extraction, repeated: Set[int]) -> Tally:
    """Count what a document holds, without the statements that it repeats, by index."""
    statements = [statement for at, statement in enumerate(extraction.statements) if at not in repeated]
    return Tally(
        len(extraction.mentions),
        Counter(str(statement.type) for statement in statements),
        Counter(statement.act for statement in statements),
        sum(statement.speaker is None for statement in statements),
        sum(statement.nested_in is not None for statement in statements),
        len(extraction.doubts),
    )


def report_of(
    tallies: Iterable[Tally],
    named: Mapping[Kind, int],
    unnamed: int,
    decisions: Mapping[Outcome, int],
    same: tuple[str, ...],
    copies: Iterable[tuple[str, Iterable[tuple[str, float]]]],
    failed: Sized[InputError],
    *,
    quads: int,
) -> Report:
    """Add up what documents and a collection hold."""
    each = list(tallies)

    def summed(name: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for one in each:
            total.update(getattr(one, name))
        return dict(sorted(total.items()))

    return Report(
        documents=len(each),
        mentions=sum(one.mentions for one in each),
        people=named.get(Kind.PERSON, 0),
        organizations=named.get(Kind.ORGANIZATION, 0),
        governments=named.get(Kind.GOVERNMENT, 0),
        groups=named.get(Kind.GROUP, 0),
        places=named.get(Kind.PLACE, 0),
        unnamed=unnamed,
        statements=summed("statements"),
        acts=summed("acts"),
        without_speaker=sum(one.without_speaker for one in each),
        nested=sum(one.nested for one in each),
        doubts=sum(one.doubts for one in each),
        decisions={str(outcome): number for outcome, number in sorted(decisions.items())},
        quads=quads,
        same=same,
        copies=tuple(f"{copy} = {', '.join(f'{name} ({share:.2f})' for name, share in originals)}" for copy, originals in copies),
        failed=tuple(str(error) for error in failed),
    )
