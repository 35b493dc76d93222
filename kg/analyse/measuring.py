"""Numbers for each name of a graph, and for the whole of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

import networkx as nx
import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from kg.analyse import between
from kg.analyse.grouping import DIGITS, communities, weighted
from kg.analyse.projecting import Network
from kg.analyse.records import Analysis, Communities, Measure, Whole

_Row: TypeAlias = NDArray[np.float64]

_ROUNDS = 5000
"""HITS ends at the latest after so many rounds: where two parts of a graph weigh nearly the same, it settles slowly."""


@dataclass(frozen=True, slots=True)
class _Edges:
    """The edges of a graph by number: the positions of the IRIs in sorted order.

    Attributes:
        names: The IRIs.
        tails, heads, weights: Of each edge; an edge without direction comes in both.
        directed: Edges have a direction.
    """

    names: list[str]
    tails: NDArray[np.intp]
    heads: NDArray[np.intp]
    weights: _Row
    directed: bool

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return tail and head of each edge."""
        return list(zip(self.tails.tolist(), self.heads.tolist(), strict=True))

    def fast(self) -> "rx.PyDiGraph[str, int]":
        """Return the graph for rustworkx, each edge in its direction, or in both."""
        graph: rx.PyDiGraph[str, int] = rx.PyDiGraph(multigraph=False)
        graph.add_nodes_from(self.names)
        graph.add_edges_from([(one, other, weight) for (one, other), weight in zip(self.pairs, self.weights.tolist(), strict=True)])
        return graph

    def mutual(self) -> "rx.PyGraph[str, int]":
        """Return the graph for rustworkx without directions."""
        graph: rx.PyGraph[str, int] = rx.PyGraph(multigraph=False)
        graph.add_nodes_from(self.names)
        graph.add_edges_from([(one, other, 1) for one, other in sorted({(min(pair), max(pair)) for pair in self.pairs})])
        return graph


def analysis(graph: Network, *, seed: int = 0, sample: int | None = None) -> Analysis:
    """Measure a graph of ``kg.analyse.projecting``.

    Args:
        graph: Nodes with ``name``, ``kind`` and ``unnamed``, edges with ``weight``.
        seed: Of the communities and of the sample.
        sample: From how many names the shortest ways are followed for betweenness; by default from all, unless that would take long.
    """
    edges = _edges(graph)
    groups = communities(graph, seed=seed)
    mutual = edges.mutual()
    linked = len({*edges.tails.tolist(), *edges.heads.tolist()})
    sources = between.sources(linked, graph.number_of_edges(), sample)
    if sources:
        betweenness = between.estimated(edges.pairs, len(edges.names), sources, seed=seed)
    else:
        betweenness = between.exact(edges.fast() if edges.directed else mutual)
    names = _names(graph, edges, groups, mutual, betweenness)
    whole = Whole(
        names=len(edges.names),
        linked=linked,
        edges=graph.number_of_edges(),
        parts=sum(len(part) > 1 for part in rx.connected_components(mutual)),
        communities=sum(len(group) > 1 for group in groups.groups),
        modularity=groups.modularity,
        reciprocity=_reciprocity(graph, edges),
        assortativity_kind=None if _two_sided(graph) else _assortativity(edges, [graph.nodes[name]["kind"] for name in edges.names]),
        assortativity_community=_assortativity(edges, _numbers(edges, groups)),
        sources=sources,
    )
    return Analysis(tuple(sorted(names, key=lambda measure: (-measure.pagerank, measure.iri))), whole)


def measures(graph: Network, *, seed: int = 0, sample: int | None = None) -> list[Measure]:
    """Measure every node of a graph, highest PageRank first, ties by IRI; see ``analysis``."""
    return list(analysis(graph, seed=seed, sample=sample).names)


def _names(graph: Network, edges: _Edges, groups: Communities, mutual: "rx.PyGraph[str, int]", betweenness: list[float]) -> list[Measure]:
    """Return the measures of every node, by IRI."""
    size = len(edges.names)
    out, into = (np.bincount(ends, weights=edges.weights, minlength=size) for ends in (edges.tails, edges.heads))
    strength = out + into if edges.directed else out
    ranks = rx.pagerank(edges.fast(), weight_fn=float, tol=1e-12, max_iter=1000) if size else {}
    hubs, authorities = hits(edges.tails, edges.heads, edges.weights, size)
    cores = cast(Mapping[int, int], rx.graph_core_number(mutual))  # its types say int
    group_of = _numbers(edges, groups)
    participation = _participation(edges, group_of)
    return [
        Measure(
            iri=iri,
            name=graph.nodes[iri]["name"],
            kind=graph.nodes[iri]["kind"],
            unnamed=graph.nodes[iri]["unnamed"],
            degree=mutual.degree(at),
            strength=int(strength[at]),
            out_strength=int(out[at]),
            in_strength=int(into[at]),
            pagerank=round(ranks[at], DIGITS),
            hub=round(float(hubs[at]), DIGITS),
            authority=round(float(authorities[at]), DIGITS),
            betweenness=betweenness[at],
            core=cores[at],
            community=group_of[at],
            participation=round(float(participation[at]), DIGITS),
        )
        for at, iri in enumerate(edges.names)
    ]


