"""Who talks with whom more than with the rest."""

from collections import Counter

import networkx as nx

from kg.analyse.projecting import Network
from kg.analyse.records import Communities

DIGITS = 9
"""Measures are rounded: the last bits of a float differ between machines."""


def communities(graph: Network, *, seed: int = 0) -> Communities:
    """Return the Louvain communities of the graph taken as undirected, opposite weights added up.

    Louvain's answer depends on the order of nodes (Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008): they are
    sorted by IRI and the seed is fixed. A node without edges is a community of its own.
    """
    names = sorted(graph)
    mutual = numbered(graph)
    if not mutual.number_of_edges():
        return Communities(tuple(frozenset([node]) for node in names), 0.0)
    # Numbers instead of IRIs: the order of a set of texts changes with the hash seed.
    groups = nx.community.louvain_communities(mutual, weight="weight", seed=seed)
    ordered = sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group[0]))
    sharpness = nx.community.modularity(mutual, map(set, ordered), weight="weight")
    return Communities(tuple(frozenset(names[number] for number in group) for group in ordered), round(sharpness, DIGITS))


def numbered(graph: Network) -> "nx.Graph[int]":
    """Return the graph as undirected, opposite weights added up; its nodes are the positions of the IRIs in sorted order."""
    number = {name: position for position, name in enumerate(sorted(graph))}
    weights: Counter[tuple[int, int]] = Counter()
    for one, other, weight in weighted(graph):
        weights[min(number[one], number[other]), max(number[one], number[other])] += weight
    mutual: nx.Graph[int] = nx.Graph()
    mutual.add_nodes_from(range(len(number)))
    mutual.add_weighted_edges_from((one, other, weight) for (one, other), weight in sorted(weights.items()))
    return mutual


def weighted(graph: Network) -> list[tuple[str, str, int]]:
    """Return both ends and the weight of every edge, sorted; of an edge without direction the smaller IRI first."""
    directed = graph.is_directed()
    edges = ((one, other, int(about["weight"])) for one, other, about in graph.edges(data=True))
    return sorted((one, other, weight) if directed or one < other else (other, one, weight) for one, other, weight in edges)
