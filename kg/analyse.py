"""The graph becomes networkx graphs, and those become measures.

One graph is measured: who speaks about whom. An edge goes from the speaker of statements to an actor or place that these
statements are aimed at (``target``) or mention (``about``); its weight is the number of those statements. What somebody
says about themselves is left out, so that nobody gains weight by it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from kg.records import Overview

EXPLANATIONS: Mapping[str, str] = MappingProxyType(
    {
        "degree": "With how many others this name is linked: those it speaks about and those who speak about it.",
        "out_strength": "How often it speaks about others: the number of its statements, once for each name that one is about.",
        "in_strength": "How often others speak about it: the number of their statements that are about it or aimed at it.",
        "pagerank": "How much attention it gets: high when many speak about it who are much spoken about too; all names together make 1.",
        "betweenness": "How often it lies on the shortest way between two others, from 0 (never) to 1 (always): who links separate talks.",
        "community": "The number of its group: names that speak about one another more than about the rest; 1 is the largest group.",
    }
)
"""One sentence for each measure of ``Measure``, in the order of its columns."""

_DIGITS = 9
"""Measures are rounded: the last bits of a float differ between machines."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any spelling (https://www.w3.org/TR/xml/#charsets)."""

_Row: TypeAlias = NDArray[np.float64]

_GEXF = "http://www.gexf.net/1.2draft"


@dataclass(frozen=True, slots=True)
class Measure:
    """What the graph of who speaks about whom says of one actor or place; ``EXPLANATIONS`` has a sentence for each number.

    Attributes:
        degree: Number of others linked by an edge in either direction.
        out_strength, in_strength: Sums of the weights of outgoing and incoming edges.
        pagerank: In [0, 1]; weighted, damping 0.85; all together make 1.
        betweenness: In [0, 1]; over directed, unweighted shortest paths, normalised.
        community: From 1, the largest first; ties go to the community with the smallest IRI.
    """

    iri: str
    name: str
    kind: str
    degree: int
    out_strength: int
    in_strength: int
    pagerank: float
    betweenness: float
    community: int


@dataclass(frozen=True, slots=True)
class Communities:
    """Groups of IRIs, the largest first, and how sharply they divide the graph.

    Attributes:
        groups: Ties in size go to the group with the smallest IRI.
        modularity: In [-0.5, 1]; 0 where the graph has no edge.
    """

    groups: tuple[frozenset[str], ...]
    modularity: float


