"""Statements become graphs of names.

Nodes are IRIs, sorted, with ``name``, ``kind`` and ``unnamed``; edges are sorted and carry ``weight``, the number of statements. What
somebody says about themselves is left out, so that nobody gains weight by it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

import networkx as nx

from kg.analyse.records import Projection, Topic
from kg.records import Actor, Overview, Said

Network: TypeAlias = "nx.Graph[str]"
"""Any graph of names; a directed one is an ``nx.DiGraph``."""

UNNAMED = "unnamed"
KINDS = ("person", "organization", "government", "group", "place", UNNAMED)
"""What a graph can be restricted to; who is not named is of the last kind alone."""


def of_kinds(overview: Overview, kinds: Collection[str]) -> Overview:
    """Return the overview with the actors and places of some kinds alone, all where none is named."""
    if not kinds:
        return overview
    return replace(overview, actors=tuple(actor for actor in overview.actors if kind_of(actor) in kinds))


def kind_of(actor: Actor) -> str:
    """Return which of ``KINDS`` an actor or place is."""
    return UNNAMED if actor.unnamed else actor.kind


def project(overview: Overview, projection: Projection, *, kinds: Collection[str] = (), topics: Iterable[Topic] = ()) -> Network:
    """Return a graph of the names of some kinds, all where none is named; places stay in ``place``, topics in ``topic``."""
    match projection:
        case Projection.SPEECH:
            return speech_graph(of_kinds(overview, kinds))
        case Projection.MENTION:
            return mention_graph(of_kinds(overview, kinds))
        case Projection.PLACE:
            return place_graph(of_kinds(overview, kinds and {*kinds, "place"}))
        case Projection.TOPIC:
            return topic_graph(of_kinds(overview, kinds), topics)


def speech_graph(overview: Overview) -> "nx.DiGraph[str]":
    """Return who speaks about whom: an edge goes from a speaker to an actor or place that statements are about or aimed at.

    A statement counts once for each name that it is about.
    """
    graph = _directed(overview.actors)
    weights = Counter(
        (said.speaker, subject)
        for said in overview.statements
        if said.speaker is not None and said.speaker in graph
        for subject in _subjects(said)
        if subject in graph and subject != said.speaker
    )
    graph.add_edges_from((speaker, subject, {"weight": weight}) for (speaker, subject), weight in sorted(weights.items()))
    return graph


def mention_graph(overview: Overview) -> Network:
    """Return what is named together: an edge, without direction, joins two names that one statement is about or aimed at."""
    graph: Network = nx.Graph()
    graph.add_nodes_from(map(_node, _sorted(overview.actors)))
    weights = Counter(
        pair for said in overview.statements for pair in combinations(sorted(name for name in _subjects(said) if name in graph), 2)
    )
    graph.add_edges_from((one, other, {"weight": weight}) for (one, other), weight in sorted(weights.items()))
    return graph


def place_graph(overview: Overview) -> "nx.DiGraph[str]":
    """Return who speaks where and about where: an edge goes from a speaker who is no place to a place.

    Its ``weight`` is the number of statements; ``at`` of them were made there, and ``about`` of them are about or aimed at it. A
    statement may be both.
    """
    graph = _directed(overview.actors)
    places = {actor.iri for actor in overview.actors if actor.kind == "place"}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for said in overview.statements:
        if said.speaker is None or said.speaker not in graph or said.speaker in places:
            continue
        subjects = _subjects(said)
        for place in sorted(places & {*subjects, said.place}):
            counts.setdefault((said.speaker, place), Counter()).update(weight=1, at=int(place == said.place), about=int(place in subjects))
    graph.add_edges_from((speaker, place, {name: found[name] for name in EDGE_KINDS}) for (speaker, place), found in sorted(counts.items()))
    return graph


EDGE_KINDS = ("weight", "at", "about")
"""What an edge of ``place_graph`` counts."""


def topic_graph(overview: Overview, topics: Iterable[Topic]) -> "nx.DiGraph[str]":
    """Return who raises what: an edge goes from a speaker to a topic. Places that do not speak are left out."""
    listed = sorted(topics)
    speakers = {said.iri: said.speaker for said in overview.statements if said.speaker is not None}
    speaking = set(speakers.values())
    graph = _directed([actor for actor in overview.actors if actor.kind != "place" or actor.iri in speaking])
    voices = [(speakers[said], topic.iri) for topic in listed for said in topic.statements if said in speakers]
    weights = Counter((speaker, topic) for speaker, topic in voices if speaker in graph)
    graph.add_nodes_from((topic.iri, {"name": topic.name, "kind": "topic", "unnamed": False}) for topic in listed)
    graph.add_edges_from((speaker, topic, {"weight": weight}) for (speaker, topic), weight in sorted(weights.items()))
    return graph


def _directed(actors: Iterable[Actor]) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(map(_node, _sorted(actors)))
    return graph


def _sorted(actors: Iterable[Actor]) -> list[Actor]:
    return sorted(actors, key=lambda actor: actor.iri)


def _node(actor: Actor) -> tuple[str, dict[str, str | bool]]:
    return actor.iri, {"name": actor.name, "kind": actor.kind, "unnamed": actor.unnamed}


def _subjects(said: Said) -> set[str]:
    """Return whom and what a statement is about or aimed at."""
    return {*said.about} if said.target is None else {*said.about, said.target}
