"""What ledgers say: quantities and findings with their evidence, and what of it an update changed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Alike = Callable[[str, str], float]
"""How alike two texts are in meaning, in [0, 1]."""


class Kind(StrEnum):
    """What was found."""

    UPDATE = "update"
    AGREEMENT = "agreement"
    CONFLICT = "conflict"
    SHARE_FITS = "share-fits"
    SHARE_DIFFERS = "share-differs"
    DENIAL = "denial"
    NO_ANSWER = "no-answer"
    NOT_HEARD = "not-heard"
    SAME_WORDS = "same-words"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """What a finding rests on: the figure or statement with this index in the document with this key.

    Attributes:
        path: End of its IRI (``statement/7112da30854ce4aa-0-41``), unique in its document; empty where nobody gave it one.
    """

    sort: str
    document: str
    number: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What several figures measure.

    Attributes:
        slug: Last part of its IRI.
        label: For reading: ``people who fled from X to Y``.
        cumulative: It can only grow.
        figures: Its figures, by time told, then value, then document and place.
        places: Paths of the places with how they relate: ``from``, ``in``, ``to``.
    """

    slug: str
    label: str
    cumulative: bool
    unit: str
    figures: tuple[Evidence, ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that follows, with its evidence.

    Attributes:
        evidence: The later figure, the answer or the later document first; what it is set against second.
        about: Slug of the quantity, or path of the actor who is accused or quoted.
        rule: Why.
        score: Of likeness, in [0, 1]; 1 where nothing is weighed.
        note: In words, for people.
    """

    kind: Kind
    evidence: tuple[Evidence, ...]
    about: str
    rule: str
    score: float
    note: str


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Quantities by class, what is counted, unit and places; findings by kind and evidence."""

    quantities: tuple[Quantity, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update changed; a finding that stays as it was is nowhere in it.

    Attributes:
        gone: What no longer follows. A quantity holds the figures that it lost: it may go on with others.
        came: What follows now and did not. A quantity holds the figures that it gained.
        standing: The quantities that go on, without figures, under the slugs of those in ``gone``: two that read alike share a slug.
        cleared, accused: (who, whom) paths of the actors of whom one no longer accuses the other, and of whom one now does; sorted.
    """

    gone: Ledgers
    came: Ledgers
    standing: tuple[Quantity, ...]
    cleared: tuple[tuple[str, str], ...]
    accused: tuple[tuple[str, str], ...]