def speech_graph(overview: Overview) -> "nx.DiGraph[str]":
    """Return who speaks about whom.

    Nodes are the IRIs of all actors and places, sorted, with ``name`` and ``kind``; edges are sorted and carry
    ``weight``, the number of statements. A statement counts once for each name that it is about.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for actor in sorted(overview.actors, key=lambda actor: actor.iri):
        graph.add_node(actor.iri, name=actor.name, kind=actor.kind)
    weights = Counter(
        (said.speaker, subject)
        for said in overview.statements
        for subject in {*said.about, said.target}
        if said.speaker is not None and subject is not None and subject != said.speaker
        if said.speaker in graph and subject in graph
    )
    graph.add_weighted_edges_from((speaker, subject, weight) for (speaker, subject), weight in sorted(weights.items()))
    return graph


def communities(graph: "nx.DiGraph[str]", *, seed: int = 0) -> Communities:
    """Return the Louvain communities of the graph taken as undirected, opposite weights added up.

    Louvain's answer depends on the order of nodes (Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008): they are
    sorted by IRI and the seed is fixed. A node without edges is a community of its own.
    """
    mutual: nx.Graph[str] = nx.Graph()
    mutual.add_nodes_from(sorted(graph))
    for speaker, subject, weight in _edges(graph):
        before = mutual.get_edge_data(speaker, subject, {"weight": 0})["weight"]
        mutual.add_edge(speaker, subject, weight=before + weight)
    if not mutual.number_of_edges():
        return Communities(tuple(frozenset([node]) for node in mutual), 0.0)
    # Numbers instead of IRIs: the order of a set of texts changes with the hash seed.
    names = sorted(mutual)
    numbered = nx.relabel_nodes(mutual, {name: number for number, name in enumerate(names)})
    groups = nx.community.louvain_communities(numbered, weight="weight", seed=seed)
    ordered = sorted(({names[number] for number in group} for group in groups), key=lambda group: (-len(group), min(group)))
    sharpness = nx.community.modularity(mutual, ordered, weight="weight")
    return Communities(tuple(map(frozenset, ordered)), round(sharpness, _DIGITS))


def measures(graph: "nx.DiGraph[str]", *, seed: int = 0) -> list[Measure]:
    """Measure every node of a ``speech_graph``, highest PageRank first, ties by IRI."""
    fast, names = _rustworkx(graph)
    group_of = {iri: number for number, group in enumerate(communities(graph, seed=seed).groups, start=1) for iri in group}
    pagerank = rx.pagerank(fast, weight_fn=float, tol=1e-12, max_iter=1000) if names else {}
    # One thread: a parallel sum adds up in another order each time.
    betweenness = rx.digraph_betweenness_centrality(fast, normalized=True, parallel_threshold=len(names) + 1)
    found = [
        Measure(
            iri=iri,
            name=graph.nodes[iri]["name"],
            kind=graph.nodes[iri]["kind"],
            degree=len({*graph.successors(iri), *graph.predecessors(iri)}),
            out_strength=graph.out_degree(iri, weight="weight"),
            in_strength=graph.in_degree(iri, weight="weight"),
            pagerank=round(pagerank[index], _DIGITS),
            betweenness=round(betweenness[index], _DIGITS),
            community=group_of[iri],
        )
        for index, iri in enumerate(names)
    ]
    return sorted(found, key=lambda measure: (-measure.pagerank, measure.iri))


def spread(nodes: Iterable[str], edges: Iterable[tuple[str, str]], *, seed: int = 0) -> list[dict[str, tuple[float, float]]]:
    """Draw each connected component of an undirected graph on a plane of its own.

    Returns:
        Node → position, one mapping a component, the largest first, ties by smallest node. Distances between
        linked nodes are about 1; the middle of each component is about (0, 0).
    """
    graph: rx.PyGraph[str, None] = rx.PyGraph(multigraph=False)
    index = {node: graph.add_node(node) for node in sorted(nodes)}
    graph.add_edges_from([(index[a], index[b], None) for a, b in sorted(edges)])
    parts = sorted((sorted(part) for part in rx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    return [_drawn(graph.subgraph(part), seed) for part in parts]


def to_graphml(graph: "nx.DiGraph[str]", rows: Sequence[Measure] = ()) -> str:
    """Return the graph as GraphML, with the measures of ``rows`` as node attributes; Gephi shows ``label``."""
    return "\n".join(nx.generate_graphml(_labelled(graph, rows), named_key_ids=True)) + "\n"


def to_gexf(graph: "nx.DiGraph[str]", rows: Sequence[Measure] = ()) -> str:
    """Return the graph as GEXF 1.2, with the measures of ``rows`` as node attributes and without a time stamp."""
    ElementTree.register_namespace("", _GEXF)
    root = ElementTree.fromstring("\n".join(nx.generate_gexf(_labelled(graph, rows))))
    for meta in root.iter(f"{{{_GEXF}}}meta"):
        meta.attrib.pop("lastmodifieddate", None)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _drawn(part: "rx.PyGraph[str, None]", seed: int) -> dict[str, tuple[float, float]]:
    """Place one component so that distances on the plane are near those in the graph.

    Forces (Fruchterman and Reingold 1991) give the start, stress majorization (Gansner, Koren and North 2004,
    doi:10.1007/978-3-540-31843-9_25) the picture: it keeps the statements of one speaker around them like petals.
    """
    start = rx.spring_layout(part, k=1.0, num_iter=200, seed=seed)
    x, y = (np.array([start[index][axis] for index in part.node_indices()]) for axis in (0, 1))
    wanted = rx.distance_matrix(part)
    x, y = _majorized(x, y, wanted)
    return {name: (float(a), float(b)) for name, a, b in zip(part.nodes(), x - x.mean(), y - y.mean(), strict=True)}


def _majorized(x: _Row, y: _Row, wanted: _Row) -> tuple[_Row, _Row]:
    """Return the points after 200 damped steps of stress majorization with weights ``1 / wanted ** 2``.

    Sums run along the first axis, which numpy adds row by row: the same bits on every machine.
    """
    weight = np.divide(1.0, wanted * wanted, out=np.zeros_like(wanted), where=wanted > 0)
    total = np.maximum(weight.sum(axis=0), 1e-9)
    for _ in range(200):
        dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
        pull = weight * wanted / (np.sqrt(dx * dx + dy * dy) + 1e-9)
        x = 0.3 * x + 0.7 * (weight * x[:, None] + pull * dx).sum(axis=0) / total
        y = 0.3 * y + 0.7 * (weight * y[:, None] + pull * dy).sum(axis=0) / total
    return x, y


def _rustworkx(graph: "nx.DiGraph[str]") -> tuple["rx.PyDiGraph[str, int]", list[str]]:
    """Return the graph for rustworkx, whose node numbers are positions in the list of IRIs."""
    names = sorted(graph)
    fast: rx.PyDiGraph[str, int] = rx.PyDiGraph(multigraph=False)
    number = dict(zip(names, fast.add_nodes_from(names), strict=True))
    fast.add_edges_from([(number[a], number[b], weight) for a, b, weight in _edges(graph)])
    return fast, names


def _edges(graph: "nx.DiGraph[str]") -> list[tuple[str, str, int]]:
    """Return speaker, subject and weight of every edge, sorted."""
    return sorted((speaker, subject, int(about["weight"])) for speaker, subject, about in graph.edges(data=True))


def _labelled(graph: "nx.DiGraph[str]", rows: Sequence[Measure]) -> "nx.DiGraph[str]":
    """Copy the graph with ``label`` for the name and the measures beside it, every text fit for XML."""
    measured = {row.iri: {name: getattr(row, name) for name in EXPLANATIONS} for row in rows}
    copy: nx.DiGraph[str] = nx.DiGraph()
    for iri, about in graph.nodes(data=True):
        copy.add_node(_for_xml(iri), label=_for_xml(about["name"]), kind=about["kind"], **measured.get(iri, {}))
    copy.add_weighted_edges_from((_for_xml(a), _for_xml(b), weight) for a, b, weight in _edges(graph))
    return copy


def _for_xml(text: str) -> str:
    """Put U+FFFD where ``text`` has a character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