def _edges(graph: Network) -> _Edges:
    """Return the edges of a graph by number, in sorted order."""
    names = sorted(graph)
    number = {name: position for position, name in enumerate(names)}
    found = [(number[one], number[other], weight) for one, other, weight in weighted(graph)]
    if not graph.is_directed():
        found = sorted(found + [(other, one, weight) for one, other, weight in found if one != other])
    ends = np.array([edge[:2] for edge in found], dtype=np.intp).reshape(-1, 2)
    return _Edges(names, ends[:, 0], ends[:, 1], np.array([edge[2] for edge in found], dtype=np.float64), graph.is_directed())


def _numbers(edges: _Edges, groups: Communities) -> list[int]:
    """Return the number of the community of every node, from 1."""
    number = {iri: number for number, group in enumerate(groups.groups, start=1) for iri in group}
    return [number[iri] for iri in edges.names]


def hits(tails: NDArray[np.intp], heads: NDArray[np.intp], weights: _Row, size: int) -> tuple[_Row, _Row]:
    """Return how good a hub and an authority each node is: each adds up to 1, all are 0 without an edge (Kleinberg 1999).

    By rounds from equal shares, as networkx does without scipy; rustworkx gives up where the rounds settle slowly.
    """
    if not len(weights):
        return np.zeros(size), np.zeros(size)
    hubs: _Row = np.full(size, 1.0 / size)
    for _ in range(_ROUNDS):
        authorities = np.bincount(heads, weights=weights * hubs[tails], minlength=size)
        latest = np.bincount(tails, weights=weights * authorities[heads], minlength=size)
        latest = latest / latest.sum()
        change, hubs = np.abs(latest - hubs).sum(), latest
        if change < 1e-13:
            break
    return hubs, authorities / authorities.sum()


def _participation(edges: _Edges, groups: Sequence[int]) -> _Row:
    """Return how evenly the weights of each node's edges are spread over the communities (Guimerà and Amaral 2005)."""
    size = len(edges.names)
    apart = max(groups, default=0) + 1
    of = np.array(groups, dtype=np.intp)
    ends = [(edges.tails, edges.heads), (edges.heads, edges.tails)][: 1 + edges.directed]
    cells = np.concatenate([mine * apart + of[theirs] for mine, theirs in ends])
    found, at = np.unique(cells, return_inverse=True)
    within = np.bincount(at, weights=np.concatenate([edges.weights] * len(ends)), minlength=len(found))
    nodes = found // apart
    total = np.bincount(nodes, weights=within, minlength=size)
    squares = np.bincount(nodes, weights=within * within, minlength=size)
    # Whole numbers until here: a node whose edges stay in one community gets exactly 0.
    return np.where(total > 0, 1.0 - squares / np.maximum(total * total, 1.0), 0.0)


def _reciprocity(graph: Network, edges: _Edges) -> float | None:
    """Return the share of edges that are answered by one in the other direction."""
    if not edges.directed or not edges.pairs or _two_sided(graph):
        return None
    there = set(edges.pairs)
    return round(sum((other, one) in there for one, other in there) / len(there), DIGITS)


def _two_sided(graph: Network) -> bool:
    """Tell whether all edges go from names of some kinds to names of others."""
    kinds = nx.get_node_attributes(graph, "kind")
    begin, end = ({kinds[pair[side]] for pair in graph.edges} for side in (0, 1))
    return graph.is_directed() and not begin & end


def _assortativity(edges: _Edges, sorts: Sequence[object]) -> float | None:
    """Return how much more often an edge joins two names of one sort than it would by chance (Newman 2003)."""
    known = {sort: number for number, sort in enumerate(dict.fromkeys(sorts))}
    of = np.array([known[sort] for sort in sorts], dtype=np.intp)
    if not edges.pairs:
        return None
    begin, end = (np.bincount(of[ends], minlength=len(known)) for ends in (edges.tails, edges.heads))
    count = len(edges.pairs)
    # Whole numbers: the quotient of two is the same everywhere.
    chance = int((begin * end).sum())
    alike = int((of[edges.tails] == of[edges.heads]).sum())
    return None if chance == count * count else round((alike * count - chance) / (count * count - chance), DIGITS)
