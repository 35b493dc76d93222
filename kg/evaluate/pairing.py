"""The best one-to-one pairing of what gold has with what was found: the greatest sum of weights, in exact arithmetic."""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm

import networkx as nx

Edge = tuple[int, int]
"""Numbers of one thing in gold and of one that was found."""
_GOLD, _FOUND = 0, 1


def best_pairs(weights: Mapping[Edge, Fraction], ties: Mapping[Edge, int]) -> list[Edge]:
    """Return the pairs of greatest total weight, each side used at most once, in order.

    Args:
        weights: Positive weight of each pair that is possible.
        ties: Among pairings of the same total weight, that with the greatest sum of these is taken; 0 where a pair is missing.
    """
    graph: nx.Graph[tuple[int, int]] = nx.Graph((((_GOLD, gold), (_FOUND, found)) for gold, found in sorted(weights)))
    pairs = [pair for part in nx.connected_components(graph) for pair in _matched(graph.subgraph(part), weights, ties)]
    return sorted(pairs)


def _matched(part: "nx.Graph[tuple[int, int]]", weights: Mapping[Edge, Fraction], ties: Mapping[Edge, int]) -> list[Edge]:
    """Pair one connected component; whole numbers, because only on them is the library's answer exact."""
    edges = sorted((min(edge)[1], max(edge)[1]) for edge in part.edges)
    unit = lcm(*(weights[edge].denominator for edge in edges))
    above = 1 + sum(ties.get(edge, 0) for edge in edges)
    whole: nx.Graph[tuple[int, int]] = nx.Graph()
    whole.add_weighted_edges_from(
        ((_GOLD, gold), (_FOUND, found), int(weights[gold, found] * unit) * above + ties.get((gold, found), 0)) for gold, found in edges
    )
    return [(min(pair)[1], max(pair)[1]) for pair in nx.max_weight_matching(whole)]
