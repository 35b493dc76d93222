"""What each number means, in one sentence for somebody who edits a newspaper."""

from collections.abc import Mapping
from types import MappingProxyType

from kg.analyse.records import Projection

EXPLANATIONS: Mapping[str, str] = MappingProxyType(
    {
        "degree": "With how many others this name is linked: those it speaks about and those who speak about it.",
        "strength": "How often it stands in the graph at all: out strength and in strength together.",
        "out_strength": "How often it speaks about others: the number of its statements, once for each name that one is about.",
        "in_strength": "How often others speak about it: the number of their statements that are about it or aimed at it.",
        "pagerank": "How much attention it gets: high when many speak about it who are much spoken about too; all names together make 1.",
        "hub": "How much it speaks about those who are most spoken about; all names together make 1.",
        "authority": "How much those speak about it who speak about the most-discussed names; all names together make 1.",
        "betweenness": "How often it lies on the shortest way between two others, from 0 (never) to 1 (always): who links separate talks.",
        "core": "How deep it lies in the thick of the talk: it is in a circle in which each name is linked with at least so many others.",
        "community": "The number of its group: names that speak about one another more than about the rest; 1 is the largest group.",
        "participation": "How evenly its links are spread over the groups: 0 if all lie in one, the nearer to 1 the more groups it joins.",
    }
)
"""One sentence for each measure of ``Measure``, in the order of its columns, as it reads for who speaks about whom."""

_MENTION = {
    "degree": "With how many other names it is named in one statement.",
    "strength": "How often it is named with another: the number of statements, once for each other name in one.",
    "out_strength": "The same as strength: to be named together has no direction.",
    "in_strength": "The same as strength: to be named together has no direction.",
    "pagerank": "How much it stands in the midst: high when it is named with names that are often named; all together make 1.",
    "hub": "How much it is named with those who are most named with others; all names together make 1.",
    "authority": "The same as hub: to be named together has no direction.",
    "community": "The number of its group: names that are named with one another more than with the rest; 1 is the largest group.",
}
_PLACE = {
    "degree": "For who speaks: at or about how many places; for a place: how many speak there or about it.",
    "strength": "For who speaks: in how many statements, once for each place; for a place: how many statements are made there or about it.",
    "out_strength": "How often it speaks at or about a place; 0 for a place.",
    "in_strength": "How many statements are made there or are about it; 0 for who speaks.",
    "pagerank": "How much of the talk a place draws: a speaker counts the more, the fewer other places they speak of; all make 1.",
    "hub": "How much it speaks at or about the places of which most is said; all who speak together make 1.",
    "authority": "How much those speak there or about it who speak of the most-discussed places; all places together make 1.",
    "betweenness": "Always 0: no way leads through a place or a speaker, since nobody speaks about who speaks.",
    "community": "The number of its group: speakers and the places that they speak of more than others do; 1 is the largest group.",
    "participation": "How evenly its statements are spread over the groups: 0 if all lie in one, the nearer to 1 the more groups it joins.",
}
_TOPIC = {
    "degree": "For who speaks: how many topics it raises; for a topic: how many raise it.",
    "strength": "For who speaks: in how many statements, once for each topic; for a topic: how many statements raise it.",
    "out_strength": "How often it raises a topic; 0 for a topic.",
    "in_strength": "How many statements raise it; 0 for who speaks.",
    "pagerank": "How much of the talk a topic draws: a speaker counts the more, the fewer other topics they raise; all make 1.",
    "hub": "How much it speaks of the topics that are raised most; all who speak together make 1.",
    "authority": "How much those raise it who speak of the most-raised topics; all topics together make 1.",
    "betweenness": "Always 0: no way leads through a topic or a speaker, since nobody speaks about who speaks.",
    "community": "The number of its group: speakers and the topics that they raise more than others do; 1 is the largest group.",
    "participation": _PLACE["participation"],
}
_OTHERS: Mapping[Projection, Mapping[str, str]] = MappingProxyType(
    {Projection.SPEECH: {}, Projection.MENTION: _MENTION, Projection.PLACE: _PLACE, Projection.TOPIC: _TOPIC}
)

WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "names": "How many there are in the graph, whether linked or not.",
        "linked": "How many of them are linked with another.",
        "edges": "How many links there are, each counted once, however many statements it stands for.",
        "parts": "Into how many pieces the links fall, between which there is no link at all.",
        "communities": "How many groups of at least two names there are.",
        "modularity": "How sharply the groups are divided: 0 as by chance; from about 0.3 the talk falls into camps.",
        "reciprocity": "The share of links that are answered: the other speaks about the one who spoke.",
        "assortativity_kind": "Whether like is linked with like: 1 if persons with persons alone, 0 as by chance, below 0 if kinds mix.",
        "assortativity_community": "The same for the groups: how much of the talk stays within them, from 1 (all) to 0 (as by chance).",
        "sources": "From how many names the shortest ways were followed for betweenness; 0: from all of them, so that it is exact.",
    }
)
"""One sentence for each number of ``Whole``."""

COLUMNS: Mapping[Projection, tuple[str, ...]] = MappingProxyType(
    {
        Projection.SPEECH: ("degree", "out_strength", "in_strength", "pagerank", "betweenness", "core", "community", "participation"),
        Projection.MENTION: ("degree", "strength", "pagerank", "betweenness", "core", "community", "participation"),
        Projection.PLACE: ("degree", "strength", "hub", "authority", "core", "community", "participation"),
        Projection.TOPIC: ("degree", "strength", "hub", "authority", "core", "community", "participation"),
    }
)
"""The measures that tell most of each graph."""

RANKING: Mapping[Projection, str] = MappingProxyType(
    {Projection.SPEECH: "pagerank", Projection.MENTION: "pagerank", Projection.PLACE: "strength", Projection.TOPIC: "strength"}
)
"""By which measure the names of each graph are sorted unless another is chosen."""


def explanations(projection: Projection, *, sources: int = 0) -> dict[str, str]:
    """Return one sentence for each measure as it reads for a projection; that of betweenness says if it is an estimate."""
    found = {**EXPLANATIONS, **_OTHERS[projection]}
    if sources:
        found["betweenness"] += f" An estimate: only the ways from {sources:,} of the names were followed."
    return found
