"""What a build made, in numbers."""

from collections import Counter
from collections.abc import Collection as Sized
from dataclasses import dataclass

from kg.errors import InputError
from kg.records import Collection, Kind


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made: the counts of ``report.json``, and the inputs that failed.

    Attributes:
        people, organizations, governments, groups, places: Named ones; ``unnamed`` counts the others of any kind.
        statements: By type; ``acts``: by act; ``decisions``: by outcome.
        doubts: How many things were seen and not decided.
        same: Documents whose text another has too, as ``id = other id``.
        failed: What could not be read, problem and mend.
        kept: How many documents were not read again; not part of ``report.json``, which tells of the graph alone.
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
    failed: tuple[str, ...]
    kept: int = 0


def report_of(collection: Collection, same: tuple[str, ...], failed: Sized[InputError], *, quads: int) -> Report:
    """Count what a collection holds."""
    kinds = Counter(entity.kind for entity in collection.entities if not entity.unnamed)
    statements = [statement for extraction in collection.extractions for statement in extraction.statements]
    return Report(
        documents=len(collection.extractions),
        mentions=sum(len(extraction.mentions) for extraction in collection.extractions),
        people=kinds[Kind.PERSON],
        organizations=kinds[Kind.ORGANIZATION],
        governments=kinds[Kind.GOVERNMENT],
        groups=kinds[Kind.GROUP],
        places=kinds[Kind.PLACE],
        unnamed=sum(entity.unnamed for entity in collection.entities),
        statements=dict(sorted(Counter(str(statement.type) for statement in statements).items())),
        acts=dict(sorted(Counter(statement.act for statement in statements).items())),
        without_speaker=sum(statement.speaker is None for statement in statements),
        nested=sum(statement.nested_in is not None for statement in statements),
        doubts=sum(len(extraction.doubts) for extraction in collection.extractions),
        decisions=dict(sorted(Counter(str(decision.outcome) for decision in collection.decisions).items())),
        quads=quads,
        same=same,
        failed=tuple(str(error) for error in failed),
    )
