"""What is measured, as records."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Projection(StrEnum):
    """Which graph of names is made of the statements; ``kg.analyse.projecting`` tells how."""

    SPEECH = "speech"
    MENTION = "mention"
    PLACE = "place"
    TOPIC = "topic"

    @property
    def telling(self) -> str:
        """Return what the graph tells, for reading."""
        return _TITLES[self]


_TITLES: Mapping[Projection, str] = MappingProxyType(
    {
        Projection.SPEECH: "who speaks about whom",
        Projection.MENTION: "who and what is named together in statements",
        Projection.PLACE: "who speaks at or about which place",
        Projection.TOPIC: "who speaks of which topic",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """Something that statements speak of.

    Attributes:
        iri: What names it in graphs: a quantity's own IRI, or ``urn:kg:topic:`` and the words.
        name: For reading.
        statements: IRIs of the statements that raise it.
    """

    iri: str
    name: str
    statements: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a graph says of one name; ``EXPLANATIONS`` has a sentence for each number.

    Attributes:
        unnamed: Nobody is named: a description stands for a name.
        degree: Number of others linked by an edge in either direction.
        strength: Sum of the weights of its edges.
        out_strength, in_strength: Sums of the weights of outgoing and incoming edges; both are ``strength`` where edges have no direction.
        pagerank: In [0, 1]; weighted, damping 0.85; all together make 1 (Page et al. 1998).
        hub, authority: In [0, 1]; weighted; all together make 1 each, 0 where there is no edge (Kleinberg 1999, doi:10.1145/324133.324140).
        betweenness: In [0, 1]; over directed, unweighted shortest paths, normalised (Brandes 2001, doi:10.1080/0022250X.2001.9990249).
        core: The largest k for which it belongs to the k-core (Seidman 1983, doi:10.1016/0378-8733(83)90028-X), directions left out.
        community: From 1, the largest first; ties go to the community with the smallest IRI.
        participation: In [0, 1): the participation coefficient of Guimerà and Amaral (2005, doi:10.1038/nature03288) over the weights of
            its edges, 0 where all of them stay in one community.
    """

    iri: str
    name: str
    kind: str
    unnamed: bool
    degree: int
    strength: int
    out_strength: int
    in_strength: int
    pagerank: float
    hub: float
    authority: float
    betweenness: float
    core: int
    community: int
    participation: float

    @property
    def sort(self) -> str:
        """Return its kind for reading, ``unnamed`` in front where nobody is named."""
        return f"unnamed {self.kind}" if self.unnamed else self.kind


@dataclass(frozen=True, slots=True)
class Communities:
    """Groups of IRIs, the largest first, and how sharply they divide the graph.

    Attributes:
        groups: Ties in size go to the group with the smallest IRI.
        modularity: In [-0.5, 1]; 0 where the graph has no edge.
    """

    groups: tuple[frozenset[str], ...]
    modularity: float


@dataclass(frozen=True, slots=True)
class Whole:
    """What is measured of a graph as a whole; ``WHOLE`` has a sentence for each number.

    Attributes:
        names: All nodes.
        linked: Nodes with an edge.
        edges: Pairs of names; both directions count apart where edges have one.
        parts: Connected components of the linked names.
        communities: Those of at least two names.
        modularity: See ``Communities``.
        reciprocity: In [0, 1]; ``None`` where edges have no direction or all go from one kind of thing to another, or there is none.
        assortativity_kind, assortativity_community: In [-1, 1] (Newman 2003, doi:10.1103/PhysRevE.67.026126); ``None`` where it is not
            defined: without edges, with one kind or community alone, and by kind where all edges go from one kind of thing to another.
        sources: From how many names the shortest ways were followed for betweenness; 0 for all: then it is exact.
    """

    names: int
    linked: int
    edges: int
    parts: int
    communities: int
    modularity: float
    reciprocity: float | None
    assortativity_kind: float | None
    assortativity_community: float | None
    sources: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A graph measured: its names, highest PageRank first, ties by IRI, and the whole."""

    names: tuple[Measure, ...]
    whole: Whole


class State(StrEnum):
    """What became of a name or an edge between two periods."""

    NEW = "new"
    GONE = "gone"
    ROSE = "rose"
    FELL = "fell"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class NameChange:
    """A name in two periods.

    Attributes:
        state: ``new`` and ``gone`` say that it is linked with nobody before or after.
        before, after: A measure, 0 where it is linked with nobody.
    """

    iri: str
    name: str
    kind: str
    unnamed: bool
    state: State
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """An edge in two periods: IRIs of its ends, and its weight, 0 where it is missing."""

    source: str
    target: str
    state: State
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not the same in two periods: the greatest change first, ties by IRI."""

    names: tuple[NameChange, ...]
    edges: tuple[EdgeChange, ...]
